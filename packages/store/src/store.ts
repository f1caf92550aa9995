/**
 * The store: rows that must survive a crash, on SQLite in the runtime or on PostgreSQL, behind one typed builder.
 */
import type { Kysely } from 'kysely'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'

export interface Store<Tables> {
  readonly kind: 'sqlite' | 'postgres'
  /** For reading. On SQLite it cannot write; on PostgreSQL write through {@link Store.write} all the same. */
  readonly db: Kysely<Tables>
  /**
   * Runs a unit of reads and writes: all of it or nothing, as if units ran one after another, and durable when it
   * resolves. A unit may be run more than once, so it must change nothing but the store; it must not wait for
   * anything but its own queries, must not call `write` itself, and has 10 s.
   *
   * @throws what the unit threw (nothing of it is kept), STORE_FULL, STORE_UNAVAILABLE (the outcome is unknown when
   *   the server was lost while committing), STORE_CORRUPT, TIMEOUT, BUG for a nested call
   */
  write<Result>(unit: (tx: Kysely<Tables>) => Promise<Result>): Promise<Result>
  /** Waits for the running units and lets go. */
  close(): Promise<void>
}

/** An embedded database file, or a `postgres://` URL. */
export type StoreOptions = { readonly path: string } | { readonly url: string }

/**
 * Opens a store; the file is created when it is not there.
 *
 * @throws STORE_UNAVAILABLE, STORE_CORRUPT, or CONFIG_INVALID for a server that would lose acknowledged writes
 */
export async function openStore<Tables>(options: StoreOptions): Promise<Store<Tables>> {
  return 'path' in options ? openSqlite<Tables>(options.path) : openPostgres<Tables>(options.url)
}
