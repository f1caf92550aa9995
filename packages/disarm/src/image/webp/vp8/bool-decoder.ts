import { refuse } from '../../../family.ts'

/** Zeros that a reader may make up behind the end: some writers do not flush their last byte. */
const MAX_MISSING = 2

/** The arithmetic decoder of RFC 6386 §7. Reading well beyond the end is the refusal IMG-DECODE. */
export class BoolDecoder {
  readonly #bytes: Uint8Array
  #at = 0
  #value = 0
  #range = 255
  /** How many bits of `#value` lie below the eight that are compared. */
  #spare = -8

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** Bytes that were looked at. */
  get consumed(): number {
    return Math.min(this.#at, this.#bytes.length)
  }

  /** One bit that is 0 in `probability` of 256 cases. */
  bit(probability: number): number {
    if (this.#spare < 0) this.#load()
    const split = 1 + (((this.#range - 1) * probability) >> 8)
    const threshold = split << this.#spare
    const bit = this.#value >= threshold ? 1 : 0
    if (bit === 1) {
      this.#value -= threshold
      this.#range -= split
    } else this.#range = split
    const shift = Math.clz32(this.#range) - 24
    this.#range <<= shift
    this.#spare -= shift
    return bit
  }

  /** A number of `width` bits, highest first, all equally probable. */
  literal(width: number): number {
    let value = 0
    for (let i = 0; i < width; i++) value = value * 2 + this.bit(128)
    return value
  }

  flag(): boolean {
    return this.bit(128) === 1
  }

  /** A number with its sign behind it. */
  signed(width: number): number {
    const magnitude = this.literal(width)
    return this.flag() ? -magnitude : magnitude
  }

  /** A signed number when a flag announces one, otherwise 0. */
  optional(width: number): number {
    return this.flag() ? this.signed(width) : 0
  }

  #load(): void {
    if (this.#at >= this.#bytes.length + MAX_MISSING) refuse('IMG-DECODE')
    this.#value = (this.#value << 8) | (this.#bytes[this.#at++] ?? 0)
    this.#spare += 8
  }
}
