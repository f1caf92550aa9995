import type { Context } from '../family.ts'
import { refuse } from '../family.ts'
import { cleanControls } from '../text/clean.ts'
import type { TextEncoding } from '../text/encoding.ts'
import { decodeText, detectEncoding } from '../text/encoding.ts'

/** A drawing as text: bytes without control characters, and how to read its letters. */
export interface Source {
  readonly bytes: Uint8Array
  /** `undefined` for an encoding of another country: bytes above 0x7F are then letters that nobody looks into. */
  readonly encoding: TextEncoding | undefined
}

/**
 * Takes control characters out (T-CTRL) and tells the encoding. All that has a meaning in these formats is ASCII, so letters are kept
 * as the bytes they are. Encodings in which ASCII bytes can be parts of letters at any place are refused.
 */
export function readSource(input: Uint8Array, context: Context): Source {
  const bomless =
    input[0] === 0xef && input[1] === 0xbb && input[2] === 0xbf ? input.subarray(3) : input
  // A program that pads its last block (Ctrl+Z, zeros) means the end of the file.
  const whole = bomless.subarray(0, endOf(bomless))
  const encoding = detectEncoding(whole)
  if (encoding === 'iso-2022-jp' || encoding?.startsWith('utf-16')) refuse('CAD-TOKEN')
  const cleaning = encoding === 'utf-8' ? 'utf-8' : 'cp932'
  return { bytes: cleanControls(whole, cleaning, context), encoding }
}

function endOf(bytes: Uint8Array): number {
  let end = bytes.length
  while (end > 0 && (bytes[end - 1] === 0x1a || bytes[end - 1] === 0)) end--
  return end
}

/** Letters of a part of the source, which is given as bytes, one per character. Most parts are ASCII, which means itself. */
export function lettersOf(part: string, encoding: TextEncoding | undefined): string {
  if (encoding === undefined || !/[\u0080-\u00FF]/.test(part)) return part
  try {
    return decodeText(Buffer.from(part, 'latin1'), encoding)
  } catch {
    return refuse('CAD-TOKEN')
  }
}
