import type { BiffRecord } from '../records.ts'
import { BIFF, BIFF8, SUBSTREAM, biffRecords } from '../records.ts'
import type { Surroundings } from './formula.ts'
import { formulaText } from './formula.ts'
import { Looks } from './looks.ts'
import { element, escaped } from './markup.ts'
import type { SheetRecords } from './sheet.ts'
import { SHEET_RECORDS } from './sheet.ts'
import type { RichText } from './strings.ts'
import { readSharedStrings } from './strings.ts'
import { shortOf, text16, text8, textOf } from './text.ts'

/** What a book of nothing but cells consists of. */
export interface PlainBook {
  readonly looks: Looks
  readonly strings: readonly RichText[]
  readonly sheets: readonly SheetRecords[]
  readonly around: Surroundings
  /** The sheet that is on top: the one last looked at, or the first that is not hidden. */
  readonly active: number
  /** Markup of the workbook part's own elements. */
  readonly properties: string
  readonly names: string
}

/**
 * Reads a BIFF8 book that holds nothing but cells: any record of another thing (chart, picture, control, comment, filter, rule, link) makes
 * it undefined, and the converter's.
 */
export function readPlainBook(stream: Uint8Array): PlainBook | undefined {
  const globals = new Globals()
  const sheets: BiffRecord[][] = []
  const starts = new Map<number, number>()
  let depth = 0
  let current: BiffRecord[] | undefined
  for (const record of biffRecords(stream)) {
    if (record.type === BIFF.begin) {
      if (depth++ > 0) return undefined
      const kind = shortOf(record.data, 2)
      if (shortOf(record.data, 0) !== BIFF8) return undefined
      if (kind === SUBSTREAM.sheet) {
        starts.set(record.at, sheets.length)
        current = []
        sheets.push(current)
      } else if (kind !== SUBSTREAM.globals || record.at !== 0) return undefined
    } else if (record.type === BIFF.eof) {
      depth--
      current = undefined
    } else if (depth === 0) continue
    else if (depth !== 1) return undefined
    else if (current) {
      if (!SHEET_RECORDS.has(record.type)) return undefined
      current.push(record)
    } else if (!globals.add(record)) return undefined
  }
  return globals.finish(sheets, starts)
}

/** Records of the globals that say nothing of the cells' looks: windows, calculation, protection, caches, what newer versions add. */
const IDLE: ReadonlySet<number> = new Set([
  0x0e, 0x12, 0x13, 0x19, 0x40, 0x42, 0x5b, 0x5c, 0x86, 0x8c, 0x8d, 0x9c, 0xc1, 0xda, 0xe1, 0xe2,
  0xeb, 0xff, 0x13d, 0x160, 0x161, 0x1af, 0x1b7, 0x1ba, 0x1bc, 0x1bd, 0x1c0, 0x1c1, 0x293, 0xd3,
  0x2f, 0x863, 0x87c, 0x87d, 0x88c, 0x88e, 0x892, 0x896, 0x897, 0x89a, 0x89b, 0x8a3,
])
const DATE_MODE = 0x22
const BOOK_WINDOW = 0x3d
const FONT = 0x31
const PALETTE = 0x92
const CELL_FORMAT = 0xe0
const STRINGS = 0xfc
const NUMBER_FORMAT = 0x41e

interface SheetEntry {
  readonly at: number
  readonly name: string
  readonly hidden: number
}

interface NameEntry {
  readonly builtIn: number
  readonly name: string
  /** Sheet it belongs to, counted from 1; 0 for the whole book. */
  readonly sheet: number
  readonly hidden: boolean
  readonly tokens: Uint8Array
}

class Globals {
  readonly #looks = new Looks()
  readonly #sheets: SheetEntry[] = []
  readonly #names: NameEntry[] = []
  readonly #strings: Uint8Array[] = []
  /** SUPBOOK records: the book itself, add-ins with their functions. */
  readonly #books: { readonly self: boolean; readonly functions: string[] }[] = []
  #externals: Uint8Array = new Uint8Array()
  #dates1904 = false
  #active = 0
  #last = 0

  /** False when the record is of a thing that is not understood here. */
  add(record: BiffRecord): boolean {
    const { type, data } = record
    if (type === BIFF.continuation) return this.#continue(data)
    this.#last = type
    if (type === FONT) this.#looks.addFont(data)
    else if (type === CELL_FORMAT) this.#looks.addCell(data)
    else if (type === NUMBER_FORMAT) this.#looks.addFormat(shortOf(data, 0), text16(data, 2))
    else if (type === PALETTE) this.#looks.setPalette(data)
    else if (type === DATE_MODE) this.#dates1904 = shortOf(data, 0) === 1
    else if (type === BOOK_WINDOW) this.#active = shortOf(data, 10)
    else if (type === STRINGS) this.#strings.push(data)
    else if (type === BIFF.boundSheet) return this.#addSheet(data)
    else if (type === BIFF.supBook) return this.#addBook(data)
    else if (type === BIFF.externalName) return this.#addFunction(data)
    else if (type === BIFF.externalSheet) this.#externals = data
    else if (type === BIFF.name) this.#addName(data)
    else return IDLE.has(type)
    return true
  }

