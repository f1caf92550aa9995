import type { Insertable, Kysely, Selectable, Updateable } from 'kysely'
import type { LowTables, TransferTable } from '../tables.ts'
import { nextCount } from './meta.ts'

export type TransferRow = Selectable<TransferTable>

/** Number of the first transfer of a town: four digits from the start are easier to say. */
const FIRST_NUMBER = 1001

/** One transfer by id. */
export function findTransfer(db: Kysely<LowTables>, id: string): Promise<TransferRow | undefined> {
  return db.selectFrom('transfer').selectAll().where('id', '=', id).executeTakeFirst()
}

/** A mail by its number; one that is not whole yet has none that anybody knows. */
export function findMailTransfer(
  db: Kysely<LowTables>,
  number: string,
): Promise<TransferRow | undefined> {
  return db
    .selectFrom('transfer')
    .selectAll()
    .where('number', '=', number)
    .where('kind', '=', 'mail')
    .where('input_sha256', 'is not', null)
    .executeTakeFirst()
}

/** The transfer an account began with this key: what makes a double click harmless. */
export function findTransferByKey(
  db: Kysely<LowTables>,
  account: string,
  key: string,
): Promise<TransferRow | undefined> {
  return db
    .selectFrom('transfer')
    .selectAll()
    .where('account', '=', account)
    .where('idempotency_key', '=', key)
    .executeTakeFirst()
}

/** Newest first. */
export function listTransfers(
  db: Kysely<LowTables>,
  account: string,
  limit: number,
): Promise<TransferRow[]> {
  return db
    .selectFrom('transfer')
    .selectAll()
    .where('account', '=', account)
    .orderBy('created_at', 'desc')
    .orderBy('number', 'desc')
    .limit(limit)
    .execute()
}

/** How many transfers of an account are not at their end. */
export async function countOpenTransfers(db: Kysely<LowTables>, account: string): Promise<number> {
  const row = await db
    .selectFrom('transfer')
    .select((select) => select.fn.countAll<number | string>().as('count'))
    .where('account', '=', account)
    .where('finished_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Begins a transfer with the next number. The key is unique per account: the second insert throws. */
export async function insertTransfer(
  tx: Kysely<LowTables>,
  row: Omit<Insertable<TransferTable>, 'number'>,
): Promise<TransferRow> {
  const number = `S-${await nextCount(tx, 'number', FIRST_NUMBER)}`
  return tx
    .insertInto('transfer')
    .values({ ...row, number })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Changes a transfer without telling the high side. */
export async function updateTransfer(
  tx: Kysely<LowTables>,
  id: string,
  change: Updateable<TransferTable>,
): Promise<void> {
  await tx.updateTable('transfer').set(change).where('id', '=', id).execute()
}

/** Changes a transfer in a way the high side must hear of. */
export async function announceTransfer(
  tx: Kysely<LowTables>,
  id: string,
  change: Updateable<TransferTable>,
): Promise<void> {
  await updateTransfer(tx, id, { ...change, version: await nextCount(tx, 'version') })
}

/** What the high side has not heard of yet, in the order it happened. */
export function listAnnounced(
  db: Kysely<LowTables>,
  after: number,
  limit: number,
): Promise<TransferRow[]> {
  return (
    db
      .selectFrom('transfer')
      .selectAll()
      .where('version', '>', after)
      .where('state', '!=', 'receiving')
      .where('input_sha256', 'is not', null)
      // What ended before it was taken up is nobody's business there.
      .where((where) => where.or([where('taken_up', '=', 1), where('finished_at', 'is', null)]))
      .orderBy('version')
      .limit(limit)
      .execute()
  )
}

/** Transfers whose sealed original is due to be shredded. */
export function listShreddable(
  db: Kysely<LowTables>,
  now: string,
  limit: number,
): Promise<TransferRow[]> {
  return db
    .selectFrom('transfer')
    .selectAll()
    .where('shredded', '<', 2)
    .where('shred_at', '<=', now)
    .orderBy('shred_at')
    .limit(limit)
    .execute()
}

/** Uploads that nobody continued since `before`. */
export function listAbandoned(
  db: Kysely<LowTables>,
  before: string,
  limit: number,
): Promise<TransferRow[]> {
  return db
    .selectFrom('transfer')
    .selectAll()
    .where('state', '=', 'receiving')
    .where('created_at', '<', before)
    .limit(limit)
    .execute()
}
