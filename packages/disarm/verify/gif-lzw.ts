import { demand } from './rejection.ts'

const MAX_CODES = 4096
const MAX_WIDTH = 12

/**
 * Walks the LZW data of one frame (GIF89a appendix F) and accepts only the one encoding that the disarmer writes: clear
 * code first, always the longest known string, cleared exactly when the table is full, end code in the last byte.
 * Any other choice of codes for the same picture would be a channel.
 *
 * @param minimum minimum code size, 2 to 8
 * @param seen gets a 1 for every index that a pixel shows; its length is that of the colour table
 * @returns number of pixels
 */
export function walkLzw(
  data: Uint8Array,
  minimum: number,
  seen: Uint8Array,
  where: string,
): number {
  const codes = new CodeReader(data, where)
  const strings = new Strings(minimum)
  const clear = 1 << minimum
  let total = 0
  demand(codes.next(minimum + 1) === clear, 'VERIFY-GIF', where)
  for (let previous = -1, width = minimum + 1; ;) {
    const code = codes.next(width)
    if (code === clear + 1) break
    if (code === clear) {
      demand(strings.full, 'VERIFY-GIF', where)
      strings.clear()
      previous = -1
      width = minimum + 1
      continue
    }
    demand(!(strings.full && previous >= 0), 'VERIFY-GIF', where)
    demand(previous < 0 || strings.add(previous, code), 'VERIFY-GIF', where)
    demand(strings.has(code), 'VERIFY-GIF', where)
    if (code < clear) {
      demand(code < seen.length, 'VERIFY-GIF', where)
      seen[code] = 1
    }
    total += strings.length(code)
    if (strings.next === 1 << width && width < MAX_WIDTH) width++
    previous = code
  }
  demand(codes.atEnd(), 'VERIFY-GIF', where)
  return total
}

/** The strings known so far; of each only its length, its first index and what it extends. */
class Strings {
  readonly #minimum: number
  readonly #lengths = new Int32Array(MAX_CODES)
  readonly #firsts = new Uint8Array(MAX_CODES)
  readonly #known = new Set<number>()
  next: number

  constructor(minimum: number) {
    this.#minimum = minimum
    for (let index = 0; index < 1 << minimum; index++) {
      this.#lengths[index] = 1
      this.#firsts[index] = index
    }
    this.next = (1 << minimum) + 2
  }

  get full(): boolean {
    return this.next === MAX_CODES
  }

  clear(): void {
    this.next = (1 << this.#minimum) + 2
    this.#known.clear()
  }

  has(code: number): boolean {
    return code < this.next
  }

  length(code: number): number {
    return this.#lengths[code]!
  }

  /** The string of `previous` and the first index of `code`. False when it was known: the longer string was due. */
  add(previous: number, code: number): boolean {
    if (code > this.next) return false
    const first = code === this.next ? this.#firsts[previous]! : this.#firsts[code]!
    const key = (previous << 8) | first
    if (this.#known.has(key)) return false
    this.#known.add(key)
    this.#lengths[this.next] = this.#lengths[previous]! + 1
    this.#firsts[this.next] = this.#firsts[previous]!
    this.next++
    return true
  }
}

/** Codes packed from the least significant bit. */
class CodeReader {
  readonly #data: Uint8Array
  readonly #where: string
  #at = 0
  #held = 0
  #bits = 0

  constructor(data: Uint8Array, where: string) {
    this.#data = data
    this.#where = where
  }

  next(width: number): number {
    while (this.#bits < width) {
      demand(this.#at < this.#data.length, 'VERIFY-GIF', this.#where)
      this.#held |= this.#data[this.#at++]! << this.#bits
      this.#bits += 8
    }
    const code = this.#held & ((1 << width) - 1)
    this.#held >>>= width
    this.#bits -= width
    return code
  }

  /** No byte left, and the spare bits of the last one are 0. */
  atEnd(): boolean {
    return this.#at === this.#data.length && this.#held === 0 && this.#bits < 8
  }
}
