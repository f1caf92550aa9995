/**
 * The note to the sender that a message did not arrive: RFC 3464, with a first part that people can read.
 */
import { dateOf, multipart, textEntity, writtenText } from '@sekisho/disarm'
import type { MailMessageRow, MailRecipientRow } from '@sekisho/store'
import { headerOf } from './submission.ts'
import { BOUNCE_WORDS, MAIL_OUT_WORDS } from './words.ts'

export interface BounceFrom {
  /** Name of this host, as in EHLO. */
  readonly host: string
  /** Address that stands in From; nobody reads it. */
  readonly address: string
}

/** Whether the sender may be told. Never a bounce of a bounce: the null sender gets none (RFC 5321 §4.5.5). */
export function isBounceable(message: MailMessageRow): boolean {
  return message.telling === 'sender' && message.sender !== ''
}

/**
 * @param id of the bounce itself: its Message-ID is made of it, so that it too stays the same
 * @param failed rows of those whom it did not reach
 * @param original the message; only its header is sent back, never its content
 */
export function writeBounce(
  id: string,
  message: MailMessageRow,
  failed: readonly MailRecipientRow[],
  unsure: boolean,
  original: Uint8Array,
  from: BounceFrom,
  now: number,
): Buffer {
  const header = [
    `From: ${writtenText(BOUNCE_WORDS.from)} <${from.address}>`,
    `To: <${message.sender}>`,
    `Subject: ${writtenText(BOUNCE_WORDS.subject)}`,
    `Date: ${dateOf(now, '+0900') ?? ''}`,
    `Message-ID: <${id.replaceAll(/[^A-Za-z0-9.-]/gu, '.')}@${from.host}>`,
    `In-Reply-To: ${message.message_id}`,
    // RFC 3834: no machine may answer.
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
  ]
  const parts = multipart('report; report-type=delivery-status', [
    textEntity(sentences(message, failed, unsure)),
    [`Content-Type: message/delivery-status\r\n\r\n${statusOf(message, failed, from)}`],
    [`Content-Type: text/rfc822-headers\r\n\r\n${headerOf(original)}`],
  ])
  return Buffer.concat(
    [...header.map((line) => `${line}\r\n`), ...parts].map((one) => Buffer.from(one)),
  )
}

function sentences(
  message: MailMessageRow,
  failed: readonly MailRecipientRow[],
  unsure: boolean,
): string {
  const lines = failed.flatMap((recipient) => {
    const words = MAIL_OUT_WORDS.has(recipient.reason)
      ? MAIL_OUT_WORDS.of(recipient.reason)
      : undefined
    return [
      '',
      `${BOUNCE_WORDS.recipient}: ${recipient.address}`,
      ...(words ? [words.what, words.why, words.cure] : []),
      `${BOUNCE_WORDS.reason}: ${recipient.reason}`,
      ...(recipient.reply === '' ? [] : [`${BOUNCE_WORDS.reply}: ${recipient.reply}`]),
    ]
  })
  const maybe = unsure ? ['', BOUNCE_WORDS.maybe] : []
  const end = ['', `${BOUNCE_WORDS.number}: ${message.id}`, BOUNCE_WORDS.closing, '']
  return [BOUNCE_WORDS.opening, ...lines, ...maybe, ...end].join('\r\n')
}

/** RFC 3464 §2.2 and §2.3; `failed` although the last answer was 4xx, since nobody tries any more. */
function statusOf(
  message: MailMessageRow,
  failed: readonly MailRecipientRow[],
  { host }: BounceFrom,
): string {
  const arrival = dateOf(Date.parse(message.created_at), '+0900') ?? ''
  const perMessage = [`Reporting-MTA: dns; ${host}`, `Arrival-Date: ${arrival}`]
  const groups = failed.map((recipient) => [
    `Final-Recipient: rfc822; ${recipient.address}`,
    'Action: failed',
    `Status: ${recipient.status}`,
    ...(recipient.reply === '' ? [] : [`Diagnostic-Code: smtp; ${recipient.reply}`]),
    `Last-Attempt-Date: ${dateOf(Date.parse(recipient.settled_at), '+0900') ?? ''}`,
  ])
  return [perMessage, ...groups].map((group) => `${group.join('\r\n')}\r\n`).join('\r\n')
}
