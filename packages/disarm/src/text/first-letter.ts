import type { TextEncoding } from './encoding.ts'
import { lenientDecoder } from './encoding.ts'

/**
 * Whether a cell that begins at `at` could act, by its first letter alone: in a table of millions of names and numbers nearly none can,
 * and is not decoded. A letter that becomes white space or a sign when it is folded (NFKC) could.
 */
export function mayAct(bytes: Uint8Array, at: number, encoding: TextEncoding): boolean {
  const [first = 0, second = 0, third = 0, fourth = 0] = bytes.subarray(at, at + 4)
  if (encoding === 'utf-16le') return mayBegin(first | (second << 8))
  if (encoding === 'utf-16be') return mayBegin((first << 8) | second)
  if (first < 0x80) return isOpening(first) || SIGNS.has(first)
  if (encoding !== 'utf-8') return pairMayBegin(first, second, encoding)
  if (first < 0xe0) return mayBegin(((first & 0x1f) << 6) | (second & 0x3f))
  const tail = ((second & 0x3f) << 6) | (third & 0x3f)
  if (first < 0xf0) return mayBegin(((first & 0x0f) << 12) | tail)
  return mayBegin(((first & 0x07) << 18) | (tail << 6) | (fourth & 0x3f))
}

/** `= + - @` */
const SIGNS: ReadonlySet<number> = new Set([0x3d, 0x2b, 0x2d, 0x40])

/** Controls, the escapes of ISO-2022-JP, blanks and quotes, behind which anything may come. */
function isOpening(byte: number): boolean {
  return byte <= 0x20 || byte === 0x22
}

/** Of each character: 0 not asked yet, 1 no, 2 yes. */
const byCodePoint = new Uint8Array(0x110000)
/** A surrogate alone is one half of something that must be looked at. */
const SURROGATES = [0xd800, 0xdfff] as const

function mayBegin(code: number): boolean {
  if (code >= SURROGATES[0] && code <= SURROGATES[1]) return true
  byCodePoint[code] ||= couldBegin(String.fromCodePoint(code)) ? 2 : 1
  return byCodePoint[code] === 2
}

function couldBegin(letter: string): boolean {
  return /^[\s\u0000-\u0020"\u200B\uFEFF=+\-@]/.test(letter.normalize('NFKC'))
}

const byPair = new Map<TextEncoding, Uint8Array>()

/** The same of the letter of two bytes; in EUC-JP the third byte of a letter of three does not matter before it is looked at. */
function pairMayBegin(first: number, second: number, encoding: TextEncoding): boolean {
  const known = byPair.get(encoding) ?? new Uint8Array(0x10000)
  byPair.set(encoding, known)
  const pair = (first << 8) | second
  known[pair] ||= couldBeginPair(first, second, encoding) ? 2 : 1
  return known[pair] === 2
}

function couldBeginPair(first: number, second: number, encoding: TextEncoding): boolean {
  if (first === THREE_BYTES && encoding === 'euc-jp') return true
  return couldBegin(lenientDecoder(encoding).decode(Uint8Array.of(first, second)))
}

const THREE_BYTES = 0x8f
