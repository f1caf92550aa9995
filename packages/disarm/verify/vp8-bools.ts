import { demand } from './rejection.ts'

/** Decoder of RFC 6386 §7.3, which can tell whether it read the one canonical encoding. */
export class Bools {
  readonly #bytes: Uint8Array
  readonly #where: string
  #next = 0
  /** Two bytes: the one that is compared, and the one that moves up into it. */
  #window: number
  #range = 255
  #shifted = 0

  constructor(bytes: Uint8Array, where: string) {
    this.#bytes = bytes
    this.#where = where
    this.#window = (this.#byte() << 8) | this.#byte()
  }

  #byte(): number {
    return this.#bytes[this.#next++] ?? 0
  }

  bool(chance: number): number {
    const split = 1 + (((this.#range - 1) * chance) >> 8)
    const upper = this.#window >= split << 8
    if (upper) {
      this.#window -= split << 8
      this.#range -= split
    } else {
      this.#range = split
    }
    while (this.#range < 128) {
      this.#range <<= 1
      this.#window <<= 1
      if ((++this.#shifted & 7) === 0) this.#window |= this.#byte()
    }
    // Far behind the end, where an encoder would never leave a reader.
    demand(this.#shifted <= this.#bytes.length * 8, 'VERIFY-WEBP', this.#where)
    return upper ? 1 : 0
  }

  number(bits: number): number {
    let value = 0
    for (let i = 0; i < bits; i++) value = (value << 1) | this.bool(128)
    return value
  }

  yes(): boolean {
    return this.bool(128) === 1
  }

  /** 0 when not flagged; flagged it is never 0. */
  flagged(bits: number): number {
    if (!this.yes()) return 0
    const size = this.number(bits)
    demand(size !== 0, 'VERIFY-WEBP', this.#where)
    return this.yes() ? -size : size
  }

  /**
   * What is left when the value of every choice has been taken away is nothing, and there are as many bytes as eight bits more
   * than were shifted out: the lowest number that gives these choices, which is what the disarmer writes.
   */
  finish(): void {
    const rest = this.#bytes.subarray(Math.min(this.#next, this.#bytes.length))
    const nothing = this.#window === 0 && rest.every((byte) => byte === 0)
    const length = Math.ceil((this.#shifted + 8) / 8)
    demand(nothing && this.#bytes.length === length, 'VERIFY-WEBP', this.#where)
  }
}
