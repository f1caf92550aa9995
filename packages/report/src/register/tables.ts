/**
 * The registers as tables for a page: the very cells of the workbook, as words.
 */
import type { TownReading } from '@sekisho/town'
import words from '../../words/registers.json' with { type: 'json' }
import { eraText } from '../era.ts'
import type { Cell } from '../excel/workbook.ts'
import { entriesOf } from './export.ts'
import { townNames } from './names.ts'
import { fieldWords, REGISTERS, sheetName } from './registers.ts'
import type { FieldKind, RegisterKey } from './registers.ts'
import { cellOf, valueAt } from './value.ts'
import type { Entry } from './value.ts'

/** `fixed` is 特定通信: those of the flows that are registered as such. */
export type TableKey = RegisterKey | 'fixed'

export interface RegisterTable {
  readonly key: TableKey
  readonly name: string
  /** Titles of the columns in which anything is written. */
  readonly columns: readonly string[]
  /** Whether a column holds what somebody wrote or named, which needs a font with every character of names. */
  readonly named: readonly boolean[]
  /** A cell for each column; empty where nothing is written. */
  readonly rows: readonly (readonly string[])[]
}

/** Every register, and 特定通信 after the flows, in the order of the workbook. */
export function registerTables(read: TownReading): readonly RegisterTable[] {
  const entries = entriesOf(read)
  return REGISTERS.flatMap((register) => {
    const all = entries[register.key] ?? []
    const table = (key: TableKey, some: readonly Entry[]): RegisterTable =>
      tableOf(key, register, some, read)
    if (register.key !== 'flows') return [table(register.key, all)]
    return [table('flows', all), table('fixed', all.filter(isFixed))]
  })
}

const NAMED: ReadonlySet<FieldKind> = new Set(['text', 'reference', 'references'])

const isFixed = (entry: Entry): boolean => entry['fixed'] !== undefined

function tableOf(
  key: TableKey,
  register: (typeof REGISTERS)[number],
  entries: readonly Entry[],
  { town }: TownReading,
): RegisterTable {
  const names = townNames(town)
  const rows = entries.map((entry) =>
    register.fields.map((field) => textOf(cellOf(valueAt(entry, field.path), field, names))),
  )
  const written = register.fields
    .map((field, at) => ({
      title: fieldWords(register.key, field.path)[0],
      named: NAMED.has(field.kind) && field.plain !== true,
      at,
    }))
    .filter(({ at }) => rows.some((row) => row[at] !== ''))
  return {
    key,
    name: key === 'fixed' ? words.fixed : sheetName(register.key),
    columns: written.map(({ title }) => title),
    named: written.map(({ named }) => named),
    rows: rows.map((row) => written.map(({ at }) => row[at] ?? '')),
  }
}

function textOf(cell: Cell): string {
  if (cell === undefined) return ''
  return typeof cell === 'string' ? cell : eraText(cell.date)
}
