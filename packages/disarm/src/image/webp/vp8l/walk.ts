import { refuse } from '../../../family.ts'
import type { Context } from '../../../family.ts'
import type { BitReader } from './bit-reader.ts'
import { extraBits, pixelsBack, prefixValue } from './distance.ts'
import { COLOURS, LENGTHS } from './image.ts'
import type { ImageHead } from './image.ts'
import type { PrefixCode } from './prefix-code.ts'

/** A run of earlier pixels, as it was coded. */
export interface Copy {
  lengthSymbol: number
  lengthExtra: number
  distanceSymbol: number
  distanceExtra: number
  /** In pixels. */
  length: number
  back: number
}

/** Takes the symbols of an image in order. */
export interface SymbolSink {
  literal(group: number, green: number, red: number, blue: number, alpha: number): void
  cached(group: number, index: number): void
  /** `copy` changes with the next call. */
  copy(group: number, copy: Copy): void
}

const PIXELS_PER_CHECK = 65_536

/**
 * Reads all symbols of `image` and gives them to `sink` (RFC 9649 §6.2.3). A copy from before the first pixel or beyond the
 * last is the refusal IMG-DECODE.
 */
export function walkSymbols(
  image: ImageHead,
  reader: BitReader,
  sink: SymbolSink,
  context: Context,
): void {
  const { width, tiles } = image
  const total = width * image.height
  reader.at = image.at
  let check = PIXELS_PER_CHECK
  for (let at = 0, x = 0, y = 0; at < total;) {
    const number = tiles ? tiles.groups[(y >> tiles.bits) * tiles.wide + (x >> tiles.bits)]! : 0
    const group = image.groups[number]!
    const symbol = group.green.read(reader)
    let pixels = 1
    if (symbol < COLOURS) {
      const red = group.red.read(reader)
      const blue = group.blue.read(reader)
      sink.literal(number, symbol, red, blue, group.alpha.read(reader))
    } else if (symbol >= COLOURS + LENGTHS) {
      sink.cached(number, symbol - COLOURS - LENGTHS)
    } else {
      readCopy(reader, symbol - COLOURS, group.distance, width)
      if (COPY.back > at || COPY.length > total - at) refuse('IMG-DECODE')
      sink.copy(number, COPY)
      pixels = COPY.length
    }
    at += pixels
    x += pixels
    if (x >= width) {
      y += Math.floor(x / width)
      x %= width
    }
    if (at >= check) {
      context.checkTime()
      check = at + PIXELS_PER_CHECK
    }
  }
}

/** One for all: a picture may have millions. */
const COPY: Copy = {
  lengthSymbol: 0,
  lengthExtra: 0,
  distanceSymbol: 0,
  distanceExtra: 0,
  length: 0,
  back: 0,
}

function readCopy(
  reader: BitReader,
  lengthSymbol: number,
  distances: PrefixCode,
  width: number,
): void {
  COPY.lengthSymbol = lengthSymbol
  COPY.lengthExtra = reader.read(extraBits(lengthSymbol))
  COPY.distanceSymbol = distances.read(reader)
  COPY.distanceExtra = reader.read(extraBits(COPY.distanceSymbol))
  COPY.length = prefixValue(lengthSymbol, COPY.lengthExtra)
  COPY.back = pixelsBack(prefixValue(COPY.distanceSymbol, COPY.distanceExtra), width)
}
