/** Entropy-coded data as it is written: bits, most significant first, with byte stuffing (T.81 B.1.1.5). */
export class BitWriter {
  #bytes = new Uint8Array(65_536)
  #size = 0
  /** Bits not written yet stand lowest; higher ones are left over and of no meaning. */
  #pending = 0
  /** 0 to 15 between calls. */
  #pendingBits = 0

  /** Makes room for `count` bytes before stuffing, so that `put` need not look. */
  reserve(count: number): void {
    if (this.#size + count * 2 <= this.#bytes.length) return
    const larger = this.#bytes.length * 2 + count * 2
    this.#bytes = new Uint8Array(this.#bytes.buffer.transfer(larger))
  }

  /** Writes the low `count` bits, 0 to 16, of `value`, which has no others. */
  put(value: number, count: number): void {
    this.#pending = (this.#pending << count) | value
    this.#pendingBits += count
    if (this.#pendingBits < 16) return
    this.#pendingBits -= 16
    const two = (this.#pending >>> this.#pendingBits) & 0xffff
    const bytes = this.#bytes
    const at = this.#size
    if (two < 0xff00 && (two & 0xff) < 0xff) {
      bytes[at] = two >> 8
      bytes[at + 1] = two
      this.#size = at + 2
      return
    }
    this.#putByte(two >> 8)
    this.#putByte(two & 0xff)
  }

  /** A code, given times 256 plus its length, and the `size` bits that go with it, 0 to 11. */
  putCode(code: number, bits: number, size: number): void {
    const length = code & 0xff
    if (length + size <= 16) {
      this.put(((code >> 8) << size) | bits, length + size)
      return
    }
    this.put(code >> 8, length)
    this.put(bits, size)
  }

  /** Everything written, once, in a place of just its size; the last byte filled with ones (T.81 F.1.2.3). */
  finish(): Uint8Array {
    this.reserve(4)
    const spare = -this.#pendingBits & 7
    this.put((1 << spare) - 1, spare)
    if (this.#pendingBits === 8) this.#putByte(this.#pending & 0xff)
    return new Uint8Array(this.#bytes.buffer.transfer(this.#size))
  }

  #putByte(byte: number): void {
    this.#bytes[this.#size++] = byte
    if (byte === 0xff) this.#bytes[this.#size++] = 0
  }
}
