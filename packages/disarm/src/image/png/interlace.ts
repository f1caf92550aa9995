/** Adam7 (PNG §8): from seven small pictures to one. */
import { unfilter } from './filter.ts'
import { bitsPerPixel, rowBytes } from './png.ts'
import type { PngHeader } from './png.ts'

/** First column, first row, column step, row step of each pass (PNG §8.2). */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const

interface Pass {
  readonly x: number
  readonly y: number
  readonly stepX: number
  readonly stepY: number
  readonly width: number
  readonly height: number
}

/** Bytes of all seven filtered passes. */
export function interlacedBytes(header: PngHeader): number {
  return passes(header).reduce(
    (sum, pass) => sum + pass.height * (rowBytes(header, pass.width) + 1),
    0,
  )
}

/** Packed rows of the whole picture out of the inflated, filtered passes. Overwrites `raw`. */
export function deinterlace(raw: Uint8Array, header: PngHeader, step: number): Uint8Array {
  const data = new Uint8Array(header.height * rowBytes(header, header.width))
  let at = 0
  for (const pass of passes(header)) {
    const stride = rowBytes(header, pass.width)
    spread(unfilter(raw, at, pass.height, stride, step), stride, pass, data, header)
    at += pass.height * (stride + 1)
  }
  return data
}

function passes(header: PngHeader): Pass[] {
  return PASSES.map(([x, y, stepX, stepY]) => ({
    x,
    y,
    stepX,
    stepY,
    width: Math.ceil((header.width - x) / stepX),
    height: Math.ceil((header.height - y) / stepY),
  })).filter((pass) => pass.width > 0 && pass.height > 0)
}

function spread(
  rows: Uint8Array,
  stride: number,
  pass: Pass,
  data: Uint8Array,
  header: PngHeader,
): void {
  const bits = bitsPerPixel(header)
  const copy = bits < 8 ? copyBits : copyBytes
  const targetStride = rowBytes(header, header.width)
  for (let y = 0; y < pass.height; y++) {
    const target = (pass.y + y * pass.stepY) * targetStride
    for (let x = 0; x < pass.width; x++) {
      copy(rows, y * stride, x, data, target, pass.x + x * pass.stepX, bits)
    }
  }
}

function copyBytes(
  rows: Uint8Array,
  row: number,
  x: number,
  data: Uint8Array,
  target: number,
  targetX: number,
  bits: number,
): void {
  const size = bits >> 3
  for (let i = 0; i < size; i++) data[target + targetX * size + i] = rows[row + x * size + i]!
}

function copyBits(
  rows: Uint8Array,
  row: number,
  x: number,
  data: Uint8Array,
  target: number,
  targetX: number,
  bits: number,
): void {
  const source = x * bits
  const value = (rows[row + (source >> 3)]! >> (8 - bits - (source & 7))) & ((1 << bits) - 1)
  const place = targetX * bits
  const at = target + (place >> 3)
  data[at] = data[at]! | (value << (8 - bits - (place & 7)))
}
