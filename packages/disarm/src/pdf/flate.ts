import { deflateSync, inflateRawSync, constants } from 'node:zlib'
import type { Context } from '../family.ts'
import { SyntaxFault } from './lexer.ts'

/** Good size at a bearable price: level 9 costs three times as much for one per cent. */
const LEVEL = 6

/** What a deflate stream holds; `damaged` when it breaks off at impossible data. */
export interface Inflated {
  readonly bytes: Uint8Array
  readonly damaged: boolean
}

/**
 * RFC 1950. The check sum at the end is not compared, a cut stream yields what it holds, and so does a damaged one up to the damage, as in
 * every reader. The budget is the context's, so a bomb ends as `LIMIT-SIZE`.
 */
export function inflate(bytes: Uint8Array, context: Context): Inflated {
  const body = bytes.subarray(zlibHeaderLength(bytes))
  const whole = inflatePart(body, context)
  const out = whole ?? longestPart(body, context)
  context.spend(out.length)
  return { bytes: out, damaged: whole === undefined }
}

/** Undefined when the data is impossible somewhere. */
function inflatePart(body: Uint8Array, context: Context): Uint8Array | undefined {
  context.checkTime()
  try {
    return inflateRawSync(body, {
      maxOutputLength: context.remainingBytes,
      finishFlush: constants.Z_SYNC_FLUSH,
    })
  } catch (fault) {
    if (isTooLarge(fault)) context.spend(context.remainingBytes + 1)
    if (fault instanceof Error && 'code' in fault) return undefined
    throw fault
  }
}

/** Halving finds the last byte before the damage; the library has no other way to give what came before it. */
function longestPart(body: Uint8Array, context: Context): Uint8Array {
  let good = 0
  let bad = body.length
  let best: Uint8Array = new Uint8Array()
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    const part = inflatePart(body.subarray(0, middle), context)
    if (part) {
      good = middle
      best = part
    } else bad = middle
  }
  if (best.length === 0) throw new SyntaxFault('bad deflate data', 0)
  return best
}

export function deflate(bytes: Uint8Array): Uint8Array {
  return deflateSync(bytes, { level: LEVEL })
}

function zlibHeaderLength(bytes: Uint8Array): number {
  const method = bytes[0] ?? 0
  const flags = bytes[1] ?? 0
  if ((method & 15) !== 8 || (method * 256 + flags) % 31 !== 0) return 0
  return (flags & 0x20) === 0 ? 2 : 6
}

function isTooLarge(fault: unknown): boolean {
  return fault instanceof Error && 'code' in fault && fault.code === 'ERR_BUFFER_TOO_LARGE'
}
