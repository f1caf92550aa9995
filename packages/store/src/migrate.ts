/**
 * Bringing a store's tables up to what the program expects.
 */
import { SekishoError } from '@sekisho/core'
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Store } from './store.ts'

/** One change of the tables. Never altered once released. */
export interface Migration<Tables> {
  readonly id: string
  readonly up: (tx: Kysely<Tables>, kind: Store<Tables>['kind']) => Promise<void>
}

/**
 * Applies what is missing, oldest first, each with its record in one unit.
 *
 * @returns ids of the migrations applied now
 * @throws CONFIG_INVALID when the store was written by a newer program, or its record does not fit the list
 */
export async function migrate<Tables>(
  store: Store<Tables>,
  migrations: readonly Migration<Tables>[],
): Promise<string[]> {
  await ensureRecord(store)
  const applied: string[] = []
  for (const [index, migration] of migrations.entries())
    if (await store.write((tx) => apply(tx, store.kind, migrations, index)))
      applied.push(migration.id)
  if (migrations.length === 0) await store.write((tx) => recorded(tx, store.kind, migrations))
  return applied
}

/** Programs that begin an empty store at once may all find no table; on PostgreSQL only one of them can make it. */
async function ensureRecord<Tables>(store: Store<Tables>): Promise<void> {
  const make = (): Promise<unknown> => store.write((tx) => RECORD.execute(tx))
  try {
    await make()
  } catch {
    await make()
  }
}

const RECORD = sql`create table if not exists migration (
  position integer primary key, id text not null unique, at text not null)`

async function apply<Tables>(
  tx: Kysely<Tables>,
  kind: Store<Tables>['kind'],
  migrations: readonly Migration<Tables>[],
  index: number,
): Promise<boolean> {
  const done = await recorded(tx, kind, migrations)
  const migration = migrations[index]
  if (migration === undefined || index < done) return false
  await migration.up(tx, kind)
  const at = new Date().toISOString()
  await sql`insert into migration (position, id, at) values (${index}, ${migration.id}, ${at})`.execute(
    tx,
  )
  return true
}

/** How many of the list are recorded; they must be its beginning. */
async function recorded<Tables>(
  tx: Kysely<Tables>,
  kind: Store<Tables>['kind'],
  migrations: readonly Migration<Tables>[],
): Promise<number> {
  // The lock comes before the first query, which fixes what a SERIALIZABLE transaction sees: so two programs that
  // start at once migrate one after the other.
  if (kind === 'postgres') await sql`lock table migration in access exclusive mode`.execute(tx)
  const { rows } = await sql<{ id: string }>`select id from migration order by position`.execute(tx)
  const stranger = rows.find(({ id }, position) => migrations[position]?.id !== id)
  if (stranger !== undefined)
    throw new SekishoError(
      'CONFIG_INVALID',
      `the store knows a migration that this program does not: ${stranger.id}`,
    )
  return rows.length
}
