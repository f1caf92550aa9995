import type { Kysely, Selectable } from 'kysely'
import type { CrossingTable, HighTables } from '../tables.ts'

export type CrossingRow = Selectable<CrossingTable>

/** States that never change again. */
const FINAL = ['delivered', 'refused', 'returned', 'cancelled']

export function findCrossing(db: Kysely<HighTables>, id: string): Promise<CrossingRow | undefined> {
  return db.selectFrom('crossing').selectAll().where('id', '=', id).executeTakeFirst()
}

/** By the short number. */
export function findCrossingByNumber(
  db: Kysely<HighTables>,
  number: string,
): Promise<CrossingRow | undefined> {
  return db.selectFrom('crossing').selectAll().where('number', '=', number).executeTakeFirst()
}

/** Writes a crossing as it is now; what the low side was told is kept. */
export async function saveCrossing(
  tx: Kysely<HighTables>,
  row: Omit<CrossingRow, 'told'>,
): Promise<void> {
  const { state, step, progress, changed_at } = row
  await tx
    .insertInto('crossing')
    .values({ ...row, told: '' })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({ state, step, progress, changed_at }),
    )
    .execute()
}

/** Notes what the low side was told. */
export async function markTold(tx: Kysely<HighTables>, id: string, told: string): Promise<void> {
  await tx.updateTable('crossing').set({ told }).where('id', '=', id).execute()
}

/** Everything that is not at its end, oldest first: what to take up again after a crash. */
export function listOpenCrossings(db: Kysely<HighTables>): Promise<CrossingRow[]> {
  return db
    .selectFrom('crossing')
    .selectAll()
    .where('state', 'not in', FINAL)
    .orderBy('created_at')
    .execute()
}

/** What the low side has not been told yet. */
export async function listUntold(db: Kysely<HighTables>, limit: number): Promise<CrossingRow[]> {
  return db
    .selectFrom('crossing')
    .selectAll()
    .where((where) =>
      where('told', '!=', (expression) =>
        expression.fn<string>('concat', ['state', expression.val('/'), 'step']),
      ),
    )
    .orderBy('changed_at')
    .limit(limit)
    .execute()
}

/** Crossings of one person, newest first. */
export function listCrossingsOf(
  db: Kysely<HighTables>,
  person: string,
  limit: number,
): Promise<CrossingRow[]> {
  return db
    .selectFrom('crossing')
    .selectAll()
    .where('person', '=', person)
    .orderBy('created_at', 'desc')
    .limit(limit)
    .execute()
}

/** Held ones, oldest first. */
export function listHeld(db: Kysely<HighTables>, limit: number): Promise<CrossingRow[]> {
  return db
    .selectFrom('crossing')
    .selectAll()
    .where('state', '=', 'held')
    .orderBy('created_at')
    .limit(limit)
    .execute()
}
