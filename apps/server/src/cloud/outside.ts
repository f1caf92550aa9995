/** A connection to the outside: to a literal address that was looked at, never to a name. */
import { connect, isIP } from 'node:net'
import type { Socket } from 'node:net'
import { SekishoError } from '@sekisho/core'
import type { ReadBuffers, ReadPlace } from './read-buffers.ts'
import { notWhenCut, whenCut } from './when-cut.ts'

export interface Outside {
  readonly socket: Socket
  readonly address: string
  readonly place: ReadPlace
  /** Called with the bytes of each read, which `place` hands over. Whether the next may come at once; if not, it comes after `resume` of the socket. */
  take: ((length: number) => boolean) | undefined
}

/** Why no address could be reached. */
export type Unreached = 'unreachable' | 'late' | 'cut'

/** Dials one address after another. The socket is paused: nothing the server says first is lost. */
export async function dial(
  addresses: readonly string[],
  port: number,
  milliseconds: number,
  buffers: ReadBuffers,
  cut: AbortSignal,
): Promise<Outside | Unreached> {
  let last: Unreached = 'unreachable'
  for (const address of addresses) {
    if (cut.aborted) return 'cut'
    const answer = await dialOne(address, port, milliseconds, buffers, cut)
    if (typeof answer !== 'string') return answer
    last = answer
  }
  return last
}

/** The address itself. A name would be asked for again, and an attacker's name server may give another answer the second time. */
export function literal(address: string): string {
  if (isIP(address) === 0) throw new SekishoError('BUG', 'a name was to be dialled')
  return address
}

function dialOne(
  address: string,
  port: number,
  milliseconds: number,
  buffers: ReadBuffers,
  cut: AbortSignal,
): Promise<Outside | Unreached> {
  literal(address)
  const { promise, resolve } = Promise.withResolvers<Outside | Unreached>()
  const outside = begin(address, port, buffers)
  const { socket } = outside
  const settle = (value: Outside | Unreached): void => {
    clearTimeout(timer)
    socket.off('error', failed).off('connect', done)
    notWhenCut(cut, stop)
    if (typeof value === 'string') socket.on('error', () => undefined).destroy()
    resolve(value)
  }
  const failed = (): void => settle('unreachable')
  const stop = (): void => settle('cut')
  const done = (): void => settle(outside)
  const timer = setTimeout(() => settle('late'), milliseconds)
  socket.on('error', failed).on('connect', done)
  whenCut(cut, stop)
  return promise
}

/** By itself, so that the function which stays with the socket knows no more than it needs. */
function begin(address: string, port: number, buffers: ReadBuffers): Outside {
  const place = buffers.place()
  const callback = (length: number): boolean => outside.take?.(length) ?? false
  const socket = connect({
    host: address,
    port,
    noDelay: true,
    allowHalfOpen: true,
    onread: { buffer: place.piece, callback },
  })
  socket.pause()
  const outside: Outside = { socket, address, place, take: undefined }
  return outside
}
