/**
 * What the two sides say to each other about mails. As everywhere on the link: closed forms with limits, and nothing the low side says is believed.
 */
import { EDITIONS, MODELS } from '@sekisho/core'
import type { IsoDate } from '@sekisho/core'
import { VERDICTS } from '@sekisho/gates/mail'
import { DISARM_TYPE, readRemoval } from './removal.ts'
import type {
  AttachedReport,
  Authenticity,
  Certificate,
  MailFacts,
  PartRow,
  PickUpFacts,
} from '@sekisho/gates/mail'
import { flag, list, oneOf, shape, text, whole } from '../shape.ts'
import type { Check } from '../shape.ts'

/** What is known of a mail besides its bytes, as the low side heard it. All of it is hostile text without characters that hide or reorder. */
export interface LinkMail {
  /** Address for bounces; empty for the null sender. */
  readonly from: string
  /** As they were accepted. The high side looks each up in its own list. */
  readonly recipients: readonly string[]
  readonly peer: { readonly address: string; readonly helo: string; readonly tls: string }
  readonly authenticity: Authenticity
}

/** How the high side wants a mail rebuilt. */
export interface MailWish {
  /** Page of the mail on the high side; its attachments are named under it. */
  readonly address: string
  readonly attachments: 'remove' | 'keep'
  /** The text begins with a word about its sender. */
  readonly doubtful: boolean
  /** Last whole day, Japan, on which files that wait outside can be had. */
  readonly until?: IsoDate
}

/** A file of a mail that a person of the high side asks for. */
export interface PickUpWish {
  readonly key: string
  readonly part: string
  readonly person: string
  readonly purpose: string
  readonly password?: string
}

/** The transfer that brings it. */
export interface PickUpBegun {
  readonly id: string
  readonly number: string
}

/** Recipients of one mail; the receiver takes no more. */
export const RECIPIENTS_MAX = 100
export const ADDRESS_MAX = 320
/** Parts and files of one mail. One with more is refused, and its recipients are told. */
const PARTS_MAX = 1000
const SIZE_MAX = 2_147_483_647

