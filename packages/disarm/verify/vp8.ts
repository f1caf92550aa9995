import type { Budget } from './budget.ts'
import { demand } from './rejection.ts'
import { Bools } from './vp8-bools.ts'
import { SMALL_MODES, TOKEN_DEFAULTS, TOKEN_STAYS } from './vp8-tables.ts'
import { chanceFor, Tokens } from './vp8-tokens.ts'

/** Sides of a picture. */
export interface Sides {
  readonly width: number
  readonly height: number
}

const MAX_PIXELS = 100_000_000
const TAG = 10
const FOUR = [0, 1, 2, 3]
const MACROBLOCK_BYTES = 400

/**
 * Accepts the one encoding of a VP8 key frame that the disarmer writes (RFC 6386): one token partition, every chance the one that
 * follows from the choices, no choice that can be said in two ways.
 */
export function verifyVp8(bytes: Uint8Array, budget: Budget, where: string): Sides {
  return new Vp8(bytes, budget, where).sides
}

interface Header {
  readonly simple: boolean
  readonly tree: readonly number[] | undefined
  /** Of each segment, whether it has a value. */
  readonly valued: readonly boolean[]
  readonly chances: Uint8Array
  readonly skip: number | undefined
}

class Vp8 {
  readonly sides: Sides
  readonly #where: string
  readonly #bools: Bools

  constructor(bytes: Uint8Array, budget: Budget, where: string) {
    this.#where = where
    this.#demand(bytes.length > TAG)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const tag = view.getUint16(0, true) | (view.getUint8(2) << 16)
    const [width, height] = [view.getUint16(6, true), view.getUint16(8, true)]
    this.#demand(view.getUint16(3) === 0x9d01 && view.getUint8(5) === 0x2a)
    this.#demand(width > 0 && height > 0 && width < 0x4000 && height < 0x4000)
    this.#demand(width * height <= MAX_PIXELS)
    this.sides = { width, height }
    const middle = TAG + (tag >> 5)
    this.#demand(middle < bytes.length)
    this.#bools = new Bools(bytes.subarray(TAG, middle), where)
    const header = this.#header()
    // A key frame that is shown, and the version that goes with its filter.
    this.#demand((tag & 0x1f) === (header.simple ? 0x12 : 0x10))
    const wide = Math.ceil(width / 16)
    const high = Math.ceil(height / 16)
    budget.spend(wide * high * MACROBLOCK_BYTES, where)
    const tokens = new Tokens(new Bools(bytes.subarray(middle), where), header.chances, wide, where)
    this.#macroblocks(header, tokens, wide, high)
    this.#bools.finish()
    tokens.finish()
  }

  #demand(condition: boolean): void {
    demand(condition, 'VERIFY-WEBP', this.#where)
  }

