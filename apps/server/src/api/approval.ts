import type { CrossingState, DisarmReport, Finding } from '@sekisho/core'
import type { Changes } from './transfer.ts'

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

/** A first page to look at, made from the disarmed bytes. */
export type Preview =
  | { readonly kind: 'text'; readonly paragraphs: readonly string[]; readonly more: boolean }
  | {
      readonly kind: 'table'
      readonly sheets: readonly {
        readonly name: string
        readonly rows: readonly (readonly string[])[]
        readonly more: boolean
      }[]
    }
  | {
      readonly kind: 'image'
      readonly dataUrl: string
      /** What the picture does not show, e.g. that there are more pages. */
      readonly note?: string
    }
  | { readonly kind: 'pdf'; readonly pages: number }
  | { readonly kind: 'list'; readonly names: readonly string[] }
  | {
      readonly kind: 'mail'
      readonly from: string
      readonly to: string
      readonly subject: string
      /** When it was written, as it says itself. */
      readonly at?: string
      readonly paragraphs: readonly string[]
      readonly more: boolean
      readonly attachments: readonly string[]
    }
  | { readonly kind: 'none'; readonly reason: string }
