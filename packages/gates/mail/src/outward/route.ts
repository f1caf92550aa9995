import type { CrossingFacts, Edition, IsoDate, Model } from '@sekisho/core'
import type { LabelTerms } from '../../../outward/src/label.ts'

/** What the town says about mail that leaves it. */
export interface OutwardRoute extends LabelTerms {
  readonly model: Model
  readonly edition: Edition
  /** Domains of the town itself, exact. */
  readonly ownDomains: readonly string[]
  /** Domains inside LGWAN: `domain` is exact, `.domain` everything below it. Only what stands here; `lg.jp` is also reached by the internet. */
  readonly lgwanDomains: readonly string[]
  readonly senders: Senders
  readonly approval: CrossingFacts['outwardApproval']
  /** Minutes in which the sender can take a mail to the internet back. */
  readonly delayMinutes: number
}

/** A mailbox of the town as a sender: of one person, or of a section, which all its people write from. */
export interface SenderBox {
  readonly address: string
  readonly kind: 'person' | 'department'
  /** Id of the person or of the department. */
  readonly id: string
}

export interface Senders {
  /** @param today `YYYY-MM-DD` in Japan; nobody writes before their first or after their last day */
  find(address: string, today: IsoDate): SenderBox | undefined
}
