import { deflateSync } from 'node:zlib'
import type { Page, Raster, Resolution } from './page.ts'
import { rowBytes } from './page.ts'
import { TAG } from './tags.ts'

const SHORT = 3
const LONG = 4
const RATIONAL = 5
const DEFLATE = 8
const JPEG = 7
/** About so many bytes of samples make one strip: small enough for any reader, large enough to compress well. */
const STRIP_BYTES = 262_144
const ENTRY_BYTES = 12
/** Numerators stand over this, before the fraction is reduced. */
const DENOMINATOR = 1_000

interface Entry {
  readonly tag: number
  readonly type: number
  readonly values: readonly number[]
}

/**
 * Writes the TIFF form of the disarm grammar, page by page: low byte first; each page a directory with its tags in one order,
 * then the values that did not fit into it, then its strips. The same pages give the same bytes.
 */
export class TiffWriter {
  readonly #parts: Uint8Array[] = [Buffer.from('II*\0\x08\0\0\0', 'latin1')]
  readonly #directories: Buffer[] = []
  #at = 8

  get pages(): number {
    return this.#directories.length
  }

  add(page: Page): void {
    const strips = page.kind === 'jpeg' ? [page.jpeg] : packStrips(page)
    const entries = entriesOf(page, strips)
    const extra = this.#at + 2 + entries.length * ENTRY_BYTES + 4
    const data = extra + entries.reduce((sum, one) => sum + outsideBytes(one), 0)
    const placed = entries.map((one) =>
      one.tag === TAG.StripOffsets ? { ...one, values: offsetsFrom(data, strips) } : one,
    )
    this.#link()
    const [directory, outside] = directoryBytes(placed, extra)
    this.#directories.push(directory)
    this.#push(directory, outside, ...strips.flatMap((strip) => [strip, padding(strip)]))
  }

