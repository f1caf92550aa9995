import type { CrossingState, DisarmReport, Finding } from '@sekisho/core'
import type { Changes } from '@sekisho/gates/file'

/** What a person has to decide on, or decided. */
export interface Held {
  /** Findings that ask for a person. */
  readonly findings: readonly Finding[]
  /** SHA-256 of the bytes to be approved: of a mail, as it will leave. */
  readonly sha256: string
  readonly requestedAt: string
  readonly deadline: string
  readonly state: CrossingState
  readonly decidedBy?: string
  readonly comment?: string
  /** Reason why I cannot decide this one; absent when I can. */
  readonly cannotDecide?: string
}

export interface ApprovalCard extends Changes, Held {
  readonly id: string
  readonly number: string
  readonly from: { readonly name: string; readonly department: string }
  readonly purpose: string
  readonly destination: string
  readonly fileName: string
  readonly outputName: string
  readonly size: number
  readonly outputSize: number
  readonly report: DisarmReport
}

/** Bound to exactly these bytes, this destination and this purpose. */
export interface Decision {
  readonly decision: 'approve' | 'return'
  readonly sha256: string
  readonly destination: string
  readonly purpose: string
  readonly comment: string
}
