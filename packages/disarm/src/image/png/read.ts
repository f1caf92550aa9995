import { constants, inflateSync } from 'node:zlib'
import { refuse } from '../../family.ts'
import type { Context } from '../../family.ts'
import { reportLeftover, reportMetadata } from '../leftover.ts'
import { MAX_PIXELS, MAX_PNG_BYTES, MIN_READABLE_ROWS } from '../limits.ts'
import { bigEndian32, byteAt, startsWith } from '../reading.ts'
import { chunks, isCritical } from './chunks.ts'
import type { Chunk } from './chunks.ts'
import { unfilter } from './filter.ts'
import { deinterlace, interlacedBytes } from './interlace.ts'
import { tidyPalette } from './palette.ts'
import { bitsPerPixel, isColorType, PNG_SIGNATURE, rowBytes } from './png.ts'
import type { Png, PngHeader } from './png.ts'

/**
 * Rendering hints of fixed meaning and small fixed size that carry no text, place, person or time. They are not
 * written and not reported: a report that names them would hide the lines that matter.
 */
const HINTS = new Set(['gAMA', 'cHRM', 'sRGB', 'sBIT', 'bKGD', 'hIST', 'pHYs', 'cICP', 'tRNS'])
/** Further frames of an animated PNG. Only the first picture is written. */
const ANIMATION = new Set(['acTL', 'fcTL', 'fdAT'])
/** Bytes that may follow the last row inside the zlib stream before it is taken for a bomb. */
const SURPLUS_BYTES = 65_536

interface Parts {
  readonly header: PngHeader & { readonly interlaced: boolean }
  readonly palette: Uint8Array | undefined
  readonly transparency: Uint8Array | undefined
  readonly compressed: readonly Uint8Array[]
  /** The file ended before IEND. */
  readonly cut: boolean
}

/**
 * Decodes a whole PNG: all colour types and depths, interlaced or not. Reports what is not pixels to `context`.
 * Refuses IMG-DECODE for anything a strict reader would not show, IMG-BOMB for sizes beyond the limits. A file that just ends is
 * shown as far as it goes, as browsers do, and reported as kept IMG-TRUNCATED.
 */
export function readPng(bytes: Uint8Array, context: Context, where: string): Png {
  if (!startsWith(bytes, PNG_SIGNATURE)) refuse('IMG-DECODE')
  const parts = readParts(bytes, context, where)
  const { header } = parts
  const size = decodedSize(header)
  context.spend(size)
  // Even whole it would be nothing to look at: a fragment of something.
  if (parts.cut && header.height < MIN_READABLE_ROWS) refuse('IMG-DECODE')
  const inflated = inflate(parts, size, context, where)
  const whole = inflated.length === size
  const data = whole ? unpack(inflated, header) : partOf(inflated, size, header)
  if (parts.cut) context.kept('IMG-TRUNCATED', where)
  return assemble(parts, data)
}

/**
 * The rows that came, and white, or where there is opacity nothing, in place of the others. Of an interlaced picture each reader
 * shows something else: IMG-DECODE.
 */
function partOf(inflated: Uint8Array, size: number, header: Parts['header']): Uint8Array {
  const stride = rowBytes(header, header.width)
  const rows = Math.floor(inflated.length / (stride + 1))
  if (header.interlaced || rows < MIN_READABLE_ROWS) refuse('IMG-DECODE')
  const raw = new Uint8Array(size)
  raw.set(inflated.subarray(0, rows * (stride + 1)))
  const data = unpack(raw, header)
  if (header.colorType === 0 || header.colorType === 2) data.fill(0xff, rows * stride)
  return clearPadding(data, header, stride)
}

function unpack(raw: Uint8Array, header: Parts['header']): Uint8Array {
  const step = Math.max(1, bitsPerPixel(header) >> 3)
  const stride = rowBytes(header, header.width)
  if (header.interlaced) return deinterlace(raw, header, step)
  return clearPadding(unfilter(raw, 0, header.height, stride, step), header, stride)
}

/** Bits behind the last pixel of a row are never shown: a place to hide something. */
function clearPadding(data: Uint8Array, header: PngHeader, stride: number): Uint8Array {
  const spare = stride * 8 - header.width * bitsPerPixel(header)
  if (spare === 0) return data
  const mask = (0xff << spare) & 0xff
  for (let at = stride - 1; at < data.length; at += stride) data[at] = data[at]! & mask
  return data
}

function assemble(parts: Parts, data: Uint8Array): Png {
  const { width, height, bitDepth, colorType } = parts.header
  const plain = { width, height, bitDepth, colorType, data }
  if (colorType === 3) {
    const palette = parts.palette ?? refuse('IMG-DECODE')
    const { transparency } = parts
    return tidyPalette({ ...plain, palette, ...(transparency ? { transparency } : {}) })
  }
  const transparency = colorType === 4 || colorType === 6 ? undefined : transparentColor(parts)
  return transparency ? { ...plain, transparency } : plain
}

