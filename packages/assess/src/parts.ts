import type { Model, Town } from '@sekisho/core'
import { calendarOf, type Calendar } from './calendar.ts'
import { deltaOf, type Delta } from './delta.ts'
import type { Assessment, ModelGap } from './gap.ts'
import { riskOf, type RiskAssessment } from './risk.ts'
import { selfCheckOf, type SelfCheck } from './self-check.ts'

/** Everything there is to say of one town on one day. */
export interface AssessmentParts {
  readonly assessment: Assessment
  /** The table of the town's own model. */
  readonly gap: ModelGap
  /** What moving would mean: one for each model asked about that can be compared. */
  readonly deltas: readonly Delta[]
  readonly risk: RiskAssessment
  readonly calendar: Calendar
  readonly selfCheck: SelfCheck
}

/** @param to models to compare with; all others of the edition when left out */
export function partsOf(
  town: Town,
  assessment: Assessment,
  to: readonly Model[] = othersOf(assessment),
): AssessmentParts {
  const { at, models } = assessment
  const gap = models[0]!
  return Object.freeze({
    assessment,
    gap,
    deltas: to.flatMap((model) => deltaOf(town, assessment, model) ?? []),
    risk: riskOf(town, gap, at),
    calendar: calendarOf(town, gap, { at }),
    selfCheck: selfCheckOf(gap, at),
  })
}

const othersOf = ({ models }: Assessment): readonly Model[] =>
  models.filter(({ own }) => !own).map(({ model }) => model)
