/**
 * What is asked of the box, and what it says. Types only: the two ends share no code.
 */
import type { DisarmReport, IsoDate } from '@sekisho/core'
import type { Limits } from '@sekisho/disarm/worker'
import type { Certificate } from '../message/certificate.ts'
import type { PickUp } from '../message/pick-up.ts'
import type { MailRoute } from '../message/route.ts'

export interface BoxQuestion {
  readonly route: MailRoute
  /** Address of the page of this mail, `https://…/mail/S-1042`; the text names its attachments under it. */
  readonly address: string
  /** The text begins with a word about its sender. */
  readonly doubtful?: boolean
  /** Last whole day, Japan, on which files that wait outside can be had. */
  readonly until?: IsoDate
  readonly limits: Partial<Limits>
  /** Bytes of the mail, when those of disarmed files follow it. */
  readonly mailBytes?: number
  /** Files of the mail that were disarmed or refused before, in the order in which their bytes follow. */
  readonly files?: readonly BoxFile[]
}

export interface BoxFile {
  readonly part: string
  readonly report: DisarmReport
  /** 0 when it was refused. */
  readonly size: number
}

/** A pick-up without what it holds. */
export type PickUpFacts = Omit<PickUp, 'content'>

/** What is told of a mail besides its new bytes. */
export interface MailFacts {
  readonly certificate: Certificate
  readonly pickUps: readonly PickUpFacts[]
}

export type BoxTold =
  | { readonly ok: false; readonly reason: string }
  /** Sizes of the message and of what each pick-up holds, as they follow each other in the body. */
  | { readonly ok: true; readonly facts: MailFacts; readonly sizes: readonly number[] }
