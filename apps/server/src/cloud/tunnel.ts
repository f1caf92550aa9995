/**
 * One connection of a terminal to the proxy. Its request is read and asked about; what it sends first is held, read and asked about; that it opens is on record; only then is
 * anything dialled, and only then does a byte go out.
 */
import type { Socket } from 'node:net'
import { NOBODY, certificateOf, recordOf } from './asked.ts'
import { FirstBytes } from './first-bytes.ts'
import type { NothingCame } from './first-bytes.ts'
import type { Admitted, Asked, Gatekeeper, Refused, TunnelRecord } from '@sekisho/gates/web'
import { HEAD_MAX, fieldOf, readHead } from '@sekisho/gates/web'
import type { RequestHead } from '@sekisho/gates/web'
import { inspect as inspectConnection } from './inspect/inspection.ts'
import type { InspectOptions, InspectRequest } from './inspect/inspection.ts'
import { showInside } from './inspect/show-inside.ts'
import { dial } from './outside.ts'
import type { ReadBuffers } from './read-buffers.ts'
import { ENDS, relay } from './relay.ts'
import { TLS_ACCESS_DENIED, refusalAnswer } from '@sekisho/gates/web'

export interface TunnelLimits {
  /** Milliseconds for the head, and again for the first bytes in the tunnel. */
  readonly headMs: number
  /** Milliseconds to reach one address outside. */
  readonly dialMs: number
  /** Milliseconds without a byte from either side. */
  readonly idleMs: number
  /** Most bytes that are held until they are understood. */
  readonly firstBytesMax: number
}

export const TUNNEL_LIMITS: TunnelLimits = {
  headMs: 10_000,
  dialMs: 10_000,
  idleMs: 15 * 60_000,
  firstBytesMax: 65_536,
}

export interface TunnelOptions {
  /** Reads inside what the town said; `undefined` for a gate without an authority of its own. */
  readonly inspect?: () => InspectOptions | undefined
  readonly gatekeeper: Gatekeeper
  readonly limits: TunnelLimits
  readonly buffers: ReadBuffers
  /** Takes a request that is not CONNECT, with all bytes that were read. It owns the socket from then on. */
  readonly plain?: (socket: Socket, bytes: Buffer) => void
}

/** Serves one connection to its end. Never rejects: what cannot be asked or recorded is refused. */
export async function serveTunnel(inside: Socket, options: TunnelOptions): Promise<void> {
  const { gatekeeper, limits } = options
  inside.on('error', () => undefined)
  inside.setNoDelay(true)
  const first = new FirstBytes(inside, Math.max(limits.firstBytesMax, HEAD_MAX))
  const read = await first.until((bytes) => {
    const reading = readHead(bytes)
    return reading.kind === 'more' ? undefined : reading
  }, limits.headMs)
  if (typeof read === 'string') return read === 'gone' ? void inside.destroy() : broken(inside)
  if (read.kind === 'fault') return answer(inside, { reason: read.fault }, gatekeeper.number())
  if (read.head.method !== 'CONNECT' && options.plain) return options.plain(inside, first.end())
  first.take(read.length)
  const number = gatekeeper.number()
  try {
    await serve({ inside, first, head: read.head, number }, options)
  } catch {
    // A judge that throws, a full disk: nothing goes out that is not on record.
    answer(inside, { reason: 'WEB-CLOSED' }, number)
  }
}

interface Request {
  readonly inside: Socket
  readonly first: FirstBytes
  readonly head: RequestHead
  readonly number: string
}

async function serve(request: Request, options: TunnelOptions): Promise<void> {
  const { inside, head, number } = request
  const { gatekeeper } = options
  if (head.method !== 'CONNECT') return answer(inside, { reason: 'WEB-METHOD' }, number)
  const from = inside.remoteAddress ?? ''
  const credentials = fieldOf(head, 'proxy-authorization')
  const client = await gatekeeper.identify({
    from,
    credentials,
    certificate: certificateOf(inside),
  })
  const asked: Asked = {
    client: 'result' in client ? NOBODY : client,
    from,
    target: head.target,
    host: fieldOf(head, 'host'),
  }
  const admitted = 'result' in client ? client : await gatekeeper.admit(asked)
  if (admitted.result === 'refuse') {
    // Every browser asks once without saying who it is for.
    if (admitted !== client || credentials !== undefined)
      await gatekeeper.record(recordOf(number, 'refused', asked, admitted))
    return refuse(request, admitted, options)
  }
  await open(request, asked, admitted, options)
}

