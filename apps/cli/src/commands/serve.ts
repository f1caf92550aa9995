import { fileURLToPath } from 'node:url'
import { UsageError } from '../command.ts'
import type { Arguments, Command } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { interrupted } from '../interrupted.ts'
import { buildScreens } from '../screens.ts'

const DEMO_TOWN = fileURLToPath(new URL('../../../../examples/kasumi/town.yaml', import.meta.url))
/** Every example that has a target.yaml is one that the demo's town may want. */
const DEMO_TARGETS = fileURLToPath(new URL('../../../../examples', import.meta.url))

export const serve: Command = {
  name: 'serve',
  about: '関所を動かします（インターネット側と LGWAN 側）',
  usage: [
    'sekisho serve [town.yaml] [--data DIR] [--low-port N] [--high-port N]',
    'sekisho serve [town.yaml] --mail-port N [--submission-port N]   メールも通すとき',
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
    'mail-port': {
      type: 'string',
      value: 'N',
      about:
        'インターネット側でメールを受け取るポート（SMTP）。宣言にメールの関所があるときに開きます',
    },
    'submission-port': {
      type: 'string',
      value: 'N',
      about:
        'LGWAN 側で、外へ送るメールを受け取るポート（SMTP）。宣言に outward があるときに開きます',
    },
    activate: { type: 'boolean', about: '書き換えた宣言を、この起動から効かせます' },
    firewall: {
      type: 'string',
      value: 'FILE',
      about:
        'ファイアウォールの「nft list ruleset」の出力です。この宣言の規則でないあいだは、関所を開けません',
    },
    'flow-use': {
      type: 'string',
      value: 'FILE',
      about:
        'ファイアウォールの機械で「sekisho drift」が書く flow-use.json です。まちの構成に、最後に使った日を出します',
    },
    cloud: {
      type: 'string',
      value: 'DIR',
      about:
        'この機械のクラウドの関所の記録（sekisho gate web run の --data）です。インターネット側の画面に、クラウドの利用を出します',
    },
    lists: {
      type: 'string',
      value: 'DIR',
      default: 'lists',
      about: 'その関所の一覧のフォルダ（--cloud のとき）',
    },
    config: { type: 'string', value: 'FILE', about: '片側だけを動かすときの設定' },
  },
  words: ['low', 'high'],
  async run(args, terminal) {
    const say = (line: string): void => terminal.err(`${line}\n`)
    const first = args.positionals[0]
    if (first === 'low' || first === 'high') return serveOne(first, args, say)
    const demo = args.on('demo')
    const town = first ?? (demo ? DEMO_TOWN : undefined)
    if (town === undefined)
      throw new UsageError('まちの宣言（town.yaml）か、--demo を書いてください。')
    await buildScreens(say)
    // Loaded only here: it brings the web server with it.
    const { bannerOf, startTown } = await import('@sekisho/server')
    const dataDir = args.text('data') ?? 'data'
    const databaseUrl = terminal.environment['SEKISHO_DATABASE_URL']
    const firewall = args.text('firewall')
    const flowUse = args.text('flow-use')
    const cloud = args.text('cloud')
    const running = await startTown({
      town,
      dataDir,
      ports: {
        low: port(args, 'low-port'),
        high: port(args, 'high-port'),
        ...(args.text('mail-port') === undefined ? {} : { mail: port(args, 'mail-port') }),
        ...(args.text('submission-port') === undefined
          ? {}
          : { submission: port(args, 'submission-port') }),
      },
      demo,
      activate: args.on('activate'),
      ...(firewall === undefined ? {} : { firewall }),
      ...(flowUse === undefined ? {} : { flowUse }),
      ...(cloud === undefined
        ? {}
        : { cloud: { dataDir: cloud, lists: args.text('lists') ?? 'lists' } }),
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
      ...(town === DEMO_TOWN ? { targets: DEMO_TARGETS } : {}),
      say,
    })
    terminal.out(`${await bannerOf(running, dataDir)}\n`)
    await interrupted()
    say('止めています…')
    await running.stop()
    return EXIT.done
  },
}

async function serveOne(
  side: 'low' | 'high',
  args: Arguments,
  say: (line: string) => void,
): Promise<ExitCode> {
  const file = args.text('config')
  if (file === undefined)
    throw new UsageError('--config に、この側の設定ファイルを書いてください。')
  await buildScreens(say)
  const { readSideConfig, serveSide } = await import('@sekisho/server')
  const config = await readSideConfig(file)
  if (config.side !== side) throw new UsageError(`${file} は ${config.side} の設定です。`)
  const running = await serveSide(config, { activate: args.on('activate'), say })
  await interrupted()
  await running.stop()
  return EXIT.done
}

function port(args: Arguments, flag: string): number {
  const value = args.text(flag) ?? ''
  const number = Number(value)
  if (!/^\d{1,5}$/u.test(value) || number > 65_535)
    throw new UsageError(`--${flag} は 0 から 65535 までの数です。`)
  return number
}
