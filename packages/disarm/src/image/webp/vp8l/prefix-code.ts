import { refuse } from '../../../family.ts'
import type { BitReader } from './bit-reader.ts'

export const MAX_LENGTH = 15
/** Codes up to this length are looked up at once. */
const QUICK = 8

/**
 * A canonical prefix code (RFC 9649 §6.2). It must be complete, or be one symbol, which then takes no bits: a code with too
 * many or too few words is the refusal IMG-DECODE, before anything is decoded with it. Tables built from such codes were
 * written beyond their end elsewhere (CVE-2023-4863).
 */
export class PrefixCode {
  /** Symbols by length, then by number. */
  readonly #symbols: Uint16Array
  readonly #counts = new Uint16Array(MAX_LENGTH + 1)
  #quick: Uint16Array | undefined

  /** @param lengths of the word of each symbol, 0 for none */
  constructor(lengths: Uint8Array) {
    for (const length of lengths) this.#counts[length]!++
    this.#counts[0] = 0
    const used = this.#counts.reduce((sum, count) => sum + count, 0)
    if (used !== 1 && !isComplete(this.#counts)) refuse('IMG-DECODE')
    this.#symbols = new Uint16Array(used)
    const next = new Uint16Array(MAX_LENGTH + 2)
    for (let i = 1; i <= MAX_LENGTH; i++) next[i + 1] = next[i]! + this.#counts[i]!
    lengths.forEach((length, symbol) => {
      if (length > 0) this.#symbols[next[length]!++] = symbol
    })
  }

  /** A code of one or two symbols. */
  static ofSymbols(symbols: readonly number[]): PrefixCode {
    const lengths = new Uint8Array(256)
    for (const symbol of symbols) lengths[symbol] = 1
    return new PrefixCode(lengths)
  }

  read(reader: BitReader): number {
    if (this.#symbols.length === 1) return this.#symbols[0]!
    this.#quick ??= this.#quickTable()
    const entry = this.#quick[reader.peek(QUICK)]!
    if (entry === 0) return this.#readSlowly(reader)
    reader.skip(entry & 15)
    return entry >> 4
  }

  #readSlowly(reader: BitReader): number {
    const bits = reader.peek(MAX_LENGTH)
    for (let length = 1, code = 0, first = 0, index = 0; length <= MAX_LENGTH; length++) {
      code = code * 2 + ((bits >> (length - 1)) & 1)
      const count = this.#counts[length]!
      if (code - first < count) {
        reader.skip(length)
        return this.#symbols[index + code - first]!
      }
      index += count
      first = (first + count) * 2
    }
    return refuse('IMG-DECODE')
  }

  /** By the next bits: sixteen times the symbol and the length of its word; 0 for a longer word. */
  #quickTable(): Uint16Array {
    const table = new Uint16Array(1 << QUICK)
    for (let length = 1, code = 0, index = 0; length <= QUICK; length++, code *= 2) {
      for (let i = 0; i < this.#counts[length]!; i++, code++, index++) {
        const entry = (this.#symbols[index]! << 4) | length
        const step = 1 << length
        for (let at = reversed(code, length); at < table.length; at += step) table[at] = entry
      }
    }
    return table
  }
}

/** The words of all lengths use up the whole tree and no more (Kraft). */
function isComplete(counts: Uint16Array): boolean {
  let open = 1
  for (let length = 1; length <= MAX_LENGTH; length++) {
    open = open * 2 - counts[length]!
    if (open < 0) return false
  }
  return open === 0
}

/** Words are sent from their highest bit, in a stream that begins with the lowest. */
export function reversed(code: number, length: number): number {
  let result = 0
  for (let i = 0; i < length; i++) result = result * 2 + ((code >> i) & 1)
  return result
}
