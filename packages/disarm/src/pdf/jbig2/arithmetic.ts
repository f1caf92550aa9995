/** Probability states (ITU-T T.88, table E.1): size of the less probable half, next state after it and after the other, switch. */
export const STATES = [
  [0x5601, 1, 1, 1],
  [0x3401, 6, 2, 0],
  [0x1801, 9, 3, 0],
  [0x0ac1, 12, 4, 0],
  [0x0521, 29, 5, 0],
  [0x0221, 33, 38, 0],
  [0x5601, 6, 7, 1],
  [0x5401, 14, 8, 0],
  [0x4801, 14, 9, 0],
  [0x3801, 14, 10, 0],
  [0x3001, 17, 11, 0],
  [0x2401, 18, 12, 0],
  [0x1c01, 20, 13, 0],
  [0x1601, 21, 29, 0],
  [0x5601, 14, 15, 1],
  [0x5401, 14, 16, 0],
  [0x5101, 15, 17, 0],
  [0x4801, 16, 18, 0],
  [0x3801, 17, 19, 0],
  [0x3401, 18, 20, 0],
  [0x3001, 19, 21, 0],
  [0x2801, 19, 22, 0],
  [0x2401, 20, 23, 0],
  [0x2201, 21, 24, 0],
  [0x1c01, 22, 25, 0],
  [0x1801, 23, 26, 0],
  [0x1601, 24, 27, 0],
  [0x1401, 25, 28, 0],
  [0x1201, 26, 29, 0],
  [0x1101, 27, 30, 0],
  [0x0ac1, 28, 31, 0],
  [0x09c1, 29, 32, 0],
  [0x08a1, 30, 33, 0],
  [0x0521, 31, 34, 0],
  [0x0441, 32, 35, 0],
  [0x02a1, 33, 36, 0],
  [0x0221, 34, 37, 0],
  [0x0141, 35, 38, 0],
  [0x0111, 36, 39, 0],
  [0x0085, 37, 40, 0],
  [0x0049, 38, 41, 0],
  [0x0025, 39, 42, 0],
  [0x0015, 40, 43, 0],
  [0x0009, 41, 44, 0],
  [0x0005, 42, 45, 0],
  [0x0001, 43, 45, 0],
  [0x5601, 46, 46, 0],
] as const

const SIZES = Uint16Array.from(STATES, ([size]) => size)
/** By twice the state and the more probable value: the same after the less probable value, and after the more probable. */
const AFTER_LESS = Uint8Array.from({ length: STATES.length * 2 }, (_, at) => {
  const [, less, , flips] = STATES[at >> 1]!
  return 2 * less + ((at & 1) ^ flips)
})
const AFTER_MORE = Uint8Array.from(
  { length: STATES.length * 2 },
  (_, at) => 2 * STATES[at >> 1]![2] + (at & 1),
)

/** Adaptive probabilities: twice the state plus the more probable value, one per context. */
export type Contexts = Uint8Array

/** The arithmetic decoder of T.88, Annex E. Behind the end it reads ones, as its encoder leaves them out. */
export class ArithmeticDecoder {
  readonly #bytes: Uint8Array
  #at = 0
  #code: number
  #interval = 0x8000
  #left = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#code = this.#byte(0) * 0x10000
    this.#refill()
    this.#code = (this.#code << 7) >>> 0
    this.#left -= 7
  }

  bit(contexts: Contexts, index: number): number {
    const state = contexts[index]!
    const size = SIZES[state >> 1]!
    this.#interval -= size
    const inLower = this.#code >>> 16 < size
    if (!inLower) {
      this.#code = (this.#code - size * 0x10000) >>> 0
      if ((this.#interval & 0x8000) !== 0) return state & 1
    }
    // The larger part belongs to the more probable value, wherever it lies.
    const isMore = inLower === this.#interval < size
    contexts[index] = isMore ? AFTER_MORE[state]! : AFTER_LESS[state]!
    if (inLower) this.#interval = size
    this.#renormalize()
    return isMore ? state & 1 : 1 ^ (state & 1)
  }

  #renormalize(): void {
    do {
      if (this.#left === 0) this.#refill()
      this.#interval <<= 1
      this.#code = (this.#code << 1) >>> 0
      this.#left--
    } while ((this.#interval & 0x8000) === 0)
  }

  /** A byte behind `FF` has only seven bits; a marker ends the data. */
  #refill(): void {
    const isStuffed = this.#byte(this.#at) === 0xff
    const next = this.#byte(this.#at + 1)
    if (isStuffed && next > 0x8f) {
      this.#code += 0xff00
      this.#left = 8
      return
    }
    this.#at++
    this.#code = (this.#code + (next << (isStuffed ? 9 : 8))) >>> 0
    this.#left = isStuffed ? 7 : 8
  }

  #byte(at: number): number {
    return this.#bytes[at] ?? 0xff
  }
}
