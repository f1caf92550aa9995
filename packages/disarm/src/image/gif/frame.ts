import { refuse } from '../../family.ts'
import type { Context } from '../../family.ts'
import { reportLeftover } from '../leftover.ts'
import { MAX_PIXELS, MIN_READABLE_ROWS } from '../limits.ts'
import { byteAt, littleEndian16, slice } from '../reading.ts'
import type { GifControl, GifFrame } from './gif.ts'
import { lzwDecode } from './lzw-decode.ts'
import { readPixelBlocks } from './sub-blocks.ts'

/** A frame, and the offset behind it. */
export interface ReadFrame {
  readonly frame: GifFrame
  readonly end: number
}

/** Largest minimum code size with which the first code still fits into the 12 bits of the table. */
const WIDEST_PIXEL = 11

/** First row and step of the four interlace passes (appendix E). */
const PASSES = [
  [0, 8],
  [4, 8],
  [2, 4],
  [1, 2],
] as const

/** Pixels that the image descriptor at `at` announces. */
export function framePixels(bytes: Uint8Array, at: number): number {
  return littleEndian16(bytes, at + 5) * littleEndian16(bytes, at + 7)
}

/**
 * Reads the image descriptor whose separator stands at `at`, its palette and its pixels (§20 to §22). Pixels that are missing at
 * the end are transparent when the frame has a transparent colour, otherwise the first colour, and reported as kept IMG-TRUNCATED;
 * with too few of them, or when the rows are interlaced, the frame is IMG-DECODE.
 */
export function readFrame(
  bytes: Uint8Array,
  at: number,
  control: GifControl | undefined,
  context: Context,
  where: string,
): ReadFrame {
  const width = littleEndian16(bytes, at + 5)
  const height = littleEndian16(bytes, at + 7)
  const flags = byteAt(bytes, at + 9)
  if (width === 0 || height === 0) refuse('IMG-DECODE')
  if (width * height > MAX_PIXELS) refuse('IMG-BOMB')
  context.spend(width * height)
  const palette = readPalette(bytes, at + 10, flags)
  const codes = at + 10 + (palette?.length ?? 0)
  const minimum = byteAt(bytes, codes)
  if (minimum < 1 || minimum > WIDEST_PIXEL) refuse('IMG-DECODE')
  const { data, end, cut } = readPixelBlocks(bytes, codes + 1)
  const decoded = lzwDecode(data, minimum, width * height, enoughPixels(width, height, flags))
  if (cut && height < MIN_READABLE_ROWS) refuse('IMG-DECODE')
  if (cut || decoded.done < width * height) {
    decoded.pixels.fill(control?.transparent ?? 0, decoded.done)
    context.kept('IMG-TRUNCATED', where)
  }
  reportLeftover(context, data.subarray(decoded.bytesRead), where)
  const pixels = flags & 0x40 ? deinterlace(decoded.pixels, width, height) : decoded.pixels
  const place = { left: littleEndian16(bytes, at + 1), top: littleEndian16(bytes, at + 3) }
  return { frame: { ...place, width, height, palette, control, pixels }, end }
}

/** True when the file ends before the frame whose separator stands at `at`. */
export function endsInside(bytes: Uint8Array, at: number): boolean {
  const flags = bytes[at + 9]
  if (flags === undefined) return true
  const codes = at + 10 + (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0)
  return codes >= bytes.length || readPixelBlocks(bytes, codes + 1).cut
}

/** Pixels that a frame must have to be shown at all. */
function enoughPixels(width: number, height: number, flags: number): number {
  const interlaced = (flags & 0x40) !== 0
  return width * (interlaced ? height : Math.min(height, MIN_READABLE_ROWS))
}

/** The colour table at `at` when the flags of the screen or the frame announce one (§18, §20). */
export function readPalette(bytes: Uint8Array, at: number, flags: number): Uint8Array | undefined {
  return flags & 0x80 ? slice(bytes, at, 3 << ((flags & 7) + 1)) : undefined
}

function deinterlace(pixels: Uint8Array, width: number, height: number): Uint8Array {
  const rows = new Uint8Array(pixels.length)
  let at = 0
  for (const [first, step] of PASSES) {
    for (let y = first; y < height; y += step, at += width) {
      rows.set(pixels.subarray(at, at + width), y * width)
    }
  }
  return rows
}

/**
 * The part of the frame that lies on the screen. Readers cut off the rest, and some have written it beyond their
 * buffers. A frame wholly outside is IMG-DECODE.
 */
export function cropFrame(frame: GifFrame, screenWidth: number, screenHeight: number): GifFrame {
  const width = Math.min(frame.width, screenWidth - frame.left)
  const height = Math.min(frame.height, screenHeight - frame.top)
  if (width <= 0 || height <= 0) refuse('IMG-DECODE')
  if (width === frame.width) {
    return { ...frame, height, pixels: frame.pixels.subarray(0, width * height) }
  }
  const pixels = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    pixels.set(frame.pixels.subarray(y * frame.width, y * frame.width + width), y * width)
  }
  return { ...frame, width, height, pixels }
}
