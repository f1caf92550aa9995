import type { Context } from '../family.ts'
import { encodeUnicode } from './clean.ts'
import type { TextEncoding } from './encoding.ts'
import { decodeText } from './encoding.ts'

/**
 * Puts `'` before every cell that a spreadsheet would run as a formula call or as DDE (`=cmd|'/c calc'!A0`). Everything
 * else stays byte for byte: `-5`, `+81-3-…`, `="0012"` and `@家` are data, and people need their data.
 */
export function neutraliseCells(
  bytes: Uint8Array,
  encoding: TextEncoding,
  context: Context,
): Uint8Array {
  const wide = encoding === 'utf-16le' || encoding === 'utf-16be'
  const units = wide ? decodeText(bytes, encoding) : bytewise(bytes, encoding)
  const text = (start: number, end: number): string =>
    wide ? units.slice(start, end) : decodeCell(bytes, start, end, encoding)
  const places = cellsOf(units).filter(({ start, close, end }) =>
    isActiveCell(
      close === undefined ? text(start, end) : text(start, close) + text(close + 1, end),
    ),
  )
  if (places.length === 0) return bytes
  context.removed('T-CSVINJ', '', places.length)
  const marked = insertMarks(units, places)
  return wide ? encodeUnicode(marked, encoding) : markBytes(bytes, places)
}

/** Whether a spreadsheet would call a function or another program when it shows this cell. */
export function isActiveCell(raw: string): boolean {
  const text = raw
    .slice(0, MAX_CELL)
    .normalize('NFKC')
    .replace(/^[\s\u0000-\u0020"\u200B\uFEFF]+/, '')
  if (!/^[=+\-@]/.test(text)) return false
  const formula = text.replace(/"[^"]*"/g, '""')
  return formula.includes('|') || holdsCall(formula)
}

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

/** One character per byte; bytes of multi-byte characters become a letter, so that only true ASCII structures cells. */
function bytewise(bytes: Uint8Array, encoding: TextEncoding): string {
  const view = Buffer.from(bytes).toString('latin1')
  return encoding === 'iso-2022-jp' ? maskDoubleBytes(view) : view
}

// Between ESC $ and the next ESC ( every byte belongs to a double-byte character, also 0x22 and 0x2C.
function maskDoubleBytes(view: string): string {
  return view.replace(/\x1b\$[@B][^\x1b]*/g, (shifted) => '\x1b'.padEnd(shifted.length, '\u0100'))
}

const SEPARATORS = new Set([',', ';', '\t', '\r', '\n'])

interface Cell {
  /** First character of the content, after the opening quote of a quoted cell. */
  readonly start: number
  /** The closing quote; what follows it up to the separator still belongs to the cell. */
  readonly close?: number
  readonly end: number
}

/** Where the cells are (RFC 4180, with the separators Excel may use). */
function cellsOf(units: string): Cell[] {
  const cells: Cell[] = []
  let at = units.startsWith('\uFEFF') ? 1 : units.startsWith('ï»¿') ? 3 : 0
  let quoting = true
  while (at < units.length) {
    const quote = quoting && QUOTED.test(units.slice(at, at + 8)) ? units.indexOf('"', at) : -1
    const close = quote >= 0 ? quotedEnd(units, quote + 1) : undefined
    // Programs disagree on a quote that never closes; from there on every separator counts.
    if (quote >= 0 && close === undefined) quoting = false
    const end = plainEnd(units, close ?? at)
    cells.push(close === undefined ? { start: at, end } : { start: quote + 1, close, end })
    at = end + 1
  }
  return cells
}

const QUOTED = /^[ ]{0,7}"/

function plainEnd(units: string, from: number): number {
  let at = from
  while (at < units.length && !SEPARATORS.has(units[at] ?? '')) at++
  return at
}

/** The closing quote, if there is one. */
function quotedEnd(units: string, from: number): number | undefined {
  let at = units.indexOf('"', from)
  while (at >= 0 && units[at + 1] === '"') at = units.indexOf('"', at + 2)
  return at < 0 ? undefined : at
}

function decodeCell(bytes: Uint8Array, start: number, end: number, encoding: TextEncoding): string {
  // A separator is only seen in ASCII mode, so a cell of ISO-2022-JP decodes on its own.
  return lenient(bytes.subarray(start, Math.min(end, start + MAX_CELL * 4)), encoding)
}

/** A cell cut at the ceiling may end inside a character; the whole text has been decoded strictly before. */
function lenient(cell: Uint8Array, encoding: TextEncoding): string {
  const label = encoding === 'cp932' ? 'shift_jis' : encoding
  return new TextDecoder(label).decode(cell)
}

function insertMarks(units: string, places: readonly Cell[]): string {
  const parts: string[] = []
  let from = 0
  for (const { start } of places) {
    parts.push(units.slice(from, start), "'")
    from = start
  }
  return parts.join('') + units.slice(from)
}

const APOSTROPHE = 0x27

function markBytes(bytes: Uint8Array, places: readonly Cell[]): Uint8Array {
  const marked = new Uint8Array(bytes.length + places.length)
  let from = 0
  places.forEach(({ start }, index) => {
    marked.set(bytes.subarray(from, start), from + index)
    marked[start + index] = APOSTROPHE
    from = start
  })
  marked.set(bytes.subarray(from), from + places.length)
  return marked
}
