import type { Header } from './png.ts'
import { demand } from './rejection.ts'

/**
 * Unfilters the rows (PNG §9) and accepts them when they are exactly the picture: known filters, spare bits 0, and for a
 * palette no index outside it, no colour that no pixel shows, no colour after the last one shown.
 */
export function verifyRows(
  rows: Uint8Array,
  header: Header,
  palette: Uint8Array | undefined,
  where: string,
): void {
  const stride = Math.ceil((header.width * header.bits) / 8)
  demand(rows.length === (stride + 1) * header.height, 'VERIFY-PNG', where)
  const seen = new Uint8Array(256)
  let above: Uint8Array = new Uint8Array(stride)
  for (let y = 0; y < header.height; y++) {
    const at = y * (stride + 1)
    demand(rows[at]! <= 4, 'VERIFY-PNG', where)
    // Rows that are plain and need no look inside cost nothing.
    const row = rows.subarray(at + 1, at + 1 + stride)
    if (!needsPixels(header)) continue
    unfilter(row, above, rows[at]!, Math.max(1, header.bits >> 3))
    demand(spareBitsClear(row, header), 'VERIFY-PNG', where)
    if (palette !== undefined) collect(row, header, seen)
    above = row
  }
  if (palette !== undefined) demand(paletteFits(palette, seen), 'VERIFY-PNG', where)
}

/** Only packed pixels have spare bits, only palettes have indexes. */
function needsPixels({ colour, bits }: Header): boolean {
  return colour === 3 || bits < 8
}

/** In place: the buffer is the verifier's own. */
function unfilter(row: Uint8Array, above: Uint8Array, filter: number, step: number): void {
  if (filter === 0) return
  for (let x = 0; x < row.length; x++) {
    const left = x >= step ? row[x - step]! : 0
    const up = above[x]!
    const corner = x >= step ? above[x - step]! : 0
    row[x] = row[x]! + predicted(filter, left, up, corner)
  }
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left
  if (filter === 2) return up
  return filter === 3 ? (left + up) >> 1 : paeth(left, up, corner)
}

function paeth(left: number, up: number, corner: number): number {
  const byLeft = Math.abs(up - corner)
  const byUp = Math.abs(left - corner)
  const byCorner = Math.abs(left + up - 2 * corner)
  if (byLeft <= byUp && byLeft <= byCorner) return left
  return byUp <= byCorner ? up : corner
}

function spareBitsClear(row: Uint8Array, { width, bits }: Header): boolean {
  const spare = row.length * 8 - width * bits
  return (row.at(-1)! & ((1 << spare) - 1)) === 0
}

/** Notes which indexes the row uses. */
function collect(row: Uint8Array, { width, depth }: Header, seen: Uint8Array): void {
  const perByte = 8 / depth
  const mask = (1 << depth) - 1
  for (let x = 0; x < width; x++) {
    const shift = 8 - depth * ((x % perByte) + 1)
    seen[(row[Math.floor(x / perByte)]! >> shift) & mask] = 1
  }
}

function paletteFits(palette: Uint8Array, seen: Uint8Array): boolean {
  const last = seen.lastIndexOf(1)
  if (last !== palette.length / 3 - 1) return false
  return seen.every((used, index) => used === 1 || isBlack(palette, index))
}

function isBlack(palette: Uint8Array, index: number): boolean {
  return palette.subarray(3 * index, 3 * index + 3).every((sample) => sample === 0)
}
