import type { HeldCell, HeldSheet } from '../excel/read.ts'
import { cellName, columnName } from '../excel/reference.ts'
import { registerProblem } from './problem.ts'
import type { RegisterProblem } from './problem.ts'
import { fieldWords, sheetName } from './registers.ts'
import type { Field, Register } from './registers.ts'

/** A row of a register's sheet. */
export interface RegisterRow {
  /** Zero-based. */
  readonly row: number
  /** By the path of the field; only cells that hold something. */
  readonly cells: ReadonlyMap<string, HeldCell>
}

/** A register's sheet that could be laid out: which column holds what, and the rows. */
export interface RegisterSheet {
  readonly register: Register
  /** Zero-based column by the path of the field. */
  readonly columns: ReadonlyMap<string, number>
  readonly rows: readonly RegisterRow[]
}

export type SheetReading =
  | { readonly ok: true; readonly sheet: RegisterSheet }
  | { readonly ok: false; readonly problems: readonly RegisterProblem[] }

/** Finds the columns of a register by their titles, in any order, and its rows. All columns must be there: an absent one would read as empty cells. */
export function readSheet(register: Register, held: HeldSheet): SheetReading {
  const header = readHeader(register, held)
  const problems = [...wholeProblems(held), ...header.problems]
  if (problems.length > 0) return { ok: false, problems }
  const { columns } = header
  const rows = [...held.rows]
    .filter(([row]) => row > 0)
    .toSorted(([one], [other]) => one - other)
    .map(([row, cells]) => ({ row, cells: byField(cells, columns) }))
    .filter(({ cells }) => [...cells.values()].some(isFilled))
  return { ok: true, sheet: { register, columns, rows } }
}

const byField = (
  cells: ReadonlyMap<number, HeldCell>,
  columns: ReadonlyMap<string, number>,
): ReadonlyMap<string, HeldCell> =>
  new Map(
    [...columns].flatMap(([path, column]) => {
      const cell = cells.get(column)
      return cell === undefined ? [] : [[path, cell] as const]
    }),
  )

// Spaces alone are nothing; a formula is never nothing.
const isFilled = (cell: HeldCell): boolean =>
  cell.formula || cell.kind !== 'text' || cell.text.trim() !== ''

function wholeProblems({ name, hidden, cut, merged }: HeldSheet): RegisterProblem[] {
  return [
    ...(hidden ? [registerProblem('REG-SHEET-HIDDEN', { sheet: name })] : []),
    ...(cut ? [registerProblem('REG-SHEET-BIG', { sheet: name })] : []),
    ...merged.map(({ range }) => registerProblem('REG-MERGED', { sheet: name, cell: range })),
  ]
}

interface Header {
  readonly columns: ReadonlyMap<string, number>
  readonly problems: readonly RegisterProblem[]
}

function readHeader({ key, fields }: Register, held: HeldSheet): Header {
  const titles = new Map(fields.map((field) => [fieldWords(key, field.path)[0], field]))
  const columns = new Map<string, number>()
  const problems: RegisterProblem[] = []
  for (const column of usedColumns(held)) {
    const cell = held.rows.get(0)?.get(column)
    const title = cell?.kind === 'text' ? cell.text.trim() : ''
    const field = titles.get(title)
    const place = { sheet: held.name, cell: cellName(column, 0) }
    if (field === undefined) problems.push(strange(held, column, title))
    else if (columns.has(field.path))
      problems.push(registerProblem('REG-HEADER-TWICE', place, { value: title }))
    else columns.set(field.path, column)
  }
  for (const [title, field] of titles)
    if (!columns.has(field.path)) problems.push(missing(held, title))
  return { columns, problems }
}

const missing = ({ name }: HeldSheet, value: string): RegisterProblem =>
  registerProblem('REG-HEADER-MISSING', { sheet: name, cell: '1行' }, { value })

function strange(held: HeldSheet, column: number, title: string): RegisterProblem {
  const first = [...held.rows].find(([, cells]) => cells.has(column))?.[0] ?? 0
  if (title === '')
    return registerProblem('REG-HEADER-BLANK', { sheet: held.name, cell: cellName(column, first) })
  const place = { sheet: held.name, cell: cellName(column, 0) }
  return registerProblem('REG-HEADER-UNKNOWN', place, { value: title })
}

function usedColumns({ rows }: HeldSheet): readonly number[] {
  const used = new Set<number>()
  for (const cells of rows.values())
    for (const [column, cell] of cells) if (isFilled(cell)) used.add(column)
  return [...used].toSorted((one, other) => one - other)
}

/** Where a field of a row stands. */
export function cellPlace(
  { register, columns }: RegisterSheet,
  row: number,
  field: Field,
): { readonly sheet: string; readonly cell: string } {
  return {
    sheet: sheetName(register.key),
    cell: `${columnName(columns.get(field.path) ?? 0)}${row + 1}`,
  }
}
