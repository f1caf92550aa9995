/**
 * Inside a network namespace of its own: a destination with TLS that counts bytes of bodies, a name server, the town's own authority, the gate as `sekisho gate web run` starts it, and terminals. Prints
 * what came of each try, a line of JSON each.
 */
import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { X509Certificate, createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { Origin } from '../../bench/proxy/bypass/origin.ts'
import { startNames } from '../../bench/proxy/bypass/outside.ts'
import { MACRO, bytesOf } from '../../packages/gates/web/src/upload/uploads.test-support.ts'
import { Authority } from '../cloud-clients/certificates.ts'
import { sayH1, sayH2 } from '../../bench/proxy/bypass/terminal.ts'
import type { Gate } from '../../bench/proxy/bypass/terminal.ts'
import { ADDRESSES, LOGIN, LOGINS, MAIL, writeInsideTown } from './town.ts'

const CLI = resolve(import.meta.dirname, '../../apps/cli/bin/sekisho.mjs')
const CHROMIUM = '/usr/bin/chromium'
const PORT = 3128
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'sekisho-inside-'))
const tell = (name: string, seen: object): void =>
  void process.stdout.write(`${JSON.stringify({ name, ...seen })}\n`)
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const words = '会議の記録です。'.repeat(60)
/** What may never leave; what may with an approval. */
const SECRET = bytesOf([{ file: 'docx', words, property: '【自治体機密性3B】' }])
const BARE = bytesOf([{ file: 'docx', words, property: '【機密性3】' }])
const OPEN = bytesOf([{ file: 'docx', words, property: '【自治体機密性1】' }])
const outside = await Authority.make(folder, 'outside')
const { cert, key: certKey } = await outside.issue('service', { dns: [MAIL, ...LOGINS] })
const secure = { cert: readFileSync(cert), key: readFileSync(certKey) }
const origin = new Origin(secure, {
  '/macro': {
    type: 'application/vnd.ms-word.document.macroEnabled.12',
    bytes: MACRO,
    name: 'a.docm',
  },
  '/plain': { type: DOCX, bytes: OPEN, name: 'plain.docx' },
  '/other-tenant': { type: 'text/html', bytes: Buffer.from('<p>AADSTS500021: no access</p>') },
})
await origin.listen(443)
const logins = Object.fromEntries(LOGINS.map((one) => [one, [[ADDRESSES.login]]]))
await startNames({ names: { ...logins, [MAIL]: [[ADDRESSES.mail]] }, others: [] }, 53, {
  asked: [],
})

const { town, lists, addresses, key } = await writeInsideTown(join(folder, 'town'))
const data = join(folder, 'data')

/** The command line as a person at the gate types it. */
async function sekisho(...args: readonly string[]): Promise<string> {
  const all = [CLI, 'gate', 'web', ...args, '--data', data]
  return run(process.execPath, all, { maxBuffer: 8 * 1024 * 1024 }).then(
    ({ stdout }) => stdout,
    // Findings end with a code of their own.
    (error: unknown) => String((error as { stdout?: unknown }).stdout ?? error),
  )
}

async function startGate(): Promise<{
  readonly child: ChildProcess
  readonly gate: Required<Omit<Gate, 'host'>>
}> {
  await sekisho('ca', 'create', town)
  const places = ['--lists', lists, '--data', data, '--trust-addresses', addresses]
  const network = ['--listen', `127.0.0.1:${PORT}`, '--resolver', '127.0.0.1']
  const more = ['--outside-ca', outside.file, '--apply', 'https://sekisho.example/decide/breakout']
  const args = [CLI, 'gate', 'web', 'run', town, ...places, ...network, ...more]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface(child.stdout)) if (line.includes('待っています')) break
  return { child, gate: { port: PORT, ca: readFileSync(join(data, 'ca/cert.pem'), 'utf8') } }
}

const { child, gate } = await startGate()

async function curl(...args: readonly string[]): Promise<string> {
  const ca = join(data, 'ca/cert.pem')
  const common = ['-sS', '-m', '30', '--proxy', `http://127.0.0.1:${PORT}`, '--cacert', ca]
  return run('curl', [...common, ...args], { encoding: 'latin1' }).then(
    ({ stdout }) => stdout,
    (error: unknown) => String((error as { stdout?: unknown }).stdout ?? error),
  )
}

/** One try, with what reached the destination because of it. */
async function tried(name: string, work: () => Promise<string>): Promise<string> {
  origin.arrived = []
  const said = Buffer.from(await work(), 'latin1').toString()
  const [, reason = ''] = /<dd>((?:X11|WEB|HEAD)-[A-Z0-9-]+)<\/dd>/u.exec(said) ?? []
  const { arrived, bodyBytes } = origin
  tell(name, { reason, arrived, bodyBytes, said: said.slice(0, 4_000) })
  return said
}

