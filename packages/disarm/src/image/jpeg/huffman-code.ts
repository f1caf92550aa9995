/** The best Huffman code for counted symbols, T.81 annex K.2, with code lengths of at most 16 bits. */

export interface HuffmanCode {
  /** Number of codes of each length from 1 to 16, as written in DHT. */
  readonly counts: Uint8Array
  /** Symbols in code order, as written in DHT. */
  readonly symbols: Uint8Array
  /** Code and its length per symbol; length 0 for symbols that do not occur. */
  readonly codes: Uint16Array
  readonly lengths: Uint8Array
}

/** Takes a code of its own so that no real symbol is all ones, which T.81 forbids. */
const RESERVED = 256
const MAX_CODE_LENGTH = 16

/** @param frequencies how often each of 256 symbols occurs */
export function optimalCode(frequencies: Uint32Array): HuffmanCode {
  const depths = codeDepths(frequencies)
  const perLength = limitLengths(depths)
  const symbols = symbolsByDepth(depths)
  const counts = Uint8Array.from(perLength.slice(1, MAX_CODE_LENGTH + 1))
  return { counts, symbols, ...assignCodes(counts, symbols) }
}

/** Depth of each symbol in the Huffman tree: figure K.1, by repeatedly joining the two rarest. */
function codeDepths(frequencies: Uint32Array): Uint8Array {
  const weights = new Float64Array(257)
  weights.set(frequencies)
  weights[RESERVED] = 1
  const depths = new Uint8Array(257)
  const next = new Int16Array(257).fill(-1)
  for (;;) {
    const a = rarest(weights, -1)
    const b = rarest(weights, a)
    if (b < 0) return depths
    weights[a] = weights[a]! + weights[b]!
    weights[b] = 0
    const endOfA = deepen(depths, next, a)
    next[endOfA] = b
    deepen(depths, next, b)
  }
}

/** The last of the symbols with the least weight above zero, other than `except`; -1 when there is none. */
function rarest(weights: Float64Array, except: number): number {
  let found = -1
  let least = Infinity
  for (let i = 0; i <= RESERVED; i++) {
    const weight = weights[i]!
    if (weight > 0 && weight <= least && i !== except) {
      least = weight
      found = i
    }
  }
  return found
}

/** One level deeper for the whole chain that starts at `start`; returns its last member. */
function deepen(depths: Uint8Array, next: Int16Array, start: number): number {
  let at = start
  depths[at] = depths[at]! + 1
  while (next[at]! >= 0) {
    at = next[at]!
    depths[at] = depths[at]! + 1
  }
  return at
}

/** Number of codes of each length, none longer than 16 (figure K.3), without the reserved code. */
function limitLengths(depths: Uint8Array): number[] {
  const perLength = Array.from({ length: 258 }, () => 0)
  for (const depth of depths) if (depth > 0) perLength[depth]!++
  for (let i = 257; i > MAX_CODE_LENGTH; i--) {
    while (perLength[i]! > 0) shorten(perLength, i)
  }
  let longest = MAX_CODE_LENGTH
  while (perLength[longest] === 0) longest--
  perLength[longest]!--
  return perLength
}

function shorten(perLength: number[], length: number): void {
  let donor = length - 2
  while (perLength[donor] === 0) donor--
  perLength[length]! -= 2
  perLength[length - 1]!++
  perLength[donor + 1]! += 2
  perLength[donor]!--
}

function symbolsByDepth(depths: Uint8Array): Uint8Array {
  const symbols = Array.from({ length: RESERVED }, (_, symbol) => symbol).filter(
    (s) => depths[s]! > 0,
  )
  return Uint8Array.from(symbols.toSorted((a, b) => depths[a]! - depths[b]! || a - b))
}

function assignCodes(counts: Uint8Array, symbols: Uint8Array) {
  const codes = new Uint16Array(256)
  const lengths = new Uint8Array(256)
  let code = 0
  let at = 0
  for (let length = 1; length <= MAX_CODE_LENGTH; length++, code <<= 1) {
    for (let i = 0; i < counts[length - 1]!; i++) {
      const symbol = symbols[at++]!
      codes[symbol] = code++
      lengths[symbol] = length
    }
  }
  return { codes, lengths }
}
