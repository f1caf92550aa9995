import type { Context } from '../family.ts'
import { growing } from './growing.ts'

const END = 128

/** ISO 32000-1, 7.4.5. */
export function unrun(bytes: Uint8Array, context: Context): Uint8Array {
  const out = growing(context)
  let at = 0
  while (at < bytes.length) {
    const length = bytes[at] as number
    at += 1
    if (length === END) break
    if (length < END) {
      out.append(bytes.subarray(at, at + length + 1))
      at += length + 1
    } else if (at < bytes.length) {
      const start = out.reserve(257 - length)
      out.bytes.fill(bytes[at] as number, start, start + 257 - length)
      at += 1
    }
  }
  return out.done()
}
