/**
 * Two connections joined: what comes from one goes to the other, counted, with each side's end kept apart, for a closed
 * half is part of what TLS says (RFC 8446 6.1).
 */
import type { Socket } from 'node:net'
import type { Outside } from './outside.ts'

/** How a tunnel ended. */
export type TunnelEnd =
  | 'closed'
  /** A side broke off. */
  | 'broken'
  /** Nothing came from either side for the allowed time. */
  | 'idle'
  /** More was sent outward than may be. */
  | 'budget'
  /** The town cut the service. */
  | 'cut'

/** Reason ids of the ends, for the record. */
export const ENDS: Readonly<Record<TunnelEnd, string>> = {
  closed: '',
  broken: '',
  idle: 'WEB-IDLE',
  budget: 'WEB-BUDGET',
  cut: 'WEB-CUT',
}

export interface RelayOptions {
  /** The terminal, paused. */
  readonly inside: Socket
  readonly outside: Outside
  /** Bytes that go out first: what the terminal sent before the way was open. */
  readonly first: Buffer
  /** Milliseconds without a byte from either side. */
  readonly idleMs: number
  /** Asked before bytes go out; `false` ends the tunnel, and the bytes stay here. */
  readonly maySend: (bytes: number) => boolean
  /** Ends the tunnel from outside. */
  readonly cut: AbortSignal
}

export interface Relayed {
  readonly end: TunnelEnd
  /** Bytes towards the outside. */
  readonly up: number
  /** Bytes back. */
  readonly down: number
}

/** Joins them until both have ended, or one breaks, or it may go on no longer. Both are closed when it resolves. */
export function relay(options: RelayOptions): Promise<Relayed> {
  const { inside, outside, first, idleMs, maySend, cut } = options
  const { socket, place } = outside
  const { promise, resolve } = Promise.withResolvers<Relayed>()
  let up = 0
  let down = 0
  let ended = false
  const end = (how: TunnelEnd): void => {
    if (ended) return
    ended = true
    cut.removeEventListener('abort', stop)
    inside.destroy()
    socket.destroy()
    place.end()
    resolve({ end: how, up, down })
  }
  const stop = (): void => end('cut')
  const send = (bytes: Buffer): void => {
    if (ended) return
    if (!maySend(bytes.length)) return end('budget')
    up += bytes.length
    if (!socket.write(bytes)) inside.pause()
  }
  outside.take = (bytes) => {
    if (ended) return
    down += bytes.length
    inside.write(bytes, () => {
      place.done()
      if (!ended) socket.resume()
    })
  }
  inside.on('data', send)
  socket.on('drain', () => inside.resume())
  const pairs = [
    [inside, socket],
    [socket, inside],
  ] as const
  for (const [from, to] of pairs) {
    from.once('end', () => to.end())
    from.once('error', () => end('broken'))
    from.once('close', () => {
      if (inside.closed && socket.closed) end('closed')
    })
    // Every byte is read on one side and written on the other: when one is silent, so is the tunnel.
    from.setTimeout(idleMs, () => end('idle'))
  }
  cut.addEventListener('abort', stop, { once: true })
  if (cut.aborted) stop()
  else if (first.length > 0) send(first)
  if (!ended) {
    // Its end may have come with its first bytes.
    if (inside.readableEnded) socket.end()
    socket.resume()
    inside.resume()
  }
  return promise
}
