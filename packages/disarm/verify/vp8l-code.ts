import type { Bits } from './vp8l-bits.ts'

const LONGEST = 15
/** Order of the lengths of the code by which lengths are written (RFC 9649 §6.2.1). */
const ORDER = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]

/** A prefix code as it was read, and how often each symbol came since. */
export class Code {
  readonly #from: number
  readonly #to: number
  readonly #counts: Uint32Array
  /** Per length: words so far, words of that length, place of the first in `#symbols`. */
  readonly #amounts = new Uint16Array(LONGEST + 1)
  readonly #symbols: readonly number[]

  constructor(bits: Bits, size: number) {
    this.#from = bits.at
    this.#counts = new Uint32Array(size)
    const lengths = bits.bit() === 1 ? simple(bits, size) : normal(bits, size)
    this.#to = bits.at
    this.#symbols = ordered(lengths)
    for (const symbol of this.#symbols) this.#amounts[lengths[symbol]!]!++
    bits.demand(this.#symbols.length === 1 || isFull(this.#amounts))
  }

  /** The next symbol; one alone takes no bits. */
  next(bits: Bits): number {
    const symbol = this.#symbols.length === 1 ? this.#symbols[0]! : this.#word(bits)
    this.#counts[symbol]!++
    return symbol
  }

  #word(bits: Bits): number {
    for (let length = 1, word = 0, first = 0, index = 0; length <= LONGEST; length++) {
      word = 2 * word + bits.bit()
      const amount = this.#amounts[length]!
      if (word < first + amount) return this.#symbols[index + word - first]!
      index += amount
      first = 2 * (first + amount)
    }
    bits.demand(false)
    return 0
  }

  /** The code was written in exactly the bits that the disarmer chooses for these counts. */
  finish(bits: Bits): void {
    const text = writing(this.#counts)
    bits.demand(text.length === this.#to - this.#from && bits.reads(this.#from, text))
  }
}

function simple(bits: Bits, size: number): Uint8Array {
  const lengths = new Uint8Array(size)
  const two = bits.bit() === 1
  const symbols = [bits.number(bits.bit() === 1 ? 8 : 1), ...(two ? [bits.number(8)] : [])]
  bits.demand(symbols.every((symbol) => symbol < size))
  for (const symbol of symbols) lengths[symbol] = 1
  return lengths
}

function normal(bits: Bits, size: number): Uint8Array {
  const lengthLengths = new Uint8Array(ORDER.length)
  const given = 4 + bits.number(4)
  bits.demand(given <= ORDER.length)
  for (const symbol of ORDER.slice(0, given)) lengthLengths[symbol] = bits.number(3)
  // The disarmer always writes all lengths.
  bits.demand(bits.bit() === 0)
  const words = wordsOf(lengthLengths)
  bits.demand(words.size > 0)
  const lengths = new Uint8Array(size)
  for (let at = 0, before = 8; at < size;) {
    const token = tokenOf(bits, words)
    let [value, times] = [token, 1]
    if (token === 16) [value, times] = [before, 3 + bits.number(2)]
    if (token === 17) [value, times] = [0, 3 + bits.number(3)]
    if (token === 18) [value, times] = [0, 11 + bits.number(7)]
    bits.demand(at + times <= size)
    lengths.fill(value, at, at + times)
    at += times
    if (value > 0) before = value
  }
  return lengths
}

function tokenOf(bits: Bits, words: ReadonlyMap<string, number>): number {
  let word = ''
  let found = words.get(word)
  while (found === undefined) {
    bits.demand(word.length < 7)
    word += String(bits.bit())
    found = words.get(word)
  }
  return found
}

/** Symbols that have a word, by length and then by number. */
function ordered(lengths: Uint8Array): readonly number[] {
  const symbols = [...lengths.keys()].filter((symbol) => lengths[symbol]! > 0)
  return symbols.toSorted((a, b) => lengths[a]! - lengths[b]! || a - b)
}

function isFull(amounts: Uint16Array): boolean {
  let sum = 0
  for (let length = 1; length <= LONGEST; length++) sum += amounts[length]! * 2 ** -length
  return sum === 1
}

/** Words as strings of 0 and 1. The word of a symbol alone is empty. */
function wordsOf(lengths: Uint8Array): Map<string, number> {
  const symbols = ordered(lengths)
  if (symbols.length === 1) return new Map([['', symbols[0]!]])
  const words = new Map<string, number>()
  let word = 0
  let before = 0
  for (const symbol of symbols) {
    const length = lengths[symbol]!
    word *= 2 ** (length - before)
    before = length
    words.set(word.toString(2).padStart(length, '0'), symbol)
    word++
  }
  return words
}

/** Bits of the code for these counts, as 0 and 1. */
function writing(counts: Uint32Array): string {
  const used = [...counts.keys()].filter((symbol) => counts[symbol]! > 0)
  if (used.length > 2 || used.some((symbol) => symbol > 255)) {
    return `0${normalWriting(bestLengths(counts, LONGEST))}`
  }
  const [first = 0, second] = used
  const single = first < 2 ? `0${first}` : `1${number(first, 8)}`
  return second === undefined ? `10${single}` : `11${single}${number(second, 8)}`
}

function normalWriting(lengths: Uint8Array): string {
  const tokens = tokensFor(lengths)
  const counts = new Uint32Array(ORDER.length)
  for (const { token } of tokens) counts[token]!++
  const lengthLengths = bestLengths(counts, 7)
  let given = ORDER.length
  while (given > 4 && lengthLengths[ORDER[given - 1]!] === 0) given--
  const words = new Map([...wordsOf(lengthLengths)].map(([word, token]) => [token, word]))
  return [
    number(given - 4, 4),
    ...ORDER.slice(0, given).map((token) => number(lengthLengths[token]!, 3)),
    '0',
    ...tokens.map(({ token, more }) => words.get(token)! + more),
  ].join('')
}

interface Token {
  readonly token: number
  /** Extra bits. */
  readonly more: string
}

/** Zeros by 138, 3 to 10 or one by one; other lengths once, and repeated by 6, 3 to 5 or one by one. */
function tokensFor(lengths: Uint8Array): Token[] {
  const tokens: Token[] = []
  let before = 8
  for (let at = 0; at < lengths.length;) {
    const value = lengths[at]!
    const run = runFrom(lengths, at)
    let taken = 1
    if (value === 0 && run >= 11) {
      taken = Math.min(run, 138)
      tokens.push({ token: 18, more: number(taken - 11, 7) })
    } else if (value === 0 && run >= 3) {
      taken = run
      tokens.push({ token: 17, more: number(taken - 3, 3) })
    } else if (value !== 0 && value === before && run >= 3) {
      taken = Math.min(run, 6)
      tokens.push({ token: 16, more: number(taken - 3, 2) })
    } else {
      tokens.push({ token: value, more: '' })
    }
    if (value !== 0) before = value
    at += taken
  }
  return tokens
}

/** How often the value at `at` comes in a row, up to what one token can say. */
function runFrom(lengths: Uint8Array, at: number): number {
  let end = at
  while (end < lengths.length && end < at + 138 && lengths[end] === lengths[at]) end++
  return end - at
}

/** Lowest bit first, as it stands in the stream. */
function number(value: number, bits: number): string {
  return [...value.toString(2).padStart(bits, '0')].toReversed().join('')
}

/** Huffman's lengths, by Moffat and Katajainen's way in one array; small counts are raised until none is too long. */
function bestLengths(counts: Uint32Array, limit: number): Uint8Array {
  const lengths = new Uint8Array(counts.length)
  const used = [...counts.keys()].filter((symbol) => counts[symbol]! > 0)
  if (used.length === 1) lengths[used[0]!] = 1
  for (let floor = 1; used.length > 1; floor *= 2) {
    const weight = (symbol: number): number => Math.max(floor, counts[symbol]!)
    const symbols = used.toSorted((a, b) => weight(a) - weight(b) || a - b)
    const depths = depthsOf(symbols.map((symbol) => weight(symbol)))
    if (depths[0]! > limit) continue
    for (const [i, symbol] of symbols.entries()) lengths[symbol] = depths[i]!
    break
  }
  return lengths
}

/** Depths in the Huffman tree of ascending weights, deepest first. */
function depthsOf(weights: readonly number[]): number[] {
  const tree = parentsOf(weights)
  const size = weights.length
  tree[size - 2] = 0
  for (let i = size - 3; i >= 0; i--) tree[i] = tree[tree[i]!]! + 1
  const depths: number[] = []
  let open = 1
  let inner = size - 2
  for (let depth = 0, taken = 0; open > 0; depth++, open = 2 * taken, taken = 0) {
    for (; inner >= 0 && tree[inner] === depth; inner--) taken++
    for (let i = taken; i < open; i++) depths.unshift(depth)
  }
  return depths
}

/** For each inner node, in the order in which they are made, the node that it becomes part of. */
function parentsOf(weights: readonly number[]): number[] {
  const tree: number[] = []
  let leaf = 0
  let inner = 0
  for (let next = 0; next < weights.length - 1; next++) {
    let sum = 0
    for (let i = 0; i < 2; i++) {
      if (inner < next && (leaf >= weights.length || tree[inner]! < weights[leaf]!)) {
        sum += tree[inner]!
        tree[inner++] = next
      } else {
        sum += weights[leaf++]!
      }
    }
    tree[next] = sum
  }
  return tree
}
