/**
 * What holds for a unit of work on either database.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { SekishoError } from '@sekisho/core'

/** Longest time one unit may take, in milliseconds: one that never ends would stop all writing. */
export const UNIT_TIMEOUT_MS = 10_000

const inUnit = new AsyncLocalStorage<true>()

/** Runs a unit. Throws BUG when it is started inside another one, which on SQLite would wait for itself. */
export async function runUnit<Result>(unit: () => Promise<Result>): Promise<Result> {
  return inUnit.run(true, unit)
}

/** Throws BUG inside a unit. */
export function refuseNesting(): void {
  if (inUnit.getStore() === true)
    throw new SekishoError(
      'BUG',
      'a unit of work must not write through the store, but through its tx',
    )
}

/** The unit's result, or TIMEOUT when it is not there in time. The unit cannot be stopped, only no longer heard. */
export async function withinTime<Result>(
  work: Promise<Result>,
  milliseconds: number,
): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new SekishoError('TIMEOUT', 'a unit of work took too long')),
    milliseconds,
  )
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
