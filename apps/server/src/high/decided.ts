import { join } from 'node:path'
import type { IsoDate } from '@sekisho/core'
import { runApart } from '../host/apart.ts'
import { isRecord } from '../shape.ts'

/** What the register of decisions is read from. */
export interface DecidedWork {
  /** Folder of the log. */
  readonly dir: string
  /** Verifier key of the log, from where it is written and not from the folder. */
  readonly key: string
  readonly day: IsoDate
  readonly town: string
  /** Ids and names. */
  readonly people: readonly (readonly [string, string])[]
}

/** The workbook, or why the log is not as it was. */
export type DecidedBook = { readonly bytes: Uint8Array } | { readonly broken: string }

const DECIDED_MS = 120_000
const HEAP_MB = 1024

/** @throws SekishoError TIMEOUT, WORKER_FAILED */
export function decidedBook(work: DecidedWork): Promise<DecidedBook> {
  return runApart(new URL('./decided-work.ts', import.meta.url), work, {
    check: bookOf,
    timeoutMs: DECIDED_MS,
    heapMb: HEAP_MB,
    reads: [join(work.dir, '*')],
    what: 'reading decisions',
  })
}

function bookOf(value: unknown): DecidedBook | undefined {
  if (!isRecord(value)) return undefined
  const { bytes, broken } = value
  if (bytes instanceof Uint8Array) return { bytes }
  return typeof broken === 'string' ? { broken } : undefined
}
