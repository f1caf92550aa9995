import type { EditValue } from '@sekisho/town'
import type { HeldCell } from '../excel/read.ts'
import { dayOfSerial } from '../excel/serial.ts'
import type { Cell } from '../excel/workbook.ts'
import type { Names } from './names.ts'
import { fault, registerProblem } from './problem.ts'
import type { Fault, RegisterProblem } from './problem.ts'
import { fieldWords, groupOf } from './registers.ts'
import type { Field, Named, Register } from './registers.ts'
import { readCell } from './read-cell.ts'
import type { CellReading, Reading } from './read-cell.ts'
import { cellPlace } from './rows.ts'
import type { RegisterRow, RegisterSheet } from './rows.ts'
import { cellOf, scalarText, valueAt } from './value.ts'
import type { Entry } from './value.ts'

/** What a row of a sheet wants an entry to be. */
export interface Wish {
  readonly id: string
  readonly row: RegisterRow
  /** By the path of the field; what shall not be written has no key. */
  readonly values: ReadonlyMap<string, EditValue>
  readonly problems: readonly RegisterProblem[]
}

export interface WishReading extends Reading {
  /** Names as the town has them now: what an export shows. */
  readonly shownNames: Readonly<Record<Named, Names>>
}

/** The id of a row, or what is wrong with it. */
export function readId(sheet: RegisterSheet, row: RegisterRow, reading: Reading): string | Fault {
  const id = readCell(row.cells.get('id'), sheet.register.fields[0]!, reading)
  if (!id.ok) return id.fault
  return id.value === undefined ? fault('REG-ID-MISSING') : scalarText(id.value)
}

/**
 * Reads a whole row. A cell that shows exactly what the entry holds changes nothing, however it is written there; every other cell is read.
 */
export function readWish(
  sheet: RegisterSheet,
  row: RegisterRow,
  id: string,
  current: Entry | undefined,
  reading: WishReading,
): Wish {
  const { register } = sheet
  const values = new Map<string, EditValue>()
  const faults = new Map<Field, Fault>()
  for (const field of register.fields) {
    const read = readField(row.cells.get(field.path), field, current, reading)
    if (!read.ok) faults.set(field, read.fault)
    else if (read.value !== undefined) values.set(field.path, read.value)
  }
  for (const field of register.fields)
    if (isMissing(field, register, values, faults))
      faults.set(field, fault('REG-MISSING', { field: fieldWords(register.key, field.path)[0] }))
  const problems = [...faults].map(([field, { reason, values: words }]) =>
    registerProblem(reason, cellPlace(sheet, row.row, field), words),
  )
  return { id, row, values, problems }
}

function readField(
  held: HeldCell | undefined,
  field: Field,
  current: Entry | undefined,
  reading: WishReading,
): CellReading {
  const now = valueAt(current, field.path) as EditValue | undefined
  const shows =
    now !== undefined && isShownAs(held, cellOf(now, field, reading.shownNames), reading)
  return shows ? { ok: true, value: now } : readCell(held, field, reading)
}

function isShownAs(held: HeldCell | undefined, cell: Cell, { dates }: Reading): boolean {
  if (held === undefined || held.formula || cell === undefined) return false
  if (typeof cell === 'string') return held.kind === 'text' && held.text === cell
  return (
    held.kind === 'number' && held.shown === 'date' && dayOfSerial(held.value, dates) === cell.date
  )
}

function isMissing(
  field: Field,
  { fields }: Register,
  values: ReadonlyMap<string, EditValue>,
  faults: ReadonlyMap<Field, Fault>,
): boolean {
  if (field.needed === undefined || values.has(field.path) || faults.has(field)) return false
  if (field.needed === 'always') return true
  const group = groupOf(field.path)
  return fields.some(
    (other) => groupOf(other.path) === group && (values.has(other.path) || faults.has(other)),
  )
}
