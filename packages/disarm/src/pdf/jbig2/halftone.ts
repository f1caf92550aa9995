import type { Context } from '../../family.ts'
import { ArithmeticDecoder } from './arithmetic.ts'
import { Bitmap } from './bitmap.ts'
import { damaged } from './damage.ts'
import { decodeFax } from './fax.ts'
import { decodeGeneric, newGenericContexts, USUAL_PLACES } from './generic.ts'
import type { GenericCoding } from './generic.ts'
import { symbolBits } from './symbols.ts'

/** Places of one grid: a pattern for each pixel of a page at 400 dpi. */
const MAX_PLACES = 16_000_000
/** Patterns of one dictionary. */
const MAX_PATTERNS = 65_536

export interface PatternCoding {
  readonly fax: boolean
  readonly template: number
  readonly width: number
  readonly height: number
  readonly count: number
}

/** Decodes patterns that stand side by side in one bitmap (ITU-T T.88, 6.7). */
export function decodePatterns(
  coding: PatternCoding,
  bytes: Uint8Array,
  context: Context,
): readonly Bitmap[] {
  const { width, height, count, template } = coding
  if (count > MAX_PATTERNS || width === 0 || height === 0) damaged()
  const first = [-width, 0] as const
  const generic = { template, typical: false, adaptive: [first, ...USUAL_PLACES.slice(1)] }
  const all = coding.fax
    ? decodeFax(bytes, width * count, height, context).bitmap
    : decodeGeneric(
        width * count,
        height,
        generic,
        new ArithmeticDecoder(bytes),
        newGenericContexts(),
        context,
      )
  return Array.from({ length: count }, (_, i) => all.part(i * width, 0, width, height, context))
}

export interface HalftoneCoding {
  readonly fax: boolean
  readonly template: number
  readonly skips: boolean
  readonly operator: number
  readonly ground: number
  /** Sides of the grid, its place in 256ths of a pixel, and its vector. */
  readonly gridWidth: number
  readonly gridHeight: number
  readonly gridX: number
  readonly gridY: number
  readonly vectorX: number
  readonly vectorY: number
}

/** Paints patterns on a grid by their grey values (6.6). */
export function decodeHalftone(
  width: number,
  height: number,
  coding: HalftoneCoding,
  patterns: readonly Bitmap[],
  bytes: Uint8Array,
  context: Context,
): Bitmap {
  const bitmap = new Bitmap(width, height, context)
  if (coding.ground === 1) bitmap.pixels.fill(1)
  const pattern = patterns[0] ?? damaged()
  const { gridWidth, gridHeight } = coding
  if (gridWidth * gridHeight > MAX_PLACES) damaged()
  const skip = coding.skips ? outside(bitmap, coding, pattern, context) : undefined
  const values = greyValues(coding, symbolBits(patterns.length, false), skip, bytes, context)
  for (let row = 0; row < gridHeight; row++) {
    context.spend(Math.ceil((gridWidth * pattern.pixels.length) / 32))
    for (let column = 0; column < gridWidth; column++) {
      const value = Math.min(values[row * gridWidth + column]!, patterns.length - 1)
      const [x, y] = placeOf(coding, row, column)
      bitmap.draw(patterns[value]!, x, y, coding.operator)
    }
  }
  return bitmap
}

/** 6.6.5.2. */
function placeOf(coding: HalftoneCoding, row: number, column: number): readonly [number, number] {
  const { gridX, gridY, vectorX, vectorY } = coding
  const x = gridX + row * vectorY + column * vectorX
  const y = gridY + row * vectorX - column * vectorY
  return [Math.floor(x / 256), Math.floor(y / 256)]
}

/** 6.6.5.1: places of the grid whose pattern would lie wholly outside. */
function outside(
  region: Bitmap,
  coding: HalftoneCoding,
  pattern: Bitmap,
  context: Context,
): Bitmap {
  const skip = new Bitmap(coding.gridWidth, coding.gridHeight, context)
  for (let row = 0; row < skip.height; row++) {
    for (let column = 0; column < skip.width; column++) {
      const [x, y] = placeOf(coding, row, column)
      const isSeen =
        x + pattern.width > 0 && x < region.width && y + pattern.height > 0 && y < region.height
      if (!isSeen) skip.pixels[row * skip.width + column] = 1
    }
  }
  return skip
}

/** Annex C.5: planes of bits in Gray code, the highest first. */
function greyValues(
  coding: HalftoneCoding,
  planes: number,
  skip: Bitmap | undefined,
  bytes: Uint8Array,
  context: Context,
): Uint32Array {
  const { gridWidth, gridHeight, template } = coding
  const values = new Uint32Array(gridWidth * gridHeight)
  const next = coding.fax
    ? faxPlanes(bytes, gridWidth, gridHeight, context)
    : arithmeticPlanes(bytes, gridWidth, gridHeight, grayCoding(template, skip), context)
  for (let plane = 0; plane < planes; plane++) {
    const { pixels } = next()
    for (let i = 0; i < values.length; i++) {
      const bit = pixels[i]! ^ (values[i]! & 1)
      values[i] = values[i]! * 2 + bit
    }
  }
  return values
}

function grayCoding(template: number, skip: Bitmap | undefined): GenericCoding {
  const first = [template <= 1 ? 3 : 2, -1] as const
  const adaptive = [first, ...USUAL_PLACES.slice(1)]
  return { template, typical: false, adaptive, ...(skip ? { skip } : {}) }
}

function arithmeticPlanes(
  bytes: Uint8Array,
  width: number,
  height: number,
  coding: GenericCoding,
  context: Context,
): () => Bitmap {
  const decoder = new ArithmeticDecoder(bytes)
  const contexts = newGenericContexts()
  return () => decodeGeneric(width, height, coding, decoder, contexts, context)
}

function faxPlanes(
  bytes: Uint8Array,
  width: number,
  height: number,
  context: Context,
): () => Bitmap {
  let at = 0
  return () => {
    const { bitmap, length } = decodeFax(bytes.subarray(at), width, height, context)
    at += length
    return bitmap
  }
}
