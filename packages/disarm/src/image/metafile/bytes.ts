/** Little-endian numbers inside one record. Reading past its end gives 0 and is remembered; it never throws. */
export class RecordReader {
  readonly #bytes: Buffer
  #at = 0
  /** True when something was asked for that the record does not hold. Then nothing read from it may be used. */
  short = false

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  get length(): number {
    return this.#bytes.length
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  u8(): number {
    return this.#has(1) ? this.#bytes.readUInt8(this.#at - 1) : 0
  }

  u16(): number {
    return this.#has(2) ? this.#bytes.readUInt16LE(this.#at - 2) : 0
  }

  i16(): number {
    return this.#has(2) ? this.#bytes.readInt16LE(this.#at - 2) : 0
  }

  u32(): number {
    return this.#has(4) ? this.#bytes.readUInt32LE(this.#at - 4) : 0
  }

  i32(): number {
    return this.#has(4) ? this.#bytes.readInt32LE(this.#at - 4) : 0
  }

  /** The next `count` bytes. */
  take(count: number): Uint8Array {
    return this.#has(count) ? this.#bytes.subarray(this.#at - count, this.#at) : NOTHING
  }

  /** `count` bytes at `offset` from the record's first byte, or `undefined` when they are not all there. */
  slice(offset: number, count: number): Uint8Array | undefined {
    if (offset + count > this.#bytes.length) return undefined
    return this.#bytes.subarray(offset, offset + count)
  }

  #has(count: number): boolean {
    if (count > this.left) {
      this.short = true
      return false
    }
    this.#at += count
    return true
  }
}

const NOTHING = new Uint8Array(0)

/** Little-endian numbers, appended; can be cut back when a record turns out to be unfit. Every method gives true. */
export class RecordWriter {
  #bytes = Buffer.alloc(4096)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Forgets everything behind `length`. */
  cut(length: number): void {
    this.#length = Math.min(length, this.#length)
  }

  u8(value: number): true {
    this.#grow(1)
    this.#bytes[this.#length++] = value
    return true
  }

  u16(value: number): true {
    this.#grow(2)
    this.#length = this.#bytes.writeUInt16LE(value & 0xffff, this.#length)
    return true
  }

  u32(value: number): true {
    this.#grow(4)
    this.#length = this.#bytes.writeUInt32LE(value >>> 0, this.#length)
    return true
  }

  bytes(bytes: Uint8Array): true {
    this.#grow(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
    return true
  }

  /** Zeros up to a multiple of `unit` bytes. */
  align(unit: number): true {
    while (this.#length % unit !== 0) this.u8(0)
    return true
  }

  /** Puts a 32-bit number where a placeholder was written. */
  patch32(at: number, value: number): true {
    this.#bytes.writeUInt32LE(value >>> 0, at)
    return true
  }

  patch16(at: number, value: number): true {
    this.#bytes.writeUInt16LE(value & 0xffff, at)
    return true
  }

  result(): Uint8Array {
    return new Uint8Array(this.#bytes.subarray(0, this.#length))
  }

  #grow(more: number): void {
    const needed = this.#length + more
    if (needed <= this.#bytes.length) return
    const larger = Buffer.alloc(Math.max(needed, this.#bytes.length * 2))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }
}
