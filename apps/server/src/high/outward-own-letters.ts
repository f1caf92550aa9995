/**
 * What the gate itself writes to people of the town about mail that left, or did not.
 */
import type { Crossing, Town } from '@sekisho/core'
import { refusalWords } from '@sekisho/disarm'
import { MAIL_OUT_WORDS, OUTWARD_WORDS, writeCopy, writeNotSent } from '@sekisho/gates/mail'
import type { MailWords, OwnLetterFrom, Submission } from '@sekisho/gates/mail'
import { passageWords } from '@sekisho/passage'
import type { Progress } from '@sekisho/passage'
import { approversFor, isActive } from '../host/people.ts'
import { SECTION } from './outward-letters.ts'
import type { OutwardRecord } from './outward-letters.ts'

/** Who may approve what a person or a section sends. */
export function outwardApprovers(
  town: Town,
  sender: string,
  now: Date,
): ReturnType<typeof approversFor> {
  if (!sender.startsWith(SECTION)) return approversFor(town, sender, now)
  const section = sender.slice(SECTION.length)
  const all = town.people.filter(
    (person) => person.roles.includes('approver') && isActive(person, now),
  )
  const near = all.filter(({ department }) => department === section)
  return near.length > 0 ? near : all
}

/** Mailboxes of the approvers of the sender's own section. */
export function supervisorsOf(
  town: Town,
  sender: Crossing['sender'],
  now: Date,
): readonly string[] {
  const department = sender.id.startsWith(SECTION)
    ? sender.id.slice(SECTION.length)
    : town.people.find(({ id }) => id === sender.id)?.department
  return outwardApprovers(town, sender.id, now)
    .filter((person) => person.department === department)
    .flatMap(({ mail }) => (mail === undefined ? [] : [mail]))
}

export interface CopyWish {
  readonly progress: Progress
  readonly record: OutwardRecord
  readonly to: readonly string[]
  readonly bytes: Uint8Array
  readonly from: OwnLetterFrom
  readonly now: Date
}

export function copyOf({ progress, record, to, bytes, from, now }: CopyWish): Submission {
  const { id, number, purpose, sender } = progress.crossing
  const letter = writeCopy({
    from,
    number,
    subject: purpose,
    now: now.getTime(),
    to,
    section: sender.department,
    external: record.recipients,
    bytes,
  })
  return { id: `${id}.copy`, sender: '', recipients: to, bytes: letter, telling: 'nobody' }
}

export interface NoticeWish {
  readonly id: string
  readonly number: string
  /** The mailbox of the town that sent it. */
  readonly to: string
  readonly subject: string
  /** Why, when it never was a crossing. */
  readonly reason?: string
  /** Whom it did not reach, when it reached others. */
  readonly recipients?: readonly string[]
  /** How it ended, when it was one. */
  readonly progress?: Progress
  readonly from: OwnLetterFrom
  readonly now: Date
}

export function noticeOf(wish: NoticeWish): Submission {
  const { id, number, to, subject, progress, recipients = [], from, now } = wish
  const reason = wish.reason ?? progress?.ending?.reason ?? ''
  const bytes = writeNotSent({
    from,
    number,
    subject,
    now: now.getTime(),
    to,
    words: wordsFor(reason, progress),
    recipients,
    reason,
  })
  return { id: `${id}.notice`, sender: '', recipients: [to], bytes, telling: 'nobody' }
}

/** Reasons of the queues. */
/** The three lines for a reason of the room, of the rules, of the passage or of the disarmer. */
export function wordsFor(reason: string, progress?: Progress): MailWords {
  if (OUTWARD_WORDS.has(reason)) return OUTWARD_WORDS.of(reason)
  if (MAIL_OUT_WORDS.has(reason)) return MAIL_OUT_WORDS.of(reason)
  const finding = progress?.answer?.findings.find(({ rule }) => rule === reason)
  if (finding) return { what: finding.message, why: finding.clause, cure: finding.cure.sentence }
  const words = passageWords(reason) ?? refusalWords(reason)
  const { fileName = '' } = progress?.crossing ?? {}
  const comment = progress?.ending?.comment ?? ''
  const fill = (sentence: string): string =>
    sentence.replaceAll('{file}', () => `「${fileName}」`).replaceAll('{comment}', () => comment)
  return { what: fill(words.what), why: fill(words.why), cure: fill(words.cure) }
}