/**
 * The one transparent grey or RGB value; bits beyond the depth mean nothing and are cleared (PNG §11.3.1). Of another length it
 * means nothing to any reader.
 */
function transparentColor({ header, transparency }: Parts): Uint8Array | undefined {
  if (!transparency) return undefined
  const samples = header.colorType === 0 ? 1 : 3
  if (transparency.length !== samples * 2) return undefined
  const mask = 2 ** header.bitDepth - 1
  return transparency.map((byte, i) => byte & (i % 2 === 0 ? mask >> 8 : mask))
}

function readParts(bytes: Uint8Array, context: Context, where: string): Parts {
  let header: Parts['header'] | undefined
  let palette: Uint8Array | undefined
  let transparency: Uint8Array | undefined
  const compressed: Uint8Array[] = []
  let previous = ''
  let end = 0
  for (const chunk of chunks(bytes)) {
    const { type, data } = chunk
    if ((type === 'IHDR') !== (header === undefined)) refuse('IMG-DECODE')
    if (type === 'IHDR') header = readHeader(data)
    else if (type === 'PLTE' && !palette && compressed.length === 0) palette = checkPalette(data)
    else if (type === 'tRNS' && !transparency && compressed.length === 0) transparency = data
    else if (type === 'IDAT' && (compressed.length === 0 || previous === 'IDAT'))
      compressed.push(data)
    else if (type === 'IEND') reportLeftover(context, data, where)
    else dropChunk(chunk, context, where)
    previous = type
    end = chunk.end
  }
  reportLeftover(context, bytes.subarray(end), where)
  if (!header) refuse('IMG-DECODE')
  return { header, palette, transparency, compressed, cut: previous !== 'IEND' }
}

/** Critical chunks arrive here when they are unknown, repeated or in the wrong place: readers disagree on those. */
function dropChunk({ type, data }: Chunk, context: Context, where: string): void {
  if (isCritical(type)) refuse('IMG-DECODE')
  if (HINTS.has(type)) return
  if (ANIMATION.has(type)) context.removed('IMG-ANIM', where)
  else reportMetadata(context, type === 'iCCP' ? 'IMG-ICC' : 'IMG-EXIF', data, where)
}

function readHeader(data: Uint8Array): Parts['header'] {
  if (data.length !== 13) refuse('IMG-DECODE')
  const width = bigEndian32(data, 0)
  const height = bigEndian32(data, 4)
  const bitDepth = byteAt(data, 8)
  const colorType = byteAt(data, 9)
  const interlace = byteAt(data, 12)
  if (width === 0 || height === 0 || !isColorType(colorType, bitDepth)) refuse('IMG-DECODE')
  if (data[10] !== 0 || data[11] !== 0 || interlace > 1) refuse('IMG-DECODE')
  if (width * height > MAX_PIXELS) refuse('IMG-BOMB')
  return { width, height, bitDepth, colorType, interlaced: interlace === 1 }
}

function checkPalette(data: Uint8Array): Uint8Array {
  if (data.length === 0 || data.length > 768 || data.length % 3 !== 0) refuse('IMG-DECODE')
  return data
}

function decodedSize(header: Parts['header']): number {
  const size = header.interlaced
    ? interlacedBytes(header)
    : header.height * (rowBytes(header, header.width) + 1)
  if (size > MAX_PNG_BYTES) refuse('IMG-BOMB')
  return size
}

/** `size` bytes, or fewer from a file that was cut; more in the stream, or behind it, is dropped and reported, much more is a bomb. */
function inflate(
  { compressed, cut }: Parts,
  size: number,
  context: Context,
  where: string,
): Uint8Array {
  const input = Buffer.concat(compressed)
  const { pixels, bytesRead } = inflateLimited(input, size + SURPLUS_BYTES, cut)
  if (pixels.length < size && !cut) refuse('IMG-DECODE')
  reportLeftover(context, pixels.subarray(size), where)
  reportLeftover(context, input.subarray(bytesRead), where)
  return pixels.subarray(0, size)
}

function inflateLimited(input: Uint8Array, maxOutputLength: number, cut: boolean) {
  try {
    const finishFlush = cut ? constants.Z_SYNC_FLUSH : constants.Z_FINISH
    const result: unknown = inflateSync(input, { maxOutputLength, finishFlush, info: true })
    if (isInflated(result)) {
      return { pixels: result.buffer, bytesRead: result.engine.bytesWritten }
    }
  } catch (error) {
    if (isTooLarge(error)) refuse('IMG-BOMB')
  }
  return refuse('IMG-DECODE')
}

/** With `info` zlib gives the bytes and the engine, which knows how much of the input it took. */
function isInflated(
  result: unknown,
): result is { buffer: Uint8Array; engine: { bytesWritten: number } } {
  return typeof result === 'object' && result !== null && 'buffer' in result && 'engine' in result
}

function isTooLarge(error: unknown): boolean {
  return error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
}
