import { demand } from './rejection.ts'
import type { Bools } from './vp8-bools.ts'
import { BAND, MORE_BITS, TOKEN_DEFAULTS, TOKEN_STAYS } from './vp8-tables.ts'

const BRANCHES = 11

/** Reads the tokens of macroblocks (RFC 6386 §13) and counts which way each branch goes. */
export class Tokens {
  readonly #bools: Bools
  readonly #chances: Uint8Array
  readonly #where: string
  readonly #zeros = new Float64Array(TOKEN_DEFAULTS.length)
  readonly #ones = new Float64Array(TOKEN_DEFAULTS.length)
  /** For each column nine marks: luma, U, V, DCs of luma. */
  readonly #up: Uint8Array
  #side = new Uint8Array(9)

  constructor(bools: Bools, chances: Uint8Array, wide: number, where: string) {
    this.#bools = bools
    this.#chances = chances
    this.#where = where
    this.#up = new Uint8Array(9 * wide)
  }

  row(): void {
    this.#side = new Uint8Array(9)
  }

  /** A macroblock that has none. `apart`: its DCs of luma would stand apart. */
  none(column: number, apart: boolean): void {
    const marks = apart ? 9 : 8
    for (let i = 0; i < marks; i++) this.#up[9 * column + i] = this.#side[i] = 0
  }

  /** A macroblock that must have some. */
  some(column: number, apart: boolean): void {
    let found = false
    const block = (kind: number, first: number, across: number, down: number): void => {
      const above = 9 * column + across
      const mark = this.#block(kind, first, this.#up[above]! + this.#side[down]!) ? 1 : 0
      this.#up[above] = this.#side[down] = mark
      found ||= mark === 1
    }
    if (apart) block(1, 0, 8, 8)
    for (let y = 0; y < 4; y++) {
      for (let x = 0; x < 4; x++) block(apart ? 0 : 3, apart ? 1 : 0, x, y)
    }
    for (const plane of [4, 6]) {
      for (let y = 0; y < 2; y++) for (let x = 0; x < 2; x++) block(2, 0, plane + x, plane + y)
    }
    demand(found, 'VERIFY-WEBP', this.#where)
  }

  /** @returns whether the block has a token */
  #block(kind: number, first: number, neighbours: number): boolean {
    let context = neighbours
    let zero = false
    for (let place = first; place < 16; place++) {
      const at = ((kind * 8 + BAND[place]!) * 3 + context) * BRANCHES
      if (!zero && !this.#branch(at)) return place > first
      zero = !this.#branch(at + 1)
      if (zero) {
        context = 0
        continue
      }
      context = this.#large(at) ? 2 : 1
      this.#bools.bool(128)
    }
    // The last one written is never a zero.
    demand(!zero, 'VERIFY-WEBP', this.#where)
    return true
  }

  #branch(at: number): boolean {
    const bit = this.#bools.bool(this.#chances[at]!)
    const counts = bit === 1 ? this.#ones : this.#zeros
    counts[at]!++
    return bit === 1
  }

  /** Walks through the magnitude. @returns whether it is more than 1 */
  #large(at: number): boolean {
    if (!this.#branch(at + 2)) return false
    if (!this.#branch(at + 3)) {
      if (this.#branch(at + 4)) this.#branch(at + 5)
    } else if (this.#branch(at + 6)) {
      const half = this.#branch(at + 8) ? 1 : 0
      const category = 2 * half + (this.#branch(at + 9 + half) ? 1 : 0)
      for (const chance of MORE_BITS[category]!) this.#bools.bool(chance)
    } else {
      for (const chance of this.#branch(at + 7) ? [165, 145] : [159]) this.#bools.bool(chance)
    }
    return true
  }

  /** The chances that were used are those that the disarmer chooses for these counts. */
  finish(): void {
    this.#bools.finish()
    const fair = this.#chances.every((chance, i) => chance === this.#chosen(i))
    demand(fair, 'VERIFY-WEBP', this.#where)
  }

  #chosen(i: number): number {
    const [zeros, ones] = [this.#zeros[i]!, this.#ones[i]!]
    const usual = TOKEN_DEFAULTS[i]!
    const best = chanceFor(zeros, ones)
    const bits = (chance: number): number => zeros * BITS[chance]! + ones * BITS[256 - chance]!
    const toSay = 2048 + BITS[256 - TOKEN_STAYS[i]!]! - BITS[TOKEN_STAYS[i]!]!
    return bits(usual) - bits(best) > toSay ? best : usual
  }
}

/** Of 256, rounded, never 0; 255 where nothing is known. */
export function chanceFor(zeros: number, ones: number): number {
  const all = zeros + ones
  if (all === 0) return 255
  return Math.max(1, Math.floor((zeros * 255 + Math.floor(all / 2)) / all))
}

/** What a choice of that chance costs: 256 × log2(256 ÷ chance), rounded down. */
const BITS: readonly number[] = Array.from({ length: 257 }, (_, chance) => {
  let left = 256 / Math.max(1, chance)
  let whole = 0
  while (left >= 2) {
    left /= 2
    whole++
  }
  let part = 0
  for (let weight = 128; weight >= 1; weight /= 2) {
    left *= left
    if (left < 2) continue
    left /= 2
    part += weight
  }
  return whole * 256 + part
})