/** Characters that end a line, hide, or reorder what a person reads. */
export const UNSEEN =
  // oxlint-disable-next-line no-control-regex -- finding control characters is what it is for
  /[\u0000-\u001F\u007F-\u009F\u00AD\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/u
// oxlint-disable-next-line no-control-regex -- as above
const LINE =
  /^[^\u0000-\u001F\u007F-\u009F\u00AD\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]*$/u
const HEX = /^[0-9a-f]{64}$/u
export const PART = /^[0-9]{1,5}(?:[./][0-9]{1,5}){0,60}$/u
/** A place as it stands in an address (`partKey`). */
export const PART_KEY = /^[0-9]{1,5}(?:[.-][0-9]{1,5}){0,60}$/u
const REASON = /^[A-Z][A-Z0-9-]{1,31}$/u
/** No path: a name, not a place. Never empty. */
// oxlint-disable-next-line no-control-regex -- refusing control characters is what it is for
const NAME =
  /^[^\u0000-\u001F\u007F-\u009F/\\\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]{1,255}$/u

/** Hostile text as it may go over the link. */
export function seen(words: string, max: number): string {
  return words.replaceAll(new RegExp(UNSEEN, 'gu'), ' ').slice(0, max).toWellFormed()
}

const verdict = oneOf(VERDICTS)
const line = (max: number): Check<string> => text(max, LINE)

export const readAuthenticity = shape<Authenticity>({
  spf: shape<Authenticity['spf']>({ verdict, domain: line(255) }),
  dkim: list(shape<Authenticity['dkim'][number]>({ verdict, domain: line(255) }), 10),
  dmarc: shape<Authenticity['dmarc']>({ verdict, domain: line(255), policy: line(255) }),
})

export const linkMail = shape<LinkMail>({
  from: line(ADDRESS_MAX),
  recipients: list(line(ADDRESS_MAX), RECIPIENTS_MAX),
  peer: shape<LinkMail['peer']>({ address: line(64), helo: line(255), tls: line(64) }),
  authenticity: readAuthenticity,
})

export const readMailWish = shape<MailWish>(
  {
    address: text(300, /^https?:\/\/[a-z0-9.:[\]-]{1,255}\/mail\/S-[0-9]{4,9}(?:-[0-9]{1,6})?$/u),
    attachments: oneOf(['remove', 'keep']),
    doubtful: flag,
    until: text(10, /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/u),
  },
  ['until'],
)

export const readPickUpWish = shape<PickUpWish>(
  {
    key: text(64, /^[A-Za-z0-9_-]{8,64}$/u),
    part: text(255, PART),
    person: text(64, /^[\p{L}\p{N}._-]{1,64}$/u),
    purpose: line(200),
    password: text(255, /^[^\u0000]+$/u),
  },
  ['password'],
)

export const readPickUpBegun = shape<PickUpBegun>({
  id: text(26, /^[a-z2-7]{26}$/u),
  number: text(16, /^S-[0-9]{4,9}$/u),
})

const fates = oneOf([
  'opened',
  'text',
  'other-form',
  'calendar',
  'pick-up',
  'attached',
  'sealed',
  'left-out',
  'around',
] as const)

const partRow = shape<PartRow>(
  {
    part: text(255, PART),
    type: text(140, /^[a-z0-9.+_/-]{1,140}$/u),
    name: line(255),
    bytes: whole(0, SIZE_MAX),
    sha256: text(64, HEX),
    fate: fates,
    reason: text(32, REASON),
    disarm: shape<AttachedReport>({
      verdict: oneOf(['removed', 'confirmed-absent', 'converted', 'refused'] as const),
      outputType: text(16, DISARM_TYPE),
      removed: list(readRemoval, 1000),
      kept: list(readRemoval, 1000),
      sha256: text(64, HEX),
    }),
  },
  ['reason', 'disarm'],
)

const certificate = shape<Certificate>({
  version: (value) => (value === 1 ? 1 : undefined),
  model: oneOf(MODELS),
  edition: oneOf(EDITIONS),
  gate: text(64, /^[\p{L}\p{N}._-]{1,64}$/u),
  original: shape<Certificate['original']>({
    bytes: whole(0, SIZE_MAX),
    sha256: text(64, HEX),
  }),
  headers: shape<Certificate['headers']>({
    kept: list(text(40, /^[a-z-]{1,40}$/u), 20),
    leftOut: whole(0, 1_000_000),
    contradicted: list(text(40, /^[a-z-]{1,40}$/u), 20),
  }),
  flattened: list(
    shape<Certificate['flattened'][number]>({ part: text(255, PART), reason: text(32, REASON) }),
    PARTS_MAX,
  ),
  hiddenPlaces: whole(0, 10_000_000),
  parts: list(partRow, PARTS_MAX),
})

const pickUp = shape<PickUpFacts>(
  {
    part: text(255, PART),
    name: text(255, NAME),
    kind: text(16, /^[a-z0-9-]{1,16}$/u),
    bytes: whole(0, SIZE_MAX),
    sha256: text(64, HEX),
    members: list(line(1024), 10_000),
    inline: (value) => (typeof value === 'boolean' ? value : undefined),
    will: oneOf(['disarm', 'password', 'refused', 'clean'] as const),
    reason: text(32, REASON),
  },
  ['reason'],
)

const facts = shape<MailFacts>({ certificate, pickUps: list(pickUp, PARTS_MAX) })

/** Each file has a place of its own: a page, a click and a sealed file belong to exactly one of them. */
export const readMailFacts: Check<MailFacts> = (value) => {
  const read = facts(value)
  const places = new Set(read?.pickUps.map(({ part }) => part))
  return read && places.size === read.pickUps.length ? read : undefined
}
