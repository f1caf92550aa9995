import type { BiffRecord } from '../records.ts'
import { text16 } from './text.ts'
import { element, escaped } from './markup.ts'

/** Markup about a sheet as a whole and about its pages, for the places where the schema wants it. */
export interface PageMarkup {
  readonly properties: string
  readonly protection: string
  /** From `printOptions` on. */
  readonly settings: string
}

const HEADER = 0x14
const FOOTER = 0x15
const ROW_BREAKS = 0x1b
const COLUMN_BREAKS = 0x1a
const MARGINS = [
  ['left', 0x26, 0.7],
  ['right', 0x27, 0.7],
  ['top', 0x28, 0.75],
  ['bottom', 0x29, 0.75],
] as const
const PRINT_HEADINGS = 0x2a
const PRINT_GRID = 0x2b
const SHEET_FLAGS = 0x81
const CENTER_ACROSS = 0x83
const CENTER_DOWN = 0x84
const SETUP = 0xa1
const PROTECT = 0x12
const TAB = 0x862

export function pageMarkup(records: readonly BiffRecord[]): PageMarkup {
  const first = new Map<number, DataView>()
  for (const { type, data } of records) {
    if (!first.has(type))
      first.set(type, new DataView(data.buffer, data.byteOffset, data.byteLength))
  }
  const flag = (type: number) => shortAt(first.get(type), 0) === 1
  return {
    properties: propertiesOf(first),
    protection: flag(PROTECT)
      ? element('sheetProtection', { sheet: 1, objects: 1, scenarios: 1 })
      : '',
    settings:
      optionsOf({
        horizontalCentered: flag(CENTER_ACROSS),
        verticalCentered: flag(CENTER_DOWN),
        headings: flag(PRINT_HEADINGS),
        gridLines: flag(PRINT_GRID),
      }) +
      marginsOf(first) +
      setupOf(first.get(SETUP)) +
      headerFooterOf(first) +
      breaksOf('rowBreaks', first.get(ROW_BREAKS), 16_383) +
      breaksOf('colBreaks', first.get(COLUMN_BREAKS), 1_048_575),
  }
}

function shortAt(view: DataView | undefined, at: number): number {
  return view && at + 2 <= view.byteLength ? view.getUint16(at, true) : 0
}

function doubleAt(view: DataView | undefined, at: number): number | undefined {
  return view && at + 8 <= view.byteLength ? view.getFloat64(at, true) : undefined
}

/** Where totals of groups stand, and whether pages are fitted. */
function propertiesOf(first: ReadonlyMap<number, DataView>): string {
  const flags = first.has(SHEET_FLAGS) ? shortAt(first.get(SHEET_FLAGS), 0) : 0xc0
  const outline = {
    ...(flags & 0x40 ? {} : { summaryBelow: 0 }),
    ...(flags & 0x80 ? {} : { summaryRight: 0 }),
  }
  const tab = shortAt(first.get(TAB), 16) & 0x7f
  const color = tab >= 8 && tab < 64 ? element('tabColor', { indexed: tab }) : ''
  const content =
    color +
    (Object.keys(outline).length > 0 ? element('outlinePr', outline) : '') +
    (flags & 0x100 ? element('pageSetUpPr', { fitToPage: 1 }) : '')
  return content === '' ? '' : element('sheetPr', {}, content)
}

function optionsOf(options: Readonly<Record<string, boolean>>): string {
  const chosen = Object.entries(options).filter(([, value]) => value)
  return chosen.length === 0
    ? ''
    : element('printOptions', Object.fromEntries(chosen.map(([key]) => [key, 1])))
}

/** Inches. A margin that no paper has is the usual one. */
function marginsOf(first: ReadonlyMap<number, DataView>): string {
  const inches = (value: number | undefined, usual: number) =>
    value !== undefined && value >= 0 && value < 49 ? value : usual
  const sides = MARGINS.map(([name, type, usual]) => [
    name,
    inches(doubleAt(first.get(type), 0), usual),
  ])
  const setup = first.get(SETUP)
  return element('pageMargins', {
    ...Object.fromEntries(sides),
    header: inches(doubleAt(setup, 16), 0.3),
    footer: inches(doubleAt(setup, 24), 0.3),
  })
}

const FLAG_LEFT_TO_RIGHT = 1
const FLAG_PORTRAIT = 2
const FLAG_NO_PRINTER = 4
const FLAG_NO_COLOR = 8
const FLAG_DRAFT = 16
const FLAG_NO_ORIENTATION = 64
const FLAG_FIRST_PAGE = 128

/** What lies in a Japanese printer. Where nothing is said, ECMA-376 part 1 §18.3.1.63 means Letter, which nobody here has. */
const A4 = 9

/** SETUP ([MS-XLS] 2.4.257). Without a printer, paper and scale mean nothing. */
function setupOf(view: DataView | undefined): string {
  if (!view || view.byteLength < 34) return ''
  const flags = shortAt(view, 10)
  const scale = shortAt(view, 2)
  const paper = shortAt(view, 0)
  const known = (flags & FLAG_NO_PRINTER) === 0
  return element('pageSetup', {
    paperSize: known && paper > 0 && paper < 119 ? paper : A4,
    ...(known && scale >= 10 && scale <= 400 ? { scale } : {}),
    ...(flags & FLAG_FIRST_PAGE
      ? { firstPageNumber: shortAt(view, 4), useFirstPageNumber: 1 }
      : {}),
    fitToWidth: shortAt(view, 6),
    fitToHeight: shortAt(view, 8),
    ...(flags & FLAG_LEFT_TO_RIGHT ? { pageOrder: 'overThenDown' } : {}),
    ...(known && (flags & FLAG_NO_ORIENTATION) === 0
      ? { orientation: flags & FLAG_PORTRAIT ? 'portrait' : 'landscape' }
      : {}),
    ...(flags & FLAG_NO_COLOR ? { blackAndWhite: 1 } : {}),
    ...(flags & FLAG_DRAFT ? { draft: 1 } : {}),
  })
}

function headerFooterOf(first: ReadonlyMap<number, DataView>): string {
  const line = (name: string, type: number) => {
    const view = first.get(type)
    const text =
      view && view.byteLength > 3
        ? text16(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), 0)
        : ''
    return text === '' ? '' : element(name, {}, escaped(text))
  }
  const content = line('oddHeader', HEADER) + line('oddFooter', FOOTER)
  return content === '' ? '' : element('headerFooter', {}, content)
}

/** Breaks that a person set: before which row or column. */
function breaksOf(name: string, view: DataView | undefined, max: number): string {
  const count = Math.min(1026, shortAt(view, 0))
  const breaks = Array.from({ length: count }, (_, index) => shortAt(view, 2 + index * 6)).filter(
    (place) => place > 0,
  )
  if (breaks.length === 0) return ''
  const items = breaks.map((id) => element('brk', { id, max, man: 1 }))
  return element(name, { count: items.length, manualBreakCount: items.length }, items.join(''))
}
