import type { Cell, Column, Sheet } from './workbook.ts'

/** Words of a sheet: its name, and for each column its title and what it means, in the order in which they are read. */
export interface SheetWords<Key extends string> {
  readonly name: string
  readonly columns: Readonly<Record<Key, readonly string[]>>
}

/** A sheet whose rows are given by the keys of its columns. */
export function tableSheet<Key extends string>(
  words: SheetWords<Key>,
  widths: Readonly<Record<NoInfer<Key>, Column['width']>>,
  rows: readonly Readonly<Record<NoInfer<Key>, Cell>>[],
): Sheet {
  const keys = Object.keys(words.columns) as Key[]
  return {
    name: words.name,
    columns: keys.map((key) => ({ title: words.columns[key][0] ?? key, width: widths[key] })),
    rows: rows.map((row) => keys.map((key) => row[key])),
  }
}
