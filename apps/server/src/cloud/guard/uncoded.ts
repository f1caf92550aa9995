/** Takes the content coding of an answer away while it arrives. */
import { Readable } from 'node:stream'
import type { Transform } from 'node:stream'
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib'
import { codingOf } from '@sekisho/gates/web'

const UNDO: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
}

/** The bytes without their coding; `undefined` for one that nobody here undoes. What is damaged ends it with an error. */
export function uncoded(
  body: AsyncIterable<Uint8Array>,
  fields: readonly string[],
): AsyncIterable<Uint8Array> | undefined {
  const coding = codingOf(fields)
  if (coding === undefined) return body
  const undo = UNDO[coding]
  if (!undo) return undefined
  const source = Readable.from(body, { objectMode: false })
  const plain = undo()
  source.once('error', (error) => plain.destroy(error))
  // Whoever reads it is told; an answer that is refused unread has nobody who listens, and would end the gate.
  plain.on('error', () => undefined)
  plain.once('close', () => source.destroy())
  return source.pipe(plain)
}
