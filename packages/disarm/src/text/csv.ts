import type { Context } from '../family.ts'
import type { Cells } from './cells.ts'
import { byteCells, wideCells } from './cells.ts'
import type { TextEncoding } from './encoding.ts'
import { lenientDecoder } from './encoding.ts'
import { mayAct } from './first-letter.ts'

/**
 * Puts `'` before every cell that a spreadsheet would run as a formula call or as DDE (`=cmd|'/c calc'!A0`), or for which it
 * would open another book (`='\\\\host\\[a.xlsx]b'!A1`). Everything else stays byte for byte: `-5`, `+81-3-…`, `="0012"` and
 * `@家` are data, and people need their data.
 */
export function neutraliseCells(
  bytes: Uint8Array,
  encoding: TextEncoding,
  context: Context,
): Uint8Array {
  const wide = encoding === 'utf-16le' || encoding === 'utf-16be'
  const cells = wide ? wideCells(bytes, encoding === 'utf-16be') : byteCells(bytes, encoding)
  const places = activePlaces(cells, bytes, encoding)
  if (places.length === 0) return bytes
  context.removed('T-CSVINJ', '', places.length)
  return marked(bytes, places, MARKS[encoding] ?? APOSTROPHE)
}

const APOSTROPHE = Uint8Array.of(0x27)
const MARKS: Readonly<Partial<Record<TextEncoding, Uint8Array>>> = {
  'utf-16le': Uint8Array.of(0x27, 0),
  'utf-16be': Uint8Array.of(0, 0x27),
}

/** Where in the bytes the active cells begin. */
function activePlaces(cells: Cells, bytes: Uint8Array, encoding: TextEncoding): readonly number[] {
  const { unit } = cells
  const decoder = lenientDecoder(encoding)
  // A separator is only seen in ASCII mode, so a cell of ISO-2022-JP decodes on its own. One that is cut at the ceiling may end inside a
  // character; the whole text has been decoded strictly before.
  const text = (start: number, end: number): string =>
    decoder.decode(bytes.subarray(start * unit, Math.min(end, start + MAX_CELL * 4) * unit))
  const places: number[] = []
  while (cells.next()) {
    const { start, close, end } = cells
    if (start === end || (start !== close && !mayAct(bytes, start * unit, encoding))) continue
    const cell = close < 0 ? text(start, end) : text(start, close) + text(close + 1, end)
    if (isActiveCell(cell)) places.push(start * unit)
  }
  return places
}

/** Whether a spreadsheet would call a function, another program or another book when it shows this cell. */
export function isActiveCell(raw: string): boolean {
  const text = raw
    .slice(0, MAX_CELL)
    .normalize('NFKC')
    .replace(/^[\s\u0000-\u0020"\u200B\uFEFF]+/, '')
  if (!/^[=+\-@]/.test(text)) return false
  const formula = text.replace(/"[^"]*"/g, '""')
  return formula.includes('|') || holdsCall(formula) || OTHER_BOOK.test(formula)
}

/** `'path[book]sheet'!name`, `'file:///path'#$sheet.A1`, `[book]sheet!name`; each part ends where the next could begin. */
const OTHER_BOOK = /'[!#]|\][^\s![\]]*![A-Za-z$_#]/

/**
 * A name, perhaps blanks, a parenthesis. Goes back from each parenthesis, never past the one before it: a regular
 * expression would try every start in a hostile cell of 32,000 letters.
 */
function holdsCall(formula: string): boolean {
  for (let open = formula.indexOf('('); open >= 0; open = formula.indexOf('(', open + 1)) {
    let at = open - 1
    while (/\s/.test(formula[at] ?? '')) at--
    while (/[0-9]/.test(formula[at] ?? '')) at--
    if (/[A-Za-z_.]/.test(formula[at] ?? '')) return true
  }
  return false
}

/** Excel's longest cell. */
const MAX_CELL = 32_767

function marked(bytes: Uint8Array, places: readonly number[], mark: Uint8Array): Uint8Array {
  const output = new Uint8Array(bytes.length + places.length * mark.length)
  let from = 0
  places.forEach((place, index) => {
    output.set(bytes.subarray(from, place), from + index * mark.length)
    output.set(mark, place + index * mark.length)
    from = place
  })
  output.set(bytes.subarray(from), from + places.length * mark.length)
  return output
}
