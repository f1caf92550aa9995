/** Writes pieces to a side that may have ended its own: as fast as it takes them, and no further than it is there. */
import type { Writable } from 'node:stream'

/** @throws when the other side is gone, or the pieces end with an error */
export async function writeAll(to: Writable, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of pieces) {
    if (!to.writable) throw new Error('the other side is gone')
    if (!to.write(piece)) await drained(to)
  }
}

function drained(to: Writable): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const done = (): void => {
    to.off('close', gone)
    resolve()
  }
  const gone = (): void => {
    to.off('drain', done)
    reject(new Error('the other side is gone'))
  }
  to.once('drain', done)
  to.once('close', gone)
  if (to.destroyed) gone()
  return promise
}
