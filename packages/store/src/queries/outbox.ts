import type { Kysely } from 'kysely'
import type { MetaTable, OutboxTable } from '../tables.ts'
import { nextCount } from './meta.ts'

interface WithOutbox {
  outbox: OutboxTable
  meta: MetaTable
}

/** Puts an event in the outbox; it stays there until the high side says that it is in the log. */
export async function pushEvent(tx: Kysely<WithOutbox>, event: string): Promise<number> {
  const seq = await nextCount(tx, 'outbox')
  await tx.insertInto('outbox').values({ seq, event }).execute()
  return seq
}

/** Oldest events after `after`. */
export function listEvents(
  db: Kysely<WithOutbox>,
  after: number,
  limit: number,
): Promise<{ seq: number; event: string }[]> {
  return db
    .selectFrom('outbox')
    .selectAll()
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute()
}

/** Forgets events up to and including `upTo`: they are in the log. */
export async function forgetEvents(tx: Kysely<WithOutbox>, upTo: number): Promise<void> {
  await tx.deleteFrom('outbox').where('seq', '<=', upTo).execute()
}
