import { deflateSync, inflateRawSync, constants } from 'node:zlib'
import type { Context } from '../family.ts'
import { SyntaxFault } from './lexer.ts'

/** Good size at a bearable price: level 9 costs three times as much for one per cent. */
const LEVEL = 6

/**
 * RFC 1950. The check sum at the end is not compared and a cut stream yields what it holds, as every reader does; the
 * budget is the context's, so a bomb ends as `LIMIT-SIZE`.
 */
export function inflate(bytes: Uint8Array, context: Context): Uint8Array {
  const body = bytes.subarray(zlibHeaderLength(bytes))
  try {
    const out = inflateRawSync(body, {
      maxOutputLength: context.remainingBytes,
      finishFlush: constants.Z_SYNC_FLUSH,
    })
    context.spend(out.length)
    return out
  } catch (fault) {
    if (isTooLarge(fault)) context.spend(context.remainingBytes + 1)
    if (fault instanceof Error && 'code' in fault) throw new SyntaxFault('bad deflate data', 0)
    throw fault
  }
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
