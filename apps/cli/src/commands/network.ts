import { UsageError } from '../command.ts'
import type { Arguments, Command, Terminal } from '../command.ts'
import type { ExitCode } from '../exit.ts'
import { REACH_FLAGS, REACH_USAGE, reach } from './network-reach.ts'

type Action = (args: Arguments, terminal: Terminal) => Promise<ExitCode>

const ACTIONS = { reach } as const satisfies Readonly<Record<string, Action>>
const VERBS = Object.keys(ACTIONS) as (keyof typeof ACTIONS)[]

export const network: Command = {
  name: 'network',
  about: 'ファイアウォールの文から、どこからどこへ届くかを求めます',
  usage: [...REACH_USAGE],
  flags: { ...REACH_FLAGS },
  words: VERBS,
  async run(args, terminal) {
    const verb = VERBS.find((known) => known === args.positionals[0])
    if (verb === undefined) throw new UsageError(`${VERBS.join('・')} のどれかを書いてください。`)
    return ACTIONS[verb](args, terminal)
  },
}
