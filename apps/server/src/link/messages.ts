/**
 * What the two sides say to each other. Everything the low side says is untrusted: it may be lost to an attacker,
 * and may then lie, but only about its own files and only in these forms.
 */
import { STEPS } from '@sekisho/core'
import type { CrossingState, DisarmReport, EvidenceKind, Fidelity, Step } from '@sekisho/core'
import type { Problem } from '../api.ts'
import { flag, isRecord, list, oneOf, shape, text, whole } from '../shape.ts'
import type { Check } from '../shape.ts'
import type { MailFacts } from '@sekisho/gates/mail'
import { linkMail, readMailFacts } from './mail-messages.ts'
import type { LinkMail } from './mail-messages.ts'
import { DISARM_TYPE, REPORT_RULE, readRemoval } from './removal.ts'

/** Longest JSON body on the link, bytes. */
export const MESSAGE_MAX = 1_048_576
/** Items or events in one answer. */
export const BATCH_MAX = 64
/** Longest wait of one poll, ms. */
export const POLL_WAIT_MAX = 25_000
/** Longest file name in UTF-16 units: what common file systems take. */
export const NAME_MAX = 255
export const PURPOSE_MAX = 200
/** Largest transfer the protocol can express; the town's own limit is lower. */
export const SIZE_MAX = 2_147_483_647

export const ID = /^[a-z2-7]{26}$/
export const NUMBER = /^S-[0-9]{4,9}$/
export const SHA256 = /^[0-9a-f]{64}$/
/** Nobody of the town gives a mail. */
const PERSON = /^[\p{L}\p{N}._-]{0,64}$/u
const INSTANT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/
/** No control character and no path separator: a name, not a place. */
// oxlint-disable-next-line no-control-regex -- refusing control characters is what it is for
export const FILE_NAME = /^[^\u0000-\u001F\u007F-\u009F/\\]{1,255}$/
/** No characters that reorder or hide what an approver reads. */
// oxlint-disable-next-line no-control-regex -- as above
const OUTPUT_NAME =
  /^[^\u0000-\u001F\u007F-\u009F/\\\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]{0,255}$/
/** A file or a mail that the low side holds. */
export interface LinkItem {
  readonly id: string
  readonly kind: 'file' | 'mail'
  /** Of a mail only, and of each. */
  readonly mail?: LinkMail
  readonly number: string
  readonly person: string
  readonly fileName: string
  readonly size: number
  readonly purpose: string
  readonly inputSha256: string
  readonly receivedAt: string
  /** The same format again, or its pages as pictures. */
  readonly outcome: 'rebuild' | 'flatten'
  /** Number of the transfer that this one tries again; empty for a first try. */
  readonly again: string
  readonly cancelRequested: boolean
  /** Place in the order of changes; the next poll asks for what came after it. */
  readonly version: number
}

/** Something that happened on the low side and belongs in the log. */
export interface LinkEvent {
  readonly seq: number
  readonly kind: LowKind
  readonly at: string
  readonly actor: string
  readonly detail: Readonly<Record<string, string>>
}

/** The high side asks what is new, and says up to where it has everything on disk. */
export interface PollRequest {
  readonly model: string
  /** Spool that the two numbers belong to; empty before the first answer. */
  readonly spool: string
  readonly itemsAfter: number
  readonly eventsAfter: number
  readonly waitMs: number
}

export interface PollAnswer {
  /** Random name of this spool: another name means another spool, whose counters start anew. */
  readonly spool: string
  readonly items: readonly LinkItem[]
  readonly events: readonly LinkEvent[]
}

/** What disarming said and where the bytes are known by. */
export interface LinkCured {
  readonly report: DisarmReport
  readonly sha256: string
  readonly size: number
  readonly outputName: string
  readonly ruleset: string
  /** Of a mail that was rebuilt: what became of each part, and what waits outside. */
  readonly mail?: MailFacts
}

/** What the low side may show its user. Made on the high side: codes and bounded text. */
export interface LinkState {
  readonly state: CrossingState
  readonly step: Step
  readonly problem?: Problem
  readonly removed: readonly string[]
}

/** Kinds the low side may report: nothing that the passage itself records. */
const LOW_KINDS = [
  'start',
  'sign-in',
  'sign-in-failed',
  'sign-out',
  'cancelled',
  'changed',
] as const satisfies readonly EvidenceKind[]
type LowKind = (typeof LOW_KINDS)[number]

/** What may have `changed` there. Only its own affairs: it must not be able to say that a mail was sent or a file delivered. */
export const LOW_CHANGES = [
  'account',
  'original-shredded',
  'mail-damaged',
  'mail-turned-away',
  'mail-original-asked',
  'mail-original-approved',
  'mail-original-returned',
  'mail-original-taken',
  'mail-original-lapsed',
] as const
export type LowChange = (typeof LOW_CHANGES)[number]

