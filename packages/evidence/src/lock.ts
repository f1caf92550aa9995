/**
 * One writer per log. SQLite's file lock is used because the kernel releases it when the process dies, however it dies.
 */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { SekishoError } from '@sekisho/core'

export interface Lock {
  release(): void
}

/**
 * Takes the lock in `work`, which holds nothing worth keeping.
 *
 * @throws STORE_UNAVAILABLE when another process (or this one) has it: two writers would sign two histories
 */
export function takeLock(work: string): Lock {
  const database = new DatabaseSync(join(work, 'lock'), { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    throw new SekishoError('STORE_UNAVAILABLE', 'the log is already open elsewhere', {
      cause: error,
    })
  }
  return { release: () => database.close() }
}
