import type { Context } from '../../family.ts'
import type { RecordReader, RecordWriter } from './bytes.ts'

/**
 * One field of a record: reads it, judges it, writes it. False: the record cannot be kept. A record is the list of its cells,
 * so what is not in the list is neither read nor written.
 */
export type Cell<Scene> = (from: RecordReader, to: RecordWriter, scene: Scene) => boolean

/** What every scene offers. */
export interface Stage {
  readonly context: Context
}

/** Runs the cells in order until one refuses or the record turns out too short. */
export function runCells<Scene>(
  cells: readonly Cell<Scene>[],
  from: RecordReader,
  to: RecordWriter,
  scene: Scene,
): boolean {
  for (const cell of cells) if (!cell(from, to, scene) || from.short) return false
  return true
}

/** GDI computes in 28 bits; beyond, readers overflow. Nothing that far out is ever seen. */
const FARTHEST = 0x7ffffff

/** A 32-bit coordinate or length. */
export const long: Cell<unknown> = (from, to) =>
  to.u32(Math.max(-FARTHEST, Math.min(FARTHEST, from.i32())))

/** A 16-bit coordinate or length. */
export const short: Cell<unknown> = (from, to) => to.u16(from.u16())

/** `count` times the same cell. */
export function times<Scene>(count: number, cell: Cell<Scene>): Cell<Scene> {
  return (from, to, scene) => {
    for (let index = 0; index < count; index++) if (!cell(from, to, scene)) return false
    return true
  }
}

/** A 32-bit number from `low` to `high`. */
export function oneOf(low: number, high: number): Cell<unknown> {
  return (from, to) => {
    const value = from.u32()
    return value >= low && value <= high && to.u32(value)
  }
}

/** A 16-bit number from `low` to `high`. */
export function oneOf16(low: number, high: number): Cell<unknown> {
  return (from, to) => {
    const value = from.u16()
    return value >= low && value <= high && to.u16(value)
  }
}

/** A 32-bit set of flags; those outside of `mask` mean nothing and go. */
export function flags(mask: number): Cell<unknown> {
  return (from, to) => to.u32(from.u32() & mask)
}

export function flags16(mask: number): Cell<unknown> {
  return (from, to) => to.u16(from.u16() & mask)
}

/** COLORREF ([MS-WMF] 2.2.2.8): a colour, a palette index or a colour of the palette. */
export const colour: Cell<unknown> = (from, to) => {
  const value = from.u32()
  return to.u32(value >>> 24 <= 2 ? value : value & 0xffffff)
}

/** A 32-bit float that is a number. */
export const real: Cell<unknown> = (from, to) => {
  const bits = from.u32()
  return isNumber(bits) && to.u32(bits)
}

export function isNumber(bits: number): boolean {
  return (bits & 0x7f800000) !== 0x7f800000
}
