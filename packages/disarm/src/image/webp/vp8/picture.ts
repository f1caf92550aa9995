/** A VP8 key frame between reading and writing: its symbols, never its coded bytes (RFC 6386). */

/** How strong the deblocking is (§9.6). Level 0 of a frame without segments turns it off. */
export interface LoopFilter {
  readonly simple: boolean
  /** 0 to 63; with segments only whether it is 0 matters. */
  readonly level: number
  readonly sharpness: number
  /** −63 to 63, added for every macroblock of a key frame. */
  readonly referenceDelta: number
  /** −63 to 63, added for macroblocks of sixteen modes. */
  readonly modeDelta: number
}

/** Quantiser indices (§9.6): the first 0 to 127, the others −15 to 15 and added to it. */
export interface Quantizers {
  readonly base: number
  readonly deltas: readonly number[]
}

/** Absolute values for the macroblocks of a segment (§9.3). */
export interface Segment {
  readonly quantizer: number
  readonly filterLevel: number
}

export interface Header {
  readonly width: number
  readonly height: number
  readonly segments: readonly Segment[] | undefined
  readonly filter: LoopFilter
  readonly quantizers: Quantizers
}

/** Luma mode of a macroblock whose sixteen blocks have modes of their own; 0 to 3 are DC, TM, V, H for all of it. */
export const EACH_BLOCK = 4

/** Choices of every macroblock, rows from top to bottom. */
export interface Macroblocks {
  readonly wide: number
  readonly high: number
  readonly segments: Uint8Array
  readonly luma: Uint8Array
  readonly chroma: Uint8Array
  /** Sixteen per macroblock, meant only where `luma` is `EACH_BLOCK`. */
  readonly blocks: Uint8Array
  /** 1 where a coefficient is not 0. */
  readonly coded: Uint8Array
}

export interface Vp8Picture {
  readonly header: Header
  readonly macroblocks: Macroblocks
  readonly coefficients: Coefficients
}

/** Places of the chain of blocks of one macroblock: the DCs of luma if it has one mode, luma, chroma. */
export const LUMA_BLOCKS = 16
export const CHROMA_BLOCKS = 8

/**
 * Coefficients of all coded macroblocks: for each block how many places of the zigzag order are taken, counted from its first
 * place, and their values; the last of them is not 0.
 */
export class Coefficients {
  #values = new Int16Array(4096)
  #size = 0
  #at = 0

  get size(): number {
    return this.#size
  }

  /** Forgets what was added behind `size`. */
  truncate(size: number): void {
    this.#size = size
  }

  /** Adds the places `first` to the last that is not 0 of a block. @returns whether there was one */
  add(block: Int16Array, first: number, end: number): boolean {
    let last = end
    while (last > first && block[last - 1] === 0) last--
    if (this.#size + 17 > this.#values.length) this.#grow()
    this.#values[this.#size++] = last
    for (let i = first; i < last; i++) this.#values[this.#size++] = block[i]!
    return last > first
  }

  rewind(): void {
    this.#at = 0
  }

  /** The next number: `end` of a block, or a value. */
  next(): number {
    return this.#values[this.#at++]!
  }

  #grow(): void {
    const larger = new Int16Array(this.#values.length * 2)
    larger.set(this.#values)
    this.#values = larger
  }
}
