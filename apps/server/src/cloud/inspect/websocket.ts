/** A connection that became a WebSocket: joined as a tunnel is, its bytes counted for the day, its end known. */
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Admitted } from '@sekisho/gates/web'
import { ENDS, relay } from '../relay.ts'
import type { RelayOptions } from '../relay.ts'

export interface Joined {
  readonly socket: Duplex
  /** What came with the answer. */
  readonly held: Buffer
}

export interface JoinOptions {
  readonly terminal: Socket
  /** What the terminal had sent behind its request. */
  readonly held: Buffer
  readonly joined: Joined
  readonly admitted: Admitted
  readonly idleMs: number
}

/** Resolves when both sides have ended, or one may go on no longer. */
export async function joinSockets({
  terminal,
  held,
  joined,
  admitted: { maySend, cut },
  idleMs,
}: JoinOptions): Promise<{ readonly up: number; readonly down: number; readonly reason: string }> {
  const socket = joined.socket as Socket
  let arrived: Buffer = Buffer.alloc(0)
  // Its reads are copies already: what a relay wants to give back is nobody's.
  const place = { underWay: false, took: () => arrived, done: nothing, end: nothing }
  const outside: RelayOptions['outside'] = { socket, place, take: undefined }
  socket.on('data', (piece: Buffer) => {
    arrived = piece
    if (outside.take?.(piece.length) === false) socket.pause()
  })
  socket.pause()
  terminal.write(joined.held)
  const relayed = await relay({ inside: terminal, outside, first: held, idleMs, maySend, cut })
  return { up: relayed.up, down: relayed.down + joined.held.length, reason: ENDS[relayed.end] }
}

const nothing = (): void => undefined
