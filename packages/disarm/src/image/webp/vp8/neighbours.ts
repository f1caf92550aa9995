/**
 * Which of the blocks above and to the left have tokens (RFC 6386 §13.3). Blocks are numbered as they are coded:
 * 0 to 15 luma, 16 to 19 and 20 to 23 chroma, 24 the DCs of luma.
 */
export class Neighbours {
  readonly #above: Uint8Array
  readonly #left = new Uint8Array(9)

  constructor(wide: number) {
    this.#above = new Uint8Array(wide * 9)
  }

  beginRow(): void {
    this.#left.fill(0)
  }

  /** 0 to 2 neighbours with tokens. */
  context(x: number, place: number): number {
    return this.#above[x * 9 + COLUMN[place]!]! + this.#left[ROW[place]!]!
  }

  set(x: number, place: number, hasTokens: boolean): void {
    this.#above[x * 9 + COLUMN[place]!] = hasTokens ? 1 : 0
    this.#left[ROW[place]!] = hasTokens ? 1 : 0
  }

  /** No tokens in the macroblock of column `x`; one without DCs of luma leaves alone what was said of those. */
  skip(x: number, hasLumaDc: boolean): void {
    const end = hasLumaDc ? 9 : 8
    this.#above.fill(0, x * 9, x * 9 + end)
    this.#left.fill(0, 0, end)
  }
}

const LUMA = [...Array(16).keys()]
const CHROMA = [0, 1, 2, 3]
const COLUMN = [
  ...LUMA.map((i) => i & 3),
  ...CHROMA.map((i) => 4 + (i & 1)),
  ...CHROMA.map((i) => 6 + (i & 1)),
  8,
]
const ROW = [
  ...LUMA.map((i) => i >> 2),
  ...CHROMA.map((i) => 4 + (i >> 1)),
  ...CHROMA.map((i) => 6 + (i >> 1)),
  8,
]
