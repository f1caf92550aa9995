import { refuse } from '../../family.ts'
import { MAX_DIRECTORY_ENTRIES, MAX_PAGES } from '../limits.ts'
import { startsWith } from '../reading.ts'
import type { Extent } from './extents.ts'

/** One entry of an image file directory (TIFF 6.0 §2). */
export interface Field {
  readonly tag: number
  readonly type: number
  readonly count: number
  /** Where the value stands, and how many bytes it has; always inside the file. */
  readonly at: number
  readonly size: number
}

/** One page: its fields by tag. */
export interface Directory {
  readonly fields: ReadonlyMap<number, Field>
  readonly file: TiffFile
}

/** Bytes of one value of each type: BYTE ASCII SHORT LONG RATIONAL SBYTE UNDEFINED SSHORT SLONG SRATIONAL FLOAT DOUBLE IFD, LONG8 SLONG8 IFD8. */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8]

/** The bytes of a TIFF or BigTIFF and the numbers in them. */
export class TiffFile {
  readonly bytes: Uint8Array
  readonly little: boolean
  readonly #view: DataView
  /** BigTIFF: offsets of eight bytes. */
  readonly #big: boolean
  /** Entries read so far. */
  #entries = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.little = startsWith(bytes, 'II')
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const mark = bytes.length < 8 ? 0 : this.#view.getUint16(2, this.little)
    if ((!this.little && !startsWith(bytes, 'MM')) || (mark !== 42 && mark !== 43)) {
      refuse('IMG-DECODE')
    }
    this.#big = mark === 43
    if (this.#big && (this.short(4) !== 8 || this.short(6) !== 0)) refuse('IMG-DECODE')
  }

  /** Every page in the order of the chain, and the extents that the structure takes. */
  directories(): { pages: readonly Directory[]; extents: Extent[]; cut: boolean } {
    const extents: Extent[] = [{ at: 0, size: this.#big ? 16 : 8 }]
    const pages: Directory[] = []
    const seen = new Set<number>()
    let cut = false
    let at = this.#offset(this.#big ? 8 : 4)
    while (at !== 0 && !cut) {
      // A chain that bites its tail would be endless.
      if (seen.has(at)) refuse('IMG-DECODE')
      if (seen.size >= MAX_PAGES) refuse('IMG-BOMB')
      seen.add(at)
      const read = this.#readDirectory(at, extents)
      cut = read === undefined
      if (read) pages.push(read.page)
      at = read?.next ?? 0
    }
    return { pages, extents, cut }
  }

  /** A directory that another one names; undefined when there is none. */
  directoryAt(at: number, extents: Extent[]): Directory | undefined {
    return Number.isInteger(at) && at > 0 ? this.#readDirectory(at, extents)?.page : undefined
  }

  short(at: number): number {
    return at + 2 <= this.bytes.length
      ? this.#view.getUint16(at, this.little)
      : refuse('IMG-DECODE')
  }

  long(at: number): number {
    return at + 4 <= this.bytes.length
      ? this.#view.getUint32(at, this.little)
      : refuse('IMG-DECODE')
  }

  /** Values of a field as numbers, at most `limit`; rationals divided. Empty for text. */
  numbers({ type, count, at }: Field, limit: number): number[] {
    const size = TYPE_BYTES[type]!
    return Array.from({ length: Math.min(count, limit) }, (_, i) =>
      this.#number(type, at + i * size),
    )
  }

  #number(type: number, at: number): number {
    const view = this.#view
    if (type === 1 || type === 7) return view.getUint8(at)
    if (type === 3) return view.getUint16(at, this.little)
    if (type === 4 || type === 13) return view.getUint32(at, this.little)
    if (type === 5) return view.getUint32(at, this.little) / view.getUint32(at + 4, this.little)
    if (type === 6) return view.getInt8(at)
    if (type === 8) return view.getInt16(at, this.little)
    if (type === 9) return view.getInt32(at, this.little)
    if (type === 10) return view.getInt32(at, this.little) / view.getInt32(at + 4, this.little)
    if (type === 11) return view.getFloat32(at, this.little)
    if (type === 12) return view.getFloat64(at, this.little)
    return type >= 16 ? this.#long8(at) : Number.NaN
  }

  /** Beyond 2^53 the number is not exact, and beyond every file. */
  #long8(at: number): number {
    const [low, high] = this.little ? [at, at + 4] : [at + 4, at]
    return this.long(high) * 0x1_0000_0000 + this.long(low)
  }

  #offset(at: number): number {
    return this.#big ? this.#long8At(at) : this.long(at)
  }

  #long8At(at: number): number {
    return at + 8 <= this.bytes.length ? this.#long8(at) : refuse('IMG-DECODE')
  }

  /** Undefined when the directory is not wholly in the file. */
  #readDirectory(at: number, extents: Extent[]): { page: Directory; next: number } | undefined {
    const [head, entry, tail] = this.#big ? [8, 20, 8] : [2, 12, 4]
    if (at + head > this.bytes.length) return undefined
    const count = this.#big ? this.#long8(at) : this.short(at)
    const end = at + head + count * entry
    if (end > this.bytes.length) return undefined
    this.#entries += count
    if (this.#entries > MAX_DIRECTORY_ENTRIES) refuse('IMG-BOMB')
    const fields = new Map<number, Field>()
    for (let from = at + head; from < end; from += entry) this.#readField(from, fields)
    const whole = end + tail <= this.bytes.length
    extents.push({ at, size: end + tail - at })
    return { page: { fields, file: this }, next: whole ? this.#offset(end) : 0 }
  }

  /** A field whose value is not in the file, or of a type that nobody knows, is as good as absent; of two with one tag the first counts. */
  #readField(from: number, fields: Map<number, Field>): void {
    const tag = this.short(from)
    const type = this.short(from + 2)
    const [width, room] = this.#big ? [12, 8] : [8, 4]
    const count = this.#big ? this.#long8(from + 4) : this.long(from + 4)
    const size = count * (TYPE_BYTES[type] ?? 0)
    const at = size <= room ? from + width : this.#offset(from + width)
    if (size === 0 || at + size > this.bytes.length || fields.has(tag)) return
    fields.set(tag, { tag, type, count, at, size })
  }
}

/** All values of a tag, at most `limit`; `otherwise` when it is absent. */
export function valuesOf(
  { fields, file }: Directory,
  tag: number,
  otherwise: readonly number[],
  limit = 65_536,
): readonly number[] {
  const field = fields.get(tag)
  return field ? file.numbers(field, limit) : otherwise
}

/** First value of a tag as a whole number from 0 on; `otherwise` when it is absent, IMG-DECODE when it is no such number. */
export function wholeOf(directory: Directory, tag: number, otherwise: number): number {
  const [value = otherwise] = valuesOf(directory, tag, [otherwise], 1)
  return Number.isInteger(value) && value >= 0 ? value : refuse('IMG-DECODE')
}
