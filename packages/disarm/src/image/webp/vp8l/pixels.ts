import type { Context } from '../../../family.ts'
import type { BitReader } from './bit-reader.ts'
import type { Image } from './image.ts'
import { walkSymbols } from './walk.ts'
import type { Copy, SymbolSink } from './walk.ts'

/** Decodes the pixels of an image, as ARGB in one number each. */
export function imagePixels(image: Image, reader: BitReader, context: Context): Uint32Array {
  const pixels = new Uint32Array(image.width * image.height)
  context.spend(pixels.byteLength)
  walkSymbols(image, reader, new PixelSink(pixels, image.cacheBits), context)
  return pixels
}

class PixelSink implements SymbolSink {
  readonly #pixels: Uint32Array
  /** Colours seen lately, by their hash (RFC 9649 §5.2.3). */
  readonly #cache: Uint32Array
  readonly #shift: number
  #at = 0

  constructor(pixels: Uint32Array, cacheBits: number) {
    this.#pixels = pixels
    const bits = Math.max(1, cacheBits)
    this.#cache = new Uint32Array(1 << bits)
    this.#shift = 32 - bits
  }

  literal(_group: number, green: number, red: number, blue: number, alpha: number): void {
    this.#add(((alpha << 24) | (red << 16) | (green << 8) | blue) >>> 0)
  }

  cached(_group: number, index: number): void {
    this.#add(this.#cache[index]!)
  }

  copy(_group: number, { length, back }: Copy): void {
    for (let i = 0; i < length; i++) this.#add(this.#pixels[this.#at - back]!)
  }

  #add(pixel: number): void {
    this.#pixels[this.#at++] = pixel
    this.#cache[Math.imul(pixel, 0x1e35a7bd) >>> this.#shift] = pixel
  }
}
