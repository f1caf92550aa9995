import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import type { ExitCode } from '../exit.ts'
import type { GateKind } from './gate-kind.ts'
import { checkMail } from './gate-mail-check.ts'
import { exportQueue, queue } from './gate-mail-queue.ts'
import { status } from './gate-mail-status.ts'

type Action = (args: Arguments, terminal: Terminal) => Promise<ExitCode>

const ACTIONS = {
  status,
  check: checkMail,
  queue,
  export: exportQueue,
} as const satisfies Readonly<Record<string, Action>>
const VERBS = Object.keys(ACTIONS) as (keyof typeof ACTIONS)[]

/** `sekisho gate mail`. */
export const gateMail: GateKind = {
  about: 'メールの関所の様子を見て、手元のメールを試し、送り待ちを取り消します',
  usage: [
    'sekisho gate mail status [--data DIR] [--format text|json]',
    'sekisho gate mail check FILE.eml [--town town.yaml] [--out FILE] [--format text|json]',
    'sekisho gate mail queue list [--way in|out|lgwan] [--data DIR] [--format text|json]',
    'sekisho gate mail queue recall ID [--data DIR]   まだ出ていないメールを取り消します',
    'sekisho gate mail queue retry [ID] [--way in|out|lgwan] [--data DIR]  待たずに、今すぐ送り直します',
    'sekisho gate mail export --out FILE.csv [--way in|out|lgwan] [--data DIR]',
  ],
  flags: {
    town: {
      type: 'string',
      value: 'FILE',
      about: 'まちの宣言（check）。なければ、α モデルで添付を取り除く関所として試します',
    },
    out: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      about: '組み直したメール（check）か、送り待ちの表（export）を書くファイル',
    },
    way: {
      type: 'string',
      value: 'in|out|lgwan',
      default: 'in',
      about: 'どの列か。in は外から、out はインターネットへ、lgwan はほかの団体へ',
    },
    format: { type: 'string', value: 'text|json', default: 'text', about: '出し方' },
    json: { type: 'boolean', about: '--format json と同じです' },
  },
  async run(word, args, terminal) {
    const verb = VERBS.find((known) => known === word)
    if (verb === undefined) throw new UsageError(`${VERBS.join('・')} のどれかを書いてください。`)
    return ACTIONS[verb](args, terminal)
  },
}
