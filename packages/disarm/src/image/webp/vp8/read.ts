import { refuse } from '../../../family.ts'
import type { Context } from '../../../family.ts'
import { reportLeftover } from '../../leftover.ts'
import { MAX_PIXELS } from '../../limits.ts'
import { byteAt, littleEndian16, slice } from '../../reading.ts'
import { BoolDecoder } from './bool-decoder.ts'
import { Coefficients } from './picture.ts'
import type { Header, Macroblocks, Vp8Picture } from './picture.ts'
import { readHeader } from './read-header.ts'
import type { Coding } from './read-header.ts'
import { ModeContext, readModes } from './read-modes.ts'
import { TokenReader } from './read-tokens.ts'

/** Frame tag, start code and sides (RFC 6386 §9.1). */
const TAG_BYTES = 10
/** What encoders leave behind the last bit of a partition. */
const FLUSH_BYTES = 4
/** Bytes of memory for the choices of one macroblock. */
const MACROBLOCK_BYTES = 20

interface Tag {
  readonly width: number
  readonly height: number
  readonly firstPartition: number
}

/** Sides of the frame, before anything else is read. */
export function vp8Size(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  const { width, height } = readTag(bytes)
  return { width, height }
}

/**
 * Reads the data of a `VP8 ` chunk down to its last symbol. Refuses IMG-DECODE for what is no key frame that is
 * shown, or ends early; IMG-BOMB for too many pixels.
 */
export function readVp8(bytes: Uint8Array, context: Context, where: string): Vp8Picture {
  const tag = readTag(bytes)
  if (tag.width * tag.height > MAX_PIXELS) refuse('IMG-BOMB')
  const first = slice(bytes, TAG_BYTES, tag.firstPartition)
  const modes = new BoolDecoder(first)
  const { header, coding } = readHeader(modes, tag.width, tag.height)
  const rest = bytes.subarray(TAG_BYTES + tag.firstPartition)
  const partitions = tokenPartitions(rest, coding.partitions)
  const tokens = partitions.map((partition) => new BoolDecoder(partition))
  const picture = readMacroblocks(header, coding, modes, tokens, context)
  reportUnread(first, modes, context, where)
  partitions.forEach((partition, i) => reportUnread(partition, tokens[i]!, context, where))
  return picture
}

function readTag(bytes: Uint8Array): Tag {
  const tag = littleEndian16(bytes, 0) | (byteAt(bytes, 2) << 16)
  const isKeyFrame = (tag & 1) === 0
  const isShown = (tag & 0x10) !== 0
  const starts = bytes[3] === 0x9d && bytes[4] === 0x01 && bytes[5] === 0x2a
  if (!isKeyFrame || !isShown || !starts || ((tag >> 1) & 7) > 3) refuse('IMG-DECODE')
  // The two bits above each side ask for enlarging; nobody does.
  const width = littleEndian16(bytes, 6) & 0x3fff
  const height = littleEndian16(bytes, 8) & 0x3fff
  if (width === 0 || height === 0) refuse('IMG-DECODE')
  return { width, height, firstPartition: tag >> 5 }
}

/** §9.5: three bytes of length for each partition but the last. One that is cut off ends where the data ends. */
function tokenPartitions(bytes: Uint8Array, count: number): Uint8Array[] {
  const sizes = Array.from({ length: count - 1 }, (_, i) => {
    return littleEndian16(bytes, i * 3) | (byteAt(bytes, i * 3 + 2) << 16)
  })
  const parts: Uint8Array[] = []
  let at = sizes.length * 3
  for (const size of sizes) {
    parts.push(bytes.subarray(at, at + size))
    at = Math.min(bytes.length, at + size)
  }
  return [...parts, bytes.subarray(at)]
}

function readMacroblocks(
  header: Header,
  coding: Coding,
  modes: BoolDecoder,
  tokens: readonly BoolDecoder[],
  context: Context,
): Vp8Picture {
  const macroblocks = emptyMacroblocks(header, context)
  const { wide, high, coded, luma } = macroblocks
  const modeContext = new ModeContext(wide)
  const reader = new TokenReader(coding.tokens, wide)
  const coefficients = new Coefficients()
  for (let y = 0, index = 0; y < high; y++) {
    modeContext.left.fill(0)
    reader.beginRow()
    const decoder = tokens[y % tokens.length]!
    const before = coefficients.size
    for (let x = 0; x < wide; x++, index++) {
      const skipped = readModes(modes, coding, modeContext, macroblocks, index, x)
      if (skipped) reader.skip(x, luma[index]!)
      else coded[index] = reader.read(decoder, x, luma[index]!, coefficients) ? 1 : 0
    }
    context.spend((coefficients.size - before) * 2)
  }
  return { header: withoutUnused(header, macroblocks), macroblocks, coefficients }
}

function emptyMacroblocks({ width, height }: Header, context: Context): Macroblocks {
  const wide = (width + 15) >> 4
  const high = (height + 15) >> 4
  const count = wide * high
  context.spend(count * MACROBLOCK_BYTES)
  return {
    wide,
    high,
    segments: new Uint8Array(count),
    luma: new Uint8Array(count),
    chroma: new Uint8Array(count),
    blocks: new Uint8Array(count * 16),
    coded: new Uint8Array(count),
  }
}

/** Values of a segment that no macroblock belongs to are shown nowhere: a place to hide something. */
function withoutUnused(header: Header, { segments }: Macroblocks): Header {
  if (!header.segments) return header
  const used = new Uint8Array(4)
  for (const segment of segments) used[segment] = 1
  return {
    ...header,
    segments: header.segments.map((segment, i) =>
      used[i] === 1 ? segment : { quantizer: 0, filterLevel: 0 },
    ),
  }
}

function reportUnread(
  partition: Uint8Array,
  decoder: BoolDecoder,
  context: Context,
  where: string,
): void {
  reportLeftover(context, partition.subarray(decoder.consumed + FLUSH_BYTES), where)
}
