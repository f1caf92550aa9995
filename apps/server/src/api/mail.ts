import type { CrossingState } from '@sekisho/core'
import type { Problem } from './problem.ts'

/** How far a mail is: on its way here, handed to the town's mail server, or not. */
export interface MailRow {
  readonly id: string
  readonly number: string
  /** Empty while it is not known, or when the mail has none. Words of a stranger, like `from`. */
  readonly subject: string
  readonly from: string
  readonly receivedAt: string
  readonly state: CrossingState
  /** Files that wait outside. */
  readonly pickUps: number
  /** `sent` when the mail server has taken it for everybody, `undelivered` when somebody did not get it. */
  readonly delivery: 'waiting' | 'sent' | 'undelivered'
}

export interface MailsPage {
  readonly mails: readonly MailRow[]
  /** For `after`; absent on the last page. */
  readonly next?: string
}

export interface MailPage extends MailRow {
  readonly to: readonly string[]
  /** As the mail says itself; empty for none. */
  readonly date: string
  readonly cc: string
  /** What was delivered; absent while it is under way, when it was refused, and after `textUntil`. */
  readonly text?: string
  readonly textUntil?: string
  readonly deliveries: readonly {
    readonly address: string
    readonly state: 'waiting' | 'sent' | 'failed' | 'expired' | 'recalled'
    readonly at: string
    /** Why it still waits, or did not arrive, in a sentence; empty for neither. */
    readonly why: string
  }[]
  /** What became of each part; absent until the mail was rebuilt. */
  readonly certificate?: MailCertificate
  readonly pickUpList: readonly MailPickUp[]
  /** Last instant at which they can be had; absent while the mail is under way, and where there are none. */
  readonly pickUpUntil?: string
  /** SPF, DKIM and DMARC, a sentence each. */
  readonly authenticity: readonly string[]
  /** Present when it was not let through; the notice in the mailbox says the same. */
  readonly problem?: Problem
}

export interface MailCertificate {
  readonly number: string
  readonly originalSha256: string
  readonly originalBytes: number
  readonly fieldsKept: readonly string[]
  readonly fieldsLeftOut: number
  /** Fields that were there twice and did not say the same. */
  readonly contradicted: readonly string[]
  readonly hiddenPlaces: number
  /** True when only words came in, because two readers saw two mails. */
  readonly flattened: boolean
  readonly parts: readonly {
    readonly part: string
    readonly type: string
    readonly name: string
    readonly bytes: number
    readonly sha256: string
    /** What became of it, in words. */
    readonly fate: string
    /** Reason id; empty for none. */
    readonly reason: string
  }[]
}

/** A file of a mail that waits outside. */
export interface MailPickUp {
  /** For the address of the request, and behind `#` in the text of the mail. */
  readonly part: string
  readonly name: string
  /** In words, e.g. Word 文書. */
  readonly kind: string
  readonly bytes: number
  /** Names in an archive, at most 100. */
  readonly members: readonly string[]
  readonly inline: boolean
  readonly will: 'disarm' | 'password' | 'refused' | 'clean'
  /** What will happen, in a sentence. */
  readonly sentence: string
  /** Who asked for it, and how far it is; oldest first. */
  readonly asked: readonly {
    readonly person: string
    readonly mine: boolean
    readonly at: string
    /** Of the crossing; `received` while it has not reached this side. */
    readonly state: CrossingState
    /** Crossing in 受け取る; empty while it is not known. */
    readonly number: string
    readonly problem?: Problem
  }[]
}

export interface NewPickUp {
  readonly idempotencyKey: string
  /** Of a file with a password; sealed on the other side, and thrown away when it was used. */
  readonly password?: string
}

export interface MailQueuePage {
  readonly waiting: number
  /** When the oldest that waits was submitted; empty for none. */
  readonly oldest: string
  /** Since when the mail server does not answer; empty while it does. */
  readonly downSince: string
  readonly nextTry: string
  /** Why, in a sentence, and in the server's own words; empty for no trouble. */
  readonly why: string
  readonly reply: string
  /** Results that could not be written down: the disk is full or failing. */
  readonly unwritten: number
  /** Turned away at the door in the last seven days, most often first. */
  readonly turnedAway: readonly {
    readonly reason: string
    readonly count: number
    readonly what: string
    readonly cure: string
  }[]
  /** Mails that somebody did not get, newest first. */
  readonly undelivered: readonly MailRow[]
}
