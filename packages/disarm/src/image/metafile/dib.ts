import { refuse } from '../../family.ts'
import type { Context } from '../../family.ts'
import { MAX_PIXELS } from '../limits.ts'
import { RecordReader } from './bytes.ts'
import { readRunLength } from './run-length.ts'

/** A device-independent bitmap in the one form that is written: BITMAPINFOHEADER, full colour table or masks, plain rows. */
export interface Dib {
  readonly info: Uint8Array
  readonly bits: Uint8Array
}

/** What the entries of the colour table are ([MS-WMF] 2.1.1.6 ColorUsage). */
export const RGB_COLORS = 0
export const PALETTE_COLORS = 1
export const PALETTE_INDICES = 2

const CORE_HEADER = 12
const INFO_HEADER = 40
const V5_HEADER = 124

/**
 * Reads a bitmap ([MS-WMF] 2.2.2.3, 2.2.2.9) and gives it in the written form. Runs are expanded, the colour table gets all the
 * entries that a pixel could name, so that no index leads a reader out of it, and fill bytes become 0.
 *
 * @param bits absent when the pixels stand right behind the colour table
 * @returns undefined for anything that is not a plain bitmap, also for JPEG and PNG in a bitmap's clothes
 */
export function readDib(
  info: Uint8Array,
  bits: Uint8Array | undefined,
  usage: number,
  context: Context,
): Dib | undefined {
  const header = readHeader(info)
  if (!header) return undefined
  const { width, bpp, compression } = header
  const height = Math.abs(header.height)
  const stride = ((width * bpp + 31) >>> 5) << 2
  const size = stride * height
  const layout = tableOf(header, usage)
  const masks = masksOf(header, info)
  if (!layout || !masks || layout.at > info.length) return undefined
  const pixels = bits ?? info.subarray(layout.at + layout.given * layout.entryBytes)
  const isRuns = compression === 1 || compression === 2
  // A hostile header asks for a gigabyte and brings a handful of bytes; the last row may lack its fill bytes.
  if (!isRuns && pixels.length + stride <= size) return undefined
  context.spend(size)
  const rows = isRuns
    ? readRunLength(pixels, { width, height, bpp, stride })
    : tidyRows(pixels, { width, height, bpp, stride })
  if (!rows) return undefined
  const table = writeTable(info, layout)
  return { info: Buffer.concat([writeHeader(header, size), masks, table]), bits: rows }
}

interface Header {
  /** Bytes of the header itself. */
  readonly size: number
  readonly width: number
  /** Negative when the first row is the top one. */
  readonly height: number
  readonly bpp: number
  /** 0 plain, 1 and 2 runs, 3 masks. */
  readonly compression: number
  readonly used: number
}

export interface Rows {
  readonly width: number
  readonly height: number
  readonly bpp: number
  readonly stride: number
}

function readHeader(info: Uint8Array): Header | undefined {
  const from = new RecordReader(info)
  const size = from.u32()
  const header = size === CORE_HEADER ? readCore(from) : readInfo(from, size)
  if (from.short || info.length < size || !header || header.width < 1 || header.height === 0) {
    return undefined
  }
  if (header.width * Math.abs(header.height) > MAX_PIXELS) refuse('IMG-BOMB')
  return isPlain(header) ? header : undefined
}

function readCore(from: RecordReader): Header {
  const [width, height] = [from.u16(), from.u16()]
  from.u16()
  return { size: CORE_HEADER, width, height, bpp: from.u16(), compression: 0, used: 0 }
}

function readInfo(from: RecordReader, size: number): Header | undefined {
  if (size < INFO_HEADER || size > V5_HEADER) return undefined
  const [width, height] = [from.i32(), from.i32()]
  from.u16()
  const [bpp, compression] = [from.u16(), from.u32()]
  from.take(12)
  return { size, width, height, bpp, compression, used: from.u32() }
}