async function uploads(): Promise<void> {
  const head = (...fields: readonly string[]): string =>
    ['POST /up HTTP/1.1', `Host: ${MAIL}`, 'Connection: close', ...fields, '', ''].join('\r\n')
  const typed = `Content-Type: ${DOCX}`
  const length = `Content-Length: ${SECRET.length}`
  const chunk = (bytes: Uint8Array) => [`${bytes.length.toString(16)}\r\n`, bytes, '\r\n']
  const half = SECRET.subarray(0, 500)
  const rest = SECRET.subarray(500)
  const latin1 = async (said: Promise<string>) => Buffer.from(await said).toString('latin1')
  const h1 = (...pieces: readonly (string | Uint8Array)[]) => latin1(sayH1(gate, MAIL, pieces))
  const h2 = (fields: Readonly<Record<string, string>>, ...pieces: readonly Uint8Array[]) =>
    latin1(sayH2(gate, MAIL, { ':method': 'POST', ':path': '/up', ...fields }, pieces))
  await tried('h1 with its length', () => h1(head(typed, length), SECRET))
  await tried('h1 with a class of nobody knows whom', () =>
    h1(head(typed, `Content-Length: ${BARE.length}`), BARE),
  )
  await tried('h1 in chunks', () =>
    h1(head(typed, 'Transfer-Encoding: chunked'), ...chunk(half), ...chunk(rest), '0\r\n\r\n'),
  )
  await tried('h1 that waits to be asked', () =>
    h1(head(typed, length, 'Expect: 100-continue'), SECRET),
  )
  await tried('h2 of a length that is not said', () => h2({ 'content-type': DOCX }, half, rest))
  await tried('packed', () =>
    h2({ 'content-type': DOCX, 'content-encoding': 'gzip' }, gzipSync(SECRET)),
  )
  const json = Buffer.from(JSON.stringify({ message: { file: SECRET.toString('base64') } }))
  await tried('letters in JSON', () => h2({ 'content-type': 'application/json' }, json))
  const socket = [
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ]
  const asks = ['GET /chat HTTP/1.1', `Host: ${MAIL}`, 'Connection: Upgrade', ...socket, '', '']
  await tried('a WebSocket', () => h1(asks.join('\r\n'), SECRET))
  const secret = join(folder, '会議.docx')
  writeFileSync(secret, SECRET)
  await tried('a form of curl', () =>
    curl('-F', `file=@${secret};type=${DOCX}`, `https://${MAIL}/up`),
  )
  await tried('PUT of curl', () => curl('-H', typed, '-T', secret, `https://${MAIL}/up`))
}

async function approvals(): Promise<void> {
  const open = join(folder, '案内.docx')
  writeFileSync(open, OPEN)
  const put = () => curl('-H', `Content-Type: ${DOCX}`, '-T', open, `https://${MAIL}/up`)
  await tried('class 1 that nobody approved', put)
  const whose = ['--service', 'exchange', '--for', 's0001', '--key', key]
  tell('the approval', { said: await sekisho('approve', open, town, ...whose) })
  tell('the file', { sha256: sha256(OPEN), bytes: OPEN.length })
  await tried('class 1 that was approved', put)
  await tried('it in chunks over HTTP/1.1', () =>
    curl(
      '--http1.1',
      '-H',
      'Transfer-Encoding: chunked',
      '-H',
      `Content-Type: ${DOCX}`,
      '-T',
      open,
      `https://${MAIL}/up`,
    ),
  )
  const other = join(folder, '別.docx')
  writeFileSync(
    other,
    bytesOf([{ file: 'docx', words: `${words}。`, property: '【自治体機密性1】' }]),
  )
  await tried('another file of class 1', () =>
    curl('-H', `Content-Type: ${DOCX}`, '-T', other, `https://${MAIL}/up`),
  )
}

async function downloads(): Promise<void> {
  const kept = join(folder, 'kept')
  await tried('a document with a macro', () => curl('-D', '-', '-o', kept, `https://${MAIL}/macro`))
  const bytes = readFileSync(kept)
  tell('what was kept', {
    bytes: bytes.length,
    zip: bytes.toString('latin1', 0, 2),
    macro: bytes.includes('vbaProject'),
    outside: Buffer.from(MACRO).includes('vbaProject'),
  })
  await tried('a part of a document', () =>
    curl('-r', '0-9', '-D', '-', '-o', kept, `https://${MAIL}/plain`),
  )
  tell('what was kept of it', { bytes: readFileSync(kept).length })
}

async function tenants(): Promise<void> {
  const theirs = [
    '-H',
    'Restrict-Access-To-Tenants: evil.example',
    '-H',
    'Sec-Restrict-Tenant-Access-Policy: evil',
  ]
  await tried('a sign-in', () => curl(...theirs, `https://${LOGIN}/`))
  await tried('the mail', () => curl(...theirs, `https://${MAIL}/`))
  await tried('a sign-in to another tenant', () => curl(`https://${LOGIN}/other-tenant`))
}

async function browser(): Promise<void> {
  if (!existsSync(CHROMIUM)) return
  const spki = new X509Certificate(gate.ca).publicKey.export({ type: 'spki', format: 'der' })
  const known = createHash('sha256').update(spki).digest('base64')
  const { stdout } = await run(CHROMIUM, [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    `--user-data-dir=${join(folder, 'profile')}`,
    `--proxy-pac-url=http://127.0.0.1:${PORT}/proxy.pac`,
    `--ignore-certificate-errors-spki-list=${known}`,
    '--dump-dom',
    'https://www.evil.example/',
  ])
  tell('a site that is not listed', { said: stdout })
}

/** Numbers of the gate's own record: kind, reason, and bytes. */
function recorded(): readonly object[] {
  const requests = join(data, 'requests')
  return readdirSync(requests)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => readFileSync(join(requests, name), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line) as object)
}

try {
  await uploads()
  await approvals()
  await downloads()
  await tenants()
  await browser()
  const page = await run('curl', ['-s', `http://127.0.0.1:${PORT}/`])
  tell('the page of the gate', { said: page.stdout })
  child.kill('SIGTERM')
  await once(child, 'exit')
  tell('the record', { lines: recorded() })
  tell('use', { said: await sekisho('use', town, '--lists', lists, '--format', 'json') })
  tell('alerts', { said: await sekisho('alerts', town, '--lists', lists, '--format', 'json') })
} finally {
  child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
process.exit(0)
