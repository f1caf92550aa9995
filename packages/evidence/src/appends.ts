/**
 * Group commit: appends that arrive while a commit is being written wait together and share the next one.
 */
import { SekishoError } from '@sekisho/core'
import type { EvidenceEntry, Receipt } from '@sekisho/core'

/** Most entries in one commit: bounds its memory and how many entries an altered batch can hide among. */
export const MAX_BATCH = 256

export interface PendingAppend {
  readonly key: string
  readonly entry: EvidenceEntry
}

interface Waiting extends PendingAppend {
  readonly resolve: (receipt: Receipt) => void
  readonly reject: (error: unknown) => void
}

/** Writes a batch and returns one receipt per append, in order. All fail together. */
export type Commit = (batch: readonly PendingAppend[]) => Promise<Receipt[]>

export class Appends {
  readonly #commit: Commit
  #waiting: Waiting[] = []
  /** The loop that commits, while it runs. */
  #running: Promise<void> | undefined
  #closed = false

  constructor(commit: Commit) {
    this.#commit = commit
  }

  add(key: string, entry: EvidenceEntry): Promise<Receipt> {
    if (this.#closed)
      return Promise.reject(new SekishoError('STORE_UNAVAILABLE', 'the log is closed'))
    const { promise, resolve, reject } = Promise.withResolvers<Receipt>()
    this.#waiting.push({ key, entry, resolve, reject })
    this.#running ??= this.#run()
    return promise
  }

  /** Refuses further appends and waits for the waiting ones. False when it was closed before. */
  async close(): Promise<boolean> {
    if (this.#closed) return false
    this.#closed = true
    await this.#running
    return true
  }

  async #run(): Promise<void> {
    // Whatever is appended in the same turn of the event loop belongs to the first batch.
    await Promise.resolve()
    while (this.#waiting.length > 0) await this.#commitBatch(this.#waiting.splice(0, MAX_BATCH))
    this.#running = undefined
  }

  async #commitBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const receipts = await this.#commit(batch)
      for (const [i, { resolve }] of batch.entries()) resolve(receipts[i] as Receipt)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }
}
