import type { Delta, ModelGap, RiskAssessment, RiskRow } from '@sekisho/assess'
import type { Answer, Edition, Finding, Model } from '@sekisho/core'
import type { EditionInfo, RuleChange } from '@sekisho/guideline'
import type { CutImpact, EditionDiff } from '@sekisho/town'

/** What the guideline says about the declaration in force. */
export interface TownCheck {
  readonly result: Answer['result']
  readonly findings: readonly Finding[]
  /** Questions that were asked. */
  readonly questions: number
  readonly at: string
  readonly edition: Edition
  readonly model: Model
  readonly editions: readonly Edition[]
}

export interface RiskPage extends Omit<RiskAssessment, 'rows'> {
  /** The gravest. */
  readonly rows: readonly (RiskRow & { readonly pathName: string; readonly levelName: string })[]
  readonly total: number
}

/** What another model would mean. */
export interface ModelsPage {
  readonly model: Model
  readonly models: readonly { readonly model: Model; readonly counts: ModelGap['counts'] }[]
  readonly delta?: Delta
}

export interface CutPage {
  readonly targets: readonly { readonly target: string; readonly name: string }[]
  /** Present when one of them was asked for. */
  readonly impact?: CutImpact
}

/** What another edition says of the town, and what changed in the guideline between the two. */
export interface DiffPage extends EditionDiff {
  readonly model: Model
  /** The edition of the declaration. */
  readonly own: Edition
  /** Oldest first. */
  readonly editions: readonly Pick<EditionInfo, 'id' | 'name' | 'published' | 'changes'>[]
  /** With how many findings of this town come or go by it. */
  readonly rules: readonly (RuleChange & { readonly findings: number })[]
}
