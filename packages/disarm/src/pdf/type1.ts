import { isKeyword, isWhite, Lexer, SyntaxFault, hexDigit } from './lexer.ts'
import { isList, isName } from './objects.ts'

export interface Type1 {
  readonly bytes: Uint8Array
  /** Clear text, encrypted part, trailer of zeros. */
  readonly lengths: readonly [number, number, number]
}

const EEXEC_KEY = 55_665
const MULTIPLIER = 52_845
const INCREMENT = 22_719
const MAX_BYTES = 16 * 1024 * 1024

/**
 * Checks an embedded Type 1 font (Adobe Type 1 Font Format): clear text with a matrix of six numbers, an encrypted part that
 * decrypts to glyph programs, nothing but zeros behind it. Undefined when any of it is missing. PFB framing is taken off.
 */
export function readType1(bytes: Uint8Array): Type1 | undefined {
  const plain = bytes[0] === 0x80 ? unframe(bytes) : bytes
  if (!plain || plain.length > MAX_BYTES) return undefined
  const buffer = Buffer.from(plain.buffer, plain.byteOffset, plain.length)
  const at = buffer.indexOf('eexec')
  if (at < 0 || !matricesAreNumbers(buffer.subarray(0, at))) return undefined
  const start = afterEexec(buffer, at + 5)
  const end = trailerStart(buffer, start)
  const secret = decrypt(buffer.subarray(start, end))
  if (!secret.includes('/CharStrings') || !matricesAreNumbers(secret)) return undefined
  const clean = Buffer.concat([buffer.subarray(0, start), buffer.subarray(start, end), TRAILER])
  return { bytes: clean, lengths: [start, end - start, TRAILER.length] }
}

const TRAILER = Buffer.from(`${`${'0'.repeat(64)}\n`.repeat(8)}cleartomark\n`, 'latin1')

/** Adobe 5040: segments of `80 type length`. */
function unframe(bytes: Uint8Array): Uint8Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const parts: Uint8Array[] = []
  for (let at = 0; at + 6 <= bytes.length && bytes[at] === 0x80;) {
    const type = bytes[at + 1]
    if (type === 3) break
    const length = view.getUint32(at + 2, true)
    if ((type !== 1 && type !== 2) || at + 6 + length > bytes.length) return undefined
    parts.push(bytes.subarray(at + 6, at + 6 + length))
    at += 6 + length
  }
  return Buffer.concat(parts)
}

/** CVE-2024-4367: a reader that pastes the matrix into a program runs whatever stands there. */
function matricesAreNumbers(source: Buffer): boolean {
  for (
    let at = source.indexOf('/FontMatrix');
    at >= 0;
    at = source.indexOf('/FontMatrix', at + 1)
  ) {
    if (!isMatrix(source, at + 11)) return false
  }
  return true
}

function isMatrix(source: Buffer, at: number): boolean {
  try {
    const lexer = new Lexer(source, at, { references: false })
    const value = lexer.token()
    if (value === undefined || isKeyword(value)) return isBraced(lexer, value)
    if (isName(value)) return true
    return (
      isList(value) &&
      value.items.length === 6 &&
      value.items.every((item) => typeof item === 'number')
    )
  } catch (fault) {
    if (fault instanceof SyntaxFault) return false
    throw fault
  }
}

/** `{0.001 0 0 0.001 0 0}` is allowed too. */
function isBraced(lexer: Lexer, opening: unknown): boolean {
  if (!isKeyword(opening as never) || (opening as { word: string }).word !== '{') return false
  for (let i = 0; i < 6; i += 1) if (typeof lexer.token() !== 'number') return false
  return true
}

function afterEexec(buffer: Buffer, from: number): number {
  let at = from
  if (buffer[at] === 13 && buffer[at + 1] === 10) return at + 2
  while (at < buffer.length && at < from + 4 && isWhite(buffer[at] as number)) at += 1
  return at
}

const TRAILER_ZEROS = 512
/** Fewer than these may be encrypted bytes that happen to look like zeros. */
const CERTAIN_ZEROS = 16

/**
 * The encrypted part ends before the 512 zeros, or at the end. Its own last byte may look like a zero or a blank, and without it some
 * readers do not take the font at all: nothing is cut off but the zeros.
 */
function trailerStart(buffer: Buffer, start: number): number {
  const mark = buffer.lastIndexOf('cleartomark')
  const end = mark < start ? buffer.length : mark
  let first = end
  let zeros = 0
  for (let at = end - 1; at >= start && zeros < TRAILER_ZEROS; at -= 1) {
    const byte = buffer[at] as number
    if (byte !== 0x30 && !isWhite(byte)) break
    if (byte !== 0x30) continue
    first = at
    zeros += 1
  }
  return zeros < CERTAIN_ZEROS ? end : first
}

function decrypt(bytes: Uint8Array): Buffer {
  const binary = isHexadecimal(bytes) ? fromHexadecimal(bytes) : bytes
  const out = Buffer.alloc(binary.length)
  let key = EEXEC_KEY
  for (let i = 0; i < binary.length; i += 1) {
    const byte = binary[i] as number
    out[i] = byte ^ (key >> 8)
    key = ((byte + key) * MULTIPLIER + INCREMENT) & 0xffff
  }
  return out.subarray(4)
}

function isHexadecimal(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes.subarray(0, 4).every((byte) => hexDigit(byte) >= 0)
}

function fromHexadecimal(bytes: Uint8Array): Uint8Array {
  const digits = Buffer.from(bytes.filter((byte) => hexDigit(byte) >= 0))
  return Buffer.from(digits.toString('latin1').slice(0, digits.length & ~1), 'hex')
}
