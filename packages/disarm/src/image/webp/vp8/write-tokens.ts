import type { BoolEncoder } from './bool-encoder.ts'
import { Neighbours } from './neighbours.ts'
import { CHROMA_BLOCKS, EACH_BLOCK, LUMA_BLOCKS } from './picture.ts'
import type { Coefficients, Vp8Picture } from './picture.ts'
import type { BranchCounts } from './statistics.ts'
import { BLOCK, EXTRA_BITS, tokenNode } from './tables.ts'

/** Takes the bits of the tokens, either to count them or to write them. */
export interface TokenSink {
  /** `bit` at a branch of the token tree that adapts. */
  branch(bit: number, branch: number): void
  /** `bit` of a fixed probability. */
  fixed(bit: number, probability: number): void
}

export class CountingSink implements TokenSink {
  readonly #counts: BranchCounts
  constructor(counts: BranchCounts) {
    this.#counts = counts
  }

  branch(bit: number, branch: number): void {
    this.#counts[2 * branch + bit]!++
  }

  /** What does not adapt is not counted. */
  fixed(): void {}
}

export class WritingSink implements TokenSink {
  readonly #encoder: BoolEncoder
  readonly #probabilities: Uint8Array
  constructor(encoder: BoolEncoder, probabilities: Uint8Array) {
    this.#encoder = encoder
    this.#probabilities = probabilities
  }

  branch(bit: number, branch: number): void {
    this.#encoder.bit(bit, this.#probabilities[branch]!)
  }

  fixed(bit: number, probability: number): void {
    this.#encoder.bit(bit, probability)
  }
}

/** Sends the tokens of all macroblocks to `sink` (RFC 6386 §13). */
export function writeTokens({ macroblocks, coefficients }: Vp8Picture, sink: TokenSink): void {
  const { wide, high, luma, coded } = macroblocks
  const neighbours = new Neighbours(wide)
  coefficients.rewind()
  for (let y = 0, index = 0; y < high; y++) {
    neighbours.beginRow()
    for (let x = 0; x < wide; x++, index++) {
      const whole = luma[index] === EACH_BLOCK
      if (coded[index] === 0) neighbours.skip(x, !whole)
      else writeMacroblock(sink, neighbours, x, whole, coefficients)
    }
  }
}

function writeMacroblock(
  sink: TokenSink,
  neighbours: Neighbours,
  x: number,
  whole: boolean,
  coefficients: Coefficients,
): void {
  const write = (kind: number, first: number, place: number): void => {
    const end = coefficients.next()
    const context = neighbours.context(x, place)
    writeBlock(sink, kind, context, first, end, coefficients)
    neighbours.set(x, place, end > first)
  }
  if (!whole) write(BLOCK.lumaDc, 0, 24)
  const kind = whole ? BLOCK.luma : BLOCK.lumaWithoutDc
  for (let i = 0; i < LUMA_BLOCKS; i++) write(kind, whole ? 0 : 1, i)
  for (let i = 0; i < CHROMA_BLOCKS; i++) write(BLOCK.chroma, 0, LUMA_BLOCKS + i)
}

function writeBlock(
  sink: TokenSink,
  kind: number,
  context: number,
  first: number,
  end: number,
  coefficients: Coefficients,
): void {
  let node = tokenNode(kind, first, context)
  // Behind a zero the block cannot end, so the end is not asked for.
  let mayEnd = true
  for (let place = first; place < end; place++) {
    const value = coefficients.next()
    if (mayEnd) sink.branch(1, node)
    mayEnd = value !== 0
    if (mayEnd) writeValue(sink, node, value)
    else sink.branch(0, node + 1)
    const magnitude = Math.abs(value)
    node = tokenNode(kind, place + 1, magnitude > 1 ? 2 : magnitude)
  }
  if (end < 16) sink.branch(0, node)
}

function writeValue(sink: TokenSink, node: number, value: number): void {
  sink.branch(1, node + 1)
  writeMagnitude(sink, node, Math.abs(value))
  sink.fixed(value < 0 ? 1 : 0, 128)
}

function writeMagnitude(sink: TokenSink, node: number, value: number): void {
  sink.branch(value > 1 ? 1 : 0, node + 2)
  if (value === 1) return
  sink.branch(value > 4 ? 1 : 0, node + 3)
  if (value <= 4) {
    sink.branch(value > 2 ? 1 : 0, node + 4)
    if (value > 2) sink.branch(value - 3, node + 5)
    return
  }
  sink.branch(value > 10 ? 1 : 0, node + 6)
  if (value <= 10) writeSmallCategory(sink, node, value)
  else writeLargeCategory(sink, node, value)
}

function writeSmallCategory(sink: TokenSink, node: number, value: number): void {
  sink.branch(value > 6 ? 1 : 0, node + 7)
  if (value <= 6) {
    sink.fixed(value - 5, 159)
    return
  }
  sink.fixed((value - 7) >> 1, 165)
  sink.fixed((value - 7) & 1, 145)
}

function writeLargeCategory(sink: TokenSink, node: number, value: number): void {
  const category = value < 19 ? 0 : value < 35 ? 1 : value < 67 ? 2 : 3
  sink.branch(category >> 1, node + 8)
  sink.branch(category & 1, node + 9 + (category >> 1))
  const probabilities = EXTRA_BITS[category]
  const extra = value - 3 - (8 << category)
  probabilities.forEach((probability, i) =>
    sink.fixed((extra >> (probabilities.length - 1 - i)) & 1, probability),
  )
}
