/**
 * Requests in clear (`http://`), for updates and revocation lists. Each is taken apart and a new one is written: what goes out is a method that only reads, a name that was judged, an
 * address that was judged, and no field that speaks to a proxy. One request for each connection, so that none rides behind another.
 */
import { Server, request as requestOutside } from 'node:http'
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { HEAD_MAX, isPassedOn, refusalJson, refusalPage, wantsJson } from '@sekisho/gates/web'
import type { Admitted, Asked, Gatekeeper, TunnelRecord, Why } from '@sekisho/gates/web'
import { NOBODY, certificateOf, recordOf } from './asked.ts'
import type { TellsMore, TunnelLimits } from './tunnel.ts'

export interface PlainOptions {
  readonly gatekeeper: Gatekeeper
  readonly limits: TunnelLimits
  /** The text of `/proxy.pac`. */
  readonly pac: () => string
  /** What is told of a refusal beside its reason. */
  readonly more?: TellsMore
  /** Serves the pages of the gate itself; resolves to false for what is none of them. */
  readonly own?: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>
  /** The page of `/inspected`. */
  readonly inspected?: () => OwnPage
}

/** A page that the gate itself has. */
export interface OwnPage {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Takes a connection whose first bytes were read, and serves one request on it. */
export function plainDoor(options: PlainOptions): (socket: Socket, bytes: Buffer) => void {
  const { headMs } = options.limits
  const server = new Server(
    {
      insecureHTTPParser: false,
      maxHeaderSize: HEAD_MAX,
      requireHostHeader: true,
      keepAlive: false,
      headersTimeout: headMs,
      requestTimeout: headMs,
    },
    (request, response) => void serve(request, response, options),
  )
  server.maxRequestsPerSocket = 1
  // Without an answer of its own, Node says 100 Continue and asks for a body that may not come.
  const noBody = (request: IncomingMessage, response: ServerResponse): void =>
    answer({ request, response, number: options.gatekeeper.number() }, NO_BODY, options)
  server.on('checkExpectation', noBody)
  server.on('checkContinue', noBody)
  server.on('clientError', (_, socket) => void socket.destroy())
  return (socket, bytes) => {
    socket.pause()
    socket.unshift(bytes)
    server.emit('connection', socket)
    socket.resume()
  }
}

const NO_BODY = { reason: 'WEB-BODY' }

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: PlainOptions,
): Promise<void> {
  response.setHeader('connection', 'close')
  const exchange = { request, response, number: options.gatekeeper.number() }
  try {
    if (request.url === '/proxy.pac') return ownPage(exchange, pacPage(options), options)
    if (request.url === '/inspected' && options.inspected)
      return ownPage(exchange, options.inspected(), options)
    if (await options.own?.(request, response)) return
    await ask(exchange, options)
  } catch {
    answer(exchange, { reason: 'WEB-CLOSED' }, options)
  }
}

function pacPage({ pac }: PlainOptions): OwnPage {
  const headers = {
    'content-type': 'application/x-ns-proxy-autoconfig',
    'cache-control': 'max-age=300',
    'x-content-type-options': 'nosniff',
  }
  return { headers, body: pac() }
}

function ownPage(exchange: Exchange, { headers, body }: OwnPage, options: PlainOptions): void {
  const { request, response } = exchange
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return answer(exchange, { reason: 'WEB-METHOD' }, options)
  response.writeHead(200, headers)
  response.end(body)
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly number: string
}

