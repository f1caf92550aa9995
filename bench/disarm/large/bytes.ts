import { random } from './words.ts'

/** Bytes like those of a scanned page: neighbours differ a little. */
export function randomBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let level = 200
  for (let at = 0; at < length; at++) {
    level = (level + random(9) - 4) & 0xff
    bytes[at] = level
  }
  return bytes
}
