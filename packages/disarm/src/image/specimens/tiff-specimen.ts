/** For tests only: a TIFF and BigTIFF writer that shares nothing with the one under test, and can write any lie. */
import { inflateSync } from 'node:zlib'

export interface Value {
  readonly type: number
  readonly values: readonly number[]
}

export interface PageSpecimen {
  readonly width: number
  readonly height: number
  /** Strips or tiles as they stand in the file. */
  readonly strips: readonly Uint8Array[]
  readonly rowsPerStrip?: number
  /** Width and height of a tile; `strips` are then tiles. */
  readonly tile?: readonly [number, number]
  readonly bits?: number
  readonly samples?: number
  readonly photometric?: number
  readonly compression?: number
  /** Further tags, or others in place of those above; `undefined` leaves one out. */
  readonly tags?: Readonly<Record<number, Value | undefined>>
}

export interface TiffSpecimen {
  readonly pages: readonly PageSpecimen[]
  readonly little?: boolean
  readonly big?: boolean
  /** Page at which the last page points, instead of nothing. */
  readonly loopTo?: number
  readonly trailing?: Uint8Array
}

export const short = (...values: readonly number[]): Value => ({ type: 3, values })
export const long = (...values: readonly number[]): Value => ({ type: 4, values })
export const fraction = (...values: readonly number[]): Value => ({ type: 5, values })
export const text = (content: string | Uint8Array): Value => ({
  type: 2,
  values: [...Buffer.from(content as string)],
})
export const undefinedBytes = (content: string | Uint8Array): Value => ({
  type: 7,
  values: [...Buffer.from(content as string)],
})

const BYTES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 7: 1, 16: 8 }

export function tiffSpecimen({
  pages,
  little = true,
  big = false,
  loopTo,
  trailing,
}: TiffSpecimen): Buffer {
  const file = new Growing(little, big)
  const links: { readonly at: number; readonly directory: number }[] = []
  for (const page of pages) {
    const stripsAt = page.strips.map((strip) => file.append(strip))
    const tags = Object.entries(allTags(page, stripsAt)).flatMap(([tag, value]) =>
      value ? [[Number(tag), value] as const] : [],
    )
    links.push(file.directory(tags.toSorted(([a], [b]) => a - b)))
  }
  links.forEach(({ directory }, i) =>
    file.pointer(i === 0 ? file.firstLink : links[i - 1]!.at, directory),
  )
  if (loopTo !== undefined) file.pointer(links.at(-1)!.at, links[loopTo]!.directory)
  return Buffer.concat([file.bytes, trailing ?? Buffer.alloc(0)])
}

function allTags(
  page: PageSpecimen,
  stripsAt: readonly number[],
): Record<number, Value | undefined> {
  const { width, height, strips, rowsPerStrip = height, tile, bits = 8, samples = 1 } = page
  const sizes = strips.map(({ length }) => length)
  const place = tile
    ? { 322: short(tile[0]), 323: short(tile[1]), 324: long(...stripsAt), 325: long(...sizes) }
    : { 273: long(...stripsAt), 278: long(rowsPerStrip), 279: long(...sizes) }
  return {
    256: long(width),
    257: long(height),
    258: short(...Array.from({ length: samples }, () => bits)),
    259: short(page.compression ?? 1),
    262: short(page.photometric ?? 1),
    277: short(samples),
    ...place,
    ...page.tags,
  }
}

class Growing {
  readonly firstLink: number
  #bytes: Buffer
  readonly #little: boolean
  readonly #big: boolean

  constructor(little: boolean, big: boolean) {
    this.#little = little
    this.#big = big
    this.#bytes = Buffer.concat([
      Buffer.from(little ? 'II' : 'MM'),
      this.#number(big ? 43 : 42, 2),
      ...(big ? [this.#number(8, 2), this.#number(0, 2)] : []),
      this.#number(0, big ? 8 : 4),
    ])
    this.firstLink = this.#bytes.length - (big ? 8 : 4)
  }

  get bytes(): Buffer {
    return this.#bytes
  }

  append(part: Uint8Array): number {
    const at = this.#bytes.length
    this.#bytes = Buffer.concat([this.#bytes, part, Buffer.alloc(part.length % 2)])
    return at
  }

  pointer(at: number, value: number): void {
    this.#number(value, this.#big ? 8 : 4).copy(this.#bytes, at)
  }

