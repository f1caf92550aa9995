import type { Bits, HuffmanCode } from './jpeg-bits.ts'
import { demand } from './rejection.ts'

/** A component of the frame. ITU-T T.81 A.1.1. */
export interface Component {
  readonly id: number
  readonly h: number
  readonly v: number
  readonly quantization: number
}

export interface Frame {
  readonly width: number
  readonly height: number
  readonly components: readonly Component[]
}

export interface CodePair {
  readonly dc: HuffmanCode
  readonly ac: HuffmanCode
}

/** Most bits of a DC difference and of an AC coefficient at 8 bits per sample (T.81 tables F.1 and F.2). */
const MAX_DC_BITS = 11
const MAX_AC_BITS = 10
const MAX_DC = 2047
const LAST = 63
const END_OF_BLOCK = 0x00
const SIXTEEN_ZEROS = 0xf0

/**
 * Walks every bit of one scan, so that nothing can hide inside it.
 *
 * @param indexes components of the scan, as positions in the frame
 */
export function walkScan(
  frame: Frame,
  indexes: readonly number[],
  codes: readonly CodePair[],
  bits: Bits,
  where: string,
): void {
  const parts = indexes.map((index) => new Part(frame, index, codes[tableOf(index)]!, where))
  if (parts.length === 1) return parts[0]!.walkAlone(bits)
  const hMax = Math.max(...frame.components.map(({ h }) => h))
  const vMax = Math.max(...frame.components.map(({ v }) => v))
  const across = Math.ceil(frame.width / (8 * hMax))
  const down = Math.ceil(frame.height / (8 * vMax))
  for (let row = 0; row < down; row++) {
    for (let column = 0; column < across; column++) {
      for (const part of parts) part.walkUnit(bits, row, column)
    }
  }
}

/** Components 1 and 2 are chroma and use tables 1, the others tables 0. */
export function tableOf(index: number): number {
  return index === 1 || index === 2 ? 1 : 0
}

/** One component within one scan. */
class Part {
  readonly #component: Component
  readonly #codes: CodePair
  readonly #where: string
  /** Blocks that hold samples of the picture; more only fill up an MCU. */
  readonly #blocksAcross: number
  readonly #blocksDown: number
  #dc = 0

  constructor(frame: Frame, index: number, codes: CodePair, where: string) {
    const component = frame.components[index]!
    const hMax = Math.max(...frame.components.map(({ h }) => h))
    const vMax = Math.max(...frame.components.map(({ v }) => v))
    this.#component = component
    this.#codes = codes
    this.#where = where
    this.#blocksAcross = Math.ceil(Math.ceil((frame.width * component.h) / hMax) / 8)
    this.#blocksDown = Math.ceil(Math.ceil((frame.height * component.v) / vMax) / 8)
  }

  /** A scan of one component is not interleaved: no block only fills up (T.81 A.2.2). */
  walkAlone(bits: Bits): void {
    for (let left = this.#blocksAcross * this.#blocksDown; left > 0; left--) this.#block(bits)
  }

  walkUnit(bits: Bits, row: number, column: number): void {
    const { h, v } = this.#component
    for (let y = 0; y < v; y++) {
      for (let x = 0; x < h; x++) {
        const shown = column * h + x < this.#blocksAcross && row * v + y < this.#blocksDown
        if (shown) this.#block(bits)
        else this.#filler(bits)
      }
    }
  }

  #block(bits: Bits): void {
    const size = bits.symbol(this.#codes.dc)
    this.#demand(size <= MAX_DC_BITS)
    this.#dc += bits.signed(size)
    this.#demand(Math.abs(this.#dc) <= MAX_DC)
    let zeros = false
    for (let at = 1; at <= LAST;) {
      const symbol = bits.symbol(this.#codes.ac)
      if (symbol === END_OF_BLOCK) return this.#demand(!zeros)
      zeros = symbol === SIXTEEN_ZEROS
      const bitCount = symbol & 15
      this.#demand(zeros || (bitCount > 0 && bitCount <= MAX_AC_BITS))
      at += symbol >> 4
      this.#demand(at <= LAST)
      bits.take(bitCount)
      at++
      // Sixteen zeros must be followed by a coefficient.
      this.#demand(!zeros || at <= LAST)
    }
  }

  /** Nobody sees this block: it must say nothing. */
  #filler(bits: Bits): void {
    this.#demand(bits.symbol(this.#codes.dc) === 0)
    this.#demand(bits.symbol(this.#codes.ac) === END_OF_BLOCK)
  }

  #demand(condition: boolean): void {
    demand(condition, 'VERIFY-JPEG', this.#where)
  }
}
