/**
 * Mails that the gate itself writes to people of the town: the copy of what left, and the note that something did not.
 */
import { createHash } from 'node:crypto'
import { dateOf, multipart, textEntity, writtenText } from '@sekisho/disarm'
import type { Entity } from '@sekisho/disarm'
import { filled } from '../message/words.ts'
import { OUTWARD_TEXT } from './words.ts'
import type { MailWords } from '../reason-words.ts'

export interface OwnLetterFrom {
  /** Name of this host, for the Message-ID. */
  readonly host: string
  /** Address in From; nobody reads it. */
  readonly address: string
}

/** What both have. */
interface OwnLetter {
  readonly from: OwnLetterFrom
  /** Number of the crossing. */
  readonly number: string
  /** Subject of the mail it is about, one line. */
  readonly subject: string
  /** Milliseconds since 1970. */
  readonly now: number
}

export interface Copied extends OwnLetter {
  readonly to: readonly string[]
  /** Name of the section whose mail it is. */
  readonly section: string
  /** Recipients outside. */
  readonly external: readonly string[]
  /** The mail exactly as it left. */
  readonly bytes: Uint8Array
}

/** The copy for who is responsible: marked as one, with the digest that stands in the log, and the mail as it left. */
export function writeCopy(copied: Copied): Uint8Array {
  const { to, section, external, bytes, number, subject } = copied
  const digest = createHash('sha256').update(bytes).digest('hex')
  const text = [
    filled(OUTWARD_TEXT.copyOpening, { section }),
    '',
    filled(OUTWARD_TEXT.copyRecipients, { recipients: external.join('、') }),
    filled(OUTWARD_TEXT.copyDigest, { digest }),
    filled(OUTWARD_TEXT.copyNumber, { number }),
    '',
  ]
  const attached = 'Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n'
  return letter(copied, 'copy', {
    to,
    from: OUTWARD_TEXT.copyFrom,
    subject: filled(OUTWARD_TEXT.copySubject, { subject }),
    body: multipart('mixed', [textEntity(text.join('\r\n')), [attached, Buffer.from(bytes)]]),
  })
}

export interface NotSent extends OwnLetter {
  readonly to: string
  readonly words: MailWords
  /** Whom it did not reach; empty when it reached nobody. */
  readonly recipients: readonly string[]
  readonly reason: string
}

/** The four lines, to who sent it. Nothing of the mail itself but its subject. */
export function writeNotSent(noticed: NotSent): Uint8Array {
  const { to, words, number, subject, reason, recipients } = noticed
  const text = [
    words.what,
    words.why,
    words.cure,
    '',
    ...recipients.map((address) => filled(OUTWARD_TEXT.noticeRecipient, { address })),
    filled(OUTWARD_TEXT.noticeNumber, { number: `${number}（${reason}）` }),
    '',
  ]
  return letter(noticed, 'notice', {
    to: [to],
    from: OUTWARD_TEXT.noticeFrom,
    subject: filled(OUTWARD_TEXT.noticeSubject, { subject }),
    body: textEntity(text.join('\r\n')),
  })
}

interface Written {
  readonly to: readonly string[]
  readonly from: string
  readonly subject: string
  readonly body: Entity
}

function letter(
  { from, number, now }: OwnLetter,
  kind: 'copy' | 'notice',
  written: Written,
): Uint8Array {
  const header = [
    `From: ${writtenText(written.from)} <${from.address}>`,
    `To: ${written.to.map((address) => `<${address}>`).join(',\r\n ')}`,
    `Subject: ${writtenText(written.subject)}`,
    `Date: ${dateOf(now, '+0900') ?? ''}`,
    // Of what it says, so that the same note again is the same mail.
    `Message-ID: <${kind}.${number}.${digestOf(written)}@${from.host}>`,
    // RFC 3834: no machine may answer.
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
  ].map((line) => `${line}\r\n`)
  const pieces = [...header, ...written.body]
  return Buffer.concat(pieces.map((one) => (typeof one === 'string' ? Buffer.from(one) : one)))
}

function digestOf({ to, subject, body }: Written): string {
  const hash = createHash('sha256').update([...to, subject].join('\n'))
  for (const piece of body) hash.update(piece)
  return hash.digest('hex').slice(0, 16)
}
