import { damaged } from './damage.ts'

/** Reads numbers forwards, highest bit and highest byte first. Reading beyond the end is damage. */
export class BitStream {
  readonly bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  /** Index of the next whole byte. */
  get position(): number {
    return (this.#at + 7) >>> 3
  }

  bit(): number {
    const byte = this.bytes[this.#at >>> 3] ?? damaged()
    return (byte >> (7 - (this.#at++ & 7))) & 1
  }

  /** Up to 32 bits, without sign. */
  number(bits: number): number {
    let value = 0
    for (let i = 0; i < bits; i++) value = value * 2 + this.bit()
    return value
  }

  /** A byte with its sign. */
  signedByte(): number {
    return (this.number(8) << 24) >> 24
  }

  align(): void {
    this.#at = this.position * 8
  }

  /** The next whole bytes. */
  take(count: number): Uint8Array {
    const from = this.position
    if (from + count > this.bytes.length) damaged()
    this.#at = (from + count) * 8
    return this.bytes.subarray(from, from + count)
  }

  rest(): Uint8Array {
    return this.take(this.bytes.length - this.position)
  }
}
