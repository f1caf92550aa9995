import { decodeCharset } from '../html/charset.ts'

/** Value of a MAPI property: text, bytes, or a number; others are passed over. */
export type PropertyValue = string | Uint8Array | number

const MAX_PROPERTIES = 2_000
const MULTIPLE = 0x1000
const SIZES: ReadonlyMap<number, number> = new Map([
  [0x0002, 4],
  [0x0003, 4],
  [0x0004, 4],
  [0x0005, 8],
  [0x0006, 8],
  [0x0007, 8],
  [0x000a, 4],
  [0x000b, 4],
  [0x0014, 8],
  [0x0040, 8],
  [0x0048, 16],
])

/** Properties of a message or an attachment ([MS-OXTNEF] 2.1.3.4). What was read before any damage is returned. */
export function readProperties(
  data: Uint8Array,
  charset: string,
): ReadonlyMap<number, PropertyValue> {
  const reader = new PropertyReader(data, charset)
  reader.run()
  return reader.found
}

class PropertyReader {
  readonly found = new Map<number, PropertyValue>()
  readonly #data: Uint8Array
  readonly #view: DataView
  readonly #charset: string
  #at = 4

  constructor(data: Uint8Array, charset: string) {
    this.#data = data
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength)
    this.#charset = charset
  }

  run(): void {
    if (this.#data.length < 4) return
    const count = Math.min(this.#view.getUint32(0, true), MAX_PROPERTIES)
    for (let number = 0; number < count; number++) if (!this.#property()) return
  }

  #property(): boolean {
    const type = this.#short(0)
    const id = this.#short(2)
    if (type === undefined || id === undefined) return false
    this.#at += 4
    if (id >= 0x8000 && !this.#skipName()) return false
    const size = SIZES.get(type & ~MULTIPLE)
    const many = (type & MULTIPLE) !== 0
    if (size !== undefined && !many) return this.#fixed(id, size)
    const count = this.#long(0)
    if (count === undefined || count > 10_000) return false
    this.#at += 4
    if (size !== undefined) return this.#skip(size * count)
    for (let item = 0; item < count; item++) if (!this.#variable(id, type, many)) return false
    return true
  }

  #fixed(id: number, size: number): boolean {
    const value = this.#long(0)
    if (value === undefined) return false
    this.found.set(id, value)
    return this.#skip(size)
  }

  #variable(id: number, type: number, many: boolean): boolean {
    const length = this.#long(0)
    if (length === undefined || this.#at + 4 + length > this.#data.length) return false
    const bytes = this.#data.subarray(this.#at + 4, this.#at + 4 + length)
    this.#at += 4 + Math.ceil(length / 4) * 4
    if (many) return true
    if (type === 0x1f)
      this.found.set(id, Buffer.from(bytes).toString('utf16le').replace(/\0.*$/s, ''))
    else if (type === 0x1e)
      this.found.set(id, decodeCharset(bytes, [this.#charset]).text.replace(/\0.*$/s, ''))
    else this.found.set(id, bytes)
    return true
  }

  /** A named property carries a GUID, a kind, and a number or a name. */
  #skipName(): boolean {
    const kind = this.#long(16)
    if (kind === undefined) return false
    this.#at += 20
    if (kind === 0) return this.#skip(4)
    const length = this.#long(0)
    return length !== undefined && this.#skip(4 + Math.ceil(length / 4) * 4)
  }

  #skip(bytes: number): boolean {
    this.#at += bytes
    return this.#at <= this.#data.length
  }

  #short(offset: number): number | undefined {
    const at = this.#at + offset
    return at + 2 <= this.#data.length ? this.#view.getUint16(at, true) : undefined
  }

  #long(offset: number): number | undefined {
    const at = this.#at + offset
    return at + 4 <= this.#data.length ? this.#view.getUint32(at, true) : undefined
  }
}
