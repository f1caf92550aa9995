import { isStream } from './objects.ts'
import type { Stream, Value } from './objects.ts'
import type { Walk } from './walk.ts'

/** Exactly the bytes the size asks for: surplus is hidden data and goes, what is missing is painted blank. */
export function rasterBytes(bytes: Uint8Array, expected: number, walk: Walk): Uint8Array {
  if (bytes.length === expected) return bytes
  if (bytes.length > expected) return bytes.subarray(0, expected)
  walk.context.spend(expected)
  const whole = new Uint8Array(expected).fill(255)
  whole.set(bytes)
  return whole
}

/** A stream whose data is in another file: what stands here in its place is shown by some readers only. */
export function isExternal({ dictionary }: Stream): boolean {
  return dictionary.entries.has('F')
}

/** The decoded bytes of a stream that holds no picture; undefined for anything else. */
export function streamBytes(value: Value | undefined, walk: Walk): Uint8Array | undefined {
  const found = walk.resolve(value)
  if (!isStream(found) || isExternal(found)) return undefined
  const decoded = walk.file.decode(found)
  return decoded.filter === undefined ? decoded.bytes : undefined
}
