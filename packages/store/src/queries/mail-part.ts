import type { Kysely, Selectable } from 'kysely'
import type { LowTables, MailPartTable } from '../tables.ts'

export type MailPartRow = Selectable<MailPartTable>

/** Writes what a mail brought; the same mail again changes nothing. */
export async function insertMailParts(
  tx: Kysely<LowTables>,
  rows: readonly MailPartRow[],
): Promise<void> {
  for (const row of rows)
    await tx
      .insertInto('mail_part')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute()
}

export function findMailPart(
  db: Kysely<LowTables>,
  transfer: string,
  part: string,
): Promise<MailPartRow | undefined> {
  return db
    .selectFrom('mail_part')
    .selectAll()
    .where('transfer', '=', transfer)
    .where('part', '=', part)
    .executeTakeFirst()
}

export function listMailParts(db: Kysely<LowTables>, transfer: string): Promise<MailPartRow[]> {
  return db.selectFrom('mail_part').selectAll().where('transfer', '=', transfer).execute()
}

/** For whoever has shredded what they hold. */
export async function removeMailParts(tx: Kysely<LowTables>, transfer: string): Promise<void> {
  await tx.deleteFrom('mail_part').where('transfer', '=', transfer).execute()
}
