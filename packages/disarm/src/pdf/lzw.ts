import type { Context } from '../family.ts'
import { growing } from './growing.ts'

const CLEAR = 256
const END = 257
const TABLE = 4096

/** ISO 32000-1, 7.4.4. `earlyChange` is 1 unless the file says 0. Ends at the end code or at the first impossible code. */
export function unlzw(bytes: Uint8Array, earlyChange: number, context: Context): Uint8Array {
  const prefix = new Uint16Array(TABLE)
  const suffix = new Uint8Array(TABLE)
  const lengths = new Uint16Array(TABLE)
  for (let i = 0; i < 256; i += 1) {
    suffix[i] = i
    lengths[i] = 1
  }
  const out = growing(context)
  let next = 258
  let width = 9
  let previous = -1
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xffffff
    held += 8
    if (held < width) continue
    held -= width
    const code = (bits >> held) & ((1 << width) - 1)
    if (code === END) break
    if (code === CLEAR) {
      next = 258
      width = 9
      previous = -1
      continue
    }
    if (code > next || (code === next && previous < 0) || (previous < 0 && code > 255)) break
    const start = out.length
    const known = code < next ? code : previous
    const length = lengths[known] as number
    const at = out.reserve(length + (code < next ? 0 : 1))
    let walk = known
    for (let i = length - 1; i >= 0; i -= 1) {
      out.bytes[at + i] = suffix[walk] as number
      walk = prefix[walk] as number
    }
    const first = out.bytes[start] as number
    if (code >= next) out.bytes[at + length] = first
    if (previous >= 0 && next < TABLE) {
      prefix[next] = previous
      suffix[next] = first
      lengths[next] = (lengths[previous] as number) + 1
      next += 1
    }
    previous = code
    if (next + earlyChange >= 1 << width && width < 12) width += 1
  }
  return out.done()
}
