import { demand } from './rejection.ts'

/** Reads the fields of one metafile record, little-endian, and rejects whatever does not hold. */
export class Fields {
  readonly reason: string
  readonly where: string
  readonly #view: DataView
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array, reason: string, where: string) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.reason = reason
    this.where = where
  }

  demand(condition: boolean): void {
    demand(condition, this.reason, this.where)
  }

  get at(): number {
    return this.#at
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  u8(): number {
    return this.#view.getUint8(this.#step(1))
  }

  u16(): number {
    return this.#view.getUint16(this.#step(2), true)
  }

  i16(): number {
    return this.#view.getInt16(this.#step(2), true)
  }

  u32(): number {
    return this.#view.getUint32(this.#step(4), true)
  }

  i32(): number {
    return this.#view.getInt32(this.#step(4), true)
  }

  f32(): number {
    return this.#view.getFloat32(this.#step(4), true)
  }

  bytes(count: number): Uint8Array {
    const from = this.#step(count)
    return this.#bytes.subarray(from, from + count)
  }

  /** The next 32 bits are this number. */
  is(value: number): void {
    this.demand(this.u32() === value >>> 0)
  }

  zeros(count: number): void {
    this.demand(this.bytes(count).every((byte) => byte === 0))
  }

  /** Zeros up to a multiple of `unit` from the beginning. */
  fill(unit: number): void {
    this.zeros((unit - (this.#at % unit)) % unit)
  }

  /** Nothing is left. */
  end(): void {
    this.demand(this.left === 0)
  }

  #step(count: number): number {
    this.demand(count <= this.left)
    this.#at += count
    return this.#at - count
  }
}

/** Accepts a colour: 24 bits, or one of the two kinds that name a palette. */
export function colourField(read: Fields): void {
  read.demand(read.u32() >>> 24 <= 2)
}

/** A face name: characters, then zeros to the end of its field. */
export function faceName(read: Fields, characters: number, bytesOfOne: 1 | 2): void {
  let ended = false
  for (let index = 0; index < characters; index++) {
    const character = bytesOfOne === 1 ? read.u8() : read.u16()
    read.demand(ended ? character === 0 : character === 0 || character >= 0x20)
    ended ||= character === 0
  }
  read.demand(ended)
}
