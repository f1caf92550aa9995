import { Refusal, refuse } from '../../family.ts'
import type { Context } from '../../family.ts'
import { openFrame } from '../jpeg/frame.ts'
import type { Component, Frame } from '../jpeg/jpeg.ts'
import { readJpeg } from '../jpeg/read.ts'
import { encodeJpeg } from '../jpeg/write.ts'
import type { Directory } from './directory.ts'
import { PHOTOMETRIC } from './layout.ts'
import type { Layout, Segment } from './layout.ts'
import type { JpegPage } from './page.ts'
import { TAG } from './tags.ts'

/** Tables for all strips; four quantisation and eight Huffman tables have less. */
const MAX_TABLES_BYTES = 16_384
const MAX_SIDE = 65_535
/** Component identifiers that say "RGB" to readers that look at the JPEG alone. */
const RGB_IDS = [0x52, 0x47, 0x42]

type Found = Pick<JpegPage, 'jpeg' | 'samples' | 'subsampling'>

/**
 * JPEG in TIFF (technical note 2): all strips or tiles become one JPEG of the whole page, from their coefficients, so that no pixel
 * changes and no entropy-coded byte is copied. Strips that cannot be one picture are IMG-TIFF.
 */
export function readJpegPage(
  page: Directory,
  layout: Layout,
  context: Context,
  where: string,
): Found {
  if (layout.planar || layout.width > MAX_SIDE || layout.height > MAX_SIDE) refuse('IMG-TIFF')
  const tables = readTables(page)
  let mosaic: Mosaic | undefined
  let missing = 0
  for (const segment of layout.segments) {
    const frame = readSegment(page, segment, tables, context, where)
    if (frame) (mosaic ??= new Mosaic(frame, layout, context)).place(frame, segment)
    else missing++
    context.checkTime()
  }
  if (!mosaic) refuse('IMG-DECODE')
  if (missing > 0) context.kept('IMG-TRUNCATED', where)
  return mosaic.finish()
}

/** JPEGTables without its SOI and EOI. */
function readTables(page: Directory): Uint8Array {
  const field = page.fields.get(TAG.JpegTables)
  if (!field) return new Uint8Array(0)
  if (field.size > MAX_TABLES_BYTES) refuse('IMG-DECODE')
  const bytes = page.file.bytes.subarray(field.at, field.at + field.size)
  const ended = bytes.at(-2) === 0xff && bytes.at(-1) === 0xd9
  return bytes.subarray(2, ended ? -2 : undefined)
}

/** Undefined when the segment is absent or no JPEG. */
function readSegment(
  page: Directory,
  { at, size }: Segment,
  tables: Uint8Array,
  context: Context,
  where: string,
): Frame | undefined {
  const stored = page.file.bytes.subarray(at, at + size)
  if (stored[0] !== 0xff || stored[1] !== 0xd8) return undefined
  const whole = Buffer.concat([stored.subarray(0, 2), tables, stored.subarray(2)])
  try {
    return readJpeg(whole, context, where).frame
  } catch (error) {
    if (error instanceof Refusal && error.reason === 'IMG-DECODE') return undefined
    throw error
  }
}

/** The frame of the whole page, into which the blocks of the segments are copied. */
class Mosaic {
  readonly #first: Frame
  readonly #layout: Layout
  readonly #frame: Frame
  readonly #subsampling: readonly [number, number]

  constructor(first: Frame, layout: Layout, context: Context) {
    this.#first = first
    this.#layout = layout
    this.#subsampling = subsamplingOf(first)
    checkColors(first.components.length, layout, this.#subsampling)
    const { width, height } = layout
    const header = { progressive: false, width, height, components: this.#components() }
    this.#frame = openFrame(header, Number.POSITIVE_INFINITY)
    for (const [i, component] of this.#frame.components.entries()) {
      component.quantization = first.components[i]!.quantization
      context.spend(component.coefficients.byteLength)
    }
  }

  place(frame: Frame, segment: Segment): void {
    this.#checkFits(frame, segment)
    const [across, down] = this.#subsampling
    for (const [i, target] of this.#frame.components.entries()) {
      const column = (segment.x / (8 * across)) * target.h
      const row = (segment.y / (8 * down)) * target.v
      copyBlocks(frame.components[i]!, target, column, row)
    }
  }

  finish(): Found {
    const jpeg = encodeJpeg({
      frame: this.#frame,
      density: undefined,
      orientation: 1,
      adobeTransform: undefined,
    })
    const colored = this.#layout.photometric === PHOTOMETRIC.yCbCr
    const subsampling = colored ? this.#subsampling : undefined
    return { jpeg, samples: this.#frame.components.length, subsampling }
  }

  #components() {
    const [across, down] = this.#subsampling
    const ids = this.#layout.photometric === PHOTOMETRIC.rgb ? RGB_IDS : [1, 2, 3, 4]
    return this.#first.components.map((_, i) => ({
      id: ids[i]!,
      h: i === 0 ? across : 1,
      v: i === 0 ? down : 1,
      table: 0,
    }))
  }

  /** Same sampling and tables as the first, as large as its place, on the bounds of whole MCUs. */
  #checkFits(frame: Frame, { x, y, width, height }: Segment): void {
    const [across, down] = this.#subsampling
    const high = Math.min(height, this.#layout.height - y)
    const sized = frame.width === width && frame.height >= high
    const bound = x % (8 * across) === 0 && y % (8 * down) === 0
    if (!sized || !bound || !alike(frame, this.#first)) refuse('IMG-TIFF')
  }
}

/** Luma per chroma. Equal factors for all components mean 1 × 1, however they are written. */
function subsamplingOf({ components }: Frame): readonly [number, number] {
  const [first, ...others] = components
  if (others.every(({ h, v }) => h === first!.h && v === first!.v)) return [1, 1]
  const whole = others.every(({ h, v }) => h === 1 && v === 1)
  const known = [1, 2, 4].includes(first!.h) && [1, 2, 4].includes(first!.v)
  return whole && known ? [first!.h, first!.v] : refuse('IMG-TIFF')
}

/** One component is grey, three are RGB or YCbCr, four are CMYK; only YCbCr has smaller planes. */
function checkColors(
  components: number,
  { photometric, samples, bits }: Layout,
  [across, down]: readonly [number, number],
): void {
  const kinds: readonly number[] =
    components === 1
      ? [PHOTOMETRIC.whiteIsZero, PHOTOMETRIC.blackIsZero]
      : components === 3
        ? [PHOTOMETRIC.rgb, PHOTOMETRIC.yCbCr]
        : [PHOTOMETRIC.cmyk]
  const full = across * down === 1 || photometric === PHOTOMETRIC.yCbCr
  if (!kinds.includes(photometric) || samples !== components || bits !== 8 || !full) {
    refuse('IMG-TIFF')
  }
}

function alike(one: Frame, other: Frame): boolean {
  return (
    one.components.length === other.components.length &&
    one.components.every((component, i) => {
      const { h, v, quantization } = other.components[i]!
      const same = component.h === h && component.v === v
      return same && component.quantization!.every((value, k) => value === quantization![k])
    })
  )
}

function copyBlocks(source: Component, target: Component, column: number, row: number): void {
  const wide = Math.min(source.blocksWide, target.blocksWide - column)
  const high = Math.min(source.blocksHigh, target.blocksHigh - row)
  for (let y = 0; y < high; y++) {
    const from = y * source.blocksPerLine * 64
    const to = ((row + y) * target.blocksPerLine + column) * 64
    target.coefficients.set(source.coefficients.subarray(from, from + wide * 64), to)
  }
}
