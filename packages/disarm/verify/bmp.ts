import type { Budget } from './budget.ts'
import { demand } from './rejection.ts'

const MAX_PIXELS = 100_000_000
const MAX_PER_METRE = 1_000_000
const PALETTE_DEPTHS = [1, 4, 8]
/** Red, green, blue and alpha mask, and `sRGB`: the only words of a long header that are not 0. */
const MASKS = [0x00ff0000, 0x0000ff00, 0x000000ff, 0xff000000, 0x73524742]

interface Shape {
  readonly width: number
  readonly height: number
  readonly depth: number
  /** Offset of the colour table, and of the pixels. */
  readonly table: number
  readonly pixels: number
  /** Bytes of one row. */
  readonly stride: number
}

/** Accepts a bitmap of 1, 4, 8, 24 or (with alpha) 32 bits, not compressed, with nothing in it but the picture. */
export function verifyBmp(bytes: Uint8Array, budget: Budget, where: string): void {
  demand(bytes.length >= 54, 'VERIFY-BMP', where)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const shape = readShape(view, where)
  const { stride, height, pixels } = shape
  demand(bytes.length === pixels + stride * height, 'VERIFY-BMP', where)
  budget.spend(stride * height, where)
  demand(fileHeaderFits(view, shape), 'VERIFY-BMP', where)
  demand(infoFits(view, shape), 'VERIFY-BMP', where)
  demand(rowsAreTidy(bytes, shape), 'VERIFY-BMP', where)
  if (shape.depth <= 8) demand(tableFits(bytes, shape), 'VERIFY-BMP', where)
  if (shape.depth === 32) demand(hasAlpha(bytes, shape), 'VERIFY-BMP', where)
}

function readShape(view: DataView, where: string): Shape {
  const [width, height] = [view.getInt32(18, true), view.getInt32(22, true)]
  const depth = view.getUint16(28, true)
  demand(width > 0 && height > 0 && width * height <= MAX_PIXELS, 'VERIFY-BMP', where)
  demand([...PALETTE_DEPTHS, 24, 32].includes(depth), 'VERIFY-BMP', where)
  const table = depth === 32 ? 122 : 54
  const pixels = table + (depth <= 8 ? 4 << depth : 0)
  return { width, height, depth, table, pixels, stride: Math.ceil((width * depth) / 32) * 4 }
}

function fileHeaderFits(view: DataView, { pixels, table }: Shape): boolean {
  return (
    view.getUint16(0, true) === 0x4d42 &&
    view.getUint32(2, true) === view.byteLength &&
    view.getUint32(6, true) === 0 &&
    view.getUint32(10, true) === pixels &&
    view.getUint32(14, true) === table - 14
  )
}

function infoFits(view: DataView, { depth, stride, height, table }: Shape): boolean {
  const [x, y] = [view.getUint32(38, true), view.getUint32(42, true)]
  const resolved = x > 0 && y > 0 && x <= MAX_PER_METRE && y <= MAX_PER_METRE
  const words = depth === 32 ? MASKS : []
  for (let at = 54; at < table; at += 4) {
    if (view.getUint32(at, true) !== (words[(at - 54) / 4] ?? 0)) return false
  }
  return (
    view.getUint16(26, true) === 1 &&
    view.getUint32(30, true) === (depth === 32 ? 3 : 0) &&
    view.getUint32(34, true) === stride * height &&
    (resolved || (x === 0 && y === 0)) &&
    view.getUint32(46, true) === 0 &&
    view.getUint32(50, true) === 0
  )
}

/** Bits and bytes behind the last pixel of each row are 0. */
function rowsAreTidy(bytes: Uint8Array, { width, height, depth, stride, pixels }: Shape): boolean {
  const whole = (width * depth) >> 3
  const used = (width * depth) & 7
  for (let y = 0, row = pixels; y < height; y++, row += stride) {
    if (used > 0 && (bytes[row + whole]! & (0xff >> used)) !== 0) return false
    for (let at = whole + (used > 0 ? 1 : 0); at < stride; at++) {
      if (bytes[row + at] !== 0) return false
    }
  }
  return true
}

/** A colour that no pixel shows is 0: four bytes to hide in otherwise. */
function tableFits(bytes: Uint8Array, shape: Shape): boolean {
  const seen = indicesIn(bytes, shape)
  for (let index = 0, at = shape.table; at < shape.pixels; index++, at += 4) {
    if (bytes[at + 3] !== 0) return false
    if (seen[index] === 0 && (bytes[at]! | bytes[at + 1]! | bytes[at + 2]!) !== 0) return false
  }
  return true
}

function indicesIn(bytes: Uint8Array, { width, height, depth, stride, pixels }: Shape): Uint8Array {
  const seen = new Uint8Array(256)
  const mask = (1 << depth) - 1
  for (let y = 0; y < height; y++) {
    const row = pixels + y * stride
    for (let bit = 0; bit < width * depth; bit += depth) {
      seen[(bytes[row + (bit >> 3)]! >> (8 - depth - (bit & 7))) & mask] = 1
    }
  }
  return seen
}

/** Without any opacity it would be an ordinary picture in other clothes. */
function hasAlpha(bytes: Uint8Array, { pixels }: Shape): boolean {
  for (let at = pixels + 3; at < bytes.length; at += 4) if (bytes[at] !== 0) return true
  return false
}
