import { refuse } from '../../family.ts'

/** Entropy-coded data of one scan without byte stuffing and restart markers. */
export interface Entropy {
  /** Eight zero bytes follow the last segment, so that looking ahead never leaves the array. */
  readonly data: Uint8Array
  /** Where each restart segment ends in `data`; the next begins there. */
  readonly ends: readonly number[]
  /** Offset in the file of the marker that ends the scan, or the length of the file. */
  readonly next: number
}

const LOOK_AHEAD = 8

/**
 * Collects the entropy-coded segments from `from` to the next marker other than RSTn (T.81 B.1.1.5).
 * @param maxSegments how many the frame can need; more is the refusal IMG-DECODE
 */
export function readEntropy(bytes: Uint8Array, from: number, maxSegments: number): Entropy {
  const next = scanEnd(bytes, from)
  const data = new Uint8Array(next - from + LOOK_AHEAD)
  const ends: number[] = []
  let size = 0
  for (let at = from; at < next; at++) {
    const byte = bytes[at]!
    if (byte !== 0xff) {
      data[size++] = byte
      continue
    }
    at = skipFill(bytes, at, next)
    if (bytes[at] === 0) data[size++] = 0xff
    else if (at < next) pushRestart(ends, size, bytes[at]!, maxSegments)
  }
  ends.push(size)
  return { data, ends, next }
}

/** Restart markers count modulo 8; a gap means that part of the picture is missing. */
function pushRestart(ends: number[], size: number, marker: number, maxSegments: number): void {
  if ((marker & 7) !== ends.length % 8 || ends.length >= maxSegments) refuse('IMG-DECODE')
  ends.push(size)
}

function scanEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; ; at++) {
    at = bytes.indexOf(0xff, at)
    if (at < 0) return bytes.length
    const code = skipFill(bytes, at, bytes.length)
    if (code >= bytes.length) return bytes.length
    if (bytes[code] !== 0 && !isRestart(bytes[code]!)) return at
    at = code
  }
}

/** From the first of several 0xFF to the byte that says what they mean (T.81 B.1.1.2, fill bytes). */
function skipFill(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && bytes[at] === 0xff) at++
  return at
}

function isRestart(code: number): boolean {
  return code >= 0xd0 && code <= 0xd7
}
