/**
 * The server store: PostgreSQL 15 or newer. Units are SERIALIZABLE and run again when PostgreSQL asks for it, so they
 * mean the same as on SQLite, where there is one writer.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { SekishoError } from '@sekisho/core'
import { Kysely, PostgresDialect, sql } from 'kysely'
import type { DatabaseConnection, Dialect, Driver } from 'kysely'
import { Pool, types } from 'pg'
import { isTransient, storeError } from './error.ts'
import type { Store } from './store.ts'
import { UNIT_TIMEOUT_MS, refuseNesting, runUnit } from './unit.ts'

const MAX_CONNECTIONS = 10
const CONNECT_TIMEOUT_MS = 5_000
/** How often a unit is run before it counts as failed. */
const MAX_ATTEMPTS = 12
/** Longest pause before the next attempt, in milliseconds. */
const MAX_PAUSE_MS = 50

const INT8 = 20
const NUMERIC = 1700

export async function openPostgres<Tables>(url: string): Promise<Store<Tables>> {
  const pool = openPool(url)
  const db = new Kysely<Tables>({ dialect: mapped(new PostgresDialect({ pool })) })
  try {
    await checkServer(db)
  } catch (error) {
    await db.destroy()
    throw storeError(error)
  }
  return {
    kind: 'postgres',
    db,
    write: async (unit) => {
      refuseNesting()
      return attempt(() =>
        db
          .transaction()
          .setIsolationLevel('serializable')
          .execute((tx) => runUnit(() => unit(tx))),
      )
    },
    close: () => db.destroy(),
  }
}

function openPool(url: string): Pool {
  const pool = new Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: UNIT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: UNIT_TIMEOUT_MS,
    application_name: 'sekisho',
    // A server may be set to acknowledge before writing; not for this.
    options: '-c synchronous_commit=on',
    types: { getTypeParser: portableParser },
  })
  // An idle connection that the server drops is not an event: the next query opens another.
  pool.on('error', () => {})
  return pool
}

/** Numbers as numbers, as SQLite gives them. One that does not fit is an error, never a rounded value. */
function portableParser(
  ...[oid, format]: Parameters<typeof types.getTypeParser>
): typeof exactNumber {
  return [INT8, NUMERIC].includes(oid) ? exactNumber : types.getTypeParser(oid, format)
}

function exactNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) && !text.includes('.'))
    throw new SekishoError('STORE_CORRUPT', 'a number in the store is too large')
  return value
}

/** Refuses a server that would lose what it acknowledged, or that cannot keep every name. */
async function checkServer<Tables>(db: Kysely<Tables>): Promise<void> {
  const wanted = {
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    server_encoding: 'UTF8',
  }
  for (const [name, value] of Object.entries(wanted)) {
    const { rows } = await sql<{ value: string }>`select current_setting(${name}) as value`.execute(
      db,
    )
    if (rows[0]?.value !== value)
      throw new SekishoError('CONFIG_INVALID', `the PostgreSQL server must have ${name} = ${value}`)
  }
}

async function attempt<Result>(run: () => Promise<Result>): Promise<Result> {
  for (let count = 1; ; count += 1) {
    try {
      return await run()
    } catch (error) {
      if (!isTransient(error)) throw storeError(error)
      if (count === MAX_ATTEMPTS)
        throw new SekishoError('STORE_UNAVAILABLE', 'too many units at once', { cause: error })
    }
    await sleep(Math.random() * MAX_PAUSE_MS)
  }
}

/** The dialect with every error of a query under its closed code. */
function mapped(dialect: Dialect): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createDriver: () => mappedDriver(dialect.createDriver()),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  }
}

function mappedDriver(driver: Driver): Driver {
  const seen = new WeakSet<DatabaseConnection>()
  const acquire = driver.acquireConnection.bind(driver)
  driver.acquireConnection = async (options) => {
    const connection = await rethrown(() => acquire(options))
    // Connections come back from the pool; the driver knows them by identity, so they are changed in place, once.
    if (!seen.has(connection)) mapErrors(connection)
    seen.add(connection)
    return connection
  }
  return driver
}

function mapErrors(connection: DatabaseConnection): void {
  const execute = connection.executeQuery.bind(connection)
  connection.executeQuery = (query, options) => rethrown(() => execute(query, options))
}

async function rethrown<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw storeError(error)
  }
}
