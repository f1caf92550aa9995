/** For tests only: a gate that reads inside, the town of the corpus behind it, and a destination over real TLS that keeps all that reaches it. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createSecureServer } from 'node:http2'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls, createServer as createTlsServer } from 'node:tls'
import type { TLSSocket } from 'node:tls'
import { refusalPage, SendBudget, ServiceCuts, townGatekeeper, webPolicy } from '@sekisho/gates/web'
import type { Gatekeeper, InsideGuard, TunnelRecord } from '@sekisho/gates/web'
import { createCompiledJudge } from '@sekisho/judge'
import { readTown } from '@sekisho/town'
import {
  TODAY,
  cloudTownText,
  gateOf,
  inForce,
} from '../../../../../packages/gates/web/src/destination/destination.test-support.ts'
import { ReadBuffers } from '../read-buffers.ts'
import { TUNNEL_LIMITS, serveTunnel } from '../tunnel.ts'
import type { TunnelLimits } from '../tunnel.ts'
import { makeAuthority, readAuthority } from './authority.ts'
import type { InspectOptions } from './inspection.ts'
import { Leaves } from './leaves.ts'

export const LOGIN = 'login.microsoftonline.com'
/** In the ranges that Microsoft publishes for it. */
const PUBLISHED = '20.190.128.1'
export const DIRECTORY = '11111111-2222-3333-4444-555555555555'
const HOSTS = [LOGIN, 'login.microsoft.com', 'login.windows.net', 'login.live.com']

/** Compiling the rules takes longer than any of the tests. */
const judge = createCompiledJudge()

/** What the town of the corpus says about reading inside, in place of its own line. */
export function insideTown(more = '', inspect: readonly string[] = HOSTS): string {
  const hosts = inspect.map((host) => `{ host: ${host}, reason: 試し }`).join(', ')
  return cloudTownText().replace(/inspect: \[.*\]\n/u, `inspect: [${hosts}]\n${more}`)
}

export const TENANTS = `          tenants: { allowed: [kasumi.example.jp, 22222222-0000-4000-8000-000000000000], directory: ${DIRECTORY} }\n`

/** A request as it reached the destination. */
export interface Got {
  readonly version: string
  readonly method: string
  readonly path: string
  /** As sent, in pairs. */
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

export interface TestOrigin {
  readonly port: number
  readonly got: Got[]
  readonly seen: { connections: number }
  readonly ca: string
  close(): Promise<void>
}

export interface OriginOptions {
  /** The name in its certificate. */
  readonly name?: string
  readonly protocols?: readonly string[]
  readonly answer?: (got: Got, response: Http2ServerResponse) => void
  readonly upgrade?: (socket: Socket, request: Http2ServerRequest) => void
}

const authorityIn = async (hosts: readonly string[] | 'any') => {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-inspect-'))
  const shown = await makeAuthority(folder, { town: '試し', hosts })
  return { folder, file: shown.file, leaves: new Leaves((await readAuthority(folder))!) }
}

export async function startTlsOrigin(options: OriginOptions = {}): Promise<TestOrigin> {
  const { leaves, file } = await authorityIn('any')
  const got: Got[] = []
  const seen = { connections: 0 }
  const context = await leaves.contextFor(options.name ?? LOGIN)
  const server = createSecureServer(
    {
      allowHTTP1: true,
      ALPNProtocols: [...(options.protocols ?? ['h2', 'http/1.1'])],
      SNICallback: (_, done) => done(null, context),
    },
    (request, response) => void take(request, response).catch(() => undefined),
  )
  const take = async (
    request: Http2ServerRequest,
    response: Http2ServerResponse,
  ): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const raw = request.rawHeaders
    const one: Got = {
      version: request.httpVersion,
      method: request.method,
      path: request.url,
      headers: raw.flatMap((name, nth) =>
        nth % 2 === 0 && !name.startsWith(':')
          ? [[name.toLowerCase(), raw[nth + 1]!] as const]
          : [],
      ),
      body: Buffer.concat(chunks).toString('latin1'),
    }
    got.push(one)
    if (options.answer) options.answer(one, response)
    else response.end(`hello over ${one.version}`)
  }
  server.on('upgrade', (request: Http2ServerRequest, socket: Socket) =>
    options.upgrade?.(socket, request),
  )
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    seen.connections += 1
    sockets.add(socket)
  })
  server.on('sessionError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  const { port } = server.address() as AddressInfo
  return { port, got, seen, ca: readFileSync(file, 'utf8'), close }
}

export interface TestInspection {
  readonly port: number
  /** Certificate of the town's authority, PEM file. */
  readonly ca: string
  readonly records: TunnelRecord[]
  readonly cuts: ServiceCuts
  close(): Promise<void>
}

export interface InspectionOptions {
  readonly origin: Pick<TestOrigin, 'port' | 'ca'>
  readonly town?: string
  readonly guard?: InsideGuard
  readonly limits?: Partial<TunnelLimits>
  readonly roots?: readonly string[]
  readonly record?: (entry: TunnelRecord) => Promise<void>
  readonly addresses?: readonly string[]
  readonly refusalPages?: boolean
  /** Terminals speak TLS with the gate itself. */
  readonly secure?: boolean
  readonly hosts?: readonly string[] | 'any'
}

