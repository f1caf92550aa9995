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
import type { RefusalMore, RequestHead, Why } from '@sekisho/gates/web'
import { inspect as inspectConnection } from './inspect/inspection.ts'
import type { InspectOptions, InspectRequest } from './inspect/inspection.ts'
import { showInside } from './inspect/show-inside.ts'
import { dial } from './outside.ts'
import type { Outside } from './outside.ts'
import type { ReadBuffers } from './read-buffers.ts'
import { ENDS, relay } from './relay.ts'
import { TLS_ACCESS_DENIED, refusalAnswer, refusalPageAnswer } from '@sekisho/gates/web'

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
  /** What is told beside the reason. */
  readonly more?: TellsMore
}

/** What is told of a refusal beside its reason; `asked` is absent when the request could not be read. */
export type TellsMore = (refused: Why, number: string, asked?: Asked) => RefusalMore

/** Serves one connection to its end. Never rejects: what cannot be asked or recorded is refused. */
export async function serveTunnel(inside: Socket, options: TunnelOptions): Promise<void> {
  inside.on('error', nothing)
  inside.setNoDelay(true)
  const asking = await begin(inside, options)
  if (!asking) return
  try {
    const opened = await serve(asking, options)
    // A tunnel may stand for hours: what was needed to open it is not kept with it.
    if (opened) return carry(opened, options)
  } catch {
    // A judge that throws, a full disk: nothing goes out that is not on record.
    answer(inside, { reason: 'WEB-CLOSED' }, asking.number)
  }
}

interface Request {
  readonly inside: Socket
  readonly first: FirstBytes
  readonly head: RequestHead
  readonly number: string
}

async function begin(inside: Socket, options: TunnelOptions): Promise<Request | undefined> {
  const { gatekeeper, limits, plain } = options
  const first = new FirstBytes(inside, Math.max(limits.firstBytesMax, HEAD_MAX))
  const read = await first.until((bytes) => {
    const reading = readHead(bytes)
    return reading.kind === 'more' ? undefined : reading
  }, limits.headMs)
  if (read === 'gone') inside.destroy()
  else if (typeof read === 'string') broken(inside)
  else if (read.kind === 'fault') answer(inside, { reason: read.fault }, gatekeeper.number())
  else if (read.head.method !== 'CONNECT' && plain) plain(inside, first.end())
  else {
    first.take(read.length)
    return { inside, first, head: read.head, number: gatekeeper.number() }
  }
  return undefined
}

/** A tunnel that may be carried. */
interface Opened {
  readonly inside: Socket
  readonly outside: Outside
  readonly first: FirstBytes
  /** As it is on record. */
  readonly entry: TunnelRecord
  readonly maySend: Admitted['maySend']
  readonly cut: AbortSignal
}

async function serve(request: Request, options: TunnelOptions): Promise<Opened | undefined> {
  const { inside, head, number } = request
  const { gatekeeper } = options
  if (head.method !== 'CONNECT') {
    answer(inside, { reason: 'WEB-METHOD' }, number)
    return undefined
  }
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
  if (admitted.result === 'pass') return open(request, asked, admitted, options)
  // Every browser asks once without saying who it is for.
  if (admitted !== client || credentials !== undefined)
    await gatekeeper.record(recordOf(number, 'refused', asked, admitted), admitted)
  await refuse(request, asked, admitted, options)
  return undefined
}

/** A browser shows its own page for a CONNECT that was refused; where the town said so it is shown ours, and nothing is dialled for it. */
async function refuse(
  { inside, first, head, number }: Request,
  asked: Asked,
  refused: Refused,
  { inspect, limits: { headMs }, more }: TunnelOptions,
): Promise<void> {
  const told = { ...more?.(refused, number, asked), accept: fieldOf(head, 'accept') }
  const leaves = inspect?.()?.refusalPages
  // Who it is the browser says only when it is asked in the way of proxies.
  if (!leaves || refused.reason === 'WEB-WHO') return answer(inside, refused, number, told)
  const page = refusalPageAnswer(refused, number, told)
  if (!(await showInside({ inside, first, target: head.target, leaves, page, headMs })))
    answer(inside, refused, number, told)
}

const ESTABLISHED = Buffer.from('HTTP/1.1 200 Connection established\r\n\r\n')

/** The terminal is told yes before its first bytes can be seen (RFC 9110 9.3.6); nothing is dialled for it until they were. */
async function open(
  { inside, first, number }: Request,
  asked: Asked,
  admitted: Admitted,
  { gatekeeper, limits, buffers, inspect }: TunnelOptions,
): Promise<Opened | undefined> {
  inside.write(ESTABLISHED)
  const seen = await first.until((bytes) => {
    if (bytes.length === 0) return undefined
    const looked = gatekeeper.firstBytes(asked, admitted, bytes)
    return looked.result === 'more' ? undefined : looked
  }, limits.headMs)
  const refused = typeof seen === 'string' ? nothingCame(seen, admitted) : seen
  if (refused.result === 'refuse') {
    await gatekeeper.record(recordOf(number, 'refused', asked, refused), refused)
    return void inside.end(TLS_ACCESS_DENIED)
  }
  const entry = recordOf(number, 'opened', asked, admitted)
  await gatekeeper.record(entry)
  const { addresses, port, maySend, cut, inside: terms } = admitted
  if (terms) {
    const { protocols = [] } = refused
    // It is held until TLS reads it.
    inside.pause()
    const bytes = first.end()
    const opened = {
      number,
      inside,
      first: bytes,
      protocols,
      asked,
      admitted,
      terms,
      gatekeeper,
      limits,
    }
    const inspected = await inspecting(opened, inspect?.())
    await gatekeeper.record({ ...entry, kind: 'ended', ...inspected })
    return undefined
  }
  const outside = await dial(addresses, port, limits.dialMs, buffers, cut)
  if (typeof outside !== 'string') return { inside, outside, first, entry, maySend, cut }
  inside.destroy()
  await gatekeeper.record({ ...entry, kind: 'ended', reason: UNREACHED[outside] })
  return undefined
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

async function carry(
  { inside, outside, first, entry, maySend, cut }: Opened,
  { gatekeeper, limits: { idleMs } }: TunnelOptions,
): Promise<void> {
  const { address } = outside
  // Its listener leaves and the relay's come in one step, so that no byte finds nobody.
  const relayed = relay({ inside, outside, first: first.end(), idleMs, maySend, cut })
  const { end, up, down } = await relayed
  await gatekeeper
    .record({ ...entry, kind: 'ended', address, reason: ENDS[end], up, down })
    .catch(nothing)
}

const nothing = (): void => undefined
const UNREACHED = { unreachable: 'WEB-UNREACHABLE', late: 'WEB-UNREACHABLE', cut: 'WEB-CUT' }

function nothingCame(why: NothingCame, { service }: Admitted): Refused {
  const reason = why === 'long' ? 'WEB-FIRST-LONG' : 'WEB-FIRST-NONE'
  return { result: 'refuse', reason, service }
}

function answer(
  inside: Socket,
  refused: Why,
  number: string,
  more: Parameters<typeof refusalAnswer>[2] = {},
): void {
  if (!inside.writable) return void inside.destroy()
  inside.end(refusalAnswer(refused, number, more))
}

function broken(inside: Socket): void {
  inside.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
}
