/**
 * One connection of `node:sqlite` as Kysely wants it.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { SekishoError } from '@sekisho/core'
import { CompiledQuery, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely'
import { storeError } from './error.ts'

/** Prepared statements kept per connection. Queries are a fixed set; a text built per call must not fill memory. */
const MAX_STATEMENTS = 256

/** Kysely's dialect for SQLite over a driver of ours. */
export function sqliteDialect(driver: Driver): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

export class SqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  #revoked = false

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    if (this.#revoked)
      throw new SekishoError('BUG', 'a query came after its unit of work had ended')
    try {
      const statement = this.#prepare(sql)
      const values = parameters.map(bindable)
      if (statement.columns().length > 0) return { rows: plainRows<Row>(statement.all(...values)) }
      const { changes } = statement.run(...values)
      return { rows: [], numAffectedRows: BigInt(changes) }
    } catch (error) {
      throw storeError(error)
    }
  }

  async *streamQuery<Row>(query: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    yield await this.executeQuery<Row>(query)
  }

  /** From now on every query is refused: the unit it was given to has ended. */
  revoke(): void {
    this.#revoked = true
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear()
    const statement = this.#database.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}

/** A driver around connections that somebody else opens, orders and closes. */
export function leaseDriver(connection: SqliteConnection): Driver {
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    releaseConnection: async () => {},
    beginTransaction: noTransaction,
    commitTransaction: noTransaction,
    rollbackTransaction: noTransaction,
    destroy: async () => {},
  }
}

async function noTransaction(): Promise<void> {
  throw new SekishoError('BUG', 'a unit of work is already one transaction')
}

/** A driver for reading: one connection, one user at a time, so that a transaction sees one state throughout. */
export function readDriver(database: DatabaseSync): Driver {
  const connection = new SqliteConnection(database)
  const run = async (sql: string): Promise<void> => {
    await connection.executeQuery(CompiledQuery.raw(sql))
  }
  let free = Promise.resolve()
  let release: (() => void) | undefined
  return {
    init: async () => {},
    acquireConnection: async () => {
      const before = free
      const turn = Promise.withResolvers<void>()
      free = turn.promise
      await before
      release = turn.resolve
      return connection
    },
    releaseConnection: async () => release?.(),
    beginTransaction: () => run('begin'),
    commitTransaction: () => run('commit'),
    rollbackTransaction: () => run('rollback'),
    destroy: async () => database.close(),
  }
}

/** Values of the portable column types only: booleans and dates would be stored differently by each database. */
function bindable(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  if (value instanceof Uint8Array || typeof value === 'bigint') return value
  throw new SekishoError(
    'BUG',
    `a ${typeof value} cannot be stored; use text, number, bytes or null`,
  )
}

/**
 * `node:sqlite` gives objects without prototype; PostgreSQL does not. That a row is what the query says is Kysely's
 * promise, not checked here.
 */
function plainRows<Row>(rows: readonly object[]): Row[] {
  const plain: unknown = rows.map((row) => Object.assign({}, row))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return plain as Row[]
}
