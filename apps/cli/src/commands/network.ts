import { UsageError } from '../command.ts'
import type { Arguments, Command, Terminal } from '../command.ts'
import type { ExitCode } from '../exit.ts'
import { importNetwork } from './network-import.ts'
import { importLogs } from './network-log.ts'
import { FIREWALL_FLAG } from '../firewall/folder.ts'
import { REACH_FLAGS, REACH_USAGE, reach } from './network-reach.ts'
import { DAYS_FLAG, USE_USAGE, use } from './network-use.ts'

type Action = (args: Arguments, terminal: Terminal) => Promise<ExitCode>

const ACTIONS = { import: imported, reach, use } as const satisfies Readonly<Record<string, Action>>
const VERBS = Object.keys(ACTIONS) as (keyof typeof ACTIONS)[]

export const network: Command = {
  name: 'network',
  about:
    '今あるファイアウォールの設定や記録を読んで宣言と比べ、どこからどこへ届くか、どの通信が使われていないかを求めます',
  usage: [
    'sekisho network import FILE… [--town town.yaml] [--at 日付] [--format text|json]',
    'sekisho network import FILE… --matrix tcp/443 [--town town.yaml] [--format text|json|csv]',
    'sekisho network import --log FILE… [--town town.yaml] [--at 日付] [--format text|json]',
    ...REACH_USAGE,
    USE_USAGE,
  ],
  flags: {
    ...REACH_FLAGS,
    town: {
      type: 'string',
      value: 'FILE',
      about:
        'まちの宣言。import では、指定すると宣言と比べます。reach と use では、指定がなければ town.yaml です',
    },
    matrix: {
      type: 'string',
      value: 'SERVICE',
      about:
        'このサービスを、どこからどこへ開けるかの表を出します（import）。tcp/443・udp/53・icmp のように書きます。--town を付けると、口の先のアドレスを宣言のとおりに限ります',
    },
    log: {
      type: 'boolean',
      about:
        '設定ではなく記録を読みます（import）。プロキシ（squid の access.log）か、ファイアウォール（nftables・iptables の LOG、FortiGate、Palo Alto）の通信の記録です',
    },
    days: DAYS_FLAG,
    data: FIREWALL_FLAG,
  },
  words: VERBS,
  async run(args, terminal) {
    const verb = VERBS.find((known) => known === args.positionals[0])
    if (verb === undefined) throw new UsageError(`${VERBS.join('・')} のどれかを書いてください。`)
    return ACTIONS[verb](args, terminal)
  },
}

async function imported(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const files = args.positionals.slice(1)
  if (files.length === 0) throw new UsageError('読むファイルを書いてください。')
  const format = args.on('json') ? 'json' : args.text('format')
  if (format === 'csv' && !args.on('log')) return importNetwork(files, format, args, terminal)
  if (format !== 'text' && format !== 'json') {
    throw new UsageError('--format は text・json のどちらかです。')
  }
  return args.on('log')
    ? importLogs(files, format, args, terminal)
    : importNetwork(files, format, args, terminal)
}
