import { disarmHere } from '@sekisho/disarm'
import { verifyClean } from '@sekisho/disarm/verify'
import { expect } from 'vitest'
import { readWorkbook } from './read.ts'
import type { HeldCell } from './read.ts'
import { dayOfSerial } from './serial.ts'

/** Rows of a sheet by the titles of its columns; days as `YYYY-MM-DD`, empty cells as ''. */
export function tableOf(bytes: Uint8Array, sheet: string): readonly Record<string, string>[] {
  const rows = readWorkbook(bytes)?.sheets.find(({ name }) => name === sheet)?.rows
  if (rows === undefined) throw new Error(`no sheet ${sheet}`)
  const titles = [...(rows.get(0) ?? [])].map(([column, cell]) => [column, textOf(cell)] as const)
  return [...rows.keys()]
    .filter((row) => row > 0)
    .map((row) =>
      Object.fromEntries(
        titles.map(([column, title]) => [title, textOf(rows.get(row)?.get(column))]),
      ),
    )
}

export const sheetNames = (bytes: Uint8Array): readonly string[] =>
  readWorkbook(bytes)?.sheets.map(({ name }) => name) ?? []

/** Our own gate makes the very same bytes of it, and its verifier passes it. */
export function expectFixedPoint(bytes: Uint8Array): void {
  expect(verifyClean(bytes, 'xlsx')).toEqual({ clean: true, type: 'xlsx' })
  const { report, output } = disarmHere(bytes, { name: '報告.xlsx' })
  expect(report.removed).toEqual([])
  expect(Buffer.from(output!).equals(bytes)).toBe(true)
}

function textOf(cell: HeldCell | undefined): string {
  if (cell === undefined) return ''
  if (cell.formula) throw new Error('a formula')
  if (cell.kind === 'text') return cell.text
  return cell.kind === 'number' ? (dayOfSerial(cell.value, 1900) ?? String(cell.value)) : ''
}