/** A browser shows its own page for a CONNECT that was refused; where the town said so it is shown ours, and nothing is dialled for it. */
async function refuse(request: Request, refused: Refused, options: TunnelOptions): Promise<void> {
  const { inside, first, head, number } = request
  const leaves = options.inspect?.()?.refusalPages
  // Who it is the browser says only when it is asked in the way of proxies.
  if (!leaves || refused.reason === 'WEB-WHO') return answer(inside, refused, number)
  const page = refusalAnswer(refused, number)
  const { headMs } = options.limits
  if (!(await showInside({ inside, first, target: head.target, leaves, page, headMs })))
    answer(inside, refused, number)
}

/** The terminal is told yes before its first bytes can be seen (RFC 9110 9.3.6); nothing is dialled for it until they were. */
async function open(
  { inside, first, number }: Request,
  asked: Asked,
  admitted: Admitted,
  { gatekeeper, limits, buffers, inspect }: TunnelOptions,
): Promise<void> {
  inside.write('HTTP/1.1 200 Connection established\r\n\r\n')
  const seen = await first.until((bytes) => {
    if (bytes.length === 0) return undefined
    const looked = gatekeeper.firstBytes(asked, admitted, bytes)
    return looked.result === 'more' ? undefined : looked
  }, limits.headMs)
  const refused = typeof seen === 'string' ? nothingCame(seen, admitted) : seen
  if (refused.result === 'refuse') {
    await gatekeeper.record(recordOf(number, 'refused', asked, refused))
    inside.end(TLS_ACCESS_DENIED)
    return
  }
  await gatekeeper.record(recordOf(number, 'opened', asked, admitted))
  const terms = admitted.inside
  if (terms) {
    const { protocols = [] } = refused
    const opened = {
      inside,
      first: first.end(),
      protocols,
      asked,
      admitted,
      terms,
      gatekeeper,
      limits,
    }
    const inspected = await inspecting(opened, inspect?.())
    return gatekeeper.record({ ...recordOf(number, 'ended', asked, admitted), ...inspected })
  }
  const outside = await dial(
    admitted.addresses,
    admitted.port,
    limits.dialMs,
    buffers,
    admitted.cut,
  )
  if (typeof outside === 'string') {
    inside.destroy()
    const reason = UNREACHED[outside]
    return gatekeeper.record({ ...recordOf(number, 'ended', asked, admitted), reason })
  }
  const { maySend, cut } = admitted
  const { idleMs } = limits
  const relayed = await relay({ inside, outside, first: first.end(), idleMs, maySend, cut })
  await gatekeeper.record({
    ...recordOf(number, 'ended', asked, admitted),
    address: outside.address,
    reason: ENDS[relayed.end],
    up: relayed.up,
    down: relayed.down,
  })
}

/** Never a tunnel in its place: what was to be read inside goes out read, or not at all. */
async function inspecting(
  opened: InspectRequest,
  options: InspectOptions | undefined,
): Promise<Partial<TunnelRecord>> {
  if (options) return inspectConnection(opened, options)
  opened.inside.destroy()
  return { reason: 'WEB-CLOSED' }
}

const UNREACHED = { unreachable: 'WEB-UNREACHABLE', late: 'WEB-UNREACHABLE', cut: 'WEB-CUT' }

function nothingCame(why: NothingCame, { service }: Admitted): Refused {
  const reason = why === 'long' ? 'WEB-FIRST-LONG' : 'WEB-FIRST-NONE'
  return { result: 'refuse', reason, service }
}

function answer(
  inside: Socket,
  refused: Pick<Refused, 'reason' | 'finding'>,
  number: string,
): void {
  if (!inside.writable) return void inside.destroy()
  inside.end(refusalAnswer(refused, number))
}

function broken(inside: Socket): void {
  inside.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
}
