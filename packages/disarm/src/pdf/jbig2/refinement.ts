import type { Context } from '../../family.ts'
import type { ArithmeticDecoder, Contexts } from './arithmetic.ts'
import { Bitmap } from './bitmap.ts'
import type { Place } from './generic.ts'

/** How a refinement is coded (ITU-T T.88, table 6). */
export interface RefinementCoding {
  /** 0 or 1. */
  readonly template: number
  /** Two adaptive pixels with template 0: in the picture, and in what it refines. */
  readonly adaptive: readonly Place[]
  /** A row may say that it is typical: where all nine pixels of the reference agree, so does the pixel. */
  readonly typical: boolean
}

/** What is refined, and where it lies on the picture. */
export interface Reference {
  readonly bitmap: Bitmap
  readonly left: number
  readonly top: number
}

interface Template {
  readonly own: readonly (Place | number)[]
  readonly reference: readonly (Place | number)[]
  /** Context that says whether a row is typical: only the middle of the reference is black (figures 14 and 15). */
  readonly typical: number
}

/** Figures 12 and 13; numbers stand for adaptive pixels. */
const TEMPLATES: readonly Template[] = [
  {
    own: [0, [0, -1], [1, -1], [-1, 0]],
    reference: [1, [0, -1], [1, -1], [-1, 0], [0, 0], [1, 0], [-1, 1], [0, 1], [1, 1]],
    typical: 0b0000_000010000,
  },
  {
    own: [
      [-1, -1],
      [0, -1],
      [1, -1],
      [-1, 0],
    ],
    reference: [
      [0, -1],
      [-1, 0],
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ],
    typical: 0b0000_001000,
  },
]

/** Where the adaptive pixels are unless a file says otherwise. */
export const USUAL_REFINEMENT_PLACES: readonly Place[] = [
  [-1, -1],
  [-1, -1],
]

export function newRefinementContexts(): Contexts {
  return new Uint8Array(1 << 13)
}

/** Decodes a bitmap as a change of another (6.3.5). */
export function decodeRefinement(
  width: number,
  height: number,
  coding: RefinementCoding,
  reference: Reference,
  decoder: ArithmeticDecoder,
  contexts: Contexts,
  context: Context,
): Bitmap {
  const bitmap = new Bitmap(width, height, context)
  const { own, reference: theirs, typical } = TEMPLATES[coding.template]!
  const place = (each: Place | number): Place =>
    typeof each === 'number' ? coding.adaptive[each]! : each
  const ownPlaces = own.map(place)
  const theirPlaces = theirs.map(place)
  let isTypical = 0
  for (let y = 0; y < height; y++) {
    if (y % 64 === 0) context.checkTime()
    if (coding.typical) isTypical ^= decoder.bit(contexts, typical)
    for (let x = 0; x < width; x++) {
      const agreed = isTypical === 1 ? agreement(reference, x, y) : undefined
      bitmap.pixels[y * width + x] = agreed ?? decoder.bit(contexts, contextAt(x, y))
    }
  }
  return bitmap

  function contextAt(x: number, y: number): number {
    let index = 0
    for (const [dx, dy] of ownPlaces) index = index * 2 + bitmap.at(x + dx, y + dy)
    const [left, top] = [x - reference.left, y - reference.top]
    for (const [dx, dy] of theirPlaces) {
      index = index * 2 + reference.bitmap.at(left + dx, top + dy)
    }
    return index
  }
}

/** The value of nine pixels of the reference around a place, when they agree. */
function agreement({ bitmap, left, top }: Reference, x: number, y: number): number | undefined {
  const middle = bitmap.at(x - left, y - top)
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      if (bitmap.at(x - left + dx, y - top + dy) !== middle) return undefined
    }
  }
  return middle
}
