import type {
  ChosenReading,
  DecisionName,
  Edition,
  IsoDate,
  Model,
  OpenPointId,
  Severity,
} from '@sekisho/core'
import type { OpenPointKind } from '@sekisho/guideline'
import type { LookedUp } from '@sekisho/report'

/** What something that was looked up means. */
export type Explained =
  | {
      readonly kind: 'rule'
      readonly id: string
      /** At least one. */
      readonly parts: readonly ExplainedRule[]
      /** Open points that act on it. */
      readonly points: readonly { readonly point: OpenPointId; readonly title: string }[]
    }
  | { readonly kind: 'point'; readonly point: PointPage }
  | Extract<LookedUp, { kind: 'reason' | 'class' | 'bare-class' | 'clause' | 'nothing' }>

/** One part of a rule, or a reason of the judge itself, which has no rule. */
export interface ExplainedRule {
  readonly short: string
  readonly message: string
  readonly why: string
  readonly cure: string
  readonly rule?: {
    readonly clause: string
    readonly from: Edition
    readonly until?: Edition
    readonly models: readonly Model[]
    readonly verified: boolean
    readonly source: string
    /** It belongs to the edition and the model of this town. */
    readonly applies: boolean
    readonly severity?: Severity
    readonly effect?: 'refuse' | 'hold'
  }
}

/** An open point with every reading, and which is in force here. */
export interface PointPage {
  readonly id: OpenPointId
  readonly title: string
  readonly question: string
  readonly kind: OpenPointKind
  /** How a reading comes into force, as a sentence. */
  readonly decidedBy: string
  readonly looked: IsoDate
  readonly readings: readonly {
    readonly id: string
    readonly short: string
    readonly text: string
    readonly changes: string
    readonly source: string
    readonly lenient: boolean
    readonly from?: Edition
    /** In force where nothing was chosen. */
    readonly first: boolean
    /** In force here today. Of a point for which the product is built both ways, none is. */
    readonly inForce: boolean
  }[]
  /** What the town wrote down. */
  readonly chosen?: ChosenReading
  /** The day from which it counts, when that is still to come. */
  readonly waits?: IsoDate
  readonly questions: readonly { readonly question: DecisionName; readonly title: string }[]
  readonly rules: readonly string[]
  /** What the product does about it, in sentences. */
  readonly lives: readonly string[]
}

export interface OpenPointsPage {
  readonly edition: Edition
  readonly points: readonly PointPage[]
}
