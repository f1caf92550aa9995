/** `sekisho gate web run`: the cloud gate of a town, until it is stopped. */
import { listWords } from '@sekisho/gates/web'
import { interrupted } from '../interrupted.ts'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'

export async function runWeb(
  rest: readonly string[],
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const { runCloudGate } = await import('@sekisho/server')
  const say = (line: string): void => terminal.err(`${line}\n`)
  const listen = addressOf(args.text('listen') ?? '')
  const options = optional({
    gate: args.text('gate'),
    tls: tlsOf(args),
    name: args.text('name'),
    apply: applyOf(args),
    outsideCa: args.text('outside-ca'),
  })
  const clients = optional({
    certificates: args.text('certificates'),
    credentials: args.text('people'),
    addresses: args.text('trust-addresses'),
  })
  if (Object.keys(clients).length === 0)
    throw new UsageError(
      'だれの通信かを確かめる表を、--certificates・--people・--trust-addresses のどれかで示してください。',
    )
  const running = await runCloudGate({
    ...options,
    clients,
    listen,
    town: rest[0] ?? 'town.yaml',
    lists: args.text('lists') ?? 'lists',
    dataDir: args.text('data') ?? 'cloud-data',
    resolvers: listOf(args.text('resolver')),
    domains: listOf(args.text('domains')),
    activate: args.on('activate'),
    enforceNow: args.on('enforce-now'),
    say,
  })
  terminal.out(`クラウドの関所が ${listen.host}:${running.port} で待っています。\n`)
  for (const [list, { state }] of running.standings)
    if (state !== 'usable')
      terminal.out(`× ${list}　${listWords.standing[state]}\n`.replace(/\{\w+\}/gu, '？'))
  if (running.mode === 'report')
    terminal.out('見守りの間です。一覧にない行き先も、記録して通します。\n')
  if (clients.addresses !== undefined)
    terminal.out('番号だけで職員を決めています。試しのときだけにしてください。\n')
  await interrupted()
  say('止めています…')
  await running.stop()
  return EXIT.done
}

function tlsOf(args: Arguments) {
  const [cert, key, clients] = [args.text('tls-cert'), args.text('tls-key'), args.text('client-ca')]
  if (cert === undefined && key === undefined && clients === undefined) return undefined
  if (cert === undefined || key === undefined)
    throw new UsageError('--tls-cert と --tls-key は、両方を書いてください。')
  return { cert, key, ...(clients !== undefined && { clients }) }
}

function applyOf(args: Arguments): string | undefined {
  const apply = args.text('apply')
  if (apply !== undefined && !/^https?:\/\/[^\s"'<>]+$/u.test(apply))
    throw new UsageError('--apply は https:// で始まる番地で書いてください。')
  return apply
}

function addressOf(text: string): { readonly host: string; readonly port: number } {
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/u.exec(text) ?? []
  if (host === '' || Number(port) > 65_535)
    throw new UsageError('--listen は 10.20.1.10:8080 の形で書いてください。')
  return { host: host.replace(/^\[(.+)\]$/u, '$1'), port: Number(port) }
}

const listOf = (text: string | undefined): readonly string[] =>
  (text ?? '').split(',').filter((one) => one !== '')

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Without the keys that were not given. */
function optional<T extends object>(given: T): Present<T> {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as Present<T>
}
