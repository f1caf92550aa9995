/** Encodings of Japanese text files. `cp932` is what Windows calls Shift_JIS. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'cp932' | 'euc-jp' | 'iso-2022-jp'

/**
 * The encoding in which the bytes decode without a single fault, or `undefined`. The bytes themselves are kept as they
 * are: every converter loses something (〜, −, 髙), a checked decode loses nothing.
 */
export function detectEncoding(bytes: Uint8Array): TextEncoding | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodes('utf-16le', bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodes('utf-16be', bytes)
  if (bytes.includes(0)) return undefined
  if (bytes.includes(0x1b) && bytes.every((byte) => byte < 0x80)) {
    return decodes('iso-2022-jp', bytes) ?? 'utf-8'
  }
  return decodes('utf-8', bytes) ?? legacyEncoding(bytes)
}

export function decodeText(bytes: Uint8Array, encoding: TextEncoding): string {
  return new TextDecoder(LABELS[encoding], { fatal: true, ignoreBOM: true }).decode(bytes)
}

const LABELS: Readonly<Record<TextEncoding, string>> = {
  'utf-8': 'utf-8',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
  cp932: 'shift_jis',
  'euc-jp': 'euc-jp',
  'iso-2022-jp': 'iso-2022-jp',
}

function decodes(encoding: TextEncoding, bytes: Uint8Array): TextEncoding | undefined {
  try {
    const text = decodeText(bytes, encoding)
    // Decoders let some lone bytes pass as C1 controls; no Japanese encoding has such characters.
    const legacy = !encoding.startsWith('utf')
    return legacy && /[\u0080-\u009F]/.test(text) ? undefined : encoding
  } catch {
    return undefined
  }
}

/**
 * EUC-JP text is often valid CP932 too, as rows of half-width katakana that nobody writes. Where both decode, the one
 * with fewer of them is meant.
 */
function legacyEncoding(bytes: Uint8Array): TextEncoding | undefined {
  const windows = decodes('cp932', bytes)
  const unix = decodes('euc-jp', bytes)
  if (!windows || !unix) return windows ?? unix
  return halfWidth(decodeText(bytes, windows)) > halfWidth(decodeText(bytes, unix)) ? unix : windows
}

function halfWidth(text: string): number {
  return text.match(/[\uFF61-\uFF9F]/g)?.length ?? 0
}
