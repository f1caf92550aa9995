import type { BitWriter } from './bit-writer.ts'
import { codeLengths } from './code-lengths.ts'
import { MAX_LENGTH, reversed } from './prefix-code.ts'
import { CODE_LENGTH_ORDER, FIRST_LENGTH, REPEAT_BEFORE, REPEATS } from './read-code.ts'

/** Longest word of the code of code lengths: its length has three bits. */
const MAX_LENGTH_LENGTH = 7
const MOST_REPEATED = 6
const MOST_ZEROS = 138

/** A code for writing: the word of each symbol, turned round, and how long it is. */
export interface WrittenCode {
  readonly words: Uint16Array
  readonly lengths: Uint8Array
}

/** Writes the best code for `counts` in the shortest form that can hold it. @returns the code */
export function writeCode(writer: BitWriter, counts: Uint32Array): WrittenCode {
  const used: number[] = []
  for (let symbol = 0; symbol < counts.length && used.length < 3; symbol++) {
    if (counts[symbol]! > 0) used.push(symbol)
  }
  const simple = used.length < 3 && used.every((symbol) => symbol < 256)
  const lengths = codeLengths(counts, MAX_LENGTH)
  if (simple) writeSimple(writer, used)
  else writeNormal(writer, lengths)
  // The only symbol of a code takes no bits.
  return wordsOf(used.length < 2 ? new Uint8Array(counts.length) : lengths)
}

function writeSimple(writer: BitWriter, symbols: readonly number[]): void {
  const [first = 0, second] = symbols
  writer.flag(true)
  writer.flag(second !== undefined)
  writer.flag(first > 1)
  writer.put(first, first > 1 ? 8 : 1)
  if (second !== undefined) writer.put(second, 8)
}

interface Token {
  readonly symbol: number
  /** How much more than the least is repeated. */
  readonly extra: number
}

function writeNormal(writer: BitWriter, lengths: Uint8Array): void {
  const tokens = tokensOf(lengths)
  const counts = new Uint32Array(CODE_LENGTH_ORDER.length)
  for (const { symbol } of tokens) counts[symbol]!++
  const lengthLengths = codeLengths(counts, MAX_LENGTH_LENGTH)
  const last = CODE_LENGTH_ORDER.findLastIndex((symbol) => lengthLengths[symbol]! > 0)
  const given = Math.max(4, last + 1)
  writer.flag(false)
  writer.put(given - 4, 4)
  for (const symbol of CODE_LENGTH_ORDER.slice(0, given)) writer.put(lengthLengths[symbol]!, 3)
  writer.flag(false)
  const isSingle = counts.filter((count) => count > 0).length === 1
  const code = wordsOf(isSingle ? new Uint8Array(lengthLengths.length) : lengthLengths)
  for (const { symbol, extra } of tokens) {
    writer.put(code.words[symbol]!, code.lengths[symbol]!)
    if (symbol >= REPEAT_BEFORE) writer.put(extra, REPEATS[symbol - REPEAT_BEFORE]!.bits)
  }
}

/** Runs of lengths: zeros by 18 and 17, others once and then by 16; fewer than three one by one. */
function tokensOf(lengths: Uint8Array): readonly Token[] {
  const tokens: Token[] = []
  let before = FIRST_LENGTH
  for (let at = 0; at < lengths.length;) {
    const length = lengths[at]!
    let end = at + 1
    while (end < lengths.length && lengths[end] === length) end++
    let run = end - at
    at = end
    if (length === 0) {
      zeros(tokens, run)
      continue
    }
    if (length !== before) {
      tokens.push({ symbol: length, extra: 0 })
      run--
    }
    before = length
    repeats(tokens, length, run)
  }
  return tokens
}

function zeros(tokens: Token[], run: number): void {
  for (; run >= 3; run -= Math.min(run, MOST_ZEROS)) {
    const part = Math.min(run, MOST_ZEROS)
    tokens.push(part < 11 ? { symbol: 17, extra: part - 3 } : { symbol: 18, extra: part - 11 })
  }
  for (; run > 0; run--) tokens.push({ symbol: 0, extra: 0 })
}

function repeats(tokens: Token[], length: number, run: number): void {
  for (; run >= 3; run -= Math.min(run, MOST_REPEATED)) {
    tokens.push({ symbol: REPEAT_BEFORE, extra: Math.min(run, MOST_REPEATED) - 3 })
  }
  for (; run > 0; run--) tokens.push({ symbol: length, extra: 0 })
}

/** Canonical words: by length, then by symbol. */
function wordsOf(lengths: Uint8Array): WrittenCode {
  const counts = new Uint32Array(MAX_LENGTH + 1)
  for (const length of lengths) counts[length]!++
  const next = new Uint32Array(MAX_LENGTH + 1)
  for (let length = 2; length <= MAX_LENGTH; length++) {
    next[length] = (next[length - 1]! + counts[length - 1]!) * 2
  }
  const words = new Uint16Array(lengths.length)
  lengths.forEach((length, symbol) => {
    if (length > 0) words[symbol] = reversed(next[length]!++, length)
  })
  return { words, lengths }
}
