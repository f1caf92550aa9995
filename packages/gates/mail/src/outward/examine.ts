/**
 * A submitted mail → who sends what to whom, and the facts by which it is judged. Pure: the same mail and the same town give the same answer.
 */
import { createHash } from 'node:crypto'
import type { IsoDate } from '@sekisho/core'
import { Context, Refusal, cleanName } from '@sekisho/disarm/mail'
import type { Limits } from '@sekisho/disarm'
import { isMailbox } from '../deliver/submission.ts'
import { readLabels } from '../../../outward/src/label.ts'
import type { LabelPlace, LabelReading } from '../../../outward/src/label.ts'
import { readLetter } from './letter.ts'
import type { Letter, LetterFile } from './letter.ts'
import { countPersonalData } from '../../../outward/src/personal-data.ts'
import type { PersonalData } from '../../../outward/src/personal-data.ts'
import { sortRecipients } from './recipients.ts'
import type { SortedRecipients } from './recipients.ts'
import type { OutwardRoute, SenderBox } from './route.ts'
import { senderOf } from './sender.ts'
import type { OutwardReason } from './words.ts'

export interface SubmittedMail {
  readonly from: string
  readonly recipients: readonly string[]
  readonly bytes: Uint8Array
}

/** An attachment as the sender gave it. */
export interface OutgoingFile {
  /** Cleaned. */
  readonly name: string
  /** As `detect` names it. */
  readonly type: string
  readonly size: number
  readonly sha256: string
  /** It opens with a password only: what is inside nobody here knows. */
  readonly locked: boolean
  /** Labels and personal data in it may have been missed. */
  readonly partly: boolean
}

export interface Outgoing {
  readonly ok: true
  readonly sender: SenderBox
  /** Id of the person who wrote it; absent for a section's mailbox that names nobody. */
  readonly person?: string
  readonly recipients: SortedRecipients
  /** One line; empty when there is none. */
  readonly subject: string
  readonly label: LabelReading
  readonly personal: PersonalData
  readonly files: readonly OutgoingFile[]
  /** What it says lies in attachments that open with a password only. */
  readonly encrypted: boolean
  /** The first words of its text, for people. */
  readonly text: string
}

export interface NotOutgoing {
  readonly ok: false
  readonly reason: OutwardReason
}

/** Letters of the text that an approver is shown. */
const MAX_TEXT = 20_000

export function examineOutgoing(
  { from, recipients, bytes }: SubmittedMail,
  route: OutwardRoute,
  today: IsoDate,
  limits: Partial<Limits> = {},
): Outgoing | NotOutgoing {
  const letter = letterOf(bytes, limits)
  if ('reason' in letter) return { ok: false, reason: letter.reason }
  const sender = senderOf(from, letter.header, letter.fields, route.senders, today)
  if ('reason' in sender) return { ok: false, reason: sender.reason }
  // No queue of ours takes another address (SMTPUTF8): said now, not when it would leave.
  if (recipients.length === 0 || !recipients.every(isMailbox))
    return { ok: false, reason: 'OUT-RECIPIENT' }
  const { texts, files } = letter
  return {
    ok: true,
    sender: sender.box,
    ...(sender.person === undefined ? {} : { person: sender.person }),
    recipients: sortRecipients(recipients, route),
    subject: oneLine(letter.subjects[0] ?? ''),
    label: readLabels(placesOf(letter), route),
    personal: countPersonalData([
      ...letter.subjects,
      ...texts,
      ...files.map(({ marks }) => marks.words),
    ]),
    files: files.map(outgoingFile),
    encrypted: files.length > 0 && files.every(({ marks }) => marks.locked),
    text: texts.find((text) => text.trim() !== '')?.slice(0, MAX_TEXT) ?? '',
  }
}

function letterOf(
  bytes: Uint8Array,
  limits: Partial<Limits>,
): Letter | { readonly reason: OutwardReason } {
  const context = new Context({ limits })
  if (bytes.length > context.limits.inputBytes) return { reason: 'OUT-LARGE' }
  try {
    return readLetter(rawOf(bytes), context)
  } catch (error) {
    // A mail that meets a bug in a reader must not become a mail that leaves unread.
    const reason = error instanceof Refusal ? error.reason : 'ENG-CRASH'
    if (reason === 'RIGHTS') return { reason: 'OUT-ENCRYPTED' }
    return { reason: /^LIMIT-(?!DEPTH)/u.test(reason) ? 'OUT-LARGE' : 'OUT-UNREADABLE' }
  }
}

/** The bytes as the readers take them: a letter is a byte. */
export function rawOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}

/** Every place where a label may stand. The text of an attachment is read like the text of the mail: a label stands at the head of a line. */
function placesOf({ subjects, texts, files }: Letter): readonly LabelPlace[] {
  return [
    ...subjects.map((text) => ({ place: 'subject', text, heading: true })),
    ...texts.map((text) => ({ place: 'text', text, heading: false })),
    ...files.flatMap(({ name, marks }, index): readonly LabelPlace[] => {
      const place = `attachment ${index + 1}`
      return [
        { place: `${place} name`, text: name, heading: true },
        { place: `${place} properties`, text: marks.properties.join('\n'), heading: true },
        { place, text: marks.words, heading: false },
      ]
    }),
  ]
}

function outgoingFile({ name, bytes, sha256, marks }: LetterFile): OutgoingFile {
  const { type, locked, partly } = marks
  return { name: cleanName(name).name, type, size: bytes.length, sha256, locked, partly }
}

function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, 200)
}

/** How a list of recipients is told apart from another in few letters. */
export function recipientsDigest(recipients: readonly string[]): string {
  return createHash('sha256').update(recipients.toSorted().join('\n')).digest('hex')
}
