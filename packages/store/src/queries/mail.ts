import { sql } from 'kysely'
import type { Insertable, Kysely, Selectable, Updateable } from 'kysely'
import type { HighTables, MailTable, PickUpTable } from '../tables.ts'
import { contains } from './contains.ts'

export type MailRow = Selectable<MailTable>
export type PickUpRow = Selectable<PickUpTable>

/** Notes a mail and who may see it; one that is there stays as it is. */
export async function insertMailRow(
  tx: Kysely<HighTables>,
  row: Insertable<MailTable>,
  readers: readonly string[],
): Promise<void> {
  await tx
    .insertInto('mail')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
  for (const reader of readers)
    await tx
      .insertInto('mail_reader')
      .values({ mail: row.id, reader })
      .onConflict((conflict) => conflict.columns(['reader', 'mail']).doNothing())
      .execute()
}

export async function updateMailRow(
  tx: Kysely<HighTables>,
  id: string,
  change: Updateable<MailTable>,
): Promise<void> {
  await tx.updateTable('mail').set(change).where('id', '=', id).execute()
}

export function findMailRow(db: Kysely<HighTables>, id: string): Promise<MailRow | undefined> {
  return db.selectFrom('mail').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Mails whose text is kept until `until` at the latest, of which nobody was reminded; oldest first. */
export function listUnreminded(
  db: Kysely<HighTables>,
  until: string,
  limit: number,
): Promise<MailRow[]> {
  return db
    .selectFrom('mail')
    .selectAll()
    .where('reminded', '=', 0)
    .where('until', '!=', '')
    .where('until', '<=', until)
    .orderBy('until')
    .limit(limit)
    .execute()
}

/** By id or short number, if one of `readers` may see it. */
export function findMailFor(
  db: Kysely<HighTables>,
  name: string,
  readers: readonly string[],
): Promise<MailRow | undefined> {
  return db
    .selectFrom('mail')
    .selectAll()
    .where((where) => where.or([where('id', '=', name), where('number', '=', name)]))
    .where('id', 'in', (select) =>
      select.selectFrom('mail_reader').select('mail').where('reader', 'in', readers),
    )
    .executeTakeFirst()
}

export interface MailFilter {
  readonly readers: readonly string[]
  /** Search key; empty for all. */
  readonly find: string
  /** Only what came before the mail of this id; empty for the newest. */
  readonly after: string
}

/** Newest first. */
export async function listMailsFor(
  db: Kysely<HighTables>,
  { readers, find, after }: MailFilter,
  limit: number,
): Promise<MailRow[]> {
  const last = after === '' ? undefined : await findMailRow(db, after)
  return db
    .selectFrom('mail')
    .selectAll()
    .where('id', 'in', (select) =>
      select.selectFrom('mail_reader').select('mail').where('reader', 'in', readers),
    )
    .$if(find !== '', (query) => query.where(contains('search', find)))
    .$if(last !== undefined, (query) =>
      query.where((where) =>
        where.or([
          where('received_at', '<', last?.received_at ?? ''),
          where.and([
            where('received_at', '=', last?.received_at ?? ''),
            where('id', '<', last?.id ?? ''),
          ]),
        ]),
      ),
    )
    .orderBy('received_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** Mails of which an officer should know, newest first. */
export function listUndelivered(db: Kysely<HighTables>, limit: number): Promise<MailRow[]> {
  return db
    .selectFrom('mail')
    .selectAll()
    .where('undelivered', '=', 1)
    .orderBy('received_at', 'desc')
    .limit(limit)
    .execute()
}

export function findPickUp(db: Kysely<HighTables>, key: string): Promise<PickUpRow | undefined> {
  return db.selectFrom('pick_up').selectAll().where('key', '=', key).executeTakeFirst()
}

export async function insertPickUp(tx: Kysely<HighTables>, row: PickUpRow): Promise<void> {
  await tx
    .insertInto('pick_up')
    .values(row)
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ crossing: row.crossing }))
    .execute()
}

/** Oldest first. */
export function listPickUps(db: Kysely<HighTables>, mail: string): Promise<PickUpRow[]> {
  return db.selectFrom('pick_up').selectAll().where('mail', '=', mail).orderBy('asked_at').execute()
}

/** Adds to the count of what was turned away at the door. */
export async function addMailTurned(
  tx: Kysely<HighTables>,
  day: string,
  reason: string,
  count: number,
): Promise<void> {
  await tx
    .insertInto('mail_turned')
    .values({ day, reason, count })
    .onConflict((conflict) =>
      conflict
        .columns(['day', 'reason'])
        .doUpdateSet((set) => ({ count: sql<number>`${set.ref('mail_turned.count')} + ${count}` })),
    )
    .execute()
}

/** Since a day, most often first. */
export async function listMailTurned(
  db: Kysely<HighTables>,
  since: string,
): Promise<{ reason: string; count: number }[]> {
  const rows = await db
    .selectFrom('mail_turned')
    .select((select) => ['reason', select.fn.sum<number | string>('count').as('total')])
    .where('day', '>=', since)
    .groupBy('reason')
    .execute()
  return rows
    .map(({ reason, total }) => ({ reason, count: Number(total) }))
    .toSorted((a, b) => b.count - a.count)
}
