/** Takes the content coding of a body away, within a budget. A coding that nobody here knows, or one over another, is told as such. */
import {
  brotliDecompressSync,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from 'node:zlib'
import type { BrotliOptions, ZlibOptions, ZstdOptions } from 'node:zlib'
import { errorCode } from '@sekisho/core'

export type Uncoded =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly problem: 'coding' | 'over' }

/** RFC 9110 §8.4.1. `x-gzip` is gzip. Raw deflate is not: half of the readers take it, half do not. */
const CODINGS: Readonly<Record<string, (bytes: Uint8Array, most: number) => Uint8Array>> = {
  gzip: (bytes, most) => whole(gunzipSync, bytes, most),
  'x-gzip': (bytes, most) => whole(gunzipSync, bytes, most),
  deflate: (bytes, most) => whole(inflateSync, bytes, most),
  br: (bytes, most) => whole(brotliDecompressSync, bytes, most),
  zstd: (bytes, most) => whole(zstdDecompressSync, bytes, most),
}

/** Codings that `withoutCoding` undoes, as an Accept-Encoding. */
export const KNOWN_CODINGS = 'gzip, deflate, br, zstd'

/** The one coding of a body; `undefined` when there is none, `unknown` for anything else than one that is known. */
export function codingOf(fields: readonly string[]): string | undefined {
  const names = fields.flatMap((field) => field.split(',')).map((one) => one.trim().toLowerCase())
  const [only] = names
  if (only === undefined || (names.length === 1 && only === 'identity')) return undefined
  return names.length === 1 && Object.hasOwn(CODINGS, only) ? only : 'unknown'
}

/**
 * @param fields every Content-Encoding of the head
 * @param most bytes that may come out
 */
export function withoutCoding(bytes: Uint8Array, fields: readonly string[], most: number): Uncoded {
  const coding = codingOf(fields)
  if (coding === undefined) return { ok: true, bytes }
  const undo = CODINGS[coding]
  if (!undo) return { ok: false, problem: 'coding' }
  try {
    return { ok: true, bytes: undo(bytes, most) }
  } catch (error) {
    const large = error instanceof RangeError || errorCode(error) === 'ERR_BUFFER_TOO_LARGE'
    return { ok: false, problem: large ? 'over' : 'coding' }
  }
}

/** What was packed without saying so, with the head of zlib or without it; `undefined` for what is neither, to its last byte. */
export function unpacked(bytes: Uint8Array, most: number): Uint8Array | undefined {
  for (const undo of [inflateSync, inflateRawSync])
    try {
      return whole(undo, bytes, most)
    } catch {
      // Not this one.
    }
  return undefined
}

interface Informed {
  readonly buffer: Uint8Array
  readonly engine: { readonly bytesWritten: number }
}
type Undo = (bytes: Uint8Array, options: ZlibOptions & BrotliOptions & ZstdOptions) => unknown

/** What stands behind the end of the compressed data would leave unread. */
function whole(undo: Undo, bytes: Uint8Array, most: number): Uint8Array {
  const { buffer, engine } = undo(bytes, { info: true, maxOutputLength: most }) as Informed
  if (engine.bytesWritten !== bytes.length) throw new Error('bytes behind the end')
  return buffer
}
