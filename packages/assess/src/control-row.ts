import type { Cure, Finding, IsoDate, Severity } from '@sekisho/core'
import type { ControlCheck } from '@sekisho/guideline'

/**
 * What can be said of one control on one day. `met` 実施: asked and passed, and what was looked at is enough for this row. `unmet` 未実施: a finding. `stale`
 * 期限切れ: a paper that is too old. `contradicted` くい違い: the declaration says otherwise. `not-asked` 対象外: not of this model, edition or day, or nothing
 * it speaks of is declared. `not-checked` 未確認: nothing found, but nobody measured what this row asks for; it never counts as met.
 */
export const CONTROL_STATES = [
  'met',
  'unmet',
  'stale',
  'contradicted',
  'not-checked',
  'not-asked',
] as const
export type ControlState = (typeof CONTROL_STATES)[number]

/** What was looked at: the declaration's own content, a dated paper, or both. */
export type Basis = 'configuration' | 'paper' | 'both'

/** Why a row is in its state. */
export type ControlReason =
  | 'met-configuration'
  | 'met-paper'
  | 'met-both'
  | 'unmet'
  | 'stale'
  | 'contradicted'
  | 'other-model'
  | 'other-edition'
  | 'later-day'
  | 'nothing-declared'
  | 'model-not-in-edition'
  | 'not-measured'
  | 'not-answered'

/** A paper that speaks for a control. */
export interface Paper {
  readonly title: string
  readonly date: IsoDate
  /** The last day on which it stands; absent when no interval is set for it. */
  readonly until?: IsoDate
  /** Place in the declaration, for an entry of `controls`. */
  readonly path?: string
}

/** One row of the table of controls, for one town, model, edition and day. */
export interface ControlRow {
  readonly control: string
  /** What it asks for, a few Japanese words. */
  readonly name: string
  /** Chapter of the policy, 1 to 9. */
  readonly chapter: number
  /** Number of the guideline's example sentence as far as it is known, at least its chapter; absent for what a law or a notice asks for, which has none. */
  readonly example?: string
  readonly state: ControlState
  readonly reason: ControlReason
  /** The reason as a Japanese sentence. */
  readonly why: string
  readonly basis?: Basis
  /** How many questions of the check were about it. */
  readonly asked: number
  /** The ways of checking of this row that nobody took. Empty when the row was not asked. */
  readonly unmeasured: readonly ControlCheck[]
  readonly severity: Severity
  /** False when a part of the rule could not be checked against the guideline's own text. */
  readonly verified: boolean
  readonly clause: string
  readonly papers: readonly Paper[]
  readonly findings: readonly Finding[]
  /** What would make it met; absent when it is met or not asked. */
  readonly cure?: Cure
}
