import { columnName, errorText } from './formula.ts'
import { escaped } from './markup.ts'

/** A cell of a sheet that is being written. */
export interface Cell {
  readonly row: number
  readonly column: number
  readonly style: number
  readonly type?: 's' | 'str' | 'b' | 'e' | 'inlineStr'
  readonly value?: string
  /** Markup of the `f` element. */
  readonly formula?: string
}

/** What a cell holds, without its place and looks. */
export type Content = Omit<Cell, 'row' | 'column' | 'style'>

/** Written by hand, because there are so many of them. */
export function cellMarkup({ row, column, style, type, value, formula = '' }: Cell): string {
  const head = `<c r="${columnName(column)}${row + 1}" s="${style}"${type ? ` t="${type}"` : ''}`
  if (value === undefined) return `${head}/>`
  const text = escaped(value)
  return type === 'inlineStr'
    ? `${head}><is><t xml:space="preserve">${text}</t></is></c>`
    : `${head}>${formula}<v>${text}</v></c>`
}

export function boolOrError(value: number, error: boolean): Pick<Cell, 'type' | 'value'> {
  if (!error) return { type: 'b', value: value === 0 ? '0' : '1' }
  return { type: 'e', value: errorText(value) ?? '#VALUE!' }
}

export function numberText(value: number): string {
  return Number.isFinite(value) ? String(value) : '0'
}

/** A number in four bytes ([MS-XLS] 2.5.217): perhaps a hundred times too large, an integer or the upper half of a double. */
export function rkNumber(rk: number): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setUint32(4, (rk & 0xfffffffc) >>> 0, true)
  const value = (rk & 2) !== 0 ? (rk | 0) >> 2 : view.getFloat64(0, true)
  return (rk & 1) !== 0 ? value / 100 : value
}

/** A string with two bytes for its length, and a flag byte. */
export function longText(view: DataView, at: number): string {
  const length = view.getUint16(at, true)
  const wide = (view.getUint8(at + 2) & 1) === 1
  const size = length * (wide ? 2 : 1)
  if (at + 3 + size > view.byteLength) throw new RangeError('text')
  const bytes = Buffer.from(view.buffer, view.byteOffset + at + 3, size)
  return bytes.toString(wide ? 'utf16le' : 'latin1')
}
