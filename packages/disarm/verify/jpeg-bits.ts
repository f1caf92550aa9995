import { Rejection, demand } from './rejection.ts'

/** Canonical Huffman code (ITU-T T.81 Annex C): per length the first code, the index of its first symbol, how many. */
export interface HuffmanCode {
  readonly first: Int32Array
  readonly offset: Int32Array
  readonly counts: Uint8Array
  readonly symbols: Uint8Array
  /** How often the scans use each symbol, in the order of `symbols`. */
  readonly uses: Float64Array
}

/** Builds the code of one table. No code is all ones (T.81 C.2), no symbol stands twice. */
export function huffmanCode(counts: Uint8Array, symbols: Uint8Array, where: string): HuffmanCode {
  const first = new Int32Array(16)
  const offset = new Int32Array(16)
  let code = 0
  let index = 0
  for (let length = 0; length < 16; length++) {
    first[length] = code
    offset[length] = index
    code += counts[length]!
    index += counts[length]!
    // Strictly less: the code of all ones must stay free.
    demand(code < 1 << (length + 1), 'VERIFY-JPEG', where)
    code <<= 1
  }
  demand(new Set(symbols).size === symbols.length, 'VERIFY-JPEG', where)
  return { first, offset, counts, symbols, uses: new Float64Array(symbols.length) }
}

/** Entropy-coded bits of one scan: every `FF` followed by `00`, padding with ones (T.81 F.1.2.3). */
export class Bits {
  readonly #bytes: Uint8Array
  readonly #where: string
  #at: number
  #held = 0
  #count = 0

  constructor(bytes: Uint8Array, at: number, where: string) {
    this.#bytes = bytes
    this.#at = at
    this.#where = where
  }

  take(count: number): number {
    let value = 0
    for (let index = 0; index < count; index++) value = (value << 1) | this.#bit()
    return value
  }

  /** `count` bits as the signed number they stand for (T.81 F.2.2.1, EXTEND). */
  signed(count: number): number {
    if (count === 0) return 0
    const value = this.take(count)
    return value < 1 << (count - 1) ? value - (1 << count) + 1 : value
  }

  symbol({ first, offset, counts, symbols, uses }: HuffmanCode): number {
    let code = 0
    for (let length = 0; length < 16; length++) {
      code = (code << 1) | this.#bit()
      const index = code - first[length]!
      if (index < 0 || index >= counts[length]!) continue
      uses[offset[length]! + index]! += 1
      return symbols[offset[length]! + index]!
    }
    throw new Rejection('VERIFY-JPEG', this.#where)
  }

  /** Position of the marker that follows the scan. Padding other than ones would be a channel. */
  finish(): number {
    demand(this.#held === (1 << this.#count) - 1, 'VERIFY-JPEG', this.#where)
    return this.#at
  }

  #bit(): number {
    if (this.#count === 0) {
      const byte = this.#bytes[this.#at++]
      demand(byte !== undefined, 'VERIFY-JPEG', this.#where)
      if (byte === 0xff) demand(this.#bytes[this.#at++] === 0, 'VERIFY-JPEG', this.#where)
      this.#held = byte
      this.#count = 8
    }
    this.#count--
    const bit = (this.#held >> this.#count) & 1
    this.#held &= (1 << this.#count) - 1
    return bit
  }
}
