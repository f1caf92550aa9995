/**
 * The arithmetic encoder of RFC 6386 §7. Of the numbers that decode to the same bits it writes the lowest, in as
 * many bytes as a decoder looks at and no more, so the same bits always give the same bytes.
 */
export class BoolEncoder {
  #bytes = new Uint8Array(4096)
  #size = 0
  #low = 0
  #range = 255
  /** Bits of `#low` below the eight that are still moving. */
  #pending = 0

  /** Writes a bit that is 0 in `probability` of 256 cases. */
  bit(bit: number, probability: number): void {
    const split = 1 + (((this.#range - 1) * probability) >> 8)
    if (bit === 1) {
      this.#low += split
      this.#range -= split
    } else this.#range = split
    const shift = Math.clz32(this.#range) - 24
    this.#range <<= shift
    this.#low <<= shift
    this.#pending += shift
    if (this.#pending >= 8) this.#emit()
  }

  literal(value: number, width: number): void {
    for (let i = width - 1; i >= 0; i--) this.bit((value >> i) & 1, 128)
  }

  flag(value: boolean): void {
    this.bit(value ? 1 : 0, 128)
  }

  signed(value: number, width: number): void {
    this.literal(Math.abs(value), width)
    this.flag(value < 0)
  }

  /** A flag, and behind it the signed number unless it is 0. */
  optional(value: number, width: number): void {
    this.flag(value !== 0)
    if (value !== 0) this.signed(value, width)
  }

  /** Everything written so far. Nothing may be written afterwards. */
  finish(): Uint8Array {
    this.#push(this.#low >>> this.#pending)
    if (this.#pending > 0) this.#push((this.#low << (8 - this.#pending)) & 0xff)
    return this.#bytes.slice(0, this.#size)
  }

  #emit(): void {
    this.#pending -= 8
    this.#push(this.#low >>> (8 + this.#pending))
    this.#low &= (1 << (8 + this.#pending)) - 1
  }

  /** A ninth bit is a carry into the bytes already written. */
  #push(byte: number): void {
    if (byte > 0xff) this.#carry()
    if (this.#size === this.#bytes.length) this.#grow()
    this.#bytes[this.#size++] = byte & 0xff
  }

  #carry(): void {
    let at = this.#size - 1
    for (; this.#bytes[at] === 0xff; at--) this.#bytes[at] = 0
    this.#bytes[at]!++
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2)
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}
