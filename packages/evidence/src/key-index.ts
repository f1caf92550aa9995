/**
 * Which idempotency keys are in the log, and where. Kept in memory as truncated hashes: about 100 bytes per entry.
 */
import { createHash } from 'node:crypto'

export class KeyIndex {
  /** First 96 bits of SHA-256 of the key → index. A caller re-reads the entry before it relies on a hit. */
  readonly #places = new Map<string, number>()

  has(key: string): boolean {
    return this.#places.has(shortHash(key))
  }

  get(key: string): number | undefined {
    return this.#places.get(shortHash(key))
  }

  /** Remembers the first place only: later ones are not receipts anybody was given. */
  set(key: string, index: number): void {
    const hash = shortHash(key)
    if (!this.#places.has(hash)) this.#places.set(hash, index)
  }
}

function shortHash(key: string): string {
  return createHash('sha256').update(key).digest().toString('latin1', 0, 12)
}
