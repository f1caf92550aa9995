/**
 * The rows by which entries of the log are found follow the log: it is the truth, they can be written again at any time.
 */
import type { Log } from '@sekisho/evidence'
import { evidenceRow, insertEvidence, nextEvidence } from '@sekisho/store'
import type { HighTables, Store } from '@sekisho/store'
import { oneAtATime } from '../host/one-at-a-time.ts'

const BATCH = 200

/** Brings the rows up to the log. One at a time; two readers share one run. */
export function evidenceFollower(log: Log, store: Store<HighTables>): () => Promise<void> {
  const alone = oneAtATime()
  return () =>
    alone('follow', async () => {
      const from = await nextEvidence(store.db)
      let rows: ReturnType<typeof evidenceRow>[] = []
      const keep = async (): Promise<void> => {
        const batch = rows
        rows = []
        await store.write((tx) => insertEvidence(tx, batch))
      }
      for await (const { index, entry } of log.entries(from)) {
        rows.push(evidenceRow(index, entry))
        if (rows.length >= BATCH) await keep()
      }
      if (rows.length > 0) await keep()
    })
}
