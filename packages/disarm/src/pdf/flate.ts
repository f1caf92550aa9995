import { deflateSync, inflateRawSync, constants } from 'node:zlib'
import type { Context } from '../family.ts'
import { SyntaxFault } from './lexer.ts'

/** Good size at a bearable price: level 6 costs half as much again for three per cent. */
const LEVEL = 4
/** The library's smallest piece of output. */
const LEAST_ROOM = 64
const MOST_ROOM = 1024 * 1024
/** No deflate stream gives more bytes for one. */
const MOST_FOR_ONE = 1032

/** What a deflate stream holds; `damaged` when it breaks off at impossible data. */
export interface Inflated {
  readonly bytes: Uint8Array
  readonly damaged: boolean
}

/**
 * RFC 1950. The check sum at the end is not compared, a cut stream yields what it holds, and so does a damaged one up to the damage, as in
 * every reader. The budget is the context's, so a bomb ends as `LIMIT-SIZE`.
 *
 * @param expected bytes that should come out, when that is known
 */
export function inflate(bytes: Uint8Array, context: Context, expected?: number): Inflated {
  const body = bytes.subarray(zlibHeaderLength(bytes))
  const whole = inflatePart(body, context, expected)
  const out = whole ?? longestPart(body, context)
  context.spend(out.length)
  return { bytes: out, damaged: whole === undefined }
}

/** Undefined when the data is impossible somewhere. */
function inflatePart(
  body: Uint8Array,
  context: Context,
  expected?: number,
): Uint8Array | undefined {
  context.checkTime()
  const chunkSize = roomFor(body, context, expected)
  try {
    const out = inflateRawSync(body, {
      maxOutputLength: context.remainingBytes,
      finishFlush: constants.Z_SYNC_FLUSH,
      chunkSize,
    })
    return withoutSlack(out)
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
  const room = Math.min(MOST_ROOM, bytes.length + (bytes.length >> 10) + LEAST_ROOM)
  return withoutSlack(deflateSync(bytes, { level: LEVEL, chunkSize: room }))
}

/**
 * The size of one piece of output: pieces are joined in the end, and for that time need twice the room. A dictionary that lies about the
 * length gets no more than its data could fill.
 */
function roomFor(body: Uint8Array, context: Context, expected: number | undefined): number {
  const likely = expected ?? Math.min(MOST_ROOM, 4 * body.length)
  const most = Math.min(MOST_FOR_ONE * body.length, context.remainingBytes)
  return Math.max(LEAST_ROOM, Math.min(likely, most) + LEAST_ROOM)
}

/** A few bytes that lie in a large piece keep all of it. */
function withoutSlack(bytes: Buffer): Uint8Array {
  return bytes.buffer.byteLength > 2 * bytes.length ? new Uint8Array(bytes) : bytes
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
