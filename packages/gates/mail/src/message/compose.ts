import type { IsoDate } from '@sekisho/core'
import type { MailMessage, Mailbox } from '@sekisho/disarm/mail'
import { WORDS, filled, kindWords, mailRefusalWords } from './words.ts'
import { CALENDAR_HEADS, calendarWords } from '../../../file/src/calendar-words.ts'
import type { Certificate, Fate } from './certificate.ts'
import { certificateNumber } from './certificate.ts'
import { oneLine } from '../../../file/src/one-line.ts'
import type { PickUp } from './pick-up.ts'
import type { Absent, Block } from './reading.ts'

/** A file as the text tells of it. */
export interface ToldFile {
  readonly entry: PickUp
  /** It was disarmed and is in the message. */
  readonly attached: boolean
  /** Where it is picked up, as the caller says. */
  readonly link: string | undefined
}

/** What the text says besides what was sent. */
export interface TextHelp {
  readonly doubtful?: boolean
  readonly until?: IsoDate
  /** Who the mail says it is from. */
  readonly from?: readonly Mailbox[]
}

/** The one text of the message: what was said, then what came with it, then two lines of proof. */
export function composeText(
  blocks: readonly Block[],
  files: readonly ToldFile[],
  certificate: Certificate,
  { doubtful = false, until, from = [] }: TextHelp = {},
): string {
  const locked = files.filter(({ entry }) => entry.will === 'password').length
  const { hiddenPlaces, headers } = certificate
  const sections: readonly (readonly string[])[] = [
    doubtful ? [DOUBT_LINE] : [],
    headers.contradicted.includes('from') ? [WORDS.twoSenders] : senderLine(from),
    locked > 0 ? [filled(WORDS.passwordNotice, { count: locked })] : [],
    ...blocks.map(blockLines),
    hiddenPlaces > 0 ? [filled(WORDS.hidden, { count: hiddenPlaces })] : [],
    filesLines(files, until),
    [WORDS.rule, ...footer(certificate)],
  ]
  const told = sections.filter((lines) => lines.some((line) => line !== ''))
  return `${told.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

/**
 * Whom DMARC asked about is certain only when there is one domain (RFC 9989 5.3.1). Whoever writes none, or his own beside another's, is asked about
 * nowhere, and mail programs show the one that they like.
 */
function senderLine(from: readonly Mailbox[]): readonly string[] {
  const domains = from.map(({ address }) => address?.replace(/^.*@/, '').toLowerCase())
  return new Set(domains).size === 1 && domains[0] !== undefined ? [] : [WORDS.unsureSender]
}

/** What the line begins with that opens the list of files; a line of the sender never does. */
export const LIST_LINE = WORDS.attachments.slice(0, WORDS.attachments.indexOf('{'))

/** The first line of a message whose sender is doubtful. */
export const DOUBT_LINE = WORDS.doubtful

/** The last line of a message: the certificate by its number. */
export const FOOTER_LINE = (number: string): string => filled(WORDS.footerNumber, { number })

function blockLines(block: Block): readonly string[] {
  switch (block.kind) {
    case 'words':
      return [guarded(block.text.replace(/\r\n?/g, '\n')).trimEnd()]
    case 'message':
      return [WORDS.rule, WORDS.inner, ...headerLines(block.header)]
    case 'calendar': {
      const { head, told } = calendarWords(block.calendar.text)
      return [WORDS.rule, head, guarded(told)]
    }
    case 'flattened':
      return [flattenedSentence(block.reason)]
    case 'unreadable':
      return [WORDS.unreadable]
    case 'absent':
      return [ABSENT[block.what]]
  }
}

const ABSENT: Readonly<Record<Absent, string>> = {
  encrypted: WORDS.encryptedPart,
  partial: WORDS.partial,
  elsewhere: WORDS.elsewhere,
}

function flattenedSentence(reason: string): string {
  if (reason === 'RIGHTS') return WORDS.encrypted
  return reason === 'LIMIT-DEPTH' ? WORDS.tooDeep : WORDS.flattened
}

function headerLines({ from, to, date, subject }: MailMessage): readonly string[] {
  const people = (list: MailMessage['from']): string =>
    list
      .slice(0, MAX_PEOPLE)
      .map(({ name, address }) =>
        address === undefined ? name : name === '' ? address : `${name} <${address}>`,
      )
      .join('、')
  const rows: readonly (readonly [sentence: string, value: string])[] = [
    [WORDS.from, people(from)],
    [WORDS.to, people(to)],
    [WORDS.date, date ?? ''],
    [WORDS.subject, subject ?? WORDS.noSubject],
  ]
  return rows
    .filter(([, value]) => value.trim() !== '')
    .map(([sentence, value]) => guarded(filled(sentence, { value: oneLine(value) })))
}

const MAX_PEOPLE = 20

/** First words of our own lines. */
const OURS = [
  WORDS.rule.slice(0, 8),
  ...[
    WORDS.attachments,
    WORDS.footer,
    WORDS.footerNumber,
    WORDS.passwordNotice,
    WORDS.hidden,
    WORDS.twoSenders,
    WORDS.unsureSender,
    WORDS.doubtful,
  ].map((sentence) => sentence.slice(0, 6)),
  WORDS.inner,
  ...CALENDAR_HEADS,
]

/** A sender who writes lines that look like ours, with a link of his own under them, gets a mark in front of each. */
function guarded(text: string): string {
  // Most texts hold none of our words, and are looked at once.
  const letters = text.replace(/[\p{Cf}\p{Cc}]+/gu, '')
  if (!OURS.some((ours) => letters.includes(ours)) && !OUR_PAGE.test(letters)) return text
  return text
    .split('\n')
    .map((line) => (imitates(line) ? `｜${line}` : line))
    .join('\n')
}

/** A long text has many lines: nearly all are done with the first look. */
function imitates(line: string): boolean {
  if (OUR_PAGE.test(line.replace(UNSEEN_ALL, ''))) return true
  const doubtful = UNSEEN.test(line) || OURS.some((ours) => line.includes(ours))
  if (!doubtful) return false
  const seen = bare(line)
  return OURS.some((ours) => seen.startsWith(ours))
}

const UNSEEN = /[\p{Cf}\p{Cc}]/u
const UNSEEN_ALL = /[\p{Cf}\p{Cc}]+/gu
/** An address as ours of a mail's page: in the words of a sender it is somebody's trap, or a quotation. */
const OUR_PAGE = /:\/\/\S*\/mail\/S-\d/iu

/** Without what stands in front unseen. */
function bare(line: string): string {
  return line.replace(/^[\s\p{Cf}\p{Cc}]+/u, '').replace(/[\p{Cf}\p{Cc}]+/gu, '')
}

// --- files

function filesLines(files: readonly ToldFile[], until: IsoDate | undefined): readonly string[] {
  const listed = files.filter(({ entry }) => !entry.inline)
  const inline = files.filter(({ entry, attached }) => entry.inline && !attached)
  if (files.length === 0) return []
  return [
    WORDS.rule,
    ...(listed.length > 0 ? [filled(WORDS.attachments, { count: listed.length })] : []),
    ...listed.flatMap((file, index) => fileLines(file, index + 1)),
    ...(inline.length > 0 ? [filled(WORDS.inline, { count: inline.length })] : []),
    ...(files.some(waits) ? untilLine(until) : []),
  ]
}

/** It is outside, and somebody can have it. */
function waits({ entry, attached }: ToldFile): boolean {
  return !attached && entry.will !== 'refused'
}

function untilLine(until: IsoDate | undefined): readonly string[] {
  const [year, month, day] = (until ?? '').split('-').map(Number)
  if (!year || !month || !day) return []
  return [filled(WORDS.filesUntil, { year, month, day })]
}

function fileLines({ entry, attached, link }: ToldFile, number: number): readonly string[] {
  const { name, kind, bytes, members } = entry
  const facts = { number, name: oneLine(name), kind: kindWords(kind, name), size: sizeWords(bytes) }
  const more = members.length - MAX_MEMBERS
  const names = members.slice(0, MAX_MEMBERS).map(oneLine).join('、')
  const rest = more > 0 ? filled(WORDS.fileMembersMore, { count: more }) : ''
  return [
    filled(WORDS.file, facts),
    ...(members.length > 0 ? [`   ${filled(WORDS.fileMembers, { names })}${rest}`] : []),
    `   ${attached ? WORDS.fileAttached : willSentence(entry)}`,
    ...(link === undefined || attached ? [] : [`   ${link}`]),
  ]
}

const MAX_MEMBERS = 10

/** What will happen when somebody asks for a file. */
export function willSentence({ will, reason = '' }: Pick<PickUp, 'will' | 'reason'>): string {
  switch (will) {
    case 'disarm':
      return WORDS.fileDisarm
    case 'password':
      return WORDS.filePassword
    case 'clean':
      return WORDS.fileClean
    case 'refused': {
      const { what, cure } = mailRefusalWords(reason)
      return filled(WORDS.fileRefused, { what, cure })
    }
  }
}

function sizeWords(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 * 1024) return `${Math.ceil(bytes / 1024)} KB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

// --- proof

function footer(certificate: Certificate): readonly string[] {
  const { parts } = certificate
  const count = (...fates: readonly Fate[]): number =>
    parts.filter(({ fate }) => fates.includes(fate)).length
  const counts = {
    // What only holds others is no part to a reader, nor what stands beside the parts.
    parts: parts.filter(({ fate }) => fate !== 'opened' && fate !== 'around').length,
    text: count('text', 'other-form'),
    files: count('pick-up', 'attached'),
    calendars: count('calendar'),
    out: count('sealed', 'left-out'),
  }
  return [filled(WORDS.footer, counts), FOOTER_LINE(certificateNumber(certificate))]
}
