import { partsOf, readXml } from '@sekisho/disarm'
import type { XmlElement } from '@sekisho/disarm'
import { verifyClean } from '@sekisho/disarm/verify'
import { readCellText } from './markup.ts'
import { isDateFormat } from './number-format.ts'
import { readCellName } from './reference.ts'

/** What a cell holds, and how it is shown: a number alone does not say whether it is a day. */
export type HeldCell = { readonly formula: boolean } & (
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'number'
      readonly value: number
      /** `plain`: shown as it is. `date`: shown as a day or a time. `other`: shown in some other form, e.g. `000` or `%`. */
      readonly shown: 'plain' | 'date' | 'other'
    }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'fault' }
)

export interface HeldSheet {
  readonly name: string
  readonly hidden: boolean
  /** By row, then by column, both zero-based; only cells that hold something. */
  readonly rows: ReadonlyMap<number, ReadonlyMap<number, HeldCell>>
  /** Merged ranges as written, e.g. `B3:B5`, with their corners. */
  readonly merged: readonly Merged[]
  /** There is more than `MAX_HELD_ROWS` rows or `MAX_HELD_COLUMNS` columns of content: not all of it is here. */
  readonly cut: boolean
}

export interface Merged {
  readonly range: string
  readonly from: { readonly column: number; readonly row: number }
  readonly to: { readonly column: number; readonly row: number }
}

export interface HeldWorkbook {
  /** Where serial numbers of days begin. */
  readonly dates: 1900 | 1904
  readonly sheets: readonly HeldSheet[]
}

/** Rows of one sheet that are read: the entries that one list of a town may have, and some. */
export const MAX_HELD_ROWS = 20_100
/** Columns of one sheet that are read. */
export const MAX_HELD_COLUMNS = 100

/**
 * Reads the cells of a workbook that the disarmer wrote.
 *
 * @returns undefined for any other bytes: what the verifier does not accept was not rebuilt, and nothing here looks at it
 */
export function readWorkbook(rebuilt: Uint8Array): HeldWorkbook | undefined {
  if (!verifyClean(rebuilt, 'xlsx').clean) return undefined
  const parts = partsOf(rebuilt)
  const bytes = (name: string): Uint8Array => parts.get(name) ?? new Uint8Array()
  const main = readMain(bytes('xl/workbook.xml'))
  const targets = readTargets(bytes('xl/_rels/workbook.xml.rels'))
  const part = (type: string): Uint8Array =>
    bytes(targets.find((one) => one.type.endsWith(`/${type}`))?.part ?? '')
  const around = {
    strings: readStrings(part('sharedStrings')),
    formats: readFormats(part('styles')),
  }
  const worksheets = new Map(
    targets.filter(({ type }) => type.endsWith('/worksheet')).map((one) => [one.id, one.part]),
  )
  return {
    dates: main.dates,
    sheets: main.sheets.flatMap(({ id, ...sheet }) => {
      const name = worksheets.get(id)
      return name === undefined ? [] : [{ ...sheet, ...readCells(bytes(name), around) }]
    }),
  }
}

const valueOf = (element: XmlElement, name: string): string | undefined =>
  element.attributes.find(({ local }) => local === name)?.value

/** Every element of a part, and the text right inside it when it closes. */
function walk(
  bytes: Uint8Array,
  open: (element: XmlElement, path: readonly string[]) => void,
  close: (name: string, text: string, path: readonly string[]) => void = () => undefined,
): void {
  if (bytes.length === 0) return
  const path: string[] = []
  const texts: string[] = []
  for (const token of readXml(bytes)) {
    if (token.kind === 'open') {
      path.push(token.element.local)
      texts.push('')
      open(token.element, path)
    } else if (token.kind === 'text') {
      if (texts.length > 0) texts[texts.length - 1] += token.text
    } else if (token.kind === 'close') {
      close(path.at(-1) ?? '', texts.pop() ?? '', path)
      path.pop()
    }
  }
}

interface NamedSheet {
  readonly name: string
  readonly hidden: boolean
  readonly id: string
}

function readMain(bytes: Uint8Array): { dates: 1900 | 1904; sheets: NamedSheet[] } {
  const sheets: NamedSheet[] = []
  let dates: 1900 | 1904 = 1900
  walk(bytes, (element) => {
    if (element.local === 'workbookPr' && isOn(valueOf(element, 'date1904'))) dates = 1904
    if (element.local !== 'sheet') return
    const state = valueOf(element, 'state') ?? 'visible'
    sheets.push({
      name: valueOf(element, 'name') ?? '',
      hidden: state !== 'visible',
      id: valueOf(element, 'id') ?? '',
    })
  })
  return { dates, sheets }
}

const isOn = (value: string | undefined): boolean => value === '1' || value === 'true'

