import { demand } from './rejection.ts'

/** Encodings that a town meets, in the order tried. Names of the WHATWG Encoding Standard. */
const ENCODINGS = ['utf-8', 'iso-2022-jp', 'shift_jis', 'euc-jp'] as const
/** Everything that no editor shows: C0 except tab and line ends, DEL, C1 except NEL, bidi controls, tag characters. */
const FORBIDDEN =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u0084\u0086-\u009F\u202A-\u202E\u2066-\u2069]|[\u{E0000}-\u{E007F}]/u
/** Text that a browser or shell would run if the name were changed. */
const DISGUISE = /^\s*(?:<!doctype\s+html|<html|<script|<svg|<\?xml|<\?php|#!|MZ|ID;P)/iu
/** Signs that make a spreadsheet read a cell as a formula, full-width look-alikes included. */
const FORMULA_SIGNS = '=+-@＝＋－＠'
/** A function call: bounded repetition only, the cell is hostile. */
const CALL = /[A-Za-z_.0-9]\s{0,4}\(/u

/**
 * Accepts text that decodes strictly in one of the known encodings and holds no control character; for `csv` and
 * `tsv` no cell that a spreadsheet would run.
 */
export function verifyText(bytes: Uint8Array, type: string, where: string): void {
  const text = decode(bytes)
  demand(text !== undefined, 'VERIFY-TEXT', where)
  demand(!FORBIDDEN.test(text), 'VERIFY-TEXT-CONTROL', where)
  demand(!DISGUISE.test(text), 'VERIFY-TEXT-TYPE', where)
  if (type === 'csv' || type === 'tsv') {
    for (const cell of cells(text)) demand(!runs(cell), 'VERIFY-CSV', where)
  }
}

/** Whether a spreadsheet would evaluate this cell: a call or a DDE link after a formula sign. */
function runs(cell: string): boolean {
  const body = cell.replace(/^[\s"]+/u, '')
  return body !== '' && FORMULA_SIGNS.includes(body[0]!) && (body.includes('|') || CALL.test(body))
}

function* cells(text: string): Iterable<string> {
  for (const line of text.split(/\r\n|\r|\n/u)) yield* line.split(/[,;\t]/u)
}

function decode(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return strictly('utf-16le', bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return strictly('utf-16be', bytes)
  for (const encoding of ENCODINGS) {
    if (encoding === 'iso-2022-jp' && !bytes.includes(0x1b)) continue
    const text = strictly(encoding, bytes)
    if (text !== undefined && (encoding !== 'utf-8' || !text.includes('\u001b'))) return text
  }
  return undefined
}

function strictly(encoding: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
