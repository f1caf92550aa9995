import { UsageError } from '../command.ts'
import type { Arguments, Command } from '../command.ts'
import { EXIT } from '../exit.ts'

const DEMO_TOWN = new URL('../../../../examples/kasumi/town.yaml', import.meta.url).pathname

export const serve: Command = {
  name: 'serve',
  about: '関所を動かします（インターネット側と LGWAN 側）',
  usage: [
    'sekisho serve [town.yaml] [--data DIR] [--low-port N] [--high-port N]',
    'sekisho serve --demo',
    'sekisho serve low|high --config FILE   2台に分けて動かすとき',
  ],
  flags: {
    demo: {
      type: 'boolean',
      about: '見本のまち（examples/kasumi）と、体験用の3つのアカウントで動かします',
    },
    data: { type: 'string', value: 'DIR', default: 'data', about: '記録を置くフォルダ' },
    'low-port': {
      type: 'string',
      value: 'N',
      default: '8081',
      about: 'インターネット側の画面のポート',
    },
    'high-port': { type: 'string', value: 'N', default: '8082', about: 'LGWAN 側の画面のポート' },
    config: { type: 'string', value: 'FILE', about: '片側だけを動かすときの設定' },
  },
  words: ['low', 'high'],
  async run(args, terminal) {
    // Loaded only here: it brings the web server with it.
    const { startSide, startTown } = await import('@sekisho/server')
    const first = args.positionals[0]
    if (first === 'low' || first === 'high') {
      const config = args.text('config')
      if (config === undefined)
        throw new UsageError('--config に、この側の設定ファイルを書いてください。')
      await startSide(first, config, (line) => terminal.err(`${line}\n`))
      return EXIT.done
    }
    const demo = args.on('demo')
    const town = first ?? (demo ? DEMO_TOWN : undefined)
    if (town === undefined)
      throw new UsageError('まちの宣言（town.yaml）か、--demo を書いてください。')
    await startTown({
      town,
      data: args.text('data') ?? 'data',
      lowPort: port(args, 'low-port'),
      highPort: port(args, 'high-port'),
      demo,
      say: (line) => terminal.err(`${line}\n`),
    })
    return EXIT.done
  },
}

function port(args: Arguments, flag: string): number {
  const value = args.text(flag) ?? ''
  const number = Number(value)
  if (!/^\d{1,5}$/u.test(value) || number > 65_535)
    throw new UsageError(`--${flag} は 0 から 65535 までの数です。`)
  return number
}
