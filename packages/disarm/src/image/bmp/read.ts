import { refuse } from '../../family.ts'
import type { Context } from '../../family.ts'
import { reportLeftover } from '../leftover.ts'
import { FREE_BITMAP_PIXELS, MAX_PIXELS_PER_BYTE } from '../limits.ts'
import { littleEndian32, startsWith } from '../reading.ts'
import { rowStride } from './bmp.ts'
import type { Bitmap } from './bmp.ts'
import { COMPRESSION, isHeaderSize, readHeader } from './header.ts'
import type { Header } from './header.ts'
import { colorRows, packIndices, unpackIndices } from './pixels.ts'
import { decodeRuns } from './rle.ts'

const FILE_HEADER = 14

/** True when `BM` is followed by a header of a known size, which no text has: a note may begin with "BMI". */
export function isBmp(bytes: Uint8Array): boolean {
  return startsWith(bytes, 'BM') && bytes.length >= 26 && isHeaderSize(littleEndian32(bytes, 14))
}

/**
 * Decodes a BMP file: OS/2 and Windows headers, 1 to 32 bits, run lengths, colour masks, either direction. Reports what is not
 * pixels. Pixels that are missing at the end become 0 and are reported as kept IMG-TRUNCATED; not one whole row is IMG-DECODE.
 */
export function readBmp(bytes: Uint8Array, context: Context, where: string): Bitmap {
  if (!isBmp(bytes)) refuse('IMG-DECODE')
  const header = readHeader(bytes, FILE_HEADER)
  const entries = paletteEntries(header)
  const tableEnd = header.end + entries * header.colorBytes
  const offset = pixelOffset(bytes, header, tableEnd)
  reportProfile(header, context, where)
  reportLeftover(context, bytes.subarray(Math.min(offset, tableEnd), offset), where)
  const table = bytes.subarray(header.end, Math.min(offset, tableEnd))
  return readPixels({ header, table, data: bytes.subarray(offset) }, context, where)
}

/** Header, colour table and pixels, wherever each of them stood. */
export interface DibParts {
  readonly header: Header
  readonly table: Uint8Array
  readonly data: Uint8Array
}

/** As `readBmp` for the parts of a bitmap without file header, as metafiles carry them. */
export function readPixels(parts: DibParts, context: Context, where: string): Bitmap {
  const { header } = parts
  const free = FREE_BITMAP_PIXELS + parts.data.length * MAX_PIXELS_PER_BYTE
  if (header.width * header.height > free) refuse('IMG-BOMB')
  // A pixel takes up to four bytes here, whatever it took in the file.
  context.spend(rowStride(header.width, header.bits > 8 ? 32 : 8) * header.height)
  const found = header.bits > 8 ? direct(parts, context, where) : indexed(parts, context, where)
  const { width, height, density } = header
  return { width, height, density, ...found }
}

type Pixels = Pick<Bitmap, 'depth' | 'rows' | 'palette'>

function direct({ header, data }: DibParts, context: Context, where: string): Pixels {
  checkRows(data, header, context, where)
  return { ...colorRows(data, header), palette: undefined }
}

function indexed({ header, table, data }: DibParts, context: Context, where: string): Pixels {
  const indices = isRuns(header)
    ? runIndices(data, header, context, where)
    : plainIndices(data, header, context, where)
  const depth = header.bits === 1 ? 1 : header.bits === 8 ? 8 : 4
  const palette = tidyTable(table, header.colorBytes, indices, 1 << depth)
  return { ...packIndices(indices, header, depth), palette }
}

function isRuns({ compression }: Header): boolean {
  return compression === COMPRESSION.RLE4 || compression === COMPRESSION.RLE8
}

function plainIndices(
  data: Uint8Array,
  header: Header,
  context: Context,
  where: string,
): Uint8Array {
  checkRows(data, header, context, where)
  return unpackIndices(data, header)
}

function runIndices(data: Uint8Array, header: Header, context: Context, where: string): Uint8Array {
  const runs = decodeRuns(data, header)
  if (runs.rows === 0) refuse('IMG-DECODE')
  if (runs.rows < header.height) context.kept('IMG-TRUNCATED', where)
  reportLeftover(context, data.subarray(runs.bytesRead), where)
  return runs.indices
}

/** Reports bytes behind the last row, or that rows are missing. Writers often leave out the padding of the last row. */
function checkRows(data: Uint8Array, header: Header, context: Context, where: string): void {
  const { width, height, bits } = header
  const row = Math.ceil((width * bits) / 8)
  const stride = rowStride(width, bits)
  if (data.length < row) refuse('IMG-DECODE')
  if (data.length < stride * (height - 1) + row) context.kept('IMG-TRUNCATED', where)
  reportLeftover(context, data.subarray(stride * height), where)
}

/** A table behind 16, 24 and 32 bits is advice for screens of 256 colours; it is dropped like any surplus. */
function paletteEntries({ bits, colors }: Header): number {
  if (bits > 8) return 0
  return colors === 0 ? 1 << bits : Math.min(colors, 256)
}

/** Where the pixels begin: as the file header says, unless that is inside the headers or outside the file. */
function pixelOffset(bytes: Uint8Array, header: Header, tableEnd: number): number {
  const offset = littleEndian32(bytes, 10)
  return offset >= header.end && offset < bytes.length ? offset : Math.min(tableEnd, bytes.length)
}

function reportProfile({ colorSpace }: Header, context: Context, where: string): void {
  if (colorSpace === 'link') context.removed('IMG-BMP', where)
  if (colorSpace === 'file') context.removed('IMG-ICC', where)
}

/** `size` entries of blue, green, red, 0; what no pixel uses is 0, and so is what the table of the file does not have. */
function tidyTable(
  table: Uint8Array,
  colorBytes: 3 | 4,
  indices: Uint8Array,
  size: number,
): Uint8Array {
  const used = new Uint8Array(256)
  for (const index of indices) used[index] = 1
  const tidy = new Uint8Array(size * 4)
  for (let index = 0; index < size; index++) {
    if (!used[index]) continue
    const from = index * colorBytes
    tidy.set(table.subarray(from, from + 3), index * 4)
  }
  return tidy
}
