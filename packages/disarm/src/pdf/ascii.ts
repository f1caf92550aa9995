import type { Context } from '../family.ts'
import { growing } from './growing.ts'
import { hexDigit, isWhite } from './lexer.ts'

const END = 0x7e
const ZERO_GROUP = 0x7a
const FIRST = 0x21
const LAST = 0x75

/** ISO 32000-1, 7.4.2. */
export function unhex(bytes: Uint8Array, context: Context): Uint8Array {
  const out = growing(context)
  let high = -1
  for (const byte of bytes) {
    if (byte === 0x3e) break
    const digit = hexDigit(byte)
    if (digit < 0) continue
    if (high < 0) high = digit
    else {
      out.push(high * 16 + digit)
      high = -1
    }
  }
  if (high >= 0) out.push(high * 16)
  return out.done()
}

/** ISO 32000-1, 7.4.3. */
export function unascii85(bytes: Uint8Array, context: Context): Uint8Array {
  const out = growing(context)
  let value = 0
  let count = 0
  for (const byte of bytes) {
    if (byte === END) break
    if (isWhite(byte)) continue
    if (byte === ZERO_GROUP && count === 0) {
      out.append(new Uint8Array(4))
    } else if (byte >= FIRST && byte <= LAST) {
      value = value * 85 + byte - FIRST
      count += 1
      if (count === 5) {
        group(out.push.bind(out), value, 4)
        value = 0
        count = 0
      }
    }
  }
  if (count > 1) {
    for (let i = count; i < 5; i += 1) value = value * 85 + 84
    group(out.push.bind(out), value, count - 1)
  }
  return out.done()
}

function group(push: (byte: number) => void, value: number, count: number): void {
  for (let i = 0; i < count; i += 1) push(Math.floor(value / 256 ** (3 - i)) & 255)
}
