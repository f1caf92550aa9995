/**
 * The closed codes for what a database reports. Constraint violations stay what they are: they are answers to a
 * question that a caller asked, not broken surroundings.
 */
import { SekishoError, errorCode } from '@sekisho/core'
import type { SekishoErrorCode } from '@sekisho/core'

// Primary result codes of SQLite, https://sqlite.org/rescode.html.
const SQLITE: ReadonlyMap<number, SekishoErrorCode> = new Map<number, SekishoErrorCode>([
  [5, 'STORE_UNAVAILABLE'], // BUSY
  [6, 'STORE_UNAVAILABLE'], // LOCKED
  [7, 'STORE_UNAVAILABLE'], // NOMEM
  [8, 'STORE_UNAVAILABLE'], // READONLY
  [10, 'STORE_UNAVAILABLE'], // IOERR
  [11, 'STORE_CORRUPT'], // CORRUPT
  [13, 'STORE_FULL'], // FULL
  [14, 'STORE_UNAVAILABLE'], // CANTOPEN
  [15, 'STORE_UNAVAILABLE'], // PROTOCOL
  [26, 'STORE_CORRUPT'], // NOTADB
])
// Extended codes: UNIQUE, PRIMARYKEY, ROWID.
const SQLITE_UNIQUE: readonly number[] = [2067, 1555, 2579]

// SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html. Longest prefix first.
const POSTGRES: readonly (readonly [prefix: string, code: SekishoErrorCode])[] = [
  ['53100', 'STORE_FULL'],
  ['57014', 'TIMEOUT'], // statement_timeout
  ['25P03', 'TIMEOUT'], // idle in transaction too long
  ['XX001', 'STORE_CORRUPT'],
  ['XX002', 'STORE_CORRUPT'],
  ['08', 'STORE_UNAVAILABLE'],
  ['28', 'STORE_UNAVAILABLE'],
  ['3D', 'STORE_UNAVAILABLE'],
  ['53', 'STORE_UNAVAILABLE'],
  ['57P', 'STORE_UNAVAILABLE'],
  ['58', 'STORE_UNAVAILABLE'],
]
const POSTGRES_UNIQUE = '23505'
// serialization_failure and deadlock_detected: running the unit again is the documented answer.
const POSTGRES_RETRY: readonly string[] = ['40001', '40P01']

/** The error with its closed code when it is about the surroundings, else the error as it came. */
export function storeError(error: unknown): unknown {
  const code = error instanceof SekishoError ? undefined : closedCode(error)
  if (code === undefined) return error
  return new SekishoError(code, `the store refused: ${String(nativeCode(error))}`, { cause: error })
}

/** Whether a write failed because a row with that key exists already. */
export function isConflict(error: unknown): boolean {
  const code = nativeCode(error)
  return code === POSTGRES_UNIQUE || (typeof code === 'number' && SQLITE_UNIQUE.includes(code))
}

/** Whether the same unit may succeed when it is run again. */
export function isTransient(error: unknown): boolean {
  const code = nativeCode(error)
  return typeof code === 'string' && POSTGRES_RETRY.includes(code)
}

function closedCode(error: unknown): SekishoErrorCode | undefined {
  const code = nativeCode(error)
  if (typeof code === 'number') return SQLITE.get(code & 0xff)
  if (code === undefined) return isLostConnection(error) ? 'STORE_UNAVAILABLE' : undefined
  if (/^E[A-Z]+$/u.test(code)) return 'STORE_UNAVAILABLE' // ECONNREFUSED and its kin
  return POSTGRES.find(([prefix]) => code.startsWith(prefix))?.[1]
}

/** SQLite's extended result code (a number), or SQLSTATE or a system code (a string). */
function nativeCode(error: unknown): number | string | undefined {
  if (error instanceof Error && 'errcode' in error && typeof error.errcode === 'number')
    return error.errcode
  return errorCode(error)
}

/** What `pg` throws without any code when the server goes away or does not answer. */
function isLostConnection(error: unknown): boolean {
  return (
    error instanceof Error &&
    /connection terminated|timeout exceeded when trying to connect/iu.test(error.message)
  )
}
