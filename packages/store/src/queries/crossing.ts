import { sql } from 'kysely'
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
  const { state, step, progress, changed_at, blob, decided_by } = row
  await tx
    .insertInto('crossing')
    .values({ ...row, told: '' })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({ state, step, progress, changed_at, blob, decided_by }),
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
export function listUntold(db: Kysely<HighTables>, limit: number): Promise<CrossingRow[]> {
  return db
    .selectFrom('crossing')
    .selectAll()
    .where('told', '!=', sql<string>`state || '/' || step`)
    .orderBy('changed_at')
    .limit(limit)
    .execute()
}

/** Those at their end of which nothing was told yet, oldest first. */
export function listEnded(db: Kysely<HighTables>, limit: number): Promise<CrossingRow[]> {
  return db
    .selectFrom('crossing')
    .selectAll()
    .where('state', 'in', FINAL)
    .where('told', '=', '')
    .orderBy('changed_at')
    .limit(limit)
    .execute()
}

/** Every crossing whose `told` is not this. */
export function listNotTold(db: Kysely<HighTables>, told: string): Promise<CrossingRow[]> {
  return db.selectFrom('crossing').selectAll().where('told', '!=', told).execute()
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

/** What a person decided, newest first. */
export function listDecidedBy(
  db: Kysely<HighTables>,
  person: string,
  limit: number,
): Promise<CrossingRow[]> {
  return db
    .selectFrom('crossing')
    .selectAll()
    .where('decided_by', '=', person)
    .orderBy('changed_at', 'desc')
    .limit(limit)
    .execute()
}

/**
 * Crossings whose bytes nobody needs any more: ended without arriving, or delivered and their last day is over (of a file to take, of a mail's text).
 */
export function listDisposable(
  db: Kysely<HighTables>,
  now: string,
  limit: number,
): Promise<CrossingRow[]> {
  return db
    .selectFrom('crossing')
    .leftJoin('inbox', 'inbox.crossing', 'crossing.id')
    .leftJoin('mail', 'mail.id', 'crossing.id')
    .selectAll('crossing')
    .where('blob', '!=', '')
    .where((where) =>
      where.or([
        where('state', 'in', ['refused', 'returned', 'cancelled']),
        where.and([where('state', '=', 'delivered'), where('inbox.until', '<', now)]),
        where.and([
          where('state', '=', 'delivered'),
          where('mail.until', '!=', ''),
          where('mail.until', '<', now),
        ]),
      ]),
    )
    .limit(limit)
    .execute()
}

/** Notes that a crossing has no bytes here any more. Returns how many others still name the same bytes. */
export async function releaseBlob(
  tx: Kysely<HighTables>,
  id: string,
  blob: string,
): Promise<number> {
  await tx.updateTable('crossing').set({ blob: '' }).where('id', '=', id).execute()
  const rows = await tx.selectFrom('crossing').select('id').where('blob', '=', blob).execute()
  return rows.length
}

/** True when another crossing has this number already. */
export async function numberTaken(
  db: Kysely<HighTables>,
  number: string,
  id: string,
): Promise<boolean> {
  const row = await db
    .selectFrom('crossing')
    .select('id')
    .where('number', '=', number)
    .where('id', '!=', id)
    .executeTakeFirst()
  return row !== undefined
}
