import { refuse } from '../../family.ts'
import { MAX_FAX_COLUMNS, MAX_PAGE_BYTES, MAX_PIXELS, MAX_SEGMENTS } from '../limits.ts'
import { valuesOf, wholeOf } from './directory.ts'
import type { Directory } from './directory.ts'
import { TAG } from './tags.ts'

/** Compression schemes that are read (TIFF 6.0, its technical notes, and what scanners write). */
export const COMPRESSION = {
  none: 1,
  huffman: 2,
  group3: 3,
  group4: 4,
  lzw: 5,
  jpeg: 7,
  deflate: 8,
  huffmanWords: 32_771,
  packBits: 32_773,
  oldDeflate: 32_946,
} as const

export const PHOTOMETRIC = {
  whiteIsZero: 0,
  blackIsZero: 1,
  rgb: 2,
  palette: 3,
  mask: 4,
  cmyk: 5,
  yCbCr: 6,
  lab: 8,
} as const

/** Samples that a photometric interpretation needs. */
const BASE_SAMPLES: ReadonlyMap<number, number> = new Map([
  [PHOTOMETRIC.whiteIsZero, 1],
  [PHOTOMETRIC.blackIsZero, 1],
  [PHOTOMETRIC.rgb, 3],
  [PHOTOMETRIC.palette, 1],
  [PHOTOMETRIC.mask, 1],
  [PHOTOMETRIC.cmyk, 4],
  [PHOTOMETRIC.yCbCr, 3],
  [PHOTOMETRIC.lab, 3],
])

/** Everything that a page says about how its samples are laid out, checked against each other. */
export interface Layout {
  readonly width: number
  readonly height: number
  readonly bits: number
  readonly samples: number
  /** Samples of the colour itself; the others are extra. */
  readonly baseSamples: number
  /** 1 whole number, 2 with sign, 3 floating point. */
  readonly format: number
  readonly photometric: number
  readonly compression: number
  readonly predictor: number
  /** Each sample has a plane of its own. */
  readonly planar: boolean
  readonly reversedBits: boolean
  /** T4Options: two-dimensional coding. */
  readonly twoDimensional: boolean
  /** Luma samples per chroma sample, across and down. */
  readonly subsampling: readonly [number, number]
  readonly segments: readonly Segment[]
}

/** A strip or a tile. */
export interface Segment {
  /** Its data in the file; an offset of 0 or a size of 0 means that there is none. */
  readonly at: number
  readonly size: number
  /** Where it stands in the picture, and how large it is; a tile may stick out. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** Which plane, when planes are apart. */
  readonly plane: number
}

/** Reads and checks the layout of a page. IMG-TIFF for what is not read, IMG-BOMB beyond the ceilings, IMG-DECODE for nonsense. */
export function readLayout(page: Directory): Layout {
  const width = wholeOf(page, TAG.ImageWidth, 0)
  const height = wholeOf(page, TAG.ImageLength, 0)
  if (width === 0 || height === 0) refuse('IMG-DECODE')
  if (width * height > MAX_PIXELS) refuse('IMG-BOMB')
  const compression = checkCompression(wholeOf(page, TAG.Compression, 1))
  const photometric = readPhotometric(page, compression)
  const samples = readSamples(page)
  const baseSamples = BASE_SAMPLES.get(photometric) ?? refuse('IMG-TIFF')
  if (samples < baseSamples || samples > MAX_SAMPLES) refuse('IMG-TIFF')
  const shape = {
    width,
    height,
    bits: equalOf(page, TAG.BitsPerSample, 1),
    samples,
    baseSamples,
    // A palette index is a number without sign, whatever the page says.
    format: photometric === PHOTOMETRIC.palette ? 1 : readFormat(page),
    photometric,
    compression,
    predictor: wholeOf(page, TAG.Predictor, 1),
    planar: samples > 1 && wholeOf(page, TAG.PlanarConfiguration, 1) === 2,
    reversedBits: wholeOf(page, TAG.FillOrder, 1) === 2,
    twoDimensional: (wholeOf(page, TAG.T4Options, 0) & 1) === 1,
    subsampling: readSubsampling(page, photometric),
  }
  checkDepth(shape)
  checkBytes(shape)
  return { ...shape, segments: readSegments(page, shape) }
}

type Shape = Omit<Layout, 'segments'>

const MAX_SAMPLES = 16

function checkCompression(compression: number): number {
  return Object.values<number>(COMPRESSION).includes(compression) ? compression : refuse('IMG-TIFF')
}

/** Fax pages without the tag are white where the bit is 0, all others black, as libtiff has it. */
function readPhotometric(page: Directory, compression: number): number {
  return wholeOf(page, TAG.Photometric, isFax(compression) ? 0 : 1)
}

/** The four codings of ITU-T T.4 and T.6. */
export function isFax(compression: number): boolean {
  return [
    COMPRESSION.huffman,
    COMPRESSION.group3,
    COMPRESSION.group4,
    COMPRESSION.huffmanWords,
  ].some((one) => one === compression)
}

function readSamples(page: Directory): number {
  return wholeOf(page, TAG.SamplesPerPixel, page.fields.get(TAG.BitsPerSample)?.count ?? 1)
}

