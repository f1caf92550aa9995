/**
 * Has read, in a box that is thrown away after one of them, what an attacker may have written: files and mails that the low side says are clean, and
 * mails that a desk of the office hands in. No network, no file, no key is where they are read.
 */
import { fileURLToPath } from 'node:url'
import type { CleanVerdict, IsoDate, Town } from '@sekisho/core'
import { SekishoError } from '@sekisho/core'
import { createPool } from '@sekisho/disarm'
import type { Pool } from '@sekisho/disarm'
import type {
  CleanedFile,
  LeavingMail,
  NotOutgoing,
  Outgoing,
  OutwardRoute,
  RewriteOptions,
  Rewritten,
  SubmittedMail,
} from '@sekisho/gates/mail'
import type { Expected } from '@sekisho/gates/mail/verify'
import { packed, unpacked } from './bytes-beside.ts'
import { isRecord } from '../shape.ts'

/** Is this cleaned file or mail one that the gate writes? */
export interface VerifyReading {
  readonly kind: 'clean'
  readonly bytes: Uint8Array
  readonly ending: string
  /** SHA-256 of VBA projects that may be inside. */
  readonly macroDigests: readonly string[]
  /** What a mail must say besides being harmless: our own words, not the sender's. */
  readonly mail?: Expected
}

export type OutwardReading =
  | {
      readonly kind: 'examine'
      readonly submitted: SubmittedMail
      readonly route: Omit<OutwardRoute, 'senders'>
      readonly people: Town['people']
      readonly departments: Town['departments']
      readonly today: IsoDate
    }
  | { readonly kind: 'files'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'rewrite'
      readonly bytes: Uint8Array
      readonly options: Omit<RewriteOptions, 'files'> & {
        readonly files: readonly (readonly [string, CleanedFile])[]
      }
    }
  | { readonly kind: 'inside'; readonly bytes: Uint8Array; readonly domain: string }
  | { readonly kind: 'verify'; readonly bytes: Uint8Array; readonly leaving: LeavingMail }

/** A file of the mail, to be cleaned where the disarmer works. */
export interface MailFileBytes {
  readonly name: string
  readonly bytes: Uint8Array
  readonly sha256: string
  readonly locked: boolean
}

export type ReadingAnswer =
  | { readonly kind: 'examined'; readonly outgoing: Outgoing | NotOutgoing }
  | { readonly kind: 'files'; readonly files: readonly MailFileBytes[] }
  | { readonly kind: 'rewritten'; readonly rewritten: Rewritten }
  | { readonly kind: 'inside'; readonly bytes?: Uint8Array }
  | { readonly kind: 'verified'; readonly verdict: CleanVerdict }

type AnswerOf<Kind extends ReadingAnswer['kind']> = Extract<ReadingAnswer, { kind: Kind }>

export interface ReadingBox {
  /**
   * The answer of the kind that belongs to the reading.
   *
   * @throws SekishoError TIMEOUT, or WORKER_FAILED when its process died or told something else
   */
  read<Kind extends ReadingAnswer['kind']>(
    reading: OutwardReading,
    kind: Kind,
  ): Promise<AnswerOf<Kind>>
  /**
   * The independent verifier.
   *
   * @throws SekishoError TIMEOUT, WORKER_FAILED: both end in a refusal
   */
  readonly verify: (
    bytes: Uint8Array,
    ending: string,
    options?: Partial<Pick<VerifyReading, 'macroDigests' | 'mail'>>,
  ) => Promise<CleanVerdict>
  close(): Promise<void>
}

export interface ReadingBoxOptions {
  /** Files and mails read at once. */
  readonly size?: number
  /** Longest time for one, ms. */
  readonly timeoutMs?: number
  /** Another program with its arguments; only tests give one. */
  readonly program?: string
  readonly args?: readonly string[]
}

const READ_MS = 120_000
const HEAP_MB = 1024
/** More than any file that the link brings. */
const LARGEST = 1024 * 1024 * 1024

export function createReadingBox({
  size = 2,
  timeoutMs = READ_MS,
  program,
  args = [],
}: ReadingBoxOptions = {}): ReadingBox {
  const poolOf = (own: string, packages: readonly string[]): Pool =>
    createPool({
      size,
      // What one file does to its reader must not decide about the next.
      filesPerWorker: 1,
      heapMebibytes: HEAP_MB,
      limits: { milliseconds: timeoutMs, inputBytes: LARGEST },
      graceMilliseconds: 1,
      program: program ?? fileURLToPath(new URL(own, import.meta.url)),
      packages,
      args,
    })
  const verifiers = poolOf('verify-program.ts', ['@sekisho/disarm', '@sekisho/gates'])
  const outward = poolOf('outward-program.ts', ['@sekisho/disarm', '@sekisho/gates', 'postal-mime'])
  return {
    read: (reading, kind) => ask(outward, reading, kind),
    verify: async (bytes, ending, { macroDigests = [], mail } = {}) => {
      const reading = { kind: 'clean', bytes, ending, macroDigests, ...(mail && { mail }) }
      return (await ask(verifiers, reading, 'verified')).verdict
    },
    close: async () => {
      await Promise.all([verifiers.close(), outward.close()])
    },
  }
}

async function ask<Kind extends ReadingAnswer['kind']>(
  pool: Pool,
  reading: object,
  kind: Kind,
): Promise<AnswerOf<Kind>> {
  const told = await pool.ask(Buffer.concat(packed(reading)), {}, (_, body) =>
    answerOf(unpacked(body), kind),
  )
  if (told.ok) return told.told
  throw told.reason === 'LIMIT-TIME'
    ? new SekishoError('TIMEOUT', 'reading took too long')
    : new SekishoError('WORKER_FAILED', `reading stopped: ${told.reason}`)
}

/** A taken reader can lie about what it read and about nothing else: its answer is data of one of few kinds. */
function answerOf<Kind extends ReadingAnswer['kind']>(
  value: unknown,
  kind: Kind,
): AnswerOf<Kind> | undefined {
  if (!isRecord(value) || value['kind'] !== kind) return undefined
  if (kind === 'verified' && !isVerdict(value['verdict'])) return undefined
  return value as unknown as AnswerOf<Kind>
}

function isVerdict(value: unknown): value is CleanVerdict {
  return isRecord(value) && typeof value['clean'] === 'boolean' && typeof value['type'] === 'string'
}
