import { refuse } from '../../family.ts'
import { LONG_CODES, SHORT_CODE } from './huffman-lookup.ts'
import type { HuffmanLookup } from './huffman-lookup.ts'

/** Bytes of one scan, so that positions in bits stay below 2^31. */
const MAX_BYTES = 0x0fff_fff0

/**
 * Reads codes and bits from unstuffed entropy-coded data by bit position. It may look beyond `limit` while inside
 * a block; `checkLimit` after each block turns that into a refusal.
 */
export class BitReader {
  readonly #data: Uint8Array
  /** Position in bits, below 2^31. */
  #at = 0
  #limit = 0

  constructor(data: Uint8Array) {
    if (data.length > MAX_BYTES) refuse('IMG-BOMB')
    this.#data = data
  }

  /** Continues at byte `from` up to byte `to`. */
  moveTo(from: number, to: number): void {
    this.#at = from * 8
    this.#limit = to * 8
  }

  /** True when more was read than was there. */
  get overrun(): boolean {
    return this.#at > this.#limit
  }

  /** Refuses when more was read than was there: a decoder would show grey from here on. */
  checkLimit(): void {
    if (this.overrun) refuse('IMG-DECODE')
  }

  /** First byte of which no bit was read. */
  get nextByte(): number {
    return (this.#at + 7) >> 3
  }

  /** Next Huffman symbol. */
  symbol(table: HuffmanLookup): number {
    const next = this.#peek()
    const entry = table[next >> (16 - SHORT_CODE)]! || table[LONG_CODES + next]!
    if (entry === 0) refuse('IMG-DECODE')
    this.#at += entry >> 8
    return entry & 0xff
  }

  /** Next `count` bits, 0 to 16, as a number without sign. */
  bits(count: number): number {
    const value = this.#peek() >> (16 - count)
    this.#at += count
    return value
  }

  /** EXTEND of T.81 F.2.2.1: a value of `size` bits, 1 to 15, whose top bit tells the sign. */
  signed(size: number): number {
    const value = this.bits(size)
    // No branch: the sign of a coefficient cannot be foreseen.
    return value + (((value >> (size - 1)) - 1) & (1 - (1 << size)))
  }

  /** The next 16 bits; zero beyond the end of the data. */
  #peek(): number {
    const at = this.#at >> 3
    const data = this.#data
    const three = (data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!
    return (three >> (8 - (this.#at & 7))) & 0xffff
  }
}
