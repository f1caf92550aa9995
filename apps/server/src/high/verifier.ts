/**
 * Runs the independent verifier away from the thread that serves people, with a ceiling on memory and time: the
 * bytes are what an attacker who owns the low side would send.
 */
import type { CleanVerdict } from '@sekisho/core'
import type { Expected } from '@sekisho/gates/mail/verify'
import { runApart } from '../host/apart.ts'
import { isRecord } from '../shape.ts'

/** Longest time for one file, ms. */
export const VERIFY_MS = 120_000
/** Ceiling of the thread's heap, MB. */
const HEAP_MB = 1024

/**
 * @throws SekishoError TIMEOUT, or WORKER_FAILED when the thread died: both end in a refusal
 */
export function verifyApart(
  bytes: Uint8Array,
  ending: string,
  {
    timeoutMs = VERIFY_MS,
    thread = new URL('./verify-thread.ts', import.meta.url),
    macroDigests = [],
    mail,
  }: {
    readonly timeoutMs?: number
    readonly thread?: URL
    /** SHA-256 of VBA projects that may be inside. */
    readonly macroDigests?: readonly string[]
    /** What a mail must say besides being harmless. */
    readonly mail?: Expected
  } = {},
): Promise<CleanVerdict> {
  return runApart(
    thread,
    { bytes, ending, macroDigests, mail },
    {
      check: (value) => (isVerdict(value) ? value : undefined),
      timeoutMs,
      heapMb: HEAP_MB,
      what: 'verifying',
    },
  )
}

function isVerdict(value: unknown): value is CleanVerdict {
  return isRecord(value) && typeof value['clean'] === 'boolean' && typeof value['type'] === 'string'
}
