import { refuse } from '../family.ts'

/** Bytes of the drawing that is written; beyond the limit LIMIT-SIZE. */
export class Output {
  #bytes = new Uint8Array(4096)
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
    for (let at = 0; at < latin.length; at++) this.#bytes[this.#length++] = latin.charCodeAt(at)
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
    const grown = new Uint8Array(Math.min(this.#limit, Math.max(needed, this.#bytes.length * 2)))
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
  }
}
