/**
 * The embedded store: `node:sqlite` with WAL and synchronous=FULL. One connection writes, another reads.
 */
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { SekishoError } from '@sekisho/core'
import { makeFolder } from '@sekisho/evidence'
import { Kysely } from 'kysely'
import { storeError } from './error.ts'
import { readDriver, sqliteDialect } from './sqlite-connection.ts'
import { SqliteWriter } from './sqlite-writer.ts'
import type { Store } from './store.ts'

/** How long to wait for another process that holds the file, in milliseconds. It blocks this one. */
const BUSY_TIMEOUT_MS = 2_000

export async function openSqlite<Tables>(path: string): Promise<Store<Tables>> {
  await makeFolder(dirname(path))
  const { writable, readable } = openBoth(path)
  const writer = new SqliteWriter<Tables>(writable)
  const db = new Kysely<Tables>({ dialect: sqliteDialect(readDriver(readable)) })
  return {
    kind: 'sqlite',
    db,
    write: (unit) => writer.write(unit),
    close: async () => {
      await writer.close()
      await db.destroy()
      if (readable.isOpen) readable.close()
    },
  }
}

function openBoth(path: string): { writable: DatabaseSync; readable: DatabaseSync } {
  let writable: DatabaseSync | undefined
  try {
    writable = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
    makeDurable(writable)
    const readable = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, readOnly: true })
    return { writable, readable }
  } catch (error) {
    writable?.close()
    throw storeError(error)
  }
}

/** Without FULL, WAL keeps the file whole but loses the last acknowledged writes at a power cut. */
function makeDurable(database: DatabaseSync): void {
  const mode = database.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode']
  if (mode !== 'wal')
    throw new SekishoError('STORE_UNAVAILABLE', 'the file system cannot hold a WAL database')
  database.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF')
}
