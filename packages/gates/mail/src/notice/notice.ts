/**
 * The notice to whom a mail was for that could not be let through: nobody loses a mail without being told. Ours from the first letter to the last; of
 * the mail only what the envelope said stands in it, made visible.
 */
import { dateOf, textEntity, writtenText } from '@sekisho/disarm'
import { shownName } from '../../../file/src/name.ts'
import type { FourLines } from '../../../file/src/sentences.ts'
import words from '../../words/notice.json' with { type: 'json' }
import { filled } from '../message/words.ts'

export interface Notice {
  /** Of the crossing: the Message-ID is made of it, so that a second copy is known as one. */
  readonly id: string
  /** Own host name and the address that stands in From; nobody reads it. */
  readonly host: string
  readonly address: string
  readonly recipients: readonly string[]
  /** Address for bounces of the mail, hostile; empty for none. */
  readonly from: string
  readonly receivedAt: string
  readonly problem: FourLines
  /** Days for which the sealed original is kept. */
  readonly days: number
}

/** That files of a mail wait for a password, and how long still. Names of the files and the sender are hostile. */
export interface Reminder extends Omit<Notice, 'problem' | 'days'> {
  readonly number: string
  readonly at: string
  /** Last instant at which they can be had. */
  readonly until: string
  readonly files: readonly string[]
  /** The page of the mail. */
  readonly page: string
}

/** The whole message, seven-bit, lines ended by CR LF. */
export function writeNotice(notice: Notice): Buffer {
  const { number, at } = notice.problem
  const subject = filled(words.subject, { number })
  return written(notice, { kind: 'notice', subject, at, text: textOf(notice) })
}

/** The same of a reminder. */
export function writeReminder(reminder: Reminder): Buffer {
  const { number, at } = reminder
  const subject = filled(words.reminderSubject, { number })
  return written(reminder, { kind: 'reminder', subject, at, text: reminderText(reminder) })
}

/** Names of a mail's files that are told; a mail may have a thousand. */
const FILES_MAX = 20

function reminderText({ from, receivedAt, until, files, page, number }: Reminder): string {
  const names = files
    .slice(0, FILES_MAX)
    .map((one) => filled(words.reminderFile, { file: shownName(one) }))
  return [
    words.reminderOpening,
    filled(words.reminderUntil, { at: japanTime(until) }),
    '',
    ...names,
    ...(files.length > FILES_MAX ? ['…'] : []),
    filled(words.sender, { from: from === '' ? words.noSender : shownName(from) }),
    filled(words.received, { at: japanTime(receivedAt) }),
    filled(words.number, { number }),
    '',
    filled(words.reminderWhere, { address: page }),
    words.reminderCure,
    words.closing,
    '',
  ].join('\r\n')
}

function written(
  { id, host, address, recipients }: Pick<Notice, 'id' | 'host' | 'address' | 'recipients'>,
  letter: {
    readonly kind: 'notice' | 'reminder'
    readonly subject: string
    readonly at: string
    readonly text: string
  },
): Buffer {
  const header = [
    `From: ${writtenText(words.from)} <${address}>`,
    `To: ${recipients.map((one) => `<${one}>`).join(',\r\n ')}`,
    `Subject: ${writtenText(letter.subject)}`,
    `Date: ${dateOf(Date.parse(letter.at), '+0900') ?? ''}`,
    `Message-ID: <${id}.${letter.kind}@${host}>`,
    // RFC 3834: no machine may answer.
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
  ]
  return Buffer.concat(
    [...header.map((line) => `${line}\r\n`), ...textEntity(letter.text)].map((one) =>
      Buffer.from(one),
    ),
  )
}

function textOf({ from, receivedAt, problem, days }: Notice): string {
  const { what, why, cure, number } = problem
  const sender = from === '' ? words.noSender : shownName(from)
  return [
    words.opening,
    '',
    filled(words.sender, { from: sender }),
    filled(words.received, { at: japanTime(receivedAt) }),
    '',
    filled(words.what, { what }),
    filled(words.why, { why }),
    filled(words.cure, { cure }),
    filled(words.number, { number }),
    '',
    filled(words.kept, { days }),
    words.closing,
    '',
  ].join('\r\n')
}

const TIME = new Intl.DateTimeFormat('ja-JP', {
  timeZone: 'Asia/Tokyo',
  dateStyle: 'long',
  timeStyle: 'short',
})

function japanTime(at: string): string {
  return TIME.format(new Date(at))
}