  finish(): Uint8Array {
    // NewSubfileType stands first: 2 says "one page of several".
    if (this.pages > 1) for (const directory of this.#directories) directory.writeUInt32LE(2, 10)
    return Buffer.concat(this.#parts)
  }

  /** The last directory so far points at the one that follows. */
  #link(): void {
    const last = this.#directories.at(-1)
    last?.writeUInt32LE(this.#at, last.length - 4)
  }

  #push(...parts: readonly Uint8Array[]): void {
    for (const part of parts) this.#at += part.length
    this.#parts.push(...parts)
  }
}

function entriesOf(page: Page, strips: readonly Uint8Array[]): readonly Entry[] {
  const sizes = strips.map((strip) => strip.length)
  const rows = page.kind === 'jpeg' ? page.height : rowsPerStrip(page)
  return [
    entry(TAG.NewSubfileType, LONG, 0),
    entry(TAG.ImageWidth, LONG, page.width),
    entry(TAG.ImageLength, LONG, page.height),
    entry(TAG.BitsPerSample, SHORT, ...Array<number>(page.samples).fill(bitsOf(page))),
    entry(TAG.Compression, SHORT, page.kind === 'jpeg' ? JPEG : DEFLATE),
    entry(TAG.Photometric, SHORT, page.photometric),
    entry(TAG.StripOffsets, LONG, ...sizes),
    entry(TAG.Orientation, SHORT, page.orientation),
    entry(TAG.SamplesPerPixel, SHORT, page.samples),
    entry(TAG.RowsPerStrip, LONG, rows),
    entry(TAG.StripByteCounts, LONG, ...sizes),
    ...resolutionEntries(page.resolution),
    entry(TAG.PlanarConfiguration, SHORT, 1),
    ...(page.resolution ? [entry(TAG.ResolutionUnit, SHORT, page.resolution.unit)] : []),
    ...(page.kind === 'raster' ? rasterEntries(page) : []),
    ...(page.kind === 'jpeg' && page.subsampling
      ? [entry(TAG.YCbCrSubSampling, SHORT, ...page.subsampling)]
      : []),
  ]
}

function rasterEntries({ bits, photometric, palette, alpha, format, samples }: Raster): Entry[] {
  return [
    ...(isPredicted({ bits, photometric }) ? [entry(TAG.Predictor, SHORT, 2)] : []),
    ...(palette ? [entry(TAG.ColorMap, SHORT, ...shorts(palette))] : []),
    ...(alpha === undefined ? [] : [entry(TAG.ExtraSamples, SHORT, alpha)]),
    ...(format === 1
      ? []
      : [entry(TAG.SampleFormat, SHORT, ...Array<number>(samples).fill(format))]),
  ]
}

function entry(tag: number, type: number, ...values: readonly number[]): Entry {
  return { tag, type, values }
}

function bitsOf(page: Page): number {
  return page.kind === 'jpeg' ? 8 : page.bits
}

function resolutionEntries(resolution: Resolution | undefined): Entry[] {
  if (!resolution) return []
  return [
    entry(TAG.XResolution, RATIONAL, ...fraction(resolution.x)),
    entry(TAG.YResolution, RATIONAL, ...fraction(resolution.y)),
  ]
}

/** Reduced: 204 dots are 204/1 and not 204000/1000. */
function fraction(thousandths: number): readonly [number, number] {
  let [a, b] = [thousandths, DENOMINATOR]
  while (b > 0) [a, b] = [b, a % b]
  return [thousandths / a, DENOMINATOR / a]
}

/** Differences help where a byte is one sample, and every reader undoes them there. */
export function isPredicted({ bits, photometric }: Pick<Raster, 'bits' | 'photometric'>): boolean {
  return bits === 8 && photometric !== 3
}

function rowsPerStrip(page: Raster): number {
  return Math.min(page.height, Math.max(1, Math.floor(STRIP_BYTES / rowBytes(page))))
}

function packStrips(page: Raster): Uint8Array[] {
  const stride = rowBytes(page)
  const size = rowsPerStrip(page) * stride
  const strips: Uint8Array[] = []
  for (let at = 0; at < page.data.length; at += size) {
    const rows = page.data.subarray(at, at + size)
    strips.push(deflateSync(isPredicted(page) ? differences(rows, stride, page.samples) : rows))
  }
  return strips
}

/** Each sample as its difference to the same one of the pixel before (TIFF 6.0 §14). */
function differences(rows: Uint8Array, stride: number, step: number): Uint8Array {
  const changed = Uint8Array.from(rows)
  for (let row = 0; row < rows.length; row += stride) {
    for (let i = row + step; i < row + stride; i++) changed[i] = rows[i]! - rows[i - step]!
  }
  return changed
}

function offsetsFrom(first: number, strips: readonly Uint8Array[]): number[] {
  let at = first
  return strips.map((strip) => {
    const offset = at
    at += strip.length + padding(strip).length
    return offset
  })
}

/** Everything begins at an even offset (TIFF 6.0 §2). */
function padding({ length }: Uint8Array): Uint8Array {
  return new Uint8Array(length % 2)
}

function valueBytes({ type, values }: Entry): number {
  return values.length * (type === SHORT ? 2 : 4)
}

function outsideBytes(one: Entry): number {
  const size = valueBytes(one)
  return size > 4 ? size : 0
}

function directoryBytes(entries: readonly Entry[], extra: number): [Buffer, Buffer] {
  const directory = Buffer.alloc(2 + entries.length * ENTRY_BYTES + 4)
  const outside = Buffer.alloc(entries.reduce((sum, one) => sum + outsideBytes(one), 0))
  directory.writeUInt16LE(entries.length, 0)
  let used = 0
  entries.forEach((one, i) => {
    const at = 2 + i * ENTRY_BYTES
    directory.writeUInt16LE(one.tag, at)
    directory.writeUInt16LE(one.type, at + 2)
    directory.writeUInt32LE(one.type === RATIONAL ? 1 : one.values.length, at + 4)
    if (outsideBytes(one) === 0) writeValues(directory, at + 8, one)
    else {
      directory.writeUInt32LE(extra + used, at + 8)
      writeValues(outside, used, one)
      used += outsideBytes(one)
    }
  })
  return [directory, outside]
}

function writeValues(target: Buffer, at: number, { type, values }: Entry): void {
  values.forEach((value, i) => {
    if (type === SHORT) target.writeUInt16LE(value, at + i * 2)
    else target.writeUInt32LE(value, at + i * 4)
  })
}

function shorts(bytes: Uint8Array): number[] {
  return Array.from(
    { length: bytes.length / 2 },
    (_, i) => bytes[i * 2]! | (bytes[i * 2 + 1]! << 8),
  )
}
