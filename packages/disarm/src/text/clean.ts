import type { Context } from '../family.ts'
import type { TextEncoding } from './encoding.ts'
import { decodeText } from './encoding.ts'

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
const FORBIDDEN =
  /[\u0000-\u0008\u000B-\u000C\u000E-\u001F\u007F-\u009F\u200B\u200E\u200F\u2028\u2029\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFFF9-\uFFFB\u{E0000}-\u{E007F}]|(?<!^)\uFEFF/gu

function cleanUnicode(bytes: Uint8Array, encoding: TextEncoding): Cleaned {
  let count = 0
  const text = decodeText(bytes, encoding).replace(FORBIDDEN, () => {
    count++
    return ''
  })
  return { bytes: encodeUnicode(text, encoding), count }
}

export function encodeUnicode(text: string, encoding: TextEncoding): Uint8Array {
  if (encoding === 'utf-8') return new TextEncoder().encode(text)
  const bytes = Buffer.from(text, 'utf16le')
  return new Uint8Array(encoding === 'utf-16be' ? bytes.swap16() : bytes)
}

const ESCAPE = 0x1b

/** In CP932, EUC-JP and ISO-2022-JP a byte below 0x20, or 0x7F, is never part of another character. */
function cleanLegacy(bytes: Uint8Array, encoding: TextEncoding): Cleaned {
  const kept = bytes.filter(
    (byte) => !isControl(byte) || (byte === ESCAPE && encoding === 'iso-2022-jp'),
  )
  return { bytes: kept, count: bytes.length - kept.length }
}

function isControl(byte: number): boolean {
  return byte === 0x7f || (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d)
}
