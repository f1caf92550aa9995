/**
 * Inside a network namespace of its own: a service outside with TLS at an address that its provider publishes, a name server, the cloud gate of a town, and real clients. Prints what each of them saw, a line of JSON
 * each.
 */
import { execFile } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { writeCloudTown } from '../../apps/server/src/cloud/cloud-town.test-support.ts'
import { REQUESTS, serveCloud } from '../../apps/server/src/cloud/serve-cloud.ts'
import { hashPassword } from '../../apps/server/src/host/password.ts'
import { Authority } from './certificates.ts'

const HOST = 'outlook.office.com'
const ADDRESS = '13.107.6.152'
const CHROMIUM = '/usr/bin/chromium'
const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'sekisho-clients-'))
const tell = (name: string, seen: object): void =>
  void process.stdout.write(`${JSON.stringify({ name, ...seen })}\n`)

/** Every name leads to the service; of HTTPS records there are none. */
async function startNames(): Promise<void> {
  const socket = createSocket('udp4')
  socket.on('message', (query, { address, port }) => {
    let end = 12
    while ((query[end] ?? 0) !== 0) end += (query[end] ?? 0) + 1
    end += 5
    const isAddress = query.readUInt16BE(end - 4) === 1
    const head = Buffer.from(query.subarray(0, 12))
    head.writeUInt16BE(0x81_80, 2)
    head.writeUInt16BE(isAddress ? 1 : 0, 6)
    head.writeUInt32BE(0, 8)
    const record = Buffer.from([
      0xc0,
      12,
      0,
      1,
      0,
      1,
      0,
      0,
      0,
      0,
      0,
      4,
      ...ADDRESS.split('.').map(Number),
    ])
    const answer = [head, query.subarray(12, end), ...(isAddress ? [record] : [])]
    socket.send(Buffer.concat(answer), port, address)
  })
  socket.bind(53, '127.0.0.1')
  await once(socket, 'listening')
}

const town = await Authority.make(folder, 'town')
const stranger = await Authority.make(folder, 'stranger')
const service = await town.issue('service', { dns: [HOST] })
const door = await town.issue('door', { ip: ['127.0.0.1'] })
await startNames()
let served = 0
const origin = createServer(
  { cert: readFileSync(service.cert), key: readFileSync(service.key) },
  (_, response) => {
    served += 1
    response.setHeader('content-type', 'text/html')
    response.end('<p>from the service outside</p>')
  },
)
origin.listen(443, ADDRESS)
await once(origin, 'listening')

const places = await writeCloudTown(join(folder, 'town'))
/** Left yesterday. */
const left =
  '  - { id: s0009, name: 退職 花子, department: soumu, roles: [clerk], from: 2024-04-01, until: 2026-01-31 }\n'
writeFileSync(places.town, `${readFileSync(places.town, 'utf8').trimEnd()}\n${left}`)
const common = {
  ...places,
  resolvers: ['127.0.0.1'],
  domains: [],
  activate: false,
  say: () => undefined,
}

async function certificates(): Promise<void> {
  const right = await town.issue('right')
  const unknown = await town.issue('unknown')
  const expired = await town.issue('expired', { days: -1 })
  const gone = await town.issue('gone')
  const forged = await stranger.issue('forged')
  const table = join(folder, 'certificates')
  const line = (pair: typeof right, person: string): string => `${pair.fingerprint} ${person}\n`
  writeFileSync(
    table,
    line(right, 's0001') + line(expired, 's0001') + line(gone, 's0009') + line(forged, 's0001'),
  )
  const people = join(folder, 'people')
  const hash = await hashPassword('correct horse')
  writeFileSync(people, `s0001 ${hash}\ns0002 ${hash}\n`)
  const gate = await serveCloud({
    ...common,
    dataDir: join(folder, 'tls'),
    listen: { host: '127.0.0.1', port: 0 },
    tls: { cert: door.cert, key: door.key, clients: town.file },
    clients: { certificates: table, credentials: people },
  })
  const tries: readonly (readonly [string, typeof right | undefined, string?])[] = [
    ['the right person', right],
    ['a certificate of nobody', unknown],
    ['a certificate that ended', expired],
    ['a person who left', gone],
    ['a certificate of another authority', forged],
    ['no certificate', undefined],
    ['no certificate but a password', undefined, 's0001:correct horse'],
    ['certificate and password of one person', right, 's0001:correct horse'],
    ['certificate of one and password of another', right, 's0002:correct horse'],
    ['certificate of nobody and a right password', unknown, 's0001:correct horse'],
    ['certificate of one who left and a right password', gone, 's0001:correct horse'],
  ]
  for (const [name, pair, password] of tries) {
    const before = served
    const said = await curl([
      '--proxy',
      `https://127.0.0.1:${gate.port}`,
      '--proxy-cacert',
      town.file,
      ...(pair ? ['--proxy-cert', pair.cert, '--proxy-key', pair.key] : []),
      ...(password === undefined ? [] : ['--proxy-user', password]),
      `https://${HOST}/`,
    ])
    tell(name, { ...said, reached: served > before })
  }
  await gate.stop()
}

async function curl(more: readonly string[]) {
  const args = [
    '-sS',
    '--max-time',
    '30',
    '--cacert',
    town.file,
    '-w',
    '\n%{http_connect} %{http_code}',
    ...more,
  ]
  const out = await run('curl', args, { env: {} }).then(
    ({ stdout }) => stdout,
    (error: unknown) => String((error as { stdout?: unknown }).stdout ?? error),
  )
  return { out }
}

async function browser(): Promise<void> {
  const dataDir = join(folder, 'plain')
  const gate = await serveCloud({
    ...common,
    dataDir,
    listen: { host: '127.0.0.1', port: 0 },
    clients: { addresses: places.addresses },
    apply: 'https://sekisho.example/decide/breakout',
  })
  const at = `http://127.0.0.1:${gate.port}`
  const pages = [
    ['an allowed site', `https://${HOST}/`],
    ['a site that is not listed', 'https://www.evil.example/'],
    ['the page of the gate', `${at}/`],
  ] as const
  for (const [name, url] of pages) {
    const before = served
    const { stdout } = await run(CHROMIUM, [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--ignore-certificate-errors',
      `--user-data-dir=${join(folder, 'profile')}`,
      `--proxy-pac-url=${at}/proxy.pac`,
      '--dump-dom',
      url,
    ])
    tell(name, { out: stdout, reached: served > before })
  }
  const inClear = await curl([
    '--proxy',
    at,
    '-H',
    'Accept: application/json',
    'http://www.evil.example/a',
  ])
  tell('a program that reads JSON', inClear)
  const [file = ''] = readdirSync(join(dataDir, REQUESTS)).filter((one) => one.endsWith('.jsonl'))
  const record = readFileSync(join(dataDir, REQUESTS, file), 'utf8')
    .trim()
    .split('\n')
  tell('the record', { lines: record.map((line) => JSON.parse(line) as unknown) })
  await gate.stop()
}

try {
  await certificates()
  await browser()
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
process.exit(0)
