/**
 * What an attempt means for each recipient. Pure.
 */
import type { MailDeliveryRow, MailRecipientRow } from '@sekisho/store'
import type { Fault } from './fault.ts'
import type { RejectedRecipient, Sent } from './session.ts'
import type { MailOutReason } from './words.ts'

/** What happened to a delivery, for the log and the pages. */
export interface MailOutcome {
  readonly v: 1
  readonly message: string
  readonly messageId: string
  readonly hop: string
  /** ISO time. */
  readonly at: string
  readonly attempt: number
  /** Earlier attempts that may have delivered it already: if it is sent now, it may arrive twice. */
  readonly unanswered: number
  /** Recipients for whom it is over. */
  readonly ended: readonly EndedRecipient[]
  readonly stillWaiting: number
  /** Why some still wait, or why no bounce was sent; empty for neither. */
  readonly reason: MailOutReason | ''
}

export type EndedRecipient = Pick<
  MailRecipientRow,
  'address' | 'state' | 'reason' | 'status' | 'reply'
>

export interface Settlement {
  readonly recipients: readonly MailRecipientRow[]
  readonly change: Partial<Omit<MailDeliveryRow, 'id' | 'message' | 'hop'>>
  readonly stillWaiting: number
  readonly reason: MailOutReason | ''
}

/**
 * @param marked whether this attempt was noted as leaving
 * @param at ISO time of the result
 * @param nextAt when to try again what still waits
 */
export function settleAttempt(
  delivery: MailDeliveryRow,
  waiting: readonly MailRecipientRow[],
  sent: Sent,
  marked: boolean,
  at: string,
  nextAt: string,
): Settlement {
  const rejected = sent.end === 'unanswered' ? [] : sent.rejected
  const after = waiting.map((recipient) => afterAttempt(recipient, sent, rejected, at))
  const stillWaiting = after.filter(({ state }) => state === 'waiting').length
  const fault =
    sent.end === 'taken' ? rejected.find((one) => !one.fault.permanent)?.fault : sent.fault
  return {
    recipients: after.filter(({ state }) => state !== 'waiting'),
    stillWaiting,
    reason: stillWaiting > 0 && fault ? fault.reason : '',
    change: {
      state: stillWaiting > 0 ? 'waiting' : 'done',
      attempts: delivery.attempts + 1,
      // An answer tells what became of this attempt, never of an earlier one.
      unanswered: delivery.unanswered + (marked && sent.end === 'unanswered' ? 1 : 0),
      next_at: nextAt,
      last_reason: fault?.reason ?? '',
      last_reply: fault?.reply ?? '',
      last_at: at,
    },
  }
}

function afterAttempt(
  recipient: MailRecipientRow,
  sent: Sent,
  rejected: readonly RejectedRecipient[],
  at: string,
): MailRecipientRow {
  const own = rejected.find(({ address }) => address === recipient.address)?.fault
  if (own) return own.permanent ? ended(recipient, 'failed', own, at) : recipient
  if (sent.end === 'taken') return { ...recipient, state: 'sent', status: '2.0.0', settled_at: at }
  if (sent.end === 'not-taken' && sent.fault.permanent)
    return ended(recipient, 'failed', sent.fault, at)
  return recipient
}

/** The end of what waited too long, or was recalled. */
export function settleWaiting(
  delivery: MailDeliveryRow,
  waiting: readonly MailRecipientRow[],
  state: 'expired' | 'recalled',
  at: string,
): Settlement {
  const unsure = delivery.unanswered > 0
  const expired: MailOutReason = unsure ? 'MAIL-OUT-UNSURE' : 'MAIL-OUT-EXPIRED'
  const reason: MailOutReason = state === 'recalled' ? 'MAIL-OUT-RECALLED' : expired
  const fault = { reason, permanent: true, reply: delivery.last_reply, status: '4.4.7' }
  return {
    recipients: waiting.map((recipient) => ended(recipient, state, fault, at)),
    stillWaiting: 0,
    reason: '',
    change: { state: state === 'recalled' ? 'recalled' : 'done', last_at: at },
  }
}

function ended(
  recipient: MailRecipientRow,
  state: string,
  { reason, reply, status }: Fault,
  at: string,
): MailRecipientRow {
  return { ...recipient, state, reason, reply, status, settled_at: at }
}
