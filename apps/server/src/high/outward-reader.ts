/**
 * Reads mails that a desk of the office hands in, in a thread of its own: a desk may be taken over, and then writes for our readers.
 */
import type { CleanVerdict, IsoDate, Town } from '@sekisho/core'
import { SekishoError } from '@sekisho/core'
import type {
  LeavingMail,
  NotOutgoing,
  Outgoing,
  OutwardRoute,
  RewriteOptions,
  Rewritten,
  SubmittedMail,
} from '@sekisho/gates/mail'
import { runApart } from '../host/apart.ts'
import { isRecord } from '../shape.ts'

export type OutwardJob =
  | {
      readonly kind: 'examine'
      readonly submitted: SubmittedMail
      readonly route: Omit<OutwardRoute, 'senders'>
      readonly people: Town['people']
      readonly departments: Town['departments']
      readonly today: IsoDate
    }
  | { readonly kind: 'files'; readonly bytes: Uint8Array }
  | { readonly kind: 'rewrite'; readonly bytes: Uint8Array; readonly options: RewriteOptions }
  | { readonly kind: 'inside'; readonly bytes: Uint8Array; readonly domain: string }
  | { readonly kind: 'verify'; readonly bytes: Uint8Array; readonly leaving: LeavingMail }

/** A file of the mail, to be cleaned where the disarmer works. */
export interface MailFileBytes {
  readonly name: string
  readonly bytes: Uint8Array
  readonly sha256: string
  readonly locked: boolean
}

export type OutwardAnswer =
  | { readonly kind: 'examined'; readonly outgoing: Outgoing | NotOutgoing }
  | { readonly kind: 'files'; readonly files: readonly MailFileBytes[] }
  | { readonly kind: 'rewritten'; readonly rewritten: Rewritten }
  | { readonly kind: 'inside'; readonly bytes?: Uint8Array }
  | { readonly kind: 'verified'; readonly verdict: CleanVerdict }

/** Longest time for one piece of work on one mail, ms. */
const WORK_MS = 120_000
/** Ceiling of the thread's heap, MB. */
const HEAP_MB = 1024

/**
 * The answer of the kind that belongs to the job.
 *
 * @throws SekishoError TIMEOUT, or WORKER_FAILED when the thread died
 */
export async function readApart<Kind extends OutwardAnswer['kind']>(
  job: OutwardJob,
  kind: Kind,
): Promise<Extract<OutwardAnswer, { kind: Kind }>> {
  const answer = await runApart(new URL('./outward-thread.ts', import.meta.url), job, {
    check: (value) => (isAnswer(value) ? value : undefined),
    timeoutMs: WORK_MS,
    heapMb: HEAP_MB,
    what: 'reading a mail',
  })
  if (!isOf(answer, kind)) throw new SekishoError('WORKER_FAILED', 'an answer to another question')
  return answer
}

/** The thread is ours and so is its answer; what it read is bounded by the readers. */
function isAnswer(value: unknown): value is OutwardAnswer {
  return isRecord(value) && typeof value['kind'] === 'string'
}

function isOf<Kind extends OutwardAnswer['kind']>(
  answer: OutwardAnswer,
  kind: Kind,
): answer is Extract<OutwardAnswer, { kind: Kind }> {
  return answer.kind === kind
}
