import { isAscii, isUtf8 } from 'node:buffer'

/** Encodings of Japanese text files. `cp932` is what Windows calls Shift_JIS. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'cp932' | 'euc-jp' | 'iso-2022-jp'

/**
 * The encoding in which the bytes decode without a single fault, or `undefined`. The bytes themselves are kept as they
 * are: every converter loses something (〜, −, 髙), a checked decode loses nothing.
 */
export function detectEncoding(bytes: Uint8Array): TextEncoding | undefined {
  if (bytes.length < WORTH_KNOWING) return tellEncoding(bytes)
  if (!known.has(bytes)) known.set(bytes, tellEncoding(bytes))
  return known.get(bytes)
}

/** What was told of large bytes: many hands ask about the same file. */
const known = new WeakMap<Uint8Array, TextEncoding | undefined>()
const WORTH_KNOWING = 64 * 1024

function tellEncoding(bytes: Uint8Array): TextEncoding | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodes('utf-16le', bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodes('utf-16be', bytes)
  if (bytes.includes(0)) return undefined
  if (bytes.includes(0x1b) && isAscii(bytes)) return decodes('iso-2022-jp', bytes) ?? 'utf-8'
  return decodes('utf-8', bytes) ?? legacyEncoding(bytes)
}

export function decodeText(bytes: Uint8Array, encoding: TextEncoding): string {
  return new TextDecoder(LABELS[encoding], { fatal: true, ignoreBOM: true }).decode(bytes)
}

/** The same piece by piece; throws a `TypeError` like `decodeText`. */
export function* decodedPieces(bytes: Uint8Array, encoding: TextEncoding): Generator<string> {
  const decoder = new TextDecoder(LABELS[encoding], { fatal: true, ignoreBOM: true })
  for (let at = 0; at < bytes.length; at += PIECE)
    yield decoder.decode(bytes.subarray(at, at + PIECE), { stream: true })
  yield decoder.decode()
}

/** A decoder for pieces of a text that is known to decode; it takes faults at their edges. */
export function lenientDecoder(encoding: TextEncoding): TextDecoder {
  return new TextDecoder(LABELS[encoding])
}

const PIECE = 64 * 1024

const LABELS: Readonly<Record<TextEncoding, string>> = {
  'utf-8': 'utf-8',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
  cp932: 'shift_jis',
  'euc-jp': 'euc-jp',
  'iso-2022-jp': 'iso-2022-jp',
}

function decodes(encoding: TextEncoding, bytes: Uint8Array): TextEncoding | undefined {
  return halfWidths(encoding, bytes) === undefined ? undefined : encoding
}

/** How many half-width katakana the bytes have in an encoding; `undefined` when they do not decode. */
function halfWidths(encoding: TextEncoding, bytes: Uint8Array): number | undefined {
  if (encoding === 'utf-8') return isUtf8(bytes) ? 0 : undefined
  const legacy = !encoding.startsWith('utf')
  let count = 0
  try {
    for (const text of decodedPieces(bytes, encoding)) {
      // Decoders let some lone bytes pass as C1 controls; no Japanese encoding has such characters.
      if (legacy && /[\u0080-\u009F]/.test(text)) return undefined
      if (legacy) count += text.match(/[\uFF61-\uFF9F]/g)?.length ?? 0
    }
    return count
  } catch {
    return undefined
  }
}

/**
 * EUC-JP text is often valid CP932 too, as rows of half-width katakana that nobody writes. Where both decode, the one
 * with fewer of them is meant.
 */
function legacyEncoding(bytes: Uint8Array): TextEncoding | undefined {
  const windows = halfWidths('cp932', bytes)
  const unix = halfWidths('euc-jp', bytes)
  if (windows === undefined || unix === undefined)
    return windows === undefined ? (unix === undefined ? undefined : 'euc-jp') : 'cp932'
  return windows > unix ? 'euc-jp' : 'cp932'
}