/** A value that all samples share. */
function equalOf(page: Directory, tag: number, otherwise: number): number {
  const values = valuesOf(page, tag, [otherwise], MAX_SAMPLES)
  return values.every((value) => value === values[0]) ? values[0]! : refuse('IMG-TIFF')
}

/** 4 means "undefined", and is read as whole numbers. */
function readFormat(page: Directory): number {
  const format = equalOf(page, TAG.SampleFormat, 1)
  if (format === 4) return 1
  return format >= 1 && format <= 3 ? format : refuse('IMG-TIFF')
}

function readSubsampling(page: Directory, photometric: number): readonly [number, number] {
  if (photometric !== PHOTOMETRIC.yCbCr) return [1, 1]
  const [across = 2, down = 2] = valuesOf(page, TAG.YCbCrSubSampling, [2, 2], 2)
  if (![1, 2, 4].includes(across) || ![1, 2, 4].includes(down)) refuse('IMG-TIFF')
  return [across, down]
}

/** Depths by kind: anything up to 16 bits as whole numbers, 32 as they are, 16 or 32 as floating point. */
function checkDepth({ bits, format, photometric, samples, compression, subsampling }: Shape): void {
  const whole = Number.isInteger(bits) && ((bits >= 1 && bits <= 16) || bits === 32)
  const fits =
    format === 1 ? whole : format === 2 ? [8, 16, 32].includes(bits) : [16, 32].includes(bits)
  const palette = photometric === PHOTOMETRIC.palette && ![1, 2, 4, 8].includes(bits)
  const chroma = photometric === PHOTOMETRIC.yCbCr && (bits !== 8 || format !== 1)
  const joined = subsampling[0] * subsampling[1] > 1 && samples !== 3
  const bilevel = isFax(compression) && (bits !== 1 || samples !== 1)
  if (!fits || palette || chroma || joined || bilevel) refuse('IMG-TIFF')
}

function checkBytes({ width, height, bits, samples, compression }: Shape): void {
  if (isFax(compression) && width > MAX_FAX_COLUMNS) refuse('IMG-BOMB')
  if (Math.ceil((width * bits * samples) / 8) * height > MAX_PAGE_BYTES) refuse('IMG-BOMB')
}

function readSegments(page: Directory, shape: Shape): readonly Segment[] {
  const tiled = page.fields.has(TAG.TileOffsets) || page.fields.has(TAG.TileWidth)
  const width = tiled ? wholeOf(page, TAG.TileWidth, 0) : shape.width
  const height = tiled ? wholeOf(page, TAG.TileLength, 0) : rowsPerStrip(page, shape)
  if (width === 0 || height === 0) refuse('IMG-DECODE')
  const across = Math.ceil(shape.width / width)
  const down = Math.ceil(shape.height / height)
  const planes = shape.planar ? shape.samples : 1
  const count = across * down * planes
  if (count > MAX_SEGMENTS) refuse('IMG-BOMB')
  // A tile of 65,536 × 65,536 for a picture of one pixel.
  const samples = shape.planar ? 1 : shape.samples
  const bytes = Math.ceil((width * samples * shape.bits) / 8) * height * (tiled ? count : 0)
  if (bytes > MAX_PAGE_BYTES) refuse('IMG-BOMB')
  const extentOf = dataExtents(page, tiled, count, shape)
  return Array.from({ length: count }, (_, i) => {
    const { at, size } = extentOf(i)
    const x = (i % across) * width
    const y = (Math.floor(i / across) % down) * height
    const high = tiled ? height : Math.min(height, shape.height - y)
    const plane = Math.floor(i / (across * down))
    return { at, size, x, y, plane, width, height: high }
  })
}

/** Absent, 0, or 2^32 - 1: one strip for all rows. */
function rowsPerStrip(page: Directory, { height }: Shape): number {
  return Math.min(height, wholeOf(page, TAG.RowsPerStrip, height) || height)
}

/** Where the data of each segment stands. A missing or empty size is filled up to the next segment or to the end of the file. */
function dataExtents(
  page: Directory,
  tiled: boolean,
  count: number,
  shape: Shape,
): (index: number) => { at: number; size: number } {
  const offsetsTag = tiled && page.fields.has(TAG.TileOffsets) ? TAG.TileOffsets : TAG.StripOffsets
  const sizesTag =
    tiled && page.fields.has(TAG.TileByteCounts) ? TAG.TileByteCounts : TAG.StripByteCounts
  const offsets = valuesOf(page, offsetsTag, [], count)
  const sizes = valuesOf(page, sizesTag, [], count)
  const end = page.file.bytes.length
  const single = count === 1 && shape.compression !== COMPRESSION.none
  return (i) => {
    const at = offsets[i] ?? 0
    if (!(at > 0 && at < end)) return { at: 0, size: 0 }
    const stated = sizes[i] ?? 0
    const next = offsets[i + 1] ?? 0
    const guess = next > at ? next - at : end - at
    const unknown = !(stated > 0) && (sizes.length < count || single)
    return { at, size: Math.min(unknown ? guess : Math.max(0, stated), end - at) }
  }
}
