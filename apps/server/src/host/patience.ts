/**
 * How long a side may take to start. A log of years is long to check: what was ended once for being slow has twice as long at the next try, so that no
 * side is ended for ever just before it is ready.
 */
import words from '../words/start.json' with { type: 'json' }

const FIRST_MS = 60_000
/** A start that takes longer is a fault, ms. */
const LAST_MS = 16 * 60_000

export class Patience {
  #ms = FIRST_MS

  /** Milliseconds that the next start may take. */
  get ms(): number {
    return this.#ms
  }

  /** True when the next start gets no longer than the last one had. */
  get isOver(): boolean {
    return this.#ms >= LAST_MS
  }

  /** A start was too slow. */
  grow(): void {
    this.#ms = Math.min(this.#ms * 2, LAST_MS)
  }

  /** What is said when a start took too long: how long was waited, and how long the next one may take. */
  wordsFor(side: string): string {
    const minutes = (ms: number): string => String(Math.round(ms / 60_000))
    return words.slow
      .replace('{side}', side)
      .replace('{waited}', minutes(this.#ms))
      .replace('{next}', minutes(Math.min(this.#ms * 2, LAST_MS)))
  }
}
