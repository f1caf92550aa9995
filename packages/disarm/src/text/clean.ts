import type { Context } from '../family.ts'
import type { TextEncoding } from './encoding.ts'
import { decodedPieces } from './encoding.ts'

/**
 * Takes out what steers a terminal or lies to the eye: control characters other than tab and line ends, escape sequences,
 * bidirectional overrides (Trojan Source), tag characters. Text without them comes back as the very same bytes.
 */
export function cleanControls(
  bytes: Uint8Array,
  encoding: TextEncoding,
  context: Context,
): Uint8Array {
  const cleaned = UNICODE.has(encoding)
    ? cleanUnicode(bytes, encoding)
    : cleanLegacy(bytes, encoding)
  context.removed('T-CTRL', '', cleaned.count)
  return cleaned.count === 0 ? bytes : cleaned.bytes
}

interface Cleaned {
  readonly bytes: Uint8Array
  readonly count: number
}

const UNICODE: ReadonlySet<TextEncoding> = new Set(['utf-8', 'utf-16le', 'utf-16be'])

// U+FEFF only in the middle; variation selectors (葛󠄂) and joiners stay.
const CONTROLS =
  '\\u0000-\\u0008\\u000B-\\u000C\\u000E-\\u001F\\u007F-\\u009F\\u200B\\u200E\\u200F\\u2028\\u2029\\u202A-\\u202E' +
  '\\u2060-\\u2064\\u2066-\\u206F\\uFFF9-\\uFFFB\\u{E0000}-\\u{E007F}'
const AT_FIRST = new RegExp(`[${CONTROLS}]|(?<!^)\\uFEFF`, 'gu')
const LATER = new RegExp(`[${CONTROLS}\\uFEFF]`, 'gu')

function cleanUnicode(bytes: Uint8Array, encoding: TextEncoding): Cleaned {
  let count = 0
  for (const { text, forbidden } of pieces(bytes, encoding))
    count += text.match(forbidden)?.length ?? 0
  if (count === 0) return { bytes, count }
  const kept: Uint8Array[] = []
  for (const { text, forbidden } of pieces(bytes, encoding))
    kept.push(encodeUnicode(text.replace(forbidden, ''), encoding))
  return { bytes: new Uint8Array(Buffer.concat(kept)), count }
}

interface Piece {
  readonly text: string
  readonly forbidden: RegExp
}

/** Decoders end no piece inside a character. */
function* pieces(bytes: Uint8Array, encoding: TextEncoding): Generator<Piece> {
  let forbidden = AT_FIRST
  for (const text of decodedPieces(bytes, encoding)) {
    if (text === '') continue
    yield { text, forbidden }
    forbidden = LATER
  }
}

export function encodeUnicode(text: string, encoding: TextEncoding): Uint8Array {
  if (encoding === 'utf-8') return new TextEncoder().encode(text)
  const bytes = Buffer.from(text, 'utf16le')
  return new Uint8Array(encoding === 'utf-16be' ? bytes.swap16() : bytes)
}

const ESCAPE = 0x1b

/** In CP932, EUC-JP and ISO-2022-JP a byte below 0x20, or 0x7F, is never part of another character. */
function cleanLegacy(bytes: Uint8Array, encoding: TextEncoding): Cleaned {
  const escapes = encoding === 'iso-2022-jp'
  let count = 0
  for (const byte of bytes) if (isControl(byte) && !(escapes && byte === ESCAPE)) count++
  if (count === 0) return { bytes, count }
  const kept = new Uint8Array(bytes.length - count)
  let at = 0
  for (const byte of bytes) if (!isControl(byte) || (escapes && byte === ESCAPE)) kept[at++] = byte
  return { bytes: kept, count }
}

function isControl(byte: number): boolean {
  return byte === 0x7f || (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d)
}
