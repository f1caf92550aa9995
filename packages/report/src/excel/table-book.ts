import { writeWorkbook } from './workbook.ts'
import type { Column, Sheet } from './workbook.ts'

/** One table of texts. */
export interface TextTable {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** A workbook that holds one table, and a sheet that says what it is. */
export interface TableBook extends TextTable {
  /** Printed at the head of each page. */
  readonly title: string
  /** Printed at the foot of each page. */
  readonly made: string
  /** Name of the sheet: at most 31 characters, none of `: \ / ? * [ ]`. */
  readonly name: string
  readonly about: TextTable & { readonly name: string }
}

/** Narrowest and widest column, in half-width characters. */
const WIDTH: Column['width'] = [8, 40]

/** Any table as an Excel workbook (xlsx): each text stands in its cell as it is, whatever it begins with. */
export function tableWorkbook({ title, made, about, ...table }: TableBook): Uint8Array {
  return writeWorkbook({ title, made, sheets: [sheetOf(table), sheetOf(about)] })
}

const sheetOf = ({ name, columns, rows }: TextTable & { readonly name: string }): Sheet => ({
  name,
  columns: columns.map((text) => ({ title: text, width: WIDTH })),
  rows,
})
