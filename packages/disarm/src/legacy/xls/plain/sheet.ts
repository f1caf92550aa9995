import type { BiffRecord } from '../records.ts'
import { BIFF } from '../records.ts'
import type { Surroundings } from './formula.ts'
import { columnName } from './formula.ts'
import type { Cell, Content } from './cell.ts'
import { boolOrError, cellMarkup, longText, numberText, rkNumber } from './cell.ts'
import type { Looks } from './looks.ts'
import { element } from './markup.ts'
import { pageMarkup } from './page.ts'
import { validationMarkup } from './validation.ts'
import { viewMarkup } from './view.ts'
import { WaitingFormulas } from './waiting.ts'

/** A worksheet: its entry in the book and the records of its substream. */
export interface SheetRecords {
  readonly name: string
  /** 0 shown, 1 hidden, 2 very hidden. */
  readonly hidden: number
  readonly records: readonly BiffRecord[]
}

/** What cells need from their book. */
export interface CellContext {
  readonly looks: Looks
  readonly around: Surroundings
  readonly stringCount: number
  /** Called with the length of markup that was made. */
  readonly spend: (length: number) => void
}

const BLANK = 0x201
const NUMBER = 0x203
const LABEL = 0x204
const BOOL_OR_ERROR = 0x205
const STRING = 0x207
const ROW = 0x208
const ARRAY = 0x221
const RK = 0x27e
const SHARED_FORMULA = 0x4bc
const MULTIPLE_RK = 0xbd
const MULTIPLE_BLANK = 0xbe
const RICH_LABEL = 0xd6
const MERGED = 0xe5
const SHARED_LABEL = 0xfd
const COLUMNS = 0x7d
const DEFAULT_WIDTH = 0x55
const STANDARD_WIDTH = 0x99
const DEFAULT_HEIGHT = 0x225
const ITERATION = 0x11
const VALIDATION = 0x1be

/**
 * Records of pages, of calculation, of protection, of selections and of what newer versions add; `ec` is a drawing, whose objects have
 * records of their own that are not here.
 */
const IDLE =
  '0c 0d 0f 10 11 12 13 14 15 19 1a 1b 1d 26 27 28 29 2a 2b 41 4d 5f 63 80 81 82 83 84 90 a0 a1 d7 dd ec ef 1b2 1ba 200 20b 23e 862 867 868 88b 89c 8c8'

/** Records that are read here or in `page.ts`, and such as say nothing of a cell or its looks. */
export const SHEET_RECORDS: ReadonlySet<number> = new Set([
  BIFF.formula,
  BLANK,
  NUMBER,
  LABEL,
  BOOL_OR_ERROR,
  STRING,
  ROW,
  ARRAY,
  RK,
  SHARED_FORMULA,
  MULTIPLE_RK,
  MULTIPLE_BLANK,
  RICH_LABEL,
  MERGED,
  SHARED_LABEL,
  VALIDATION,
  COLUMNS,
  DEFAULT_WIDTH,
  STANDARD_WIDTH,
  DEFAULT_HEIGHT,
  ...IDLE.split(' ').map((number) => Number.parseInt(number, 16)),
  BIFF.continuation,
])

/** A worksheet part, or undefined when a formula, or anything else in it, is not understood. */
export function sheetMarkup(
  { records }: SheetRecords,
  selected: boolean,
  context: CellContext,
): string | undefined {
  const sheet = new Sheet(context)
  for (const record of records) if (!sheet.add(record)) return undefined
  return sheet.markup(records, selected)
}

class Sheet {
  readonly #context: CellContext
  readonly #cells = new Map<number, Map<number, Cell>>()
  readonly #rows = new Map<number, Record<string, string | number>>()
  readonly #columns: string[] = []
  readonly #merged: string[] = []
  readonly #validations: string[] = []
  readonly #formulas: WaitingFormulas
  #format: Record<string, string | number> = {}
  #count = 0

  constructor(context: CellContext) {
    this.#context = context
    this.#formulas = new WaitingFormulas(context.around)
  }

