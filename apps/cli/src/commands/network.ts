import { UsageError } from '../command.ts'
import type { Command } from '../command.ts'
import { importNetwork } from './network-import.ts'
import { importLogs } from './network-log.ts'

const VERBS = ['import'] as const

export const network: Command = {
  name: 'network',
  about: '今あるファイアウォールの設定や記録を読み、宣言と比べます',
  usage: [
    'sekisho network import FILE… [--town town.yaml] [--at 日付] [--format text|json]',
    'sekisho network import --log FILE… [--town town.yaml] [--at 日付] [--format text|json]',
  ],
  flags: {
    town: { type: 'string', value: 'FILE', about: 'まちの宣言。指定すると、宣言と比べます' },
    log: {
      type: 'boolean',
      about:
        '設定ではなく記録を読みます。プロキシ（squid の access.log）か、ファイアウォール（nftables・iptables の LOG）の記録です',
    },
    at: {
      type: 'string',
      value: 'YYYY-MM-DD',
      about: 'この日に通るものを読みます。指定がなければ今日です',
    },
    format: { type: 'string', value: 'text|json', default: 'text', about: '出し方' },
    json: { type: 'boolean', about: 'JSON で出します' },
  },
  words: VERBS,
  async run(args, terminal) {
    const [verb, ...files] = args.positionals
    if (verb !== 'import') throw new UsageError(`${VERBS.join('・')} を書いてください。`)
    if (files.length === 0) throw new UsageError('読むファイルを書いてください。')
    const format = args.on('json') ? 'json' : args.text('format')
    if (format !== 'text' && format !== 'json') {
      throw new UsageError('--format は text・json のどちらかです。')
    }
    return args.on('log')
      ? importLogs(files, format, args, terminal)
      : importNetwork(files, format, args, terminal)
  },
}