function readTargets(bytes: Uint8Array): { id: string; type: string; part: string }[] {
  const targets: { id: string; type: string; part: string }[] = []
  walk(bytes, (element) => {
    if (element.local !== 'Relationship') return
    const [id, type, target] = ['Id', 'Type', 'Target'].map((name) => valueOf(element, name) ?? '')
    targets.push({ id: id!, type: type!, part: target!.replace(/^\//u, '') })
  })
  return targets
}

/** Shared strings. Readings above kanji (`rPh`) are no part of the text. */
function readStrings(bytes: Uint8Array): string[] {
  const strings: string[] = []
  walk(
    bytes,
    ({ local }) => void (local === 'si' && strings.push('')),
    (name, text, path) => {
      if (name === 't' && !path.includes('rPh')) strings[strings.length - 1] += readCellText(text)
    },
  )
  return strings
}

type Shown = 'plain' | 'date' | 'other'

/** How each cell format shows a number. */
function readFormats(bytes: Uint8Array): Shown[] {
  const codes = new Map<string, string>()
  const formats: Shown[] = []
  walk(bytes, (element, path) => {
    if (element.local === 'numFmt')
      codes.set(valueOf(element, 'numFmtId') ?? '', valueOf(element, 'formatCode') ?? '')
    if (element.local === 'xf' && path.at(-2) === 'cellXfs') {
      const id = valueOf(element, 'numFmtId') ?? '0'
      formats.push(shownBy(Number(id), codes.get(id)))
    }
  })
  return formats
}

/** General, whole numbers, text: what is seen is what is there. */
const PLAIN_FORMATS: ReadonlySet<number> = new Set([0, 1, 49])
const PLAIN_CODES: ReadonlySet<string> = new Set(['General', '@', '0'])

function shownBy(id: number, code: string | undefined): Shown {
  if (isDateFormat(id, code)) return 'date'
  const plain = code === undefined ? PLAIN_FORMATS.has(id) : PLAIN_CODES.has(code)
  return plain ? 'plain' : 'other'
}

interface Around {
  readonly strings: readonly string[]
  readonly formats: readonly Shown[]
}

function readCells(bytes: Uint8Array, around: Around): Omit<HeldSheet, 'name' | 'hidden'> {
  const rows = new Map<number, Map<number, HeldCell>>()
  const merged: Merged[] = []
  let cut = false
  let cell: RawCell | undefined
  const open = (element: XmlElement, path: readonly string[]): void => {
    if (element.local === 'c') cell = rawCell(element)
    else if (element.local === 'f' && cell) cell.formula = true
    else if (element.local === 'mergeCell') merged.push(...mergedRange(valueOf(element, 'ref')))
    else if (element.local === 'is' && cell && path.at(-2) === 'c') cell.text = ''
  }
  const close = (name: string, text: string, path: readonly string[]): void => {
    if (!cell) return
    if (name === 'v' && path.at(-2) === 'c') cell.value = text
    else if (name === 't' && path.includes('is') && !path.includes('rPh'))
      cell.text = (cell.text ?? '') + readCellText(text)
    else if (name === 'c') {
      cut = !keep(rows, cell, heldCell(cell, around)) || cut
      cell = undefined
    }
  }
  walk(bytes, open, close)
  return { rows, merged, cut }
}

/** Puts a cell where it belongs; false when it is too far out to be read. */
function keep(
  rows: Map<number, Map<number, HeldCell>>,
  { place }: RawCell,
  held: HeldCell | undefined,
): boolean {
  if (held === undefined) return true
  if (!place || place.row >= MAX_HELD_ROWS || place.column >= MAX_HELD_COLUMNS) return false
  const row = rows.get(place.row) ?? new Map<number, HeldCell>()
  row.set(place.column, held)
  rows.set(place.row, row)
  return true
}

interface RawCell {
  readonly place: ReturnType<typeof readCellName>
  readonly type: string
  readonly style: number
  formula: boolean
  value?: string
  /** Text in the cell itself. */
  text?: string
}

function rawCell(element: XmlElement): RawCell {
  return {
    place: readCellName(valueOf(element, 'r') ?? ''),
    type: valueOf(element, 't') ?? 'n',
    style: Number(valueOf(element, 's') ?? 0),
    formula: false,
  }
}

function heldCell({ type, style, formula, value, text }: RawCell, around: Around) {
  const held = content(type, value, text, style, around)
  if (held) return { ...held, formula }
  return formula ? ({ kind: 'text', text: '', formula } as const) : undefined
}

type Content = HeldCell extends infer One
  ? One extends HeldCell
    ? Omit<One, 'formula'>
    : never
  : never

function content(
  type: string,
  value: string | undefined,
  text: string | undefined,
  style: number,
  { strings, formats }: Around,
): Content | undefined {
  if (type === 'inlineStr') return textContent(text ?? '')
  if (value === undefined || value === '') return undefined
  if (type === 's') return textContent(strings[Number(value)] ?? '')
  if (type === 'str') return textContent(readCellText(value))
  if (type === 'b') return { kind: 'boolean', value: value === '1' }
  const number = Number(value)
  if (type !== 'n' || !Number.isFinite(number)) return { kind: 'fault' }
  return { kind: 'number', value: number, shown: formats[style] ?? 'plain' }
}

const textContent = (text: string): Content | undefined =>
  text === '' ? undefined : { kind: 'text', text }

function mergedRange(range = ''): Merged[] {
  const [from, to] = range.split(':').map(readCellName)
  return from && to ? [{ range, from, to }] : []
}