  add({ type, data }: BiffRecord): boolean {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
    try {
      return this.#add(type, view)
    } catch (error) {
      // A record shorter than its kind.
      if (error instanceof RangeError) return false
      throw error
    }
  }

  #add(type: number, view: DataView): boolean {
    switch (type) {
      case BIFF.formula:
        return this.#formulas.add(view, this.#place(view))
      case SHARED_FORMULA:
        return this.#formulas.addShared(view)
      case ARRAY:
        return this.#formulas.addArray(view)
      case STRING:
        this.#formulas.addText(longText(view, 0))
        return true
      case BLANK:
        return this.#put(view, {})
      case NUMBER:
        return this.#put(view, { value: numberText(view.getFloat64(6, true)) })
      case RK:
        return this.#put(view, { value: numberText(rkNumber(view.getUint32(6, true))) })
      case SHARED_LABEL:
        return this.#sharedLabel(view)
      case LABEL:
      case RICH_LABEL:
        return this.#put(view, { type: 'inlineStr', value: longText(view, 6) })
      case BOOL_OR_ERROR:
        return this.#put(view, boolOrError(view.getUint8(6), view.getUint8(7) === 1))
      case MULTIPLE_RK:
        return this.#multiple(view, 6, (at) => ({
          value: numberText(rkNumber(view.getUint32(at + 2, true))),
        }))
      case MULTIPLE_BLANK:
        return this.#multiple(view, 2, () => ({}))
      case ROW:
        return this.#row(view)
      case COLUMNS:
        return this.#column(view)
      case MERGED:
        return this.#merge(view)
      case DEFAULT_WIDTH:
        this.#format = { ...this.#format, baseColWidth: view.getUint16(0, true) }
        return true
      case STANDARD_WIDTH:
        this.#format = { ...this.#format, defaultColWidth: view.getUint16(0, true) / 256 }
        return true
      case DEFAULT_HEIGHT:
        return this.#defaultHeight(view)
      case VALIDATION:
        return this.#validation(view)
      case ITERATION:
        // A book that computes in circles needs its settings.
        return view.getUint16(0, true) === 0
      default:
        return true
    }
  }

  markup(records: readonly BiffRecord[], selected: boolean): string | undefined {
    let text = 0
    for (const cell of this.#formulas.cells()) {
      if (!cell || !this.#store(cell)) return undefined
      text += cell.formula?.length ?? 0
      if (text > MAX_FORMULA_TEXT) return undefined
    }
    const page = pageMarkup(records)
    const rows = [...new Set([...this.#rows.keys(), ...this.#cells.keys()])].toSorted(
      (a, b) => a - b,
    )
    const data = rows.map((row) => this.#rowMarkup(row)).join('')
    return element(
      'worksheet',
      { xmlns: 'http://schemas.openxmlformats.org/spreadsheetml/2006/main' },
      page.properties +
        element('sheetViews', {}, viewMarkup(records, selected)) +
        element('sheetFormatPr', { defaultRowHeight: 13.5, ...this.#format }) +
        (this.#columns.length > 0 ? element('cols', {}, this.#columns.join('')) : '') +
        `<sheetData>${data}</sheetData>` +
        page.protection +
        listOf('mergeCells', this.#merged) +
        listOf('dataValidations', this.#validations) +
        page.settings,
    )
  }

  #place(view: DataView): Pick<Cell, 'row' | 'column' | 'style'> {
    return {
      row: view.getUint16(0, true),
      column: view.getUint16(2, true),
      style: this.#context.looks.cellFormat(view.getUint16(4, true)),
    }
  }

  #put(view: DataView, content: Content): boolean {
    return this.#store({ ...this.#place(view), ...content })
  }

  #store(cell: Cell): boolean {
    if (cell.column > 255 || ++this.#count > MAX_CELLS) return false
    const row = this.#cells.get(cell.row) ?? new Map<number, Cell>()
    row.set(cell.column, cell)
    this.#cells.set(cell.row, row)
    return true
  }

  #sharedLabel(view: DataView): boolean {
    const index = view.getUint32(6, true)
    if (index >= this.#context.stringCount) return false
    return this.#put(view, { type: 's', value: String(index) })
  }

  /** Cells one beside the other: row, first column, then format and perhaps value of each, then the last column. */
  #multiple(view: DataView, size: number, read: (at: number) => Content): boolean {
    const row = view.getUint16(0, true)
    let column = view.getUint16(2, true)
    for (let at = 4; at + size <= view.byteLength - 2; at += size, column++) {
      const style = this.#context.looks.cellFormat(view.getUint16(at, true))
      if (!this.#store({ row, column, style, ...read(at) })) return false
    }
    return true
  }

  #row(view: DataView): boolean {
    const height = view.getUint16(6, true)
    const flags = view.getUint32(12, true)
    const format = this.#context.looks.cellFormat((flags >>> 16) & 0xfff)
    const level = flags & 7
    this.#rows.set(view.getUint16(0, true), {
      ...((flags & 0x80) !== 0 ? { s: format, customFormat: 1 } : {}),
      ...((height & 0x8000) === 0 ? { ht: (height & 0x7fff) / 20 } : {}),
      ...((flags & 0x20) !== 0 ? { hidden: 1 } : {}),
      ...((flags & 0x40) !== 0 ? { customHeight: 1 } : {}),
      ...(level > 0 ? { outlineLevel: level } : {}),
      ...((flags & 0x10) !== 0 ? { collapsed: 1 } : {}),
    })
    return true
  }

  #column(view: DataView): boolean {
    const flags = view.getUint16(8, true)
    const first = view.getUint16(0, true)
    const last = Math.min(255, view.getUint16(2, true))
    if (first > last) return true
    const level = (flags >> 8) & 7
    this.#columns.push(
      element('col', {
        min: first + 1,
        max: last + 1,
        width: view.getUint16(4, true) / 256,
        style: this.#context.looks.cellFormat(view.getUint16(6, true)),
        customWidth: 1,
        ...(flags & 1 ? { hidden: 1 } : {}),
        ...(level > 0 ? { outlineLevel: level } : {}),
        ...(flags & 0x1000 ? { collapsed: 1 } : {}),
      }),
    )
    return true
  }

  #validation(view: DataView): boolean {
    const data = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    const markup = validationMarkup(data, this.#context.around)
    if (markup !== undefined) this.#validations.push(markup)
    return markup !== undefined
  }

  #merge(view: DataView): boolean {
    const count = view.getUint16(0, true)
    for (let i = 0; i < count; i++) {
      const number = (place: number) => view.getUint16(2 + i * 8 + place * 2, true)
      const [top, bottom, left, right] = [number(0), number(1), number(2), number(3)]
      if (top > bottom || left > right || right > 255) return false
      const ref = `${columnName(left)}${top + 1}:${columnName(right)}${bottom + 1}`
      this.#merged.push(element('mergeCell', { ref }))
    }
    return true
  }

  #defaultHeight(view: DataView): boolean {
    const flags = view.getUint16(0, true)
    this.#format = {
      ...this.#format,
      defaultRowHeight: view.getUint16(2, true) / 20,
      ...(flags & 1 ? { customHeight: 1 } : {}),
      ...(flags & 2 ? { zeroHeight: 1 } : {}),
    }
    return true
  }

  #rowMarkup(row: number): string {
    const cells = [...(this.#cells.get(row) ?? new Map<number, Cell>())].toSorted(
      ([a], [b]) => a - b,
    )
    const markup = element(
      'row',
      { r: row + 1, ...this.#rows.get(row) },
      cells.map(([, cell]) => cellMarkup(cell)).join(''),
    )
    this.#context.spend(markup.length)
    return markup
  }
}

/** Characters of one sheet's formulas: a long one that a million cells share is eight gigabytes. */
const MAX_FORMULA_TEXT = 16 * 1024 * 1024
/** Cells of one sheet, formulas counted twice; larger ones are the converter's, which keeps them in less memory. */
const MAX_CELLS = 1_000_000

function listOf(name: string, items: readonly string[]): string {
  return items.length === 0 ? '' : element(name, { count: items.length }, items.join(''))
}