/** An event as the low side makes it: one of another form would keep the other side from hearing any. */
export interface LowEvent {
  readonly kind: LowKind
  readonly actor: string
  readonly detail: Readonly<Record<string, string>> & { readonly what?: LowChange }
}

const detail: Check<Readonly<Record<string, string>>> = (value) => {
  if (!isRecord(value)) return undefined
  const entries = Object.entries(value)
  const word = text(300)
  const fine = entries.every(
    ([key, one]) => /^[a-zA-Z0-9]{1,24}$/.test(key) && word(one) !== undefined,
  )
  return fine && entries.length <= 12
    ? Object.fromEntries(entries.map(([key, one]) => [key, String(one)]))
    : undefined
}

const linkItemFields = shape<LinkItem>(
  {
    id: text(26, ID),
    kind: oneOf(['file', 'mail']),
    mail: linkMail,
    number: text(16, NUMBER),
    person: text(64, PERSON),
    fileName: text(NAME_MAX, FILE_NAME),
    size: whole(0, SIZE_MAX),
    purpose: text(PURPOSE_MAX),
    inputSha256: text(64, SHA256),
    receivedAt: text(24, INSTANT),
    outcome: oneOf(['rebuild', 'flatten']),
    again: text(16, /^(?:S-[0-9]{4,9})?$/),
    cancelRequested: flag,
    version: whole(1, SIZE_MAX),
  },
  ['mail'],
)

/** A file has bytes and a giver; a mail may have no bytes, and says whom it is for. */
export const linkItem: Check<LinkItem> = (value) => {
  const item = linkItemFields(value)
  if (!item) return undefined
  const file = item.size > 0 && item.person !== '' && !item.mail
  return (item.kind === 'mail' ? item.mail !== undefined : file) ? item : undefined
}

const linkEventFields = shape<LinkEvent>({
  seq: whole(1, SIZE_MAX),
  kind: oneOf(LOW_KINDS),
  at: text(24, INSTANT),
  actor: text(128),
  detail,
})

const change = oneOf(LOW_CHANGES)

const linkEvent: Check<LinkEvent> = (value) => {
  const event = linkEventFields(value)
  const what = event?.detail['what']
  const known = event?.kind === 'changed' ? change(what) !== undefined : what === undefined
  return known ? event : undefined
}

export const readPollRequest = shape<PollRequest>({
  model: text(64, SHA256),
  spool: text(26),
  itemsAfter: whole(0, SIZE_MAX),
  eventsAfter: whole(0, SIZE_MAX),
  waitMs: whole(0, POLL_WAIT_MAX),
})

export const readPollAnswer = shape<PollAnswer>({
  spool: text(26, ID),
  items: list(linkItem, BATCH_MAX),
  events: list(linkEvent, BATCH_MAX),
})

const report = shape<DisarmReport>(
  {
    type: text(16, DISARM_TYPE),
    outputType: text(16, DISARM_TYPE),
    verdict: oneOf(['removed', 'confirmed-absent', 'converted', 'refused']),
    removed: list(readRemoval, 1000),
    kept: list(readRemoval, 1000),
    reason: text(64, REPORT_RULE),
    fidelity: shape<Fidelity>({ text: whole(0, 1000), pages: whole(0, 1000) }, ['text', 'pages']),
    offers: list(oneOf(['password', 'flatten']), 2),
  },
  ['reason', 'fidelity', 'offers'],
)

const curedFields = shape<LinkCured>(
  {
    report,
    sha256: text(64),
    size: whole(0, SIZE_MAX),
    outputName: text(NAME_MAX, OUTPUT_NAME),
    ruleset: text(24, /^[0-9.]{1,24}$/),
    mail: readMailFacts,
  },
  ['mail'],
)

/** A refusal has a reason and no bytes; anything else has bytes and no reason. Nothing in between is believed. */
export const readCured: Check<LinkCured> = (value) => {
  const cured = curedFields(value)
  if (!cured) return undefined
  const refused = cured.report.verdict === 'refused'
  const bytes = cured.size > 0 && SHA256.test(cured.sha256) && cured.outputName !== ''
  const nothing = cured.size === 0 && cured.sha256 === '' && cured.outputName === ''
  const reasoned = cured.report.reason !== undefined
  return refused === reasoned && (refused ? nothing : bytes) ? cured : undefined
}

const problem = shape<Problem>({
  reason: text(64, REPORT_RULE),
  what: text(400),
  why: text(600),
  cure: text(400),
  number: text(16),
  at: text(24, INSTANT),
})

export const readState = shape<LinkState>(
  {
    state: oneOf(['received', 'curing', 'held', 'delivered', 'refused', 'returned', 'cancelled']),
    step: oneOf(STEPS),
    problem,
    removed: list(text(200), 200),
  },
  ['problem'],
)