  /** Writes the values that do not fit, then the directory. */
  directory(tags: readonly (readonly [number, Value])[]): { at: number; directory: number } {
    const room = this.#big ? 8 : 4
    const entries = tags.map(([tag, value]) => {
      const size = BYTES[value.type]!
      const data = Buffer.concat(value.values.map((one) => this.#number(one, size)))
      const count = value.type === 5 ? value.values.length / 2 : value.values.length
      const inside = data.length <= room
      const field = inside
        ? Buffer.concat([data, Buffer.alloc(room - data.length)])
        : this.#number(this.append(data), room)
      const head = [this.#number(tag, 2), this.#number(value.type, 2), this.#number(count, room)]
      return Buffer.concat([...head, field])
    })
    const count = this.#number(entries.length, this.#big ? 8 : 2)
    const directory = this.append(Buffer.concat([count, ...entries, this.#number(0, room)]))
    return { at: directory + count.length + entries.length * (this.#big ? 20 : 12), directory }
  }

  #number(value: number, size: number): Buffer {
    const bytes = Buffer.alloc(size)
    if (size === 8) bytes.writeBigUInt64LE(BigInt(value))
    else bytes.writeUIntLE(value, 0, size)
    return this.#little ? bytes : Buffer.from(bytes.toReversed())
  }
}

/** Every byte as a literal, in runs of up to 128. */
export function packBitsSpecimen(data: Uint8Array): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < data.length; at += 100) {
    const part = data.subarray(at, at + 100)
    const same = part.every((byte) => byte === part[0])
    parts.push(
      same && part.length > 1
        ? Buffer.of(257 - part.length, part[0]!)
        : Buffer.of(part.length - 1, ...part),
    )
  }
  return Buffer.concat(parts)
}

/** Codes of nine bits; a clear code before they would have to widen. `old` puts the low bit first. */
export function lzwSpecimen(data: Uint8Array, old = false): Buffer {
  const codes = [...data].flatMap((byte, i) => (i % 200 === 0 ? [256, byte] : [byte]))
  const bits = [...codes, 257].map((code) => code.toString(2).padStart(9, '0'))
  const joined = old ? bits.map((code) => [...code].toReversed().join('')).join('') : bits.join('')
  const padded = joined.padEnd(Math.ceil(joined.length / 8) * 8, '0')
  return Buffer.from(
    padded
      .match(/.{8}/gu)!
      .map((byte) => Number.parseInt(old ? [...byte].toReversed().join('') : byte, 2)),
  )
}

export interface CanonicalPage {
  readonly tags: ReadonlyMap<number, readonly number[]>
  /** Samples of the page, differences undone. */
  readonly data: Buffer
}

/** Pages of the written form, read by the shortest way that this form allows. */
export function canonicalPages(file: Uint8Array): CanonicalPage[] {
  const bytes = Buffer.from(file)
  const pages: CanonicalPage[] = []
  for (let at = 8; at !== 0;) {
    const count = bytes.readUInt16LE(at)
    const tags = new Map<number, number[]>()
    for (let i = 0, from = at + 2; i < count; i++, from += 12) {
      const size = bytes.readUInt16LE(from + 2) === 3 ? 2 : 4
      const values = bytes.readUInt32LE(from + 4) * (bytes.readUInt16LE(from + 2) === 5 ? 2 : 1)
      const place = values * size <= 4 ? from + 8 : bytes.readUInt32LE(from + 8)
      tags.set(
        bytes.readUInt16LE(from),
        Array.from({ length: values }, (_, k) => bytes.readUIntLE(place + k * size, size)),
      )
    }
    pages.push({ tags, data: samplesOf(bytes, tags) })
    at = bytes.readUInt32LE(at + 2 + count * 12)
  }
  return pages
}

function samplesOf(bytes: Buffer, tags: ReadonlyMap<number, readonly number[]>): Buffer {
  const strips = tags.get(273)!.map((from, i) => bytes.subarray(from, from + tags.get(279)![i]!))
  if (tags.get(259)![0] === 7) return Buffer.concat(strips)
  const data = Buffer.concat(strips.map((strip) => inflateSync(strip)))
  const step = tags.get(277)![0]!
  const stride = tags.get(256)![0]! * step
  if (!tags.has(317)) return data
  data.forEach((byte, i) => {
    if (i % stride >= step) data[i] = byte + data[i - step]!
  })
  return data
}