  finish(
    bodies: readonly (readonly BiffRecord[])[],
    starts: ReadonlyMap<number, number>,
  ): PlainBook | undefined {
    const strings = this.#strings.length > 0 ? readSharedStrings(this.#strings) : []
    if (!strings || this.#sheets.length === 0 || bodies.length !== this.#sheets.length)
      return undefined
    const base = this.#surroundings()
    const texts = this.#names.map((entry) => nameText(entry, base))
    const around: Surroundings = {
      ...base,
      name: (index) => {
        const entry = this.#names[index - 1]
        return entry && entry.builtIn < 0 && texts[index - 1] !== undefined ? entry.name : undefined
      },
    }
    const sheets = this.#sheets.map(({ at, name, hidden }) => {
      const records = bodies[starts.get(at) ?? -1]
      return records && { name, hidden, records }
    })
    if (sheets.includes(undefined) || new Set(sheets).size !== bodies.length) return undefined
    const properties = this.#dates1904 ? element('workbookPr', { date1904: 1 }) : ''
    return {
      looks: this.#looks,
      strings,
      sheets: sheets.filter((sheet) => sheet !== undefined),
      around,
      active:
        this.#sheets[this.#active]?.hidden === 0
          ? this.#active
          : Math.max(
              0,
              this.#sheets.findIndex(({ hidden }) => hidden === 0),
            ),
      properties,
      names: this.#nameMarkup(texts),
    }
  }

  #continue(data: Uint8Array): boolean {
    if (this.#last === STRINGS) this.#strings.push(data)
    return this.#last === STRINGS || IDLE.has(this.#last)
  }

  #addSheet(data: Uint8Array): boolean {
    const at = shortOf(data, 0) + shortOf(data, 2) * 0x10000
    this.#sheets.push({ at, name: text8(data, 6), hidden: (data[4] ?? 0) & 3 })
    return data[5] === 0
  }

  #addBook(data: Uint8Array): boolean {
    const kind = shortOf(data, 2)
    this.#books.push({ self: kind === SELF, functions: [] })
    return data.length === 4 && (kind === SELF || kind === ADD_IN)
  }

  #addFunction(data: Uint8Array): boolean {
    this.#books.at(-1)?.functions.push(text8(data, 6))
    return this.#books.length > 0
  }

  #addName(data: Uint8Array): void {
    const flags = shortOf(data, 0)
    const wide = ((data[14] ?? 0) & 1) === 1
    const length = data[3] ?? 0
    const name = textOf(data, 15, length, wide)
    const at = 15 + length * (wide ? 2 : 1)
    this.#names.push({
      builtIn: flags & 0x20 ? name.charCodeAt(0) : -1,
      name,
      sheet: shortOf(data, 8),
      hidden: (flags & 1) !== 0,
      tokens: (flags & 0x0e) === 0 ? data.subarray(at, at + shortOf(data, 4)) : new Uint8Array(),
    })
  }

  #surroundings(): Surroundings {
    const external = (index: number) => {
      const at = 2 + index * 6
      const book = this.#books[shortOf(this.#externals, at)]
      return {
        book,
        first: shortOf(this.#externals, at + 2),
        last: shortOf(this.#externals, at + 4),
      }
    }
    return {
      sheet: (index) => {
        const { book, first, last } = external(index)
        const name = this.#sheets[first]?.name
        if (!book?.self || first !== last || name === undefined) return undefined
        return `'${name.replaceAll("'", "''")}'!`
      },
      name: () => undefined,
      addIn: (sheet, index) => external(sheet).book?.functions[index - 1]?.toUpperCase(),
    }
  }

  #nameMarkup(texts: readonly (string | undefined)[]): string {
    const rows = this.#names.flatMap((entry, index) => {
      const name = entry.builtIn < 0 ? entry.name : BUILT_IN.get(entry.builtIn)
      const text = texts[index]
      if (name === undefined || text === undefined) return []
      const attributes = {
        name,
        ...(entry.sheet > 0 ? { localSheetId: entry.sheet - 1 } : {}),
        ...(entry.hidden ? { hidden: 1 } : {}),
      }
      return [element('definedName', attributes, escaped(text))]
    })
    return rows.length > 0 ? element('definedNames', {}, rows.join('')) : ''
  }
}

/** What a name stands for; undefined for names of other names, of macros, and those that no workbook part can hold. */
function nameText({ name, builtIn, tokens }: NameEntry, around: Surroundings): string | undefined {
  if (builtIn < 0 && !/^[\p{L}_][\p{L}\p{N}_.]*$/u.test(name)) return undefined
  return formulaText(tokens, { ...around, addIn: () => undefined })
}

/** SUPBOOK of the book itself and of add-ins. */
const SELF = 0x0401
const ADD_IN = 0x3a01
const BUILT_IN: ReadonlyMap<number, string> = new Map([
  [6, '_xlnm.Print_Area'],
  [7, '_xlnm.Print_Titles'],
])