  /** §19.2. */
  #header(): Header {
    const bools = this.#bools
    this.#demand(bools.number(2) === 0)
    const segmented = bools.yes()
    const [quantizers, levels, tree] = segmented ? this.#segments() : [[], [], undefined]
    const { simple, level } = this.#filter()
    this.#demand(level > 0 || levels.every((value) => value === 0))
    this.#demand(!segmented || level <= 1)
    this.#demand(bools.number(2) === 0)
    this.#demand(bools.number(7) === 0 || !segmented)
    for (let i = 0; i < 5; i++) bools.flagged(4)
    this.#demand(!bools.yes())
    const chances = this.#chances()
    const skip = bools.yes() ? bools.number(8) : undefined
    const valued = FOUR.map((i) => (quantizers[i] ?? 0) !== 0 || (levels[i] ?? 0) !== 0)
    return { simple, tree, valued, chances, skip }
  }

  #segments(): [number[], number[], number[]] {
    const bools = this.#bools
    this.#demand(bools.number(3) === 7)
    const quantizers = FOUR.map(() => bools.flagged(7))
    const levels = FOUR.map(() => bools.flagged(6))
    this.#demand([...quantizers, ...levels].every((value) => value >= 0))
    const tree = [0, 1, 2].map(() => {
      if (!bools.yes()) return 255
      const chance = bools.number(8)
      this.#demand(chance !== 255)
      return chance
    })
    return [quantizers, levels, tree]
  }

  #filter(): { simple: boolean; level: number } {
    const bools = this.#bools
    const simple = bools.yes()
    const level = bools.number(6)
    const sharpness = bools.number(3)
    const adjusted = bools.yes()
    this.#demand(level > 0 || (!simple && sharpness === 0 && !adjusted))
    if (adjusted) {
      this.#demand(bools.yes())
      const deltas = Array.from({ length: 8 }, () => bools.flagged(6))
      this.#demand(deltas.some((delta) => delta !== 0))
      this.#demand(deltas.every((delta, i) => delta === 0 || i === 0 || i === 4))
    }
    return { simple, level }
  }

  #chances(): Uint8Array {
    const bools = this.#bools
    return Uint8Array.from(TOKEN_DEFAULTS, (usual, i) => {
      if (bools.bool(TOKEN_STAYS[i]!) === 0) return usual
      const chance = bools.number(8)
      this.#demand(chance !== usual)
      return chance
    })
  }

  #macroblocks(header: Header, tokens: Tokens, wide: number, high: number): void {
    const { tree, skip } = header
    const segments = [0, 0, 0, 0]
    let empty = 0
    const above = new Uint8Array(4 * wide)
    for (let y = 0; y < high; y++) {
      const left = new Uint8Array(4)
      tokens.row()
      for (let x = 0; x < wide; x++) {
        if (tree) segments[this.#segment(tree)]!++
        const isEmpty = skip !== undefined && this.#bools.bool(skip) === 1
        const apart = this.#modes(above.subarray(4 * x, 4 * x + 4), left)
        if (isEmpty) tokens.none(x, apart)
        else tokens.some(x, apart)
        if (isEmpty) empty++
      }
    }
    this.#demand(skip === undefined || empty > 0)
    this.#demand(skip === undefined || skip === chanceFor(wide * high - empty, empty))
    if (tree) this.#segmentsFit(header, tree, segments)
  }

  #segment(tree: readonly number[]): number {
    const high = this.#bools.bool(tree[0]!)
    return 2 * high + this.#bools.bool(tree[1 + high]!)
  }

  /** The tree fits the counts, and a segment without macroblocks says nothing. */
  #segmentsFit({ valued }: Header, tree: readonly number[], counts: readonly number[]): void {
    const [a, b, c, d] = counts as [number, number, number, number]
    const fitting = [chanceFor(a + b, c + d), chanceFor(a, b), chanceFor(c, d)]
    this.#demand(fitting.every((chance, i) => chance === tree[i]))
    this.#demand(counts.every((count, i) => count > 0 || !valued[i]))
  }

  /** §11.2 to §11.4, §19.3. @returns whether one mode serves all of luma */
  #modes(above: Uint8Array, left: Uint8Array): boolean {
    const apart = this.#bools.bool(145) === 1
    if (apart) {
      const mode = this.#lumaMode()
      above.fill(mode)
      left.fill(mode)
    } else {
      for (let i = 0; i < 16; i++) {
        above[i % 4] = left[i >> 2] = this.#smallMode(above[i % 4]!, left[i >> 2]!)
      }
    }
    if (this.#bools.bool(142) === 1 && this.#bools.bool(114) === 1) this.#bools.bool(183)
    return apart
  }

  /** As the number of the mode of a small block that it stands for: 0 DC, 1 TM, 2 vertical, 3 horizontal. */
  #lumaMode(): number {
    if (this.#bools.bool(156) === 0) return this.#bools.bool(163) === 0 ? 0 : 2
    return this.#bools.bool(128) === 0 ? 3 : 1
  }

  #smallMode(above: number, left: number): number {
    const base = 90 * above + 9 * left
    const goes = (branch: number): boolean => this.#bools.bool(SMALL_MODES[base + branch]!) === 1
    if (!goes(0)) return 0
    if (!goes(1)) return 1
    if (!goes(2)) return 2
    if (!goes(3)) return !goes(4) ? 3 : goes(5) ? 5 : 4
    if (!goes(6)) return 6
    if (!goes(7)) return 7
    return goes(8) ? 9 : 8
  }
}
