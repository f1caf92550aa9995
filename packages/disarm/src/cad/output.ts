import { refuse } from '../family.ts'

/** Bytes of the drawing that is written; beyond the limit LIMIT-SIZE. */
export class Output {
  #bytes = Buffer.alloc(4096)
  #length = 0
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  get length(): number {
    return this.#length
  }

  /** Characters up to U+00FF, each as one byte. */
  put(latin: string): void {
    this.#reserve(latin.length)
    this.#length += this.#bytes.write(latin, this.#length, 'latin1')
  }

  /** Takes everything behind `length` back. */
  truncate(length: number): void {
    this.#length = length
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  #reserve(more: number): void {
    const needed = this.#length + more
    if (needed > this.#limit) refuse('LIMIT-SIZE')
    if (needed <= this.#bytes.length) return
    const grown = Buffer.allocUnsafe(
      Math.min(this.#limit, Math.max(needed, this.#bytes.length * 2)),
    )
    this.#bytes.copy(grown, 0, 0, this.#length)
    this.#bytes = grown
  }
}
