import type { BoolDecoder } from './bool-decoder.ts'
import { CHROMA_BLOCKS, EACH_BLOCK, LUMA_BLOCKS } from './picture.ts'
import type { Coefficients } from './picture.ts'
import { BLOCK, EXTRA_BITS, tokenNode } from './tables.ts'
import { Neighbours } from './neighbours.ts'

/** Reads the coefficients of macroblocks one after the other (RFC 6386 §13). */
export class TokenReader {
  readonly #probabilities: Uint8Array
  readonly #neighbours: Neighbours
  readonly #block = new Int16Array(16)

  constructor(probabilities: Uint8Array, wide: number) {
    this.#probabilities = probabilities
    this.#neighbours = new Neighbours(wide)
  }

  beginRow(): void {
    this.#neighbours.beginRow()
  }

  /** A macroblock in column `x` without coefficients. */
  skip(x: number, luma: number): void {
    this.#neighbours.skip(x, luma !== EACH_BLOCK)
  }

  /** @returns whether a coefficient of the macroblock is not 0; only then does it leave something in `coefficients` */
  read(decoder: BoolDecoder, x: number, luma: number, coefficients: Coefficients): boolean {
    const from = coefficients.size
    const whole = luma === EACH_BLOCK
    let coded = false
    if (!whole) coded = this.#readBlock(decoder, BLOCK.lumaDc, 0, x, 24, coefficients)
    const kind = whole ? BLOCK.luma : BLOCK.lumaWithoutDc
    for (let i = 0; i < LUMA_BLOCKS; i++) {
      if (this.#readBlock(decoder, kind, whole ? 0 : 1, x, i, coefficients)) coded = true
    }
    for (let i = 0; i < CHROMA_BLOCKS; i++) {
      if (this.#readBlock(decoder, BLOCK.chroma, 0, x, LUMA_BLOCKS + i, coefficients)) coded = true
    }
    if (!coded) coefficients.truncate(from)
    return coded
  }

  #readBlock(
    decoder: BoolDecoder,
    kind: number,
    first: number,
    x: number,
    place: number,
    coefficients: Coefficients,
  ): boolean {
    this.#block.fill(0)
    const context = this.#neighbours.context(x, place)
    const end = readBlock(decoder, this.#probabilities, kind, context, first, this.#block)
    this.#neighbours.set(x, place, end > first)
    return coefficients.add(this.#block, first, end)
  }
}

/** @returns the place behind the last token */
function readBlock(
  decoder: BoolDecoder,
  probabilities: Uint8Array,
  kind: number,
  context: number,
  first: number,
  block: Int16Array,
): number {
  let node = tokenNode(kind, first, context)
  for (let place = first; place < 16; place++) {
    if (decoder.bit(probabilities[node]!) === 0) return place
    while (decoder.bit(probabilities[node + 1]!) === 0) {
      if (++place === 16) return 16
      node = tokenNode(kind, place, 0)
    }
    const value = readValue(decoder, probabilities, node)
    node = tokenNode(kind, place + 1, value === 1 ? 1 : 2)
    block[place] = decoder.bit(128) === 1 ? -value : value
  }
  return 16
}

/** The magnitude of a coefficient that is not 0. */
function readValue(decoder: BoolDecoder, probabilities: Uint8Array, node: number): number {
  const branch = (number: number): number => decoder.bit(probabilities[node + number]!)
  if (branch(2) === 0) return 1
  if (branch(3) === 0) return branch(4) === 0 ? 2 : 3 + branch(5)
  if (branch(6) === 0) {
    if (branch(7) === 0) return 5 + decoder.bit(159)
    const high = decoder.bit(165)
    return 7 + 2 * high + decoder.bit(145)
  }
  const high = branch(8)
  const category = 2 * high + branch(9 + high)
  let extra = 0
  for (const probability of EXTRA_BITS[category]!) extra = extra * 2 + decoder.bit(probability)
  return 3 + (8 << category) + extra
}
