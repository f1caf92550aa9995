import { UsageError } from '../command.ts'
import type { Command } from '../command.ts'
import { gateMail } from './gate-mail.ts'
import { gateWeb } from './gate-web.ts'

const KINDS = { mail: gateMail, web: gateWeb } as const
const NAMES = Object.keys(KINDS) as (keyof typeof KINDS)[]

export const gate: Command = {
  name: 'gate',
  about: 'メールの関所の様子を見て試します。クラウドの関所を動かし、急ぐときに止めます',
  usage: NAMES.flatMap((name) => KINDS[name].usage),
  flags: {
    data: {
      type: 'string',
      value: 'DIR',
      about:
        '記録のフォルダ。なければ、mail は data（sekisho serve と同じもの）、web は cloud-data',
    },
    ...gateMail.flags,
    ...gateWeb.flags,
  },
  words: NAMES,
  async run(args, terminal) {
    const [kind, verb = ''] = args.positionals
    const name = NAMES.find((known) => known === kind)
    if (name === undefined)
      throw new UsageError(
        `sekisho gate mail のように、関所の種類（${NAMES.join('・')}）を書いてください。`,
      )
    return KINDS[name].run(verb, args, terminal)
  },
}
