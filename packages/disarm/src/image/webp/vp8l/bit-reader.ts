import { refuse } from '../../../family.ts'

/** Bits from the lowest of each byte (RFC 9649 §3.2). Reading beyond the end is the refusal IMG-DECODE. */
export class BitReader {
  readonly #bytes: Uint8Array
  readonly #bits: number
  /** Place of the next bit. */
  at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#bits = bytes.length * 8
  }

  /** The next `width` bits, up to 24, as a number; zeros behind the end. */
  peek(width: number): number {
    const byte = this.at >>> 3
    const four =
      this.#bytes[byte]! |
      (this.#bytes[byte + 1]! << 8) |
      (this.#bytes[byte + 2]! << 16) |
      (this.#bytes[byte + 3]! << 24)
    return (four >>> (this.at & 7)) & ((1 << width) - 1)
  }

  skip(width: number): void {
    this.at += width
    if (this.at > this.#bits) refuse('IMG-DECODE')
  }

  read(width: number): number {
    const value = this.peek(width)
    this.skip(width)
    return value
  }

  flag(): boolean {
    return this.read(1) === 1
  }

  /** Whole bytes behind the last bit that was read. */
  get rest(): Uint8Array {
    return this.#bytes.subarray((this.at + 7) >>> 3)
  }
}
