import { demand } from './rejection.ts'
import type { Entry } from './tiff-directory.ts'

const SHORT = 3
const LONG = 4
const RATIONAL = 5
const MAX_PIXELS = 100_000_000
const MAX_RESOLUTION = 100_000_000
const STRIP_BYTES = 262_144
export const DEFLATE = 8
export const JPEG = 7
/** Samples by photometric interpretation: white is 0, black is 0, RGB, palette, CMYK, YCbCr, Lab. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3, 8: 3 }
const WITH_ALPHA = [0, 1, 2, 5]

/** What a directory says, once it says it in the one way allowed. */
export interface Page {
  readonly subfile: number
  readonly width: number
  readonly height: number
  readonly bits: number
  readonly samples: number
  readonly compression: number
  readonly photometric: number
  readonly rowsPerStrip: number
  readonly offsets: readonly number[]
  readonly sizes: readonly number[]
  readonly colors: readonly number[] | undefined
  readonly subsampling: readonly number[]
}

/** Takes the tags in the written order; each is there exactly when it must be. */
export function readPage(entries: readonly Entry[], where: string): Page {
  const taken = new Entries(entries, where)
  const subfile = taken.number(254, LONG)
  const width = taken.number(256, LONG)
  const height = taken.number(257, LONG)
  const depths = taken.take(258, SHORT)
  const compression = taken.number(259, SHORT)
  const photometric = taken.number(262, SHORT)
  const offsets = taken.take(273, LONG)
  const orientation = taken.number(274, SHORT)
  const samples = taken.number(277, SHORT)
  const rowsPerStrip = taken.number(278, LONG)
  const sizes = taken.take(279, LONG)
  const resolved = taken.has(282)
  if (resolved) checkResolution(taken, where)
  demand(taken.number(284, SHORT) === 1, 'VERIFY-TIFF', where)
  if (resolved) demand(isBetween(taken.number(296, SHORT), 1, 3), 'VERIFY-TIFF', where)
  const bits = depths[0]!
  demand(depths.length === samples && depths.every((depth) => depth === bits), 'VERIFY-TIFF', where)
  const shape = { subfile, width, height, bits, samples, compression, photometric, rowsPerStrip }
  demand(width > 0 && height > 0 && width * height <= MAX_PIXELS, 'VERIFY-TIFF', where)
  demand(isBetween(orientation, 1, 8), 'VERIFY-TIFF', where)
  const tail =
    compression === JPEG ? jpegTail(taken, shape, where) : rasterTail(taken, shape, where)
  taken.end()
  const strips = Math.ceil(height / rowsPerStrip)
  demand(offsets.length === strips && sizes.length === strips, 'VERIFY-TIFF', where)
  return { ...shape, offsets, sizes, ...tail }
}

type Shape = Pick<
  Page,
  'width' | 'height' | 'bits' | 'samples' | 'compression' | 'photometric' | 'rowsPerStrip'
>
type Tail = Pick<Page, 'colors' | 'subsampling'>

function rasterTail(taken: Entries, shape: Shape, where: string): Tail {
  const { bits, samples, compression, photometric, width, height, rowsPerStrip } = shape
  demand(compression === DEFLATE && photometric !== 6, 'VERIFY-TIFF', where)
  if (bits === 8 && photometric !== 3) demand(taken.number(317, SHORT) === 2, 'VERIFY-TIFF', where)
  const colors = photometric === 3 ? taken.take(320, SHORT) : undefined
  const extra = samples - (SAMPLES[photometric] ?? Number.NaN)
  demand(extra === 0 || (extra === 1 && WITH_ALPHA.includes(photometric)), 'VERIFY-TIFF', where)
  if (extra === 1) demand(isBetween(taken.number(338, SHORT), 1, 2), 'VERIFY-TIFF', where)
  const format = taken.has(339) ? formatOf(taken.take(339, SHORT), samples, where) : 1
  demand(isDepth(bits, samples, photometric, format), 'VERIFY-TIFF', where)
  if (colors) demand(colors.length === 3 << bits, 'VERIFY-TIFF', where)
  const stride = Math.ceil((width * bits * samples) / 8)
  const rows = Math.min(height, Math.max(1, Math.floor(STRIP_BYTES / stride)))
  demand(rowsPerStrip === rows, 'VERIFY-TIFF', where)
  return { colors, subsampling: [1, 1] }
}

/** Written only when it is not 1. */
function formatOf(formats: readonly number[], samples: number, where: string): number {
  const format = formats[0]!
  const same = formats.length === samples && formats.every((one) => one === format)
  demand(same && (format === 2 || format === 3), 'VERIFY-TIFF', where)
  return format
}

function isDepth(bits: number, samples: number, photometric: number, format: number): boolean {
  if (photometric === 3) return [1, 2, 4, 8].includes(bits) && format === 1
  if (format === 3) return bits === 16 || bits === 32
  const packed = [1, 2, 4].includes(bits) && samples === 1 && format === 1
  return packed || [8, 16, 32].includes(bits)
}

function jpegTail(taken: Entries, shape: Shape, where: string): Tail {
  const { bits, samples, photometric, height, rowsPerStrip } = shape
  const kinds = new Map([
    [1, [0, 1]],
    [3, [2, 6]],
    [4, [5]],
  ]).get(samples)
  demand(bits === 8 && kinds !== undefined && kinds.includes(photometric), 'VERIFY-TIFF', where)
  demand(rowsPerStrip === height, 'VERIFY-TIFF', where)
  if (photometric !== 6) return { colors: undefined, subsampling: [1, 1] }
  const subsampling = taken.take(530, SHORT)
  demand(
    subsampling.length === 2 && subsampling.every((one) => [1, 2, 4].includes(one)),
    'VERIFY-TIFF',
    where,
  )
  return { colors: undefined, subsampling }
}

/** Two fractions, reduced, of thousandths. */
function checkResolution(taken: Entries, where: string): void {
  for (const tag of [282, 283]) {
    const [top = 0, bottom = 0, ...rest] = taken.take(tag, RATIONAL)
    demand(rest.length === 0 && bottom > 0 && 1000 % bottom === 0, 'VERIFY-TIFF', where)
    demand(isBetween((top * 1000) / bottom, 1, MAX_RESOLUTION), 'VERIFY-TIFF', where)
    demand(commonDivisor(top, bottom) === 1, 'VERIFY-TIFF', where)
  }
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b)
}

function isBetween(value: number, from: number, to: number): boolean {
  return value >= from && value <= to
}

/** The entries of a directory, to be taken one after another. */
class Entries {
  readonly #entries: readonly Entry[]
  readonly #where: string
  #at = 0

  constructor(entries: readonly Entry[], where: string) {
    this.#entries = entries
    this.#where = where
  }

  has(tag: number): boolean {
    return this.#entries[this.#at]?.tag === tag
  }

  take(tag: number, type: number): readonly number[] {
    const entry = this.#entries[this.#at++]
    demand(
      entry !== undefined && entry.tag === tag && entry.type === type,
      'VERIFY-TIFF',
      this.#where,
    )
    return entry.values
  }

  number(tag: number, type: number): number {
    const values = this.take(tag, type)
    demand(values.length === 1, 'VERIFY-TIFF', this.#where)
    return values[0]!
  }

  end(): void {
    demand(this.#at === this.#entries.length, 'VERIFY-TIFF', this.#where)
  }
}
