/**
 * A message as it enters the queue: one delivery for the recipients that share a next hop.
 */
import { createHash } from 'node:crypto'
import type { MailDeliveryRow, MailMessageRow, MailRecipientRow } from '@sekisho/store'
import { hopOf } from './routes.ts'
import type { Route } from './routes.ts'
import { checkSubmission } from './submission.ts'
import type { Submission } from './submission.ts'
import type { MailOutReason } from './words.ts'

export interface Entry {
  readonly message: MailMessageRow
  readonly deliveries: readonly MailDeliveryRow[]
  readonly recipients: readonly MailRecipientRow[]
}

export interface EntryRefused {
  readonly reason: MailOutReason
  /** Those it is about; empty when it is about the message. */
  readonly recipients: readonly string[]
}

/**
 * @param keep milliseconds from when it may leave until it comes back
 * @param now milliseconds since 1970
 */
export function entryOf(
  submission: Submission,
  routes: readonly Route[],
  keep: number,
  now: number,
): { readonly entry: Entry } | { readonly refused: EntryRefused } {
  const checked = checkSubmission(submission)
  if (!checked.ok) return { refused: checked }
  const addresses = [...new Set(submission.recipients)]
  const groups = Map.groupBy(addresses, (address) => hopOf(address, routes) ?? '')
  const lost = groups.get('')
  if (lost) return { refused: { reason: 'MAIL-OUT-NO-ROUTE', recipients: lost } }
  const message = messageRow(submission, checked.messageId, keep, now)
  const deliveries = [...groups.keys()].map((hop) => deliveryRow(message, hop))
  const recipients = deliveries.flatMap(({ id, hop }) =>
    (groups.get(hop) ?? []).map((address) => recipientRow(id, address)),
  )
  return { entry: { message, deliveries, recipients } }
}

function messageRow(
  { id, sender, bytes, releaseAt, telling }: Submission,
  messageId: string,
  keep: number,
  now: number,
): MailMessageRow {
  const release = Math.max(now, releaseAt ?? now)
  return {
    id,
    message_id: messageId,
    sender,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    size: bytes.length,
    telling,
    created_at: isoOf(now),
    release_at: isoOf(release),
    expires_at: isoOf(release + keep),
    kept: 1,
  }
}

function deliveryRow(message: MailMessageRow, hop: string): MailDeliveryRow {
  return {
    id: `${message.id}/${hop}`,
    message: message.id,
    hop,
    state: 'waiting',
    attempts: 0,
    unanswered: 0,
    next_at: message.release_at,
    created_at: message.created_at,
    last_reason: '',
    last_reply: '',
    last_at: '',
  }
}

function recipientRow(delivery: string, address: string): MailRecipientRow {
  return { delivery, address, state: 'waiting', reason: '', status: '', reply: '', settled_at: '' }
}

/** As times are stored: they sort as text. */
export function isoOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
