/** Asks to see the mail as it came. */
export interface NewOriginalRequest {
  readonly number: string
  readonly reason: string
}

/** A wish to see the sealed original of a mail. What stands in `from` and `to` are words of a stranger. */
export interface OriginalRequestView {
  readonly id: string
  readonly number: string
  readonly sha256: string
  readonly size: number
  readonly from: string
  readonly to: readonly string[]
  readonly receivedAt: string
  readonly person: string
  readonly department: string
  readonly mine: boolean
  readonly reason: string
  readonly askedAt: string
  readonly state: 'waiting' | 'approved' | 'returned' | 'taken' | 'lapsed'
  /** Last instant to decide, or to take it once it is approved. */
  readonly until: string
  /** Empty while nobody decided. */
  readonly decidedBy: string
  readonly comment: string
  readonly mayDecide: boolean
  /** The original is shredded. */
  readonly gone: boolean
  /** When it will be; absent while the mail is under way. */
  readonly keptUntil?: string
}

/** Bound to exactly what was shown: digest and reason. */
export interface OriginalDecision {
  readonly decision: 'approve' | 'return'
  readonly sha256: string
  readonly reason: string
  readonly comment: string
}
