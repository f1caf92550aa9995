/** A small generator of random numbers (xorshift128+, 32 bits): the same seed gives the same run everywhere. */
export class Random {
  #a: number
  #b: number

  constructor(seed: number) {
    this.#a = (seed ^ 0x9e3779b9) | 1
    this.#b = (Math.imul(seed, 0x85ebca6b) ^ 0xc2b2ae35) | 1
    for (let i = 0; i < 16; i++) this.next()
  }

  /** A whole number of 32 bits, not negative. */
  next(): number {
    let x = this.#a
    const y = this.#b
    this.#a = y
    x ^= x << 13
    x ^= x >>> 17
    x ^= y ^ (y >>> 15)
    this.#b = x
    return (x + y) >>> 0
  }

  /** 0 up to, not including, `limit`. */
  below(limit: number): number {
    return limit <= 1 ? 0 : this.next() % limit
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!
  }
}
