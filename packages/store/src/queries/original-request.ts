import type { Kysely, Selectable, Updateable } from 'kysely'
import type { LowTables, OriginalRequestTable } from '../tables.ts'

export type OriginalRequestRow = Selectable<OriginalRequestTable>

export async function insertOriginalRequest(
  tx: Kysely<LowTables>,
  row: OriginalRequestRow,
): Promise<void> {
  await tx.insertInto('original_request').values(row).execute()
}

export function findOriginalRequest(
  db: Kysely<LowTables>,
  id: string,
): Promise<OriginalRequestRow | undefined> {
  return db.selectFrom('original_request').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Newest first, whoever asked. */
export function listOriginalRequests(
  db: Kysely<LowTables>,
  limit: number,
): Promise<OriginalRequestRow[]> {
  return db
    .selectFrom('original_request')
    .selectAll()
    .orderBy('asked_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Those that wait, or wait to be taken, although their time is over. */
export function listOverdueOriginalRequests(
  db: Kysely<LowTables>,
  now: string,
): Promise<OriginalRequestRow[]> {
  return db
    .selectFrom('original_request')
    .selectAll()
    .where('state', 'in', ['waiting', 'approved'])
    .where('until', '<=', now)
    .execute()
}

export async function updateOriginalRequest(
  tx: Kysely<LowTables>,
  id: string,
  change: Updateable<OriginalRequestTable>,
): Promise<void> {
  await tx.updateTable('original_request').set(change).where('id', '=', id).execute()
}

/** Forgets what ended and was asked before `before`: the log knows it. */
export async function forgetOriginalRequests(tx: Kysely<LowTables>, before: string): Promise<void> {
  await tx
    .deleteFrom('original_request')
    .where('asked_at', '<', before)
    .where('state', 'not in', ['waiting', 'approved'])
    .execute()
}
