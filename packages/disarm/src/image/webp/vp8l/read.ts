import { refuse } from '../../../family.ts'
import type { Context } from '../../../family.ts'
import { reportLeftover } from '../../leftover.ts'
import { MAX_PIXELS } from '../../limits.ts'
import { BitReader } from './bit-reader.ts'
import { CountingSink } from './counts.ts'
import { COLOURS, DISTANCES, greenSymbols, TRANSFORM } from './image.ts'
import type { Group, Image, Stream, Tiles, Transform } from './image.ts'
import { imagePixels } from './pixels.ts'
import { readCode } from './read-code.ts'
import { walkSymbols } from './walk.ts'

const SIGNATURE = 0x2f
const MAX_CACHE_BITS = 11
/** Memory for the codes of one group; an attacker may ask for 65,536 groups. */
const GROUP_BYTES = 1024

/** What a `VP8L` chunk says before its stream (RFC 9649 §3.4). */
export interface Vp8lHeader {
  readonly width: number
  readonly height: number
  /** Whether alpha is worth looking at. */
  readonly alpha: boolean
}

export interface Vp8lPicture extends Vp8lHeader {
  readonly stream: Stream
}

export function readVp8lHeader(reader: BitReader): Vp8lHeader {
  if (reader.read(8) !== SIGNATURE) refuse('IMG-DECODE')
  const width = reader.read(14) + 1
  const height = reader.read(14) + 1
  const alpha = reader.flag()
  if (reader.read(3) !== 0) refuse('IMG-DECODE')
  return { width, height, alpha }
}

/** Reads the data of a `VP8L` chunk down to its last symbol. What stands behind it is reported. */
export function readVp8l(reader: BitReader, context: Context, where: string): Vp8lPicture {
  const header = readVp8lHeader(reader)
  return { ...header, stream: readStream(reader, header.width, header.height, context, where) }
}

/** Reads transforms and the image of a stream, for a picture of the given sides. */
export function readStream(
  reader: BitReader,
  width: number,
  height: number,
  context: Context,
  where: string,
): Stream {
  if (width * height > MAX_PIXELS) refuse('IMG-BOMB')
  const transforms: Transform[] = []
  let coded = width
  while (reader.flag()) {
    const transform = readTransform(reader, coded, height, context)
    if (transforms.some(({ type }) => type === transform.type)) refuse('IMG-DECODE')
    transforms.push(transform)
    if (transform.type === TRANSFORM.palette) coded = packedWidth(coded, transform.size + 1)
  }
  const image = readImage(reader, coded, height, true, context)
  reportLeftover(context, reader.rest, where)
  return { transforms, image }
}

/** §4: the sizes of squares, or the colours, and the image of their values. */
function readTransform(
  reader: BitReader,
  width: number,
  height: number,
  context: Context,
): Transform {
  const type = reader.read(2)
  if (type === TRANSFORM.green) return { type, size: 0, image: undefined }
  if (type === TRANSFORM.palette) {
    const size = reader.read(8)
    return { type, size, image: readImage(reader, size + 1, 1, false, context) }
  }
  const size = reader.read(3)
  const [wide, high] = [squares(width, size + 2), squares(height, size + 2)]
  return { type, size, image: readImage(reader, wide, high, false, context) }
}

/** How many squares of 2 to the power of `bits` cover `side`. */
export function squares(side: number, bits: number): number {
  return (side + (1 << bits) - 1) >> bits
}

/** §4.4: pixels of few colours share a byte. */
function packedWidth(width: number, colours: number): number {
  return squares(width, colours > 16 ? 0 : colours > 4 ? 1 : colours > 2 ? 2 : 3)
}

/** §6.2. Only the image of the picture itself may have groups. Symbols are read once here, so that what is broken is never written. */
function readImage(
  reader: BitReader,
  width: number,
  height: number,
  mayHaveTiles: boolean,
  context: Context,
): Image {
  const cacheBits = reader.flag() ? reader.read(4) : -1
  if (cacheBits === 0 || cacheBits > MAX_CACHE_BITS) refuse('IMG-DECODE')
  const cache = Math.max(0, cacheBits)
  const tiles =
    mayHaveTiles && reader.flag() ? readTiles(reader, width, height, context) : undefined
  const count = tiles ? tiles.groups.reduce((most, group) => Math.max(most, group), 0) + 1 : 1
  context.spend(count * GROUP_BYTES + width * height)
  const groups = Array.from({ length: count }, () => readGroup(reader, cache))
  const head = { width, height, cacheBits: cache, tiles, groups, at: reader.at }
  const counting = new CountingSink(head, context)
  walkSymbols(head, reader, counting, context)
  return { ...head, counts: counting.counts }
}

/** §6.2.2: red and green of each pixel of the entropy image are the number of a group. */
function readTiles(reader: BitReader, width: number, height: number, context: Context): Tiles {
  const bits = reader.read(3) + 2
  const wide = squares(width, bits)
  const image = readImage(reader, wide, squares(height, bits), false, context)
  const pixels = imagePixels(image, reader, context)
  return { bits, wide, groups: Uint16Array.from(pixels, (pixel) => (pixel >> 8) & 0xffff), image }
}

function readGroup(reader: BitReader, cacheBits: number): Group {
  return {
    green: readCode(reader, greenSymbols(cacheBits)),
    red: readCode(reader, COLOURS),
    blue: readCode(reader, COLOURS),
    alpha: readCode(reader, COLOURS),
    distance: readCode(reader, DISTANCES),
  }
}
