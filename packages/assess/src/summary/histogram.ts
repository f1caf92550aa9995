/** Counts of small whole numbers: as many as there are values, however many are added. */
export class Histogram {
  readonly #counts: number[]

  /** @param most the largest number that can be added */
  constructor(most: number) {
    this.#counts = Array.from({ length: most + 1 }, () => 0)
  }

  add(value: number): void {
    this.#counts[value]! += 1
  }

  addAll(other: Histogram): void {
    other.#counts.forEach((count, value) => void (this.#counts[value]! += count))
  }

  get total(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0)
  }

  get least(): number | undefined {
    return this.#at(1)
  }

  get most(): number | undefined {
    return this.#at(this.total)
  }

  /** Of an even number of values there are two in the middle: the lower, or the higher. */
  median(of: 'lower' | 'higher'): number | undefined {
    const { total } = this
    return this.#at(of === 'lower' ? Math.ceil(total / 2) : Math.floor(total / 2) + 1)
  }

  /** The value in place `rank`, from 1, when all are in order. */
  #at(rank: number): number | undefined {
    if (this.total === 0) return undefined
    let passed = 0
    return this.#counts.findIndex((count) => (passed += count) >= rank)
  }
}
