/** Bits from the lowest of each byte (RFC 9649 §3.2). */
export class BitWriter {
  #bytes = new Uint8Array(4096)
  #size = 0
  #held = 0
  #count = 0

  /** Writes the lowest `width` bits of `value`, up to 24. */
  put(value: number, width: number): void {
    this.#held |= value << this.#count
    this.#count += width
    if (this.#size + 4 > this.#bytes.length) this.#grow()
    for (; this.#count >= 8; this.#count -= 8, this.#held >>>= 8) {
      this.#bytes[this.#size++] = this.#held & 0xff
    }
  }

  flag(value: boolean): void {
    this.put(value ? 1 : 0, 1)
  }

  /** Everything written so far, the last byte filled up with zeros. */
  finish(): Uint8Array {
    if (this.#count > 0) this.put(0, 8 - this.#count)
    return this.#bytes.slice(0, this.#size)
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2)
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}
