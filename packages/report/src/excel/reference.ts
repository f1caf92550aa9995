/** Columns of a sheet (ECMA-376 part 1 §18.3.1.13): `A` to `XFD`. */
export const MAX_COLUMNS = 16_384
/** Rows of a sheet. */
export const MAX_ROWS = 1_048_576

/** 0 → `A`, 25 → `Z`, 26 → `AA`. */
export function columnName(index: number): string {
  const last = String.fromCharCode(65 + (index % 26))
  return index < 26 ? last : columnName(Math.floor(index / 26) - 1) + last
}

/** Zero-based column and row → `D7`. */
export const cellName = (column: number, row: number): string => `${columnName(column)}${row + 1}`

/** `D7` → zero-based column and row; undefined for what is no place of a sheet. */
export function readCellName(
  name: string,
): { readonly column: number; readonly row: number } | undefined {
  const match = /^\$?([A-Z]{1,3})\$?([1-9]\d{0,6})$/u.exec(name)
  if (!match) return undefined
  const column = [...match[1]!].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
  const row = Number(match[2]) - 1
  return column < MAX_COLUMNS && row < MAX_ROWS ? { column, row } : undefined
}
