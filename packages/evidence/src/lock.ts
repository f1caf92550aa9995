/**
 * One writer per log, or per folder of another kind. SQLite's file lock is used because the kernel releases it when the process dies, however it dies.
 */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { SekishoError } from '@sekisho/core'

export interface Lock {
  release(): void
}

/**
 * Takes the lock in `work`.
 *
 * @param what named in the error
 * @throws STORE_UNAVAILABLE when another process (or this one) has it: two writers would sign two histories
 */
export function takeLock(work: string, what = 'the log'): Lock {
  const database = new DatabaseSync(join(work, 'lock'), { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    throw new SekishoError('STORE_UNAVAILABLE', `${what} is already open elsewhere`, {
      cause: error,
    })
  }
  return { release: () => database.close() }
}
