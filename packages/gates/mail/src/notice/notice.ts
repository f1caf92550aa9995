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

/** The whole message, seven-bit, lines ended by CR LF. */
export function writeNotice(notice: Notice): Buffer {
  const { id, host, address, recipients, problem } = notice
  const at = Date.parse(problem.at)
  const header = [
    `From: ${writtenText(words.from)} <${address}>`,
    `To: ${recipients.map((one) => `<${one}>`).join(',\r\n ')}`,
    `Subject: ${writtenText(filled(words.subject, { number: problem.number }))}`,
    `Date: ${dateOf(at, '+0900') ?? ''}`,
    `Message-ID: <${id}.notice@${host}>`,
    // RFC 3834: no machine may answer.
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
  ]
  return Buffer.concat(
    [...header.map((line) => `${line}\r\n`), ...textEntity(textOf(notice))].map((one) =>
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
