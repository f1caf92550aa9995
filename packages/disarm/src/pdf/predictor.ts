import type { Context } from '../family.ts'
import { SyntaxFault } from './lexer.ts'

/** Row geometry of a predictor, ISO 32000-1 table 8. */
export interface Rows {
  readonly colors: number
  readonly bits: number
  readonly columns: number
}

const MAX_COLORS = 32
const MAX_COLUMNS = 1_000_000

/** Undoes predictor 2 (TIFF) or 10–15 (PNG); other values leave the bytes as they are. */
export function unpredict(
  bytes: Uint8Array,
  predictor: number,
  rows: Rows,
  context: Context,
): Uint8Array {
  if (predictor < 2) return bytes
  checkRows(rows)
  context.spend(bytes.length)
  return predictor >= 10 ? unpng(bytes, rows) : untiff(bytes, rows)
}

/** PNG prediction with the filter of smallest absolute sum for each row; written as `/Predictor 15`. */
export function predict(bytes: Uint8Array, rows: Rows): Uint8Array {
  const { pixel, row } = sizes(rows)
  const count = Math.ceil(bytes.length / row)
  const out = new Uint8Array(bytes.length + count)
  let above: Uint8Array = new Uint8Array(row)
  let at = 0
  for (let i = 0; i < count; i += 1) {
    const line = bytes.subarray(i * row, (i + 1) * row)
    const filter = bestFilter(line, above, pixel)
    out[at] = filter
    applyFilter(out.subarray(at + 1), line, above, pixel, filter)
    at += line.length + 1
    above = line
  }
  return out
}

function checkRows({ colors, bits, columns }: Rows): void {
  const sane =
    inside(colors, 1, MAX_COLORS) &&
    [1, 2, 4, 8, 16].includes(bits) &&
    inside(columns, 1, MAX_COLUMNS)
  if (!sane) throw new SyntaxFault('impossible predictor', 0)
}

function inside(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high
}

function sizes({ colors, bits, columns }: Rows): { pixel: number; row: number } {
  return {
    pixel: Math.max(1, (colors * bits) >> 3),
    row: Math.ceil((colors * bits * columns) / 8),
  }
}

/** Whether every row begins with one of the five PNG filters. */
export function areKnown(bytes: Uint8Array, row: number): boolean {
  for (let at = 0; at < bytes.length; at += row + 1) if ((bytes[at] as number) > 4) return false
  return true
}

function unpng(bytes: Uint8Array, rows: Rows): Uint8Array {
  const { pixel, row } = sizes(rows)
  const count = Math.ceil(bytes.length / (row + 1))
  const out = new Uint8Array(Math.max(0, bytes.length - count))
  let above: Uint8Array = new Uint8Array(row)
  for (let i = 0; i < count; i += 1) {
    const start = i * (row + 1)
    const line = out.subarray(i * row, (i + 1) * row)
    line.set(bytes.subarray(start + 1, Math.min(bytes.length, start + row + 1)))
    unfilter(bytes[start] as number, line, above, pixel)
    above = line
  }
  return out
}

/** Undoes PNG filter types 1–4 in place, one loop for each: a page of a scanner has a hundred million bytes. An unknown one counts as none. */
function unfilter(filter: number, line: Uint8Array, above: Uint8Array, pixel: number): void {
  const { length } = line
  switch (filter) {
    case 1:
      for (let x = pixel; x < length; x += 1)
        line[x] = (line[x] as number) + (line[x - pixel] as number)
      return
    case 2:
      for (let x = 0; x < length; x += 1) line[x] = (line[x] as number) + (above[x] as number)
      return
    case 3:
      for (let x = 0; x < length; x += 1) {
        const left = x >= pixel ? (line[x - pixel] as number) : 0
        line[x] = (line[x] as number) + ((left + (above[x] as number)) >> 1)
      }
      return
    case 4:
      for (let x = 0; x < length; x += 1) {
        const left = x >= pixel ? (line[x - pixel] as number) : 0
        const corner = x >= pixel ? (above[x - pixel] as number) : 0
        line[x] = (line[x] as number) + paeth(left, above[x] as number, corner)
      }
      return
    default:
  }
}

/** What PNG filter types 0–4 foretell. */
function guess(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 1:
      return left
    case 2:
      return up
    case 3:
      return (left + up) >> 1
    case 4:
      return paeth(left, up, corner)
    default:
      return 0
  }
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner
  const toLeft = Math.abs(estimate - left)
  const toUp = Math.abs(estimate - up)
  const toCorner = Math.abs(estimate - corner)
  if (toLeft <= toUp && toLeft <= toCorner) return left
  return toUp <= toCorner ? up : corner
}

function untiff(bytes: Uint8Array, rows: Rows): Uint8Array {
  const { row } = sizes(rows)
  const out = new Uint8Array(bytes)
  for (let start = 0; start < out.length; start += row) {
    untiffRow(out.subarray(start, start + row), rows)
  }
  return out
}

function untiffRow(line: Uint8Array, { colors, bits, columns }: Rows): void {
  if (bits === 8) {
    for (let i = colors; i < line.length; i += 1)
      line[i] = (line[i] as number) + (line[i - colors] as number)
    return
  }
  const mask = 2 ** bits - 1
  const last = new Uint16Array(colors)
  for (let i = 0; i < colors * columns && (i + 1) * bits <= line.length * 8; i += 1) {
    const color = i % colors
    last[color] = (readBits(line, i * bits, bits) + (last[color] as number)) & mask
    writeBits(line, i * bits, bits, last[color])
  }
}

function readBits(line: Uint8Array, at: number, bits: number): number {
  if (bits === 16) return ((line[at >> 3] as number) << 8) | (line[(at >> 3) + 1] as number)
  return ((line[at >> 3] as number) >> (8 - bits - (at & 7))) & (2 ** bits - 1)
}

function writeBits(line: Uint8Array, at: number, bits: number, value: number): void {
  if (bits === 16) {
    line[at >> 3] = value >> 8
    line[(at >> 3) + 1] = value & 255
    return
  }
  const shift = 8 - bits - (at & 7)
  const rest = (line[at >> 3] as number) & ~((2 ** bits - 1) << shift)
  line[at >> 3] = rest | (value << shift)
}

function bestFilter(line: Uint8Array, above: Uint8Array, pixel: number): number {
  let best = 0
  let smallest = Infinity
  for (let filter = 0; filter < 5; filter += 1) {
    const sum = weigh(line, above, pixel, filter)
    if (sum >= smallest) continue
    smallest = sum
    best = filter
  }
  return best
}

/** A sample of the row is enough to choose. */
const WEIGHED = 512

function weigh(line: Uint8Array, above: Uint8Array, pixel: number, filter: number): number {
  let sum = 0
  const step = Math.max(1, Math.floor(line.length / WEIGHED))
  for (let x = 0; x < line.length; x += step) {
    const byte = difference(line, above, pixel, filter, x)
    sum += byte < 128 ? byte : 256 - byte
  }
  return sum
}

function applyFilter(
  out: Uint8Array,
  line: Uint8Array,
  above: Uint8Array,
  pixel: number,
  filter: number,
): void {
  for (let x = 0; x < line.length; x += 1) out[x] = difference(line, above, pixel, filter, x)
}

function difference(
  line: Uint8Array,
  above: Uint8Array,
  pixel: number,
  filter: number,
  x: number,
): number {
  const left = x >= pixel ? (line[x - pixel] as number) : 0
  const corner = x >= pixel ? (above[x - pixel] as number) : 0
  return ((line[x] as number) - guess(filter, left, above[x] as number, corner)) & 255
}
