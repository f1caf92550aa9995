import type { Kysely } from 'kysely'

/** The table of named values, which both sides have. */
export async function createMeta<T>(tx: Kysely<T>): Promise<void> {
  await tx.schema
    .createTable('meta')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute()
}
