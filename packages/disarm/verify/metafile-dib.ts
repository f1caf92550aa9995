import type { Budget } from './budget.ts'
import type { Fields } from './metafile-fields.ts'

const MAX_PIXELS = 100_000_000
const PALETTE_COLOURS = 1
const NO_TABLE = 2
const MASKED = 3

export interface DibShape {
  readonly bpp: number
  /** Rows, as a positive number. */
  readonly rows: number
  readonly bytesPerRow: number
  readonly bitsPerRow: number
}

/** Accepts header, masks or colour table of a bitmap in the written form: 40 bytes, a full table, no runs, no other format inside. */
export function dibInfo(read: Fields, usage: number): DibShape {
  read.is(40)
  const [width, height] = [read.i32(), read.i32()]
  const rows = Math.abs(height)
  read.demand(width > 0 && rows > 0 && width * rows <= MAX_PIXELS)
  read.demand(read.u16() === 1)
  const [bpp, compression] = [read.u16(), read.u32()]
  read.demand([1, 4, 8, 16, 24, 32].includes(bpp))
  read.demand(compression === 0 || (compression === MASKED && (bpp === 16 || bpp === 32)))
  const bytesPerRow = Math.ceil((width * bpp) / 32) * 4
  read.is(bytesPerRow * rows)
  read.zeros(16)
  if (compression === MASKED) masks(read, bpp)
  if (bpp <= 8 && usage !== NO_TABLE) table(read, 2 ** bpp, usage)
  return { bpp, rows, bytesPerRow, bitsPerRow: width * bpp }
}

function masks(read: Fields, bpp: number): void {
  let taken = 0n
  for (let index = 0; index < 3; index++) {
    const mask = BigInt(read.u32())
    read.demand(/^1+0*$/u.test(mask.toString(2)) && mask < 1n << BigInt(bpp))
    read.demand((mask & taken) === 0n)
    taken |= mask
  }
}

function table(read: Fields, entries: number, usage: number): void {
  if (usage === PALETTE_COLOURS) {
    read.bytes(entries * 2)
    return
  }
  for (let index = 0; index < entries; index++) read.demand(read.u32() < 0x1000000)
}

/** Accepts the rows: exactly as many bytes as the header says, with nothing in the bits that no pixel has. */
export function dibBits(read: Fields, shape: DibShape, budget: Budget): void {
  const { rows, bytesPerRow, bitsPerRow } = shape
  budget.spend(rows * bytesPerRow, read.where)
  const last = Math.floor(bitsPerRow / 8)
  const mask = 0xff >> (bitsPerRow % 8)
  for (let row = 0; row < rows; row++) {
    const bytes = read.bytes(bytesPerRow)
    if (last === bytesPerRow) continue
    read.demand((bytes[last]! & mask) === 0)
    for (let at = last + 1; at < bytesPerRow; at++) read.demand(bytes[at] === 0)
  }
}