/** `http://host[:port]/path`. A fragment or a backslash is read differently by different readers. */
const ABSOLUTE = /^http:\/\/([^/?#\\]+)((?:[/?][!-~]*)?)$/iu

async function ask(exchange: Exchange, options: PlainOptions): Promise<void> {
  const { request, number } = exchange
  const { gatekeeper } = options
  const { socket, method = '', headers } = request
  const [, authority = '', path = ''] = ABSOLUTE.exec(request.url ?? '') ?? []
  if (authority === '' || /[#\\]/u.test(path))
    return answer(exchange, { reason: 'HEAD-LINE' }, options)
  const from = socket.remoteAddress ?? ''
  const credentials = headers['proxy-authorization']
  const client = await gatekeeper.identify({
    from,
    credentials,
    certificate: certificateOf(socket),
  })
  const asked: Asked = {
    client: 'result' in client ? NOBODY : client,
    from,
    target: authority,
    host: headers.host,
  }
  const hosts = headers.host === undefined ? [] : [headers.host]
  const admitted =
    'result' in client
      ? client
      : hasBody(request)
        ? ({ result: 'refuse', reason: 'WEB-BODY', service: '' } as const)
        : await gatekeeper.admitPlain(asked, { method, hosts })
  if (admitted.result === 'refuse') {
    if (admitted !== client || credentials !== undefined)
      await gatekeeper.record(recordOf(number, 'refused', asked, admitted), admitted)
    return answer(exchange, admitted, options, asked)
  }
  await gatekeeper.record(recordOf(number, 'opened', asked, admitted))
  await fetchFor(
    exchange,
    { asked, admitted, path: path.startsWith('/') ? path : `/${path}` },
    options,
  )
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0

interface Granted {
  readonly asked: Asked
  readonly admitted: Admitted
  readonly path: string
}

async function fetchFor(
  exchange: Exchange,
  { asked, admitted, path }: Granted,
  options: PlainOptions,
): Promise<void> {
  const { request, response, number } = exchange
  const headers = { ...endToEnd(request.headers), host: hostOf(admitted) }
  const up = sizeOf(request.method ?? '', path, headers)
  const ended = (more: Partial<TunnelRecord>): Promise<void> =>
    options.gatekeeper.record({ ...recordOf(number, 'ended', asked, admitted), ...more })
  if (!admitted.maySend(up)) {
    answer(exchange, { reason: 'WEB-BUDGET' }, options, asked)
    return ended({ reason: 'WEB-BUDGET' })
  }
  for (const address of admitted.addresses) {
    const outgoing = requestOutside({
      host: address,
      port: admitted.port,
      method: request.method,
      path,
      headers,
      setHost: false,
      agent: false,
      insecureHTTPParser: false,
      timeout: options.limits.dialMs,
      signal: admitted.cut,
    })
    const got = await answerOf(outgoing)
    if (!got) continue
    const down = await passOn(got, response)
    return ended({ address, up, down })
  }
  const reason = admitted.cut.aborted ? 'WEB-CUT' : 'WEB-UNREACHABLE'
  answer(exchange, { reason }, options, asked)
  await ended({ reason })
}

function answerOf(outgoing: ClientRequest): Promise<IncomingMessage | undefined> {
  const { promise, resolve } = Promise.withResolvers<IncomingMessage | undefined>()
  outgoing.on('response', resolve)
  outgoing.on('error', () => resolve(undefined))
  outgoing.on('timeout', () => outgoing.destroy())
  // Another protocol would leave with nobody reading along.
  outgoing.on('upgrade', (_, socket) => {
    socket.destroy()
    resolve(undefined)
  })
  outgoing.end()
  return promise
}

function passOn(got: IncomingMessage, response: ServerResponse): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  let down = 0
  got.on('data', (chunk: Buffer) => (down += chunk.length))
  response.writeHead(got.statusCode ?? 502, { ...endToEnd(got.headers), connection: 'close' })
  pipeline(got, response, () => resolve(down))
  return promise
}

function endToEnd(headers: IncomingMessage['headers']): OutgoingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => isPassedOn(name, headers.connection)),
  )
}

const hostOf = ({ host, port }: Admitted): string => (port === 80 ? host : `${host}:${port}`)

function sizeOf(method: string, path: string, headers: OutgoingHttpHeaders): number {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}\r\n`)
  return Buffer.byteLength(`${method} ${path} HTTP/1.1\r\n${fields.join('')}\r\n`)
}

function answer(
  { request, response, number }: Exchange,
  refused: Why,
  { more }: PlainOptions,
  asked?: Asked,
): void {
  if (response.headersSent) return void response.destroy()
  const written = wantsJson(request.headers.accept) ? refusalJson : refusalPage
  const { status, headers, body } = written(refused, number, more?.(refused, number, asked))
  response.writeHead(status, { ...headers, connection: 'close' })
  response.end(body)
}
