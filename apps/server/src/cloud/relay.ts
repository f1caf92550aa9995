/**
 * Two connections joined: what comes from one goes to the other, counted, with each side's end kept apart, for a closed
 * half is part of what TLS says (RFC 8446 6.1).
 */
import type { Socket } from 'node:net'
import { idleWatch } from './idle-watch.ts'
import type { Watched } from './idle-watch.ts'
import type { Outside } from './outside.ts'
import { notWhenCut, whenCut } from './when-cut.ts'

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
  /** The terminal. Nobody else listens to it. */
  readonly inside: Socket
  readonly outside: Pick<Outside, 'socket' | 'take'> & {
    readonly place: Pick<Outside['place'], 'underWay' | 'took' | 'done' | 'end'>
  }
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
  const watch = idleWatch(idleMs)
  let up = 0
  let down = 0
  let ended = false
  const end = (how: TunnelEnd): void => {
    if (ended) return
    ended = true
    notWhenCut(cut, stop)
    watch.delete(watched)
    inside.destroy()
    socket.destroy()
    outside.take = undefined
    place.end()
    resolve({ end: how, up, down })
  }
  // Every byte is read on one side and written on the other: when one is silent, so is the tunnel.
  const watched: Watched = { moved: true, quiet: 0, end: () => end('idle') }
  const stop = (): void => end('cut')
  const send = (bytes: Buffer): void => {
    if (ended) return
    if (!maySend(bytes.length)) return end('budget')
    watched.moved = true
    up += bytes.length
    if (!socket.write(bytes)) inside.pause()
  }
  /** Also called for a write that was over before it returned, when the next may be under way already. */
  const written = (): void => {
    if (!place.underWay || (inside.writableLength > 0 && !inside.destroyed)) return
    place.done()
    watched.moved = true
    if (!ended) socket.resume()
  }
  const take = (length: number): boolean => {
    if (ended) return false
    watched.moved = true
    down += length
    const bytes = place.took(length)
    if (!place.underWay) return inside.write(bytes)
    inside.write(bytes, written)
    if (inside.writableLength > 0) return false
    // The kernel has it all.
    place.done()
    return true
  }
  // In two steps: a function that is written where it is assigned to a property V8 puts among what is old, and all it knows of stays until the slow collector comes.
  outside.take = take
  inside.on('data', send)
  socket.on('drain', () => void inside.resume())
  inside.on('drain', () => void socket.resume())
  join(inside, socket, end)
  join(socket, inside, end)
  watch.add(watched)
  whenCut(cut, stop)
  if (cut.aborted) stop()
  // It went while the outside was dialled, and says so no second time.
  else if (inside.destroyed) end('broken')
  else if (first.length > 0) send(first)
  if (!ended) {
    // Its end may have come with its first bytes.
    if (inside.readableEnded) socket.end()
    socket.resume()
    if (inside.isPaused()) inside.resume()
  }
  return promise
}

function join(from: Socket, to: Socket, end: (how: TunnelEnd) => void): void {
  from.on('end', () => void to.end())
  from.on('error', () => end('broken'))
  from.on('close', () => {
    if (from.closed && to.closed) end('closed')
    // Of a socket that is gone V8 may keep what is young for long; what the tunnel knew shall not stay with it.
    from.removeAllListeners()
  })
}
