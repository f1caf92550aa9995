/**
 * Group commit for SQLite: units that arrive while a commit is being synced share the next one. Each has its own
 * savepoint, so one that fails takes nothing with it.
 */
import type { DatabaseSync } from 'node:sqlite'
import { SekishoError } from '@sekisho/core'
import { Kysely } from 'kysely'
import { storeError } from './error.ts'
import { SqliteConnection, leaseDriver, sqliteDialect } from './sqlite-connection.ts'
import { UNIT_TIMEOUT_MS, refuseNesting, runUnit, withinTime } from './unit.ts'

/** Most units in one transaction: the first one waits for the last. */
const MAX_UNITS = 128

/** A unit that waits for its turn. */
interface Waiting<Tables> {
  /** Runs it and says how to answer its caller once the transaction is committed. */
  readonly run: (tx: Kysely<Tables>) => Promise<Settle>
  readonly reject: (error: unknown) => void
}

/** Outcome of a unit, kept back until the commit: an answer given before could be undone by it. */
type Settle = { readonly keep: boolean; readonly answer: () => void }

export class SqliteWriter<Tables> {
  readonly #database: DatabaseSync
  #waiting: Waiting<Tables>[] = []
  #running: Promise<void> | undefined
  #closed = false

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  async write<Result>(unit: (tx: Kysely<Tables>) => Promise<Result>): Promise<Result> {
    refuseNesting()
    if (this.#closed) throw new SekishoError('STORE_UNAVAILABLE', 'the store is closed')
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    const run = async (tx: Kysely<Tables>): Promise<Settle> => {
      try {
        const result = await withinTime(
          runUnit(() => unit(tx)),
          UNIT_TIMEOUT_MS,
        )
        return { keep: true, answer: () => resolve(result) }
      } catch (error) {
        return { keep: false, answer: () => reject(storeError(error)) }
      }
    }
    this.#waiting.push({ run, reject })
    this.#running ??= this.#runAll()
    return promise
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#running
    this.#database.close()
  }

  async #runAll(): Promise<void> {
    // Whatever is written in the same turn of the event loop shares the first transaction.
    await Promise.resolve()
    while (this.#waiting.length > 0) await this.#runBatch(this.#waiting.splice(0, MAX_UNITS))
    this.#running = undefined
  }

  async #runBatch(batch: readonly Waiting<Tables>[]): Promise<void> {
    try {
      this.#database.exec('BEGIN IMMEDIATE')
      const settled: Settle[] = []
      for (const { run } of batch) settled.push(await this.#runOne(run))
      this.#database.exec('COMMIT')
      for (const { answer } of settled) answer()
    } catch (error) {
      this.#rollBack()
      for (const { reject } of batch) reject(storeError(error))
    }
  }

  /** A disk that fails here too must not keep the callers from hearing about it. */
  #rollBack(): void {
    try {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
    } catch {
      // The next BEGIN will fail and say so.
    }
  }

  async #runOne(run: Waiting<Tables>['run']): Promise<Settle> {
    const connection = new SqliteConnection(this.#database)
    this.#database.exec('SAVEPOINT unit')
    const settle = await run(
      new Kysely<Tables>({ dialect: sqliteDialect(leaseDriver(connection)) }),
    )
    connection.revoke()
    // A full disk or a failing one ends the whole transaction, and with it what earlier units of the batch wrote.
    if (!this.#database.isTransaction)
      throw new SekishoError('STORE_FULL', 'the database gave up the transaction')
    this.#database.exec(settle.keep ? 'RELEASE unit' : 'ROLLBACK TO unit; RELEASE unit')
    return settle
  }
}
