import type { Kysely } from 'kysely'
import type { MetaTable } from '../tables.ts'

interface WithMeta {
  meta: MetaTable
}

/** A named value, or `undefined` when it was never set. */
export async function readMeta(db: Kysely<WithMeta>, name: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('meta')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.value
}

/** Sets a named value. */
export async function writeMeta(tx: Kysely<WithMeta>, name: string, value: string): Promise<void> {
  await tx
    .insertInto('meta')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
}

/**
 * Next value of a counter. Only inside a write: two writes never get the same.
 *
 * @param first value of the first call.
 */
export async function nextCount(tx: Kysely<WithMeta>, name: string, first = 1): Promise<number> {
  const before = await readMeta(tx, name)
  const next = before === undefined ? first : Number(before) + 1
  await writeMeta(tx, name, String(next))
  return next
}
