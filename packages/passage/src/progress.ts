/**
 * How far one crossing has come. This is what survives a crash: everything a step needs is here or in the log.
 */
import type {
  Answer,
  Approval,
  CleanVerdict,
  Crossing,
  CrossingState,
  DisarmReport,
  Step,
} from '@sekisho/core'

/** What the low side says it made. A claim, until `verified` holds. */
export interface Cured {
  readonly report: DisarmReport
  /** SHA-256 of the new bytes, lower-case hex; empty when refused. */
  readonly sha256: string
  readonly size: number
  /** File name with the right extension; empty when refused. */
  readonly outputName: string
  /** Version of the rules by which it was made, `2026.11.1`; empty in records older than this field. */
  readonly ruleset?: string
  /** Number of the certificate of a mail; absent for anything else. */
  readonly certificate?: string
}

/** The ways it can end. Each is the state of the crossing and the kind of the entry that says so. */
export const ENDINGS = ['delivered', 'refused', 'returned', 'cancelled'] as const

/** How it ends, decided before it is recorded. */
export interface Ending {
  readonly state: (typeof ENDINGS)[number]
  /** Reason id; empty when delivered. */
  readonly reason: string
  /** Who ended it: a person id, or `system`. */
  readonly actor: string
  readonly comment: string
  readonly at: string
}

export interface Progress {
  readonly crossing: Crossing
  /** Where it goes, as the approver sees it. An approval is bound to this text. */
  readonly destination: string
  readonly state: CrossingState
  readonly step: Step
  readonly cured?: Cured
  readonly verified?: CleanVerdict
  /** Last answer of the judge. */
  readonly answer?: Answer
  readonly approval?: Approval
  /** Since when a person is asked, ISO 8601. */
  readonly heldSince?: string
  /** When a held crossing goes back by itself, ISO 8601. */
  readonly deadline?: string
  /** Everything is settled, and it waits until then, ISO 8601, for its sender to take it back. */
  readonly notBefore?: string
  /** How often it was held; an approval belongs to one round. */
  readonly rounds: number
  /** Written before the outcome is recorded, so that a crash in between is finished, not decided again. */
  readonly ending?: Ending
  readonly finishedAt?: string
}

/** True when nothing will change any more. */
export function isFinal(progress: Pick<Progress, 'state'>): boolean {
  return ENDINGS.some((ending) => ending === progress.state)
}
