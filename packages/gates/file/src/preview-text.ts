import type { Preview } from './preview.ts'

export const PREVIEW_PARAGRAPHS_MAX = 200
export const PREVIEW_ROWS_MAX = 100
export const PREVIEW_COLUMNS_MAX = 30
/** Characters of one paragraph or cell that are shown. */
export const PREVIEW_TEXT_MAX = 1000
/** Bytes of a text file that are looked at. */
const READ_MAX = 1024 * 1024

/** The first lines of a text file. */
export function previewText(bytes: Uint8Array): Preview | undefined {
  const text = decode(bytes)
  if (text === undefined) return undefined
  const lines = text.split(/\r\n|\r|\n/u, PREVIEW_PARAGRAPHS_MAX + 1)
  const more = lines.length > PREVIEW_PARAGRAPHS_MAX || bytes.length > READ_MAX
  return { kind: 'text', paragraphs: lines.slice(0, PREVIEW_PARAGRAPHS_MAX).map(shorten), more }
}

/** The first rows of a table of values (RFC 4180). */
export function previewTable(bytes: Uint8Array, separator: ',' | '\t'): Preview | undefined {
  const text = decode(bytes)
  if (text === undefined) return undefined
  const { rows, more } = readRows(text, separator)
  return { kind: 'table', sheets: [{ name: '', rows, more: more || bytes.length > READ_MAX }] }
}

function readRows(text: string, separator: string): { rows: string[][]; more: boolean } {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    const one = text.charAt(at)
    if (quoted) {
      if (one !== '"') cell += one
      else if (text.charAt(at + 1) === '"') {
        cell += '"'
        at += 1
      } else quoted = false
    } else if (one === '"' && cell === '') quoted = true
    else if (one === separator) {
      row.push(shorten(cell))
      cell = ''
    } else if (one === '\n' || one === '\r') {
      if (one === '\r' && text.charAt(at + 1) === '\n') at += 1
      rows.push([...row, shorten(cell)].slice(0, PREVIEW_COLUMNS_MAX))
      row = []
      cell = ''
      if (rows.length === PREVIEW_ROWS_MAX) return { rows, more: at + 1 < text.length }
    } else cell += one
  }
  if (cell !== '' || row.length > 0)
    rows.push([...row, shorten(cell)].slice(0, PREVIEW_COLUMNS_MAX))
  return { rows, more: false }
}

/** Cuts by code points, never through a surrogate pair. */
export function shorten(text: string): string {
  if (text.length <= PREVIEW_TEXT_MAX) return text
  return `${Array.from(text.slice(0, PREVIEW_TEXT_MAX * 2))
    .slice(0, PREVIEW_TEXT_MAX)
    .join('')}…`
}

/** The encodings the text family accepts, in the order in which they exclude each other. */
export function decode(bytes: Uint8Array, most = READ_MAX): string | undefined {
  const part = bytes.subarray(0, most)
  const encodings =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? ['utf-16le']
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? ['utf-16be']
        : bytes.includes(0x1b)
          ? ['iso-2022-jp', 'utf-8']
          : ['utf-8', 'shift_jis', 'euc-jp']
  for (const encoding of encodings) {
    try {
      // A cut in the middle of a character is not the file's fault: `stream` leaves the rest waiting.
      const stream = part.length < bytes.length
      return new TextDecoder(encoding, { fatal: true }).decode(part, { stream })
    } catch {
      continue
    }
  }
  return undefined
}
