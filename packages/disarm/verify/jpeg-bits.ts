import { Rejection, demand } from './rejection.ts'

/** Canonical Huffman code (ITU-T T.81 Annex C). */
export interface HuffmanCode {
  readonly counts: Uint8Array
  readonly symbols: Uint8Array
  /** How often the scans use each symbol, in the order of `symbols`. */
  readonly uses: Float64Array
  /** Per value of the next bits: length of the code that begins so times 256 plus the index of its symbol. 0 where none of at most `SHORT` bits does. */
  readonly short: Uint16Array
  /** Per length the first code and the index of its symbol. */
  readonly first: Int32Array
  readonly offset: Int32Array
}

/** Codes that one look tells; longer ones are rare. */
const SHORT = 9
const LONGEST = 16

/** Builds the code of one table. No code is all ones (T.81 C.2), no symbol stands twice. */
export function huffmanCode(counts: Uint8Array, symbols: Uint8Array, where: string): HuffmanCode {
  const first = new Int32Array(LONGEST)
  const offset = new Int32Array(LONGEST)
  const short = new Uint16Array(1 << SHORT)
  let code = 0
  let index = 0
  for (let length = 1; length <= LONGEST; length++) {
    first[length - 1] = code
    offset[length - 1] = index
    const count = counts[length - 1]!
    // Strictly less: the code of all ones must stay free.
    demand(code + count < 1 << length, 'VERIFY-JPEG', where)
    for (let each = 0; each < count; each++, code++, index++) {
      const spare = SHORT - length
      if (spare >= 0) short.fill((length << 8) | index, code << spare, (code + 1) << spare)
    }
    code <<= 1
  }
  demand(new Set(symbols).size === symbols.length, 'VERIFY-JPEG', where)
  return { counts, symbols, uses: new Float64Array(symbols.length), short, first, offset }
}

/** Entropy-coded bits of one scan: every `FF` followed by `00`, padding with ones (T.81 F.1.2.3). */
export class Bits {
  readonly #bytes: Uint8Array
  readonly #where: string
  #at: number
  /** The next `#count` bits, at most 30, and nothing above them. */
  #held = 0
  #count = 0

  constructor(bytes: Uint8Array, at: number, where: string) {
    this.#bytes = bytes
    this.#at = at
    this.#where = where
  }

  /** The next bits as a number; at most 16. */
  take(count: number): number {
    if (this.#count < count) this.#fill()
    demand(count <= this.#count, 'VERIFY-JPEG', this.#where)
    return this.#drop(count)
  }

  /** `count` bits as the signed number they stand for (T.81 F.2.2.1, EXTEND). */
  signed(count: number): number {
    if (count === 0) return 0
    const value = this.take(count)
    return value < 1 << (count - 1) ? value - (1 << count) + 1 : value
  }

  symbol(code: HuffmanCode): number {
    if (this.#count < LONGEST) this.#fill()
    const spare = this.#count - SHORT
    // Near the end zeros stand in for bits that are not there: a code that would need one of them is too long.
    const entry = code.short[spare < 0 ? this.#held << -spare : this.#held >> spare]!
    if (entry === 0) return this.#longSymbol(code)
    const length = entry >> 8
    demand(length <= this.#count, 'VERIFY-JPEG', this.#where)
    this.#drop(length)
    const index = entry & 0xff
    code.uses[index]! += 1
    return code.symbols[index]!
  }

  /** Position of the marker that follows the scan. Padding other than ones would be a channel. */
  finish(): number {
    this.#fill()
    const padding = this.#count < 8 && this.#held === (1 << this.#count) - 1
    demand(padding, 'VERIFY-JPEG', this.#where)
    return this.#at
  }

  #longSymbol({ counts, symbols, uses, first, offset }: HuffmanCode): number {
    for (let length = SHORT + 1; length <= Math.min(LONGEST, this.#count); length++) {
      const index = (this.#held >> (this.#count - length)) - first[length - 1]!
      if (index < 0 || index >= counts[length - 1]!) continue
      this.#drop(length)
      uses[offset[length - 1]! + index]! += 1
      return symbols[offset[length - 1]! + index]!
    }
    throw new Rejection('VERIFY-JPEG', this.#where)
  }

  #drop(count: number): number {
    this.#count -= count
    const taken = this.#held >> this.#count
    this.#held &= (1 << this.#count) - 1
    return taken
  }

  /** Holds as many whole bytes as fit, up to the next marker or the end of the file: what is missing then is missed by who needs it. */
  #fill(): void {
    while (this.#count <= HELD - 8) {
      const byte = this.#bytes[this.#at]
      if (byte === undefined) return
      if (byte === 0xff) {
        if (this.#bytes[this.#at + 1] !== 0) return
        this.#at++
      }
      this.#at++
      this.#held = (this.#held << 8) | byte
      this.#count += 8
    }
  }
}

/** Bits that are held at most: what fits into the small whole numbers of the machine. */
const HELD = 30
