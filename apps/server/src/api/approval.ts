import type { CrossingState, DisarmReport, Finding } from '@sekisho/core'
import type { Changes } from '@sekisho/gates/file'

export interface ApprovalCard extends Changes {
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
  /** Findings that ask for a person. */
  readonly findings: readonly Finding[]
  /** SHA-256 of the bytes to be approved. */
  readonly sha256: string
  readonly requestedAt: string
  readonly deadline: string
  readonly state: CrossingState
  readonly decidedBy?: string
  readonly comment?: string
  /** Reason why I cannot decide this one; absent when I can. */
  readonly cannotDecide?: string
}

/** Bound to exactly these bytes, this destination and this purpose. */
export interface Decision {
  readonly decision: 'approve' | 'return'
  readonly sha256: string
  readonly destination: string
  readonly purpose: string
  readonly comment: string
}