/** The rules are the real ones; only where an allowed address leads is of the test. */
export async function startInspection(options: InspectionOptions): Promise<TestInspection> {
  const { origin, guard = bodiless } = options
  const read = readTown(options.town ?? insideTown())
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const { leaves, file } = await authorityIn(options.hosts ?? HOSTS)
  const policy = webPolicy(read.town, gateOf(read.town), inForce(read.town), TODAY)
  const records: TunnelRecord[] = []
  const cuts = new ServiceCuts()
  let numbers = 0
  const keeper = townGatekeeper({
    policy: () => policy,
    judge,
    resolve: () => Promise.resolve([PUBLISHED]),
    echKeys: () => Promise.resolve('none'),
    identify: () => Promise.resolve({ id: 's0001', department: 'soumu' }),
    record: async (entry) => {
      await options.record?.(entry)
      records.push(entry)
    },
    own: ['10.20.1.10'],
    cuts,
    budget: new SendBudget(() => TODAY),
    number: () => `W-${(numbers += 1)}`,
    readable: (host) => leaves.speaksFor(host),
  })
  const { addresses = ['127.0.0.1'] } = options
  const gatekeeper: Gatekeeper = {
    ...keeper,
    admit: async (asked) => {
      const admitted = await keeper.admit(asked)
      return admitted.result === 'pass' ? { ...admitted, port: origin.port, addresses } : admitted
    },
  }
  const inspect: InspectOptions = {
    leaves,
    guard,
    roots: options.roots ?? [origin.ca],
    page: (refused, number) => refusalPage(refused, number),
    ...(options.refusalPages && { refusalPages: leaves }),
  }
  const limits = { ...TUNNEL_LIMITS, ...options.limits }
  const buffers = new ReadBuffers()
  const sockets = new Set<Socket>()
  const serve = (socket: Socket): void => {
    sockets.add(socket)
    void serveTunnel(socket, {
      gatekeeper,
      limits,
      buffers,
      inspect: () => inspect,
    })
  }
  const context = options.secure
    ? await (await authorityIn('any')).leaves.contextFor(LOGIN)
    : undefined
  const server = context
    ? createTlsServer({ allowHalfOpen: true, SNICallback: (_, done) => done(null, context) }, serve)
    : createServer({ allowHalfOpen: true }, serve)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  return { port: (server.address() as AddressInfo).port, ca: file, records, cuts, close }
}

/** A terminal that went through CONNECT and TLS as a browser does. */
export async function terminalOf(
  gate: TestInspection,
  protocols: readonly string[] = ['http/1.1'],
  host = LOGIN,
): Promise<TLSSocket> {
  const socket = connect(gate.port, '127.0.0.1')
  socket.write(`CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}:443\r\n\r\n`)
  const [head] = (await once(socket, 'data')) as [Buffer]
  if (!head.toString().startsWith('HTTP/1.1 200')) throw new Error(head.toString())
  const secure = connectTls({
    socket,
    servername: host,
    ca: readFileSync(gate.ca, 'utf8'),
    ALPNProtocols: [...protocols],
  })
  secure.on('error', () => undefined)
  await once(secure, 'secureConnect')
  return secure
}

/** Sends text inside, and returns all that comes back until the gate ends it. */
export async function sayInside(gate: TestInspection, text: string, end = false): Promise<string> {
  const terminal = await terminalOf(gate)
  const chunks: Buffer[] = []
  terminal.on('data', (chunk: Buffer) => chunks.push(chunk))
  if (end) terminal.end(text, 'latin1')
  else terminal.write(text, 'latin1')
  await once(terminal, 'close')
  return Buffer.concat(chunks).toString()
}

/** Lets no body go, not even one byte of one; what comes from outside is passed on as a tunnel would. */
export const bodiless: InsideGuard = {
  async upload({ service }, body) {
    for await (const { length } of body)
      if (length > 0) return { result: 'refuse', reason: 'X11-SEND-PATTERN', service }
    return { result: 'pass', bytes: 0 }
  },
  download: (_, { headers }, body) => Promise.resolve({ result: 'pass', headers, body }),
}

/** Reads the whole body before it lets it go, as a reader of files does. */
export const holding: InsideGuard = {
  async upload(_, body) {
    const chunks: Uint8Array[] = []
    for await (const chunk of body) chunks.push(chunk)
    const whole = Buffer.concat(chunks)
    if (whole.length === 0) return { result: 'pass', bytes: 0 }
    const pieces = async function* () {
      yield whole
    }
    return { result: 'pass', bytes: whole.length, body: pieces() }
  },
  download: (_, { headers }, body) => Promise.resolve({ result: 'pass', headers, body }),
}

export function curl(gate: TestInspection, ...args: readonly string[]): Promise<string> {
  return curlWith(gate, '', ...args)
}

/** With something to send on its standard input. */
export function curlWith(
  gate: TestInspection,
  sent: string,
  ...args: readonly string[]
): Promise<string> {
  const common = [
    '-sS',
    '--proxy',
    `http://127.0.0.1:${gate.port}`,
    '--cacert',
    gate.ca,
    '-m',
    '20',
  ]
  return new Promise((resolve) => {
    const child = execFile('curl', [...common, ...args], (error, out, err) =>
      resolve(error ? `${out}${err}` : out),
    )
    child.stdin?.end(sent)
  })
}
