import type { Kysely, Selectable } from 'kysely'
import type { HighTables, InboxTable } from '../tables.ts'

export type InboxRow = Selectable<InboxTable>

/** Delivers once: the second row of one crossing is not written, whoever writes it. */
export async function insertDelivery(
  tx: Kysely<HighTables>,
  row: Omit<InboxRow, 'taken_at'>,
): Promise<void> {
  await tx
    .insertInto('inbox')
    .values({ ...row, taken_at: null })
    .onConflict((conflict) => conflict.column('crossing').doNothing())
    .execute()
}

export function findDelivery(
  db: Kysely<HighTables>,
  crossing: string,
): Promise<InboxRow | undefined> {
  return db.selectFrom('inbox').selectAll().where('crossing', '=', crossing).executeTakeFirst()
}

export function listDeliveriesOf(db: Kysely<HighTables>, person: string): Promise<InboxRow[]> {
  return db.selectFrom('inbox').selectAll().where('person', '=', person).execute()
}

/** The first taking counts. */
export async function markTaken(
  tx: Kysely<HighTables>,
  crossing: string,
  at: string,
): Promise<void> {
  await tx
    .updateTable('inbox')
    .set({ taken_at: at })
    .where('crossing', '=', crossing)
    .where('taken_at', 'is', null)
    .execute()
}
