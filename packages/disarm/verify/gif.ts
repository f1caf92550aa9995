import type { Budget } from './budget.ts'
import { GifReader } from './gif-reader.ts'
import { walkLzw } from './gif-lzw.ts'
import { demand } from './rejection.ts'

const MAX_FRAMES = 500
const MAX_PIXELS = 100_000_000
const MAX_PIXELS_OF_ALL_FRAMES = 250_000_000
const LOOP = '!\u00ff\u000bNETSCAPE2.0\u0003\u0001'
const TRAILER = 0x3b
const EXTENSION = 0x21
const IMAGE = 0x2c

/** A colour table, and which of its entries pixels have shown so far. */
interface Table {
  readonly colours: Uint8Array
  readonly seen: Uint8Array
}

interface Screen {
  readonly width: number
  readonly height: number
  readonly table: Table | undefined
}

/**
 * Accepts exactly the GIF of the grammar: `GIF89a`, screen, optional global table, at most one loop block, frames,
 * trailer (GIF89a specification §17–27), where every frame's LZW data is exactly its pixels.
 */
export function verifyGif(bytes: Uint8Array, budget: Budget, where: string): void {
  const read = new GifReader(bytes, where)
  read.demand(read.ascii(6) === 'GIF89a')
  const screen = screenOf(read)
  loop(read)
  let pixels = 0
  let frames = 0
  for (let mark = read.byte(); mark !== TRAILER; mark = read.byte()) {
    read.demand(++frames <= MAX_FRAMES)
    if (mark === EXTENSION) control(read)
    read.demand((mark === EXTENSION ? read.byte() : mark) === IMAGE)
    pixels += frame(read, screen, budget)
    read.demand(pixels <= MAX_PIXELS_OF_ALL_FRAMES)
  }
  read.demand(frames > 0 && read.atEnd())
  if (screen.table) read.demand(isTidy(screen.table))
}

function screenOf(read: GifReader): Screen {
  const [width, height] = [read.short(), read.short()]
  read.demand(width > 0 && height > 0 && width * height <= MAX_PIXELS)
  const flags = read.byte()
  // Colour resolution 7, not sorted; without a table its size says nothing.
  read.demand((flags & 0x80) !== 0 ? (flags & 0x78) === 0x70 : flags === 0x70)
  read.demand(read.byte() === 0 && read.byte() === 0)
  return { width, height, table: tableOf(read, flags) }
}

function tableOf(read: GifReader, flags: number): Table | undefined {
  if (!(flags & 0x80)) return undefined
  const entries = 2 << (flags & 7)
  return { colours: read.bytes(3 * entries), seen: new Uint8Array(entries) }
}

function loop(read: GifReader): void {
  if (!read.startsWith(LOOP)) return
  read.skip(LOOP.length + 2)
  read.demand(read.byte() === 0)
}

/** Graphic control extension (§23): disposal 0 to 3, no user input; a transparent index only when flagged. */
function control(read: GifReader): void {
  read.demand(read.byte() === 0xf9 && read.byte() === 4)
  const flags = read.byte()
  read.demand((flags & ~0x0d) === 0)
  read.skip(2)
  const transparent = read.byte()
  read.demand((flags & 1) === 1 || transparent === 0)
  read.demand(read.byte() === 0)
}

/** @returns the number of pixels. */
function frame(read: GifReader, screen: Screen, budget: Budget): number {
  const [left, top] = [read.short(), read.short()]
  const [width, height] = [read.short(), read.short()]
  read.demand(width > 0 && height > 0)
  read.demand(left + width <= screen.width && top + height <= screen.height)
  const flags = read.byte()
  read.demand((flags & 0x80) !== 0 ? (flags & 0x78) === 0 : flags === 0)
  const own = tableOf(read, flags)
  const table = own ?? screen.table
  demand(table !== undefined, 'VERIFY-GIF', read.where)
  const minimum = read.byte()
  read.demand(minimum >= 2 && minimum <= 8)
  budget.spend(width * height, read.where)
  read.demand(walkLzw(read.blocks(), minimum, table.seen, read.where) === width * height)
  read.demand(minimum === Math.max(2, neededBits(table)))
  if (own) read.demand(isTidy(own))
  return width * height
}

/** Bits per index that the pixels so far need; a table has at least two entries. */
function neededBits({ seen }: Table): number {
  const highest = seen.lastIndexOf(1)
  let bits = 1
  while (1 << bits <= highest) bits++
  return bits
}

/** No longer than its pixels need, and no colour that none of them shows: that would be three bytes of anything. */
function isTidy(table: Table): boolean {
  const { colours, seen } = table
  if (seen.length !== 1 << neededBits(table)) return false
  return seen.every((used, index) => used === 1 || isBlack(colours, index))
}

function isBlack(colours: Uint8Array, index: number): boolean {
  return colours.subarray(3 * index, 3 * index + 3).every((sample) => sample === 0)
}