function isPlain({ bpp, compression, height }: Header): boolean {
  if (compression === 0) return [1, 4, 8, 16, 24, 32].includes(bpp)
  if (compression === 1) return bpp === 8 && height > 0
  if (compression === 2) return bpp === 4 && height > 0
  return compression === 3 && (bpp === 16 || bpp === 32)
}

interface Table {
  readonly at: number
  readonly entryBytes: number
  /** Entries that the file has. */
  readonly given: number
  /** Entries that are written. */
  readonly entries: number
  readonly usage: number
}

function tableOf(header: Header, usage: number): Table | undefined {
  const masks = header.compression === 3 && header.size === INFO_HEADER ? 12 : 0
  const at = header.size + masks
  const entries = header.bpp <= 8 && usage !== PALETTE_INDICES ? 1 << header.bpp : 0
  if (usage > PALETTE_INDICES) return undefined
  const entryBytes = usage === PALETTE_COLORS ? 2 : header.size === CORE_HEADER ? 3 : 4
  const given =
    usage === PALETTE_INDICES ? 0 : header.used || (header.bpp <= 8 ? 1 << header.bpp : 0)
  return { at, entryBytes, given, entries, usage }
}

function writeTable(info: Uint8Array, { at, entryBytes, given, entries, usage }: Table): Buffer {
  const unit = usage === PALETTE_COLORS ? 2 : 4
  const table = Buffer.alloc(entries * unit)
  const source = Buffer.from(info.buffer, info.byteOffset, info.length)
  for (let index = 0; index < Math.min(entries, given); index++) {
    const from = at + index * entryBytes
    if (from + entryBytes > source.length) break
    // The fourth byte of a colour means nothing.
    source.copy(table, index * unit, from, from + Math.min(3, entryBytes))
  }
  return table
}

/** Three runs of ones that do not overlap, or nothing when the format has no masks. */
function masksOf({ size, bpp, compression }: Header, info: Uint8Array): Buffer | undefined {
  if (compression !== 3) return Buffer.alloc(0)
  const from = new RecordReader(info.subarray(INFO_HEADER))
  const masks = [from.u32(), from.u32(), from.u32()] as const
  const width = bpp === 16 ? 0xffff : 0xffffffff
  const [red, green, blue] = masks
  const overlap = (red & green) | (green & blue) | (red & blue)
  const fits = masks.every((mask) => isRunOfOnes(mask) && (mask & ~width) === 0)
  if (from.short || overlap !== 0 || !fits || size < INFO_HEADER) return undefined
  const bytes = Buffer.alloc(12)
  masks.forEach((mask, index) => bytes.writeUInt32LE(mask, index * 4))
  return bytes
}

function isRunOfOnes(mask: number): boolean {
  return /^1+0*$/u.test(mask.toString(2))
}

function writeHeader({ width, height, bpp, compression }: Header, size: number): Buffer {
  const bytes = Buffer.alloc(INFO_HEADER)
  bytes.writeUInt32LE(INFO_HEADER, 0)
  bytes.writeInt32LE(width, 4)
  bytes.writeInt32LE(height, 8)
  bytes.writeUInt16LE(1, 12)
  bytes.writeUInt16LE(bpp, 14)
  bytes.writeUInt32LE(compression === 3 ? 3 : 0, 16)
  bytes.writeUInt32LE(size, 20)
  return bytes
}

/** The rows with their fill bits and fill bytes 0: nobody sees them, so nothing may hide in them. */
function tidyRows(pixels: Uint8Array, { width, height, bpp, stride }: Rows): Uint8Array {
  const rows = new Uint8Array(stride * height)
  rows.set(pixels.subarray(0, rows.length))
  const used = width * bpp
  const whole = used >>> 3
  const rest = used & 7
  if (rest === 0 && whole === stride) return rows
  for (let row = 0; row < rows.length; row += stride) {
    if (rest > 0) rows[row + whole] = rows[row + whole]! & (0xff00 >> rest)
    rows.fill(0, row + whole + (rest > 0 ? 1 : 0), row + stride)
  }
  return rows
}
