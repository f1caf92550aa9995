import type { Context } from '../../family.ts'
import type { BiffRecord } from './records.ts'
import { BIFF, BIFF8, SUBSTREAM, biffRecords } from './records.ts'

/** What of a workbook stream matters for the conversion. */
export interface Workbook {
  /** Offsets of the BOF records of macro sheets. */
  readonly macroSheets: ReadonlySet<number>
  /** True when the book has macro sheets and nothing else. */
  readonly onlyMacros: boolean
}

/**
 * Walks the records of a (decrypted) workbook and reports what will not come along: Excel 4.0 macro sheets and names that run by
 * themselves, DDE, links to other books and databases, macros of shapes, controls. A record too short for its meaning is passed over.
 */
export function inspectWorkbook(stream: Uint8Array, context: Context): Workbook {
  const found = new Findings(context)
  for (const record of biffRecords(stream)) found.see(record)
  context.checkTime()
  return found.finish()
}

const MACRO_SHEET = 1

class Findings {
  readonly #context: Context
  #biff8 = true
  #sheets = 0
  /** Sheets that BOUNDSHEET calls macro sheets, and substreams that call themselves so: an attacker may lie in either. */
  readonly #declared = new Set<number>()
  readonly #macroSheets = new Set<number>()
  /** Rule of the program that the current external reference talks to, while its names are read. */
  #program: 'W-DDE' | 'OLE-LINK' | undefined

  constructor(context: Context) {
    this.#context = context
  }

  see(record: BiffRecord): void {
    const { data } = record
    if (record.type === BIFF.begin) this.#begin(record)
    else if (record.type === BIFF.boundSheet) this.#boundSheet(data)
    else if (record.type === BIFF.name) this.#name(data)
    else if (record.type === BIFF.supBook || record.type === BIFF.externalSheet) this.#link(record)
    else if (record.type === BIFF.externalName) this.#externalName(data)
    else if (record.type === BIFF.object) this.#object(data)
    else if (CONNECTIONS.has(record.type)) this.#context.removed('X-CONN')
  }

  finish(): Workbook {
    this.#closeLink()
    const count = Math.max(this.#macroSheets.size, this.#declared.size)
    this.#context.removed('OLE-XLM', 'macro sheet', count)
    return {
      macroSheets: new Set([...this.#macroSheets, ...this.#declared]),
      onlyMacros: count > 0 && this.#sheets <= count,
    }
  }

  #begin({ at, data }: BiffRecord): void {
    const kind = short(data, 2)
    if (kind === SUBSTREAM.globals) this.#biff8 = short(data, 0) === BIFF8
    if (kind === SUBSTREAM.macros) this.#macroSheets.add(at)
  }

  #boundSheet(data: Uint8Array): void {
    this.#sheets++
    if (data[5] === MACRO_SHEET) this.#declared.add(long(data, 0))
  }

  /** Lbl: flags, shortcut, length of the name, then the name behind 14 bytes ([MS-XLS] 2.4.150). */
  #name(data: Uint8Array): void {
    const builtIn = (short(data, 0) & 0x20) !== 0
    const length = data[3] ?? 0
    const text = textAt(data, 14, length, this.#biff8)
    const runs = builtIn
      ? AUTO_CODES.has(text.charCodeAt(0))
      : /^_?auto_(?:de)?(?:open|close|activate)/i.test(text)
    if (runs) this.#context.removed('OLE-XLM', 'name')
  }

  /** An encoded path: another book begins with 1; else a 3 parts a program from its topic, for DDE and for OLE alike. */
  #link({ type, data }: BiffRecord): void {
    if (this.#biff8 && type === BIFF.externalSheet) return
    this.#closeLink()
    const length = this.#biff8 ? short(data, 2) : (data[0] ?? 0)
    if (this.#biff8 && (length === SELF || length === ADD_IN)) return
    const text = this.#biff8 ? textAt(data, 4, length, true) : textAt(data, 1, length, false)
    if (text.startsWith('\u0001')) this.#context.removed('X-EXTLINK', 'book')
    else if (text.includes('\u0003')) this.#program = 'W-DDE'
  }

  /** fOleLink says which of the two it is ([MS-XLS] 2.4.105). */
  #externalName(data: Uint8Array): void {
    if (this.#program && (short(data, 0) & OLE_LINK) !== 0) this.#program = 'OLE-LINK'
  }

  #closeLink(): void {
    if (this.#program) this.#context.removed(this.#program, 'book')
    this.#program = undefined
  }

  /** Subrecords of OBJ ([MS-XLS] 2.4.181): a macro that a click runs, a control. */
  #object(data: Uint8Array): void {
    let at = 0
    for (let left = 64; left > 0 && at + 4 <= data.length; left--) {
      const type = short(data, at)
      const size = short(data, at + 2)
      if (type === OBJECT_MACRO && size > 2) this.#context.removed('X-MACROATTR')
      if (type === OBJECT_FLAGS && (short(data, at + 4) & CONTROL_FLAG) !== 0)
        this.#context.removed('OX-ACTIVEX')
      if (type === 0) return
      at += 4 + size
    }
  }
}

/** SUPBOOK of the book itself and of functions of add-ins, by what stands in place of a length. */
const SELF = 0x0401
const ADD_IN = 0x3a01
const OLE_LINK = 0x10

const OBJECT_MACRO = 0x04
const OBJECT_FLAGS = 0x08
const CONTROL_FLAG = 0x10

/** Auto_Open, Auto_Close, Auto_Activate, Auto_Deactivate as built-in names. */
const AUTO_CODES: ReadonlySet<number> = new Set([0x01, 0x02, 0x0a, 0x0b])

const CONNECTIONS: ReadonlySet<number> = new Set([
  BIFF.databaseQuery,
  BIFF.queryTable,
  BIFF.textQuery,
  BIFF.externalDatabase,
  BIFF.dataConsolidation,
])

/** Characters of a string of BIFF8 (a flag says whether two bytes each) or BIFF5, as far as they are there. */
function textAt(data: Uint8Array, at: number, length: number, biff8: boolean): string {
  const wide = biff8 && ((data[at] ?? 0) & 1) === 1
  const from = biff8 ? at + 1 : at
  let text = ''
  for (let i = 0; i < length; i++) {
    text += String.fromCharCode(wide ? short(data, from + i * 2) : (data[from + i] ?? 0))
  }
  return text
}

function short(data: Uint8Array, at: number): number {
  return (data[at] ?? 0) | ((data[at + 1] ?? 0) << 8)
}

function long(data: Uint8Array, at: number): number {
  return short(data, at) + short(data, at + 2) * 0x10000
}
