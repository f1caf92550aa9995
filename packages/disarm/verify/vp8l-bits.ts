import { demand } from './rejection.ts'

/** Reads bits from the lowest of each byte (RFC 9649 §3.2). */
export class Bits {
  readonly #bytes: Uint8Array
  readonly where: string
  at = 0

  constructor(bytes: Uint8Array, where: string) {
    this.#bytes = bytes
    this.where = where
  }

  demand(condition: boolean): void {
    demand(condition, 'VERIFY-WEBP', this.where)
  }

  bit(): number {
    this.demand(this.at < this.#bytes.length * 8)
    const bit = (this.#bytes[this.at >> 3]! >> (this.at & 7)) & 1
    this.at++
    return bit
  }

  /** Up to 20 bits. */
  number(count: number): number {
    let value = 0
    for (let i = 0; i < count; i++) value |= this.bit() << i
    return value
  }

  /** Whether the bits from `from` are those of `text`, a string of 0 and 1. */
  reads(from: number, text: string): boolean {
    const before = this.at
    this.at = from
    let same = true
    for (const digit of text) same &&= this.bit() === (digit === '1' ? 1 : 0)
    this.at = before
    return same
  }

  /** Only zeros up to the end of the byte, which is the last. */
  finish(): void {
    while ((this.at & 7) !== 0) this.demand(this.bit() === 0)
    this.demand(this.at === this.#bytes.length * 8)
  }
}
