import type { Context } from '../../family.ts'
import type { ArithmeticDecoder, Contexts } from './arithmetic.ts'
import { Bitmap } from './bitmap.ts'

/** A place relative to the pixel that is decoded. */
export type Place = readonly [x: number, y: number]

/** How a generic region is coded (ITU-T T.88, table 2). */
export interface GenericCoding {
  /** 0 to 3. */
  readonly template: number
  /** Adaptive pixels: four with template 0, otherwise one. */
  readonly adaptive: readonly Place[]
  /** A row may say that it is like the one above. */
  readonly typical: boolean
  /** Pixels that are white and not coded. */
  readonly skip?: Bitmap
}

/** Numbers stand for adaptive pixels. Rows from above, each from the left: the first is the highest bit of a context (figures 3 to 6). */
const TEMPLATES: readonly (readonly (Place | number)[])[] = [
  [3, ...row(-2, -1, 1), 2, 1, ...row(-1, -2, 2), 0, ...row(0, -4, -1)],
  [...row(-2, -1, 2), ...row(-1, -2, 2), 0, ...row(0, -3, -1)],
  [...row(-2, -1, 1), ...row(-1, -2, 1), 0, ...row(0, -2, -1)],
  [...row(-1, -3, 1), 0, ...row(0, -4, -1)],
]

/** Contexts that say whether a row is like the one above (figures 8 to 11). */
const TYPICAL = [0x9b25, 0x0795, 0x00e5, 0x0195] as const

function row(y: number, from: number, to: number): Place[] {
  return Array.from({ length: to - from + 1 }, (_, i) => [from + i, y] as const)
}

/** Where the adaptive pixels are unless a file says otherwise. */
export const USUAL_PLACES: readonly Place[] = [
  [3, -1],
  [-3, -1],
  [2, -2],
  [-2, -2],
]

export function newGenericContexts(): Contexts {
  return new Uint8Array(1 << 16)
}

/** How many adaptive pixels a template has. */
export function adaptivePixels(template: number): number {
  return template === 0 ? 4 : 1
}

/** Decodes a bitmap pixel by pixel (6.2.5). */
export function decodeGeneric(
  width: number,
  height: number,
  coding: GenericCoding,
  decoder: ArithmeticDecoder,
  contexts: Contexts,
  context: Context,
): Bitmap {
  const bitmap = new Bitmap(width, height, context)
  const template = new Template(coding, width)
  let like = 0
  for (let y = 0; y < height; y++) {
    if (y % 64 === 0) context.checkTime()
    if (coding.typical) like ^= decoder.bit(contexts, TYPICAL[coding.template]!)
    if (like === 1) copyRow(bitmap, y)
    else template.decodeRow(bitmap, y, decoder, contexts, coding.skip)
  }
  return bitmap
}

function copyRow({ pixels, width }: Bitmap, y: number): void {
  if (y > 0) pixels.copyWithin(y * width, (y - 1) * width, y * width)
}

/** The pixels that make a context. Most of them move along with the pixel, only a few are looked up anew. */
class Template {
  readonly #places: readonly Place[]
  /** Bits of a context that come from the one before. */
  readonly #kept: number
  /** Columns, rows and bits of the places that do not move into the next one. */
  readonly #columns: Int32Array
  readonly #rows: Int32Array
  readonly #bits: Int32Array
  /** Where those rows begin, or -1 above the bitmap. */
  readonly #starts: Int32Array
  readonly #width: number

  constructor({ template, adaptive }: GenericCoding, width: number) {
    const places = TEMPLATES[template]!
    this.#places = places.map((place) => (typeof place === 'number' ? adaptive[place]! : place))
    this.#width = width
    const last = places.length - 1
    const fresh = this.#places.flatMap(([x, y], i) => {
      const next = this.#places[i + 1]
      const moves = next !== undefined && next[0] === x + 1 && next[1] === y
      return moves ? [] : [{ x, y, bit: last - i }]
    })
    this.#columns = Int32Array.from(fresh, ({ x }) => x)
    this.#rows = Int32Array.from(fresh, ({ y }) => y)
    this.#bits = Int32Array.from(fresh, ({ bit }) => bit)
    this.#starts = new Int32Array(fresh.length)
    this.#kept = fresh.reduce((kept, { bit }) => kept & ~(1 << bit), (1 << places.length) - 1)
  }

  decodeRow(
    bitmap: Bitmap,
    y: number,
    decoder: ArithmeticDecoder,
    contexts: Contexts,
    skip: Bitmap | undefined,
  ): void {
    const { pixels } = bitmap
    const width = this.#width
    const kept = this.#kept
    const columns = this.#columns
    const bits = this.#bits
    const starts = this.#starts
    for (let i = 0; i < starts.length; i++) starts[i] = Math.max(-1, (y + this.#rows[i]!) * width)
    // One pixel left of the first, whose context moves into the first one.
    let index = this.#contextAt(bitmap, -1, y)
    for (let x = 0, at = y * width; x < width; x++, at++) {
      index = (index << 1) & kept
      for (let i = 0; i < starts.length; i++) {
        const column = x + columns[i]!
        const start = starts[i]!
        if (start < 0 || column < 0 || column >= width) continue
        index |= pixels[start + column]! << bits[i]!
      }
      if (skip?.pixels[at] === 1) continue
      pixels[at] = decoder.bit(contexts, index)
    }
  }

  #contextAt(bitmap: Bitmap, x: number, y: number): number {
    return this.#places.reduce((sum, [dx, dy]) => sum * 2 + bitmap.at(x + dx, y + dy), 0)
  }
}
