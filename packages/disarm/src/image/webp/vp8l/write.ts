import type { Context } from '../../../family.ts'
import type { BitReader } from './bit-reader.ts'
import { BitWriter } from './bit-writer.ts'
import { extraBits } from './distance.ts'
import { ALPHA, BLUE, COLOURS, DISTANCE, GREEN, LENGTHS, RED, TRANSFORM } from './image.ts'
import type { Five, Image, Stream } from './image.ts'
import type { Vp8lPicture } from './read.ts'
import { walkSymbols } from './walk.ts'
import type { Copy, SymbolSink } from './walk.ts'
import { writeCode } from './write-code.ts'
import type { WrittenCode } from './write-code.ts'

/** The data of a `VP8L` chunk: the symbols of the input, in prefix codes that follow from how often each is used. */
export function encodeVp8l(picture: Vp8lPicture, reader: BitReader, context: Context): Uint8Array {
  const writer = new BitWriter()
  writer.put(0x2f, 8)
  writer.put(picture.width - 1, 14)
  writer.put(picture.height - 1, 14)
  writer.flag(picture.alpha)
  writer.put(0, 3)
  new StreamWriter(writer, reader, context).write(picture.stream)
  return writer.finish()
}

/** The stream of a packed ALPH chunk. */
export function encodeStream(stream: Stream, reader: BitReader, context: Context): Uint8Array {
  const writer = new BitWriter()
  new StreamWriter(writer, reader, context).write(stream)
  return writer.finish()
}

class StreamWriter {
  readonly #writer: BitWriter
  readonly #reader: BitReader
  readonly #context: Context

  constructor(writer: BitWriter, reader: BitReader, context: Context) {
    this.#writer = writer
    this.#reader = reader
    this.#context = context
  }

  write({ transforms, image }: Stream): void {
    for (const { type, size, image: values } of transforms) {
      this.#writer.flag(true)
      this.#writer.put(type, 2)
      if (type !== TRANSFORM.green) this.#writer.put(size, type === TRANSFORM.palette ? 8 : 3)
      if (values) this.#writeImage(values, false)
    }
    this.#writer.flag(false)
    this.#writeImage(image, true)
  }

  #writeImage(image: Image, mayHaveTiles: boolean): void {
    const { cacheBits, tiles } = image
    this.#writer.flag(cacheBits > 0)
    if (cacheBits > 0) this.#writer.put(cacheBits, 4)
    if (mayHaveTiles) this.#writer.flag(tiles !== undefined)
    if (tiles) {
      this.#writer.put(tiles.bits - 2, 3)
      this.#writeImage(tiles.image, false)
    }
    const codes = image.groups.map((_, group) => this.#writeGroup(image.counts[group]))
    walkSymbols(image, this.#reader, new WritingSink(this.#writer, codes), this.#context)
  }

  #writeGroup(counts: Five<Uint32Array> | undefined): Five<WrittenCode> {
    const write = (part: number): WrittenCode => writeCode(this.#writer, counts?.[part] ?? NONE)
    return [write(GREEN), write(RED), write(BLUE), write(ALPHA), write(DISTANCE)]
  }
}

/** Of a group that nothing uses. */
const NONE = new Uint32Array(2)

class WritingSink implements SymbolSink {
  readonly #writer: BitWriter
  readonly #codes: readonly Five<WrittenCode>[]

  constructor(writer: BitWriter, codes: readonly Five<WrittenCode>[]) {
    this.#writer = writer
    this.#codes = codes
  }

  literal(group: number, green: number, red: number, blue: number, alpha: number): void {
    const codes = this.#codes[group]!
    this.#put(codes[GREEN], green)
    this.#put(codes[RED], red)
    this.#put(codes[BLUE], blue)
    this.#put(codes[ALPHA], alpha)
  }

  cached(group: number, index: number): void {
    this.#put(this.#codes[group]![GREEN], COLOURS + LENGTHS + index)
  }

  copy(group: number, copy: Copy): void {
    const codes = this.#codes[group]!
    this.#put(codes[GREEN], COLOURS + copy.lengthSymbol)
    this.#writer.put(copy.lengthExtra, extraBits(copy.lengthSymbol))
    this.#put(codes[DISTANCE], copy.distanceSymbol)
    this.#writer.put(copy.distanceExtra, extraBits(copy.distanceSymbol))
  }

  #put({ words, lengths }: WrittenCode, symbol: number): void {
    this.#writer.put(words[symbol]!, lengths[symbol]!)
  }
}
