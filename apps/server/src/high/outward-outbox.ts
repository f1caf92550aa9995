/**
 * Mail on its way out that ended, until it was carried on: each row is its own outbox. One that cannot be carried on now holds up no other: mail to other
 * governments does not wait for the internet side.
 */
import { SekishoError } from '@sekisho/core'
import { listEnded, markTold } from '@sekisho/store'
import type { CrossingRow, HighTables, Store } from '@sekisho/store'
import { oneAtATime } from '../host/one-at-a-time.ts'

export interface OutwardOutboxOptions {
  readonly store: Store<HighTables>
  /** Durable where it goes when it resolves; asked again after a crash. */
  readonly carryOn: (row: CrossingRow) => Promise<void>
  /** Whether it goes over the line to the internet side. */
  readonly needsLink: (row: CrossingRow) => Promise<boolean>
  /** What stands in `told` of a row that was carried on. */
  readonly carried: string
}

const BATCH = 100

export class OutwardOutbox {
  readonly #options: OutwardOutboxOptions
  readonly #turn = oneAtATime()

  constructor(options: OutwardOutboxOptions) {
    this.#options = options
  }

  /** Carries on everything that can be. @throws the first of what went wrong, after all others had their turn */
  empty(): Promise<void> {
    return this.#turn('empty', async () => {
      const failed = new Map<string, unknown>()
      for (;;) {
        const rows = await listEnded(this.#options.store.db, BATCH + failed.size)
        const left = rows.filter(({ id }) => !failed.has(id))
        if (left.length === 0) break
        for (const row of left)
          await this.#one(row, failed).catch((error: unknown) => failed.set(row.id, error))
      }
      const [problem] = failed.values()
      if (problem !== undefined) throw problem
    })
  }

  async #one(row: CrossingRow, failed: ReadonlyMap<string, unknown>): Promise<void> {
    const { store, carryOn, needsLink, carried } = this.#options
    // A line that was down a moment ago is not asked again for each mail: a black hole answers only after its time.
    const down = [...failed.values()].find((error) => isLinkDown(error))
    if (down !== undefined && (await needsLink(row))) throw down
    await carryOn(row)
    await store.write((tx) => markTold(tx, row.id, carried))
  }
}

export function isLinkDown(error: unknown): error is SekishoError {
  return error instanceof SekishoError && error.code === 'LINK_DOWN'
}
