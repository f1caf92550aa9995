import { constants, createInflateRaw } from 'node:zlib'
import type { Budget } from './budget.ts'
import { inflateExactly } from './inflate.ts'
import { Rejection, demand } from './rejection.ts'

const PIECE = 128 * 1024

/** The part of Node's zlib objects that its own synchronous functions stand on. */
interface Engine {
  readonly _handle?: {
    writeSync?(
      ...values: readonly [number, Uint8Array, number, number, Uint8Array, number, number]
    ): void
  }
  readonly _writeState?: Uint32Array
  close(): void
}

/**
 * As `inflateExactly` for a raw stream, a piece at a time: each is overwritten by the next. A book of a hundred megabytes never lies
 * in memory as a whole.
 */
export function* inflatePieces(
  input: Uint8Array,
  budget: Budget,
  where: string,
): Generator<Uint8Array> {
  const engine = createInflateRaw() as unknown as Engine
  const { _handle: handle, _writeState: state } = engine
  if (typeof handle?.writeSync !== 'function' || state?.length !== 2) {
    yield inflateExactly(input, 'raw', budget, where)
    return
  }
  let broken = false
  // zlib tells of damage by calling this.
  Object.assign(handle, {
    onerror: () => {
      broken = true
    },
  })
  const room = Buffer.allocUnsafe(PIECE)
  let read = 0
  try {
    for (let full = true; full;) {
      handle.writeSync(constants.Z_FINISH, input, read, input.length - read, room, 0, PIECE)
      if (broken) throw new Rejection('VERIFY-DEFLATE', where)
      const [left = 0, unread = 0] = state
      read = input.length - unread
      budget.spend(PIECE - left, where)
      if (left < PIECE) yield room.subarray(0, PIECE - left)
      full = left === 0
    }
    demand(read === input.length, 'VERIFY-TRAILING', where)
  } finally {
    engine.close()
  }
}
