/**
 * Approval (決裁) by a second person, bound to exactly these bytes, this destination and this purpose.
 */
import type { Approval } from '@sekisho/core'
import { isFinal } from './progress.ts'
import type { Progress } from './progress.ts'

/** Who decides, as the high side knows them: account and person differ, and both are checked. */
export interface Approver {
  readonly account: string
  readonly person: string
  readonly name: string
}

/** What the approver saw and sends back, unchanged. */
export interface DecisionInput {
  readonly decision: 'approve' | 'return'
  readonly sha256: string
  readonly destination: string
  readonly purpose: string
  readonly comment: string
}

/** Longest comment kept, in UTF-16 units. */
export const COMMENT_MAX = 500

/** Why a decision cannot be taken. */
export type DecisionRefusal =
  | 'APPROVAL-NOT-HELD'
  | 'APPROVAL-ALREADY-DECIDED'
  | 'APPROVAL-SELF'
  | 'APPROVAL-BYTES-DIFFER'
  | 'APPROVAL-DESTINATION-DIFFERS'
  | 'APPROVAL-PURPOSE-DIFFERS'
  | 'APPROVAL-COMMENT-MISSING'
  | 'APPROVAL-COMMENT-LONG'

/** The reason why `approver` may not take `input` on `progress`, or `undefined` when they may. */
export function refuseDecision(
  progress: Progress,
  approver: Approver,
  input: DecisionInput,
): DecisionRefusal | undefined {
  if (isFinal(progress) || progress.approval) return 'APPROVAL-ALREADY-DECIDED'
  if (progress.state !== 'held') return 'APPROVAL-NOT-HELD'
  if (isSender(progress, approver)) return 'APPROVAL-SELF'
  if (input.sha256 !== progress.cured?.sha256) return 'APPROVAL-BYTES-DIFFER'
  if (input.destination !== progress.destination) return 'APPROVAL-DESTINATION-DIFFERS'
  if (input.purpose !== progress.crossing.purpose) return 'APPROVAL-PURPOSE-DIFFERS'
  if (input.comment.length > COMMENT_MAX) return 'APPROVAL-COMMENT-LONG'
  if (input.decision === 'return' && input.comment.trim() === '') return 'APPROVAL-COMMENT-MISSING'
  return undefined
}

/**
 * True when the approver sent it, by account or by person: one person with two accounts is still one person.
 */
export function isSender(
  progress: Pick<Progress, 'crossing'>,
  approver: Pick<Approver, 'account' | 'person'>,
): boolean {
  const sender = progress.crossing.sender.id
  return sender === approver.account || sender === approver.person
}

/**
 * True when the approval covers exactly what would be delivered now. Asked again at delivery: a change of one
 * byte, of the destination, of the purpose, or the passing of time voids it.
 */
export function approvalHolds(progress: Progress, now: Date): boolean {
  const { approval, crossing, cured } = progress
  if (!approval || !cured) return false
  return (
    cured.sha256 !== '' &&
    approval.crossing === crossing.id &&
    approval.sha256 === cured.sha256 &&
    approval.destination === progress.destination &&
    approval.purpose === crossing.purpose &&
    approval.approver.id !== crossing.sender.id &&
    now.getTime() <= Date.parse(approval.expires)
  )
}

/** The approval that `input` makes, once nothing speaks against it. */
export function approvalOf(
  progress: Progress,
  approver: Approver,
  input: DecisionInput,
  now: Date,
  hours: number,
): Approval {
  return {
    crossing: progress.crossing.id,
    approver: { id: approver.person, name: approver.name },
    sha256: input.sha256,
    destination: input.destination,
    purpose: input.purpose,
    comment: input.comment,
    at: now.toISOString(),
    expires: new Date(now.getTime() + hours * 3_600_000).toISOString(),
  }
}
