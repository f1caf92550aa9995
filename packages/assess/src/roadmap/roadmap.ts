/**
 * The way from today's declaration to the one a town wants: steps in an order in which every town on the way is checked, placed in fiscal years.
 */
import type { Finding, IsoDate, Model } from '@sekisho/core'
import { createJudge } from '@sekisho/judge'
import { todayInJapan, type Asks, type TownReading } from '@sekisho/town'
import { isLate, start, step, type Calendar } from './calendar.ts'
import { changesBetween, type Change } from './change.ts'
import { datesOf, dutiesOf, paperDays, type Dates } from './dates.ts'
import { elementsOf, type Declaration } from './elements.ts'
import { everything, groundOf, type Ground, type GroundOptions, type Looked } from './ground.ts'
import { inseparable } from './inseparable.ts'
import { changeName } from './naming.ts'
import { blockedBy, type Block } from './obstacle.ts'
import { findOrder, type Ordered, type Placing } from './order.ts'
import { noPlan, unknownSubjects, type Plan, type PlanProblem } from './plan-file.ts'
import { conflictsOf, type Conflict } from './conflict.ts'
import { stepsOf, type Step } from './step.ts'

export interface RoadmapOptions {
  /** Today. Default: today in Japan. */
  readonly at?: IsoDate
  /** Default: no dates, and `DEFAULT_CAPACITY`. */
  readonly plan?: Plan
  /** Default: the judge with the guideline's rules. */
  readonly judge?: Asks
  /** Towns that may be read and checked before it gives up. Default: all for up to `DECIDED_CHANGES` changes, else `DEFAULT_CHECKS`. */
  readonly maxChecks?: number
}

/** Steps in one half-year when the plan says nothing: two IT people, one step in two weeks. Our assumption, not a rule. */
export const DEFAULT_CAPACITY = 12
/** Changes up to which every order is looked at: 4,096 towns. */
export const DECIDED_CHANGES = 12
/** Towns looked at for more changes than that. */
export const DEFAULT_CHECKS = 2_000

/**
 * - `found`: every step is safe and every date is kept.
 * - `late`: every step is safe, but a date is not kept; see `conflicts`.
 * - `none`: there is no safe order; see `blocks`. All orders were looked at.
 * - `undecided`: none was found, and not all were looked at.
 */
export type Outcome = 'found' | 'late' | 'none' | 'undecided'

export interface Roadmap {
  readonly outcome: Outcome
  readonly at: IsoDate
  /** The first day of the plan. */
  readonly from: IsoDate
  readonly capacity: number
  readonly today: {
    readonly name: string
    readonly model: Model
    readonly findings: readonly Finding[]
  }
  /** The target as of the day on which all its papers exist. */
  readonly target: {
    readonly model: Model
    readonly findings: readonly Finding[]
    readonly at: IsoDate
  }
  /** In order. Empty when none was found. */
  readonly steps: readonly Step[]
  readonly conflicts: readonly Conflict[]
  /** True when it is certain that no order keeps every date. False when it is not, or when they are kept. */
  readonly lateForCertain: boolean
  readonly blocks: readonly Block[]
  /** Towns that were read and checked to find this. */
  readonly checks: number
}

export type PlannedRoadmap =
  | { readonly ok: true; readonly roadmap: Roadmap }
  | { readonly ok: false; readonly problems: readonly PlanProblem[] }

/**
 * Plans the way. The same declarations, plan, rules and day always give the same roadmap.
 *
 * No town on the way has a finding (rule and place) that neither today's nor the target's check has, and none that is statutory or ZN-01 to ZN-03
 * unless today's has it. Up to 12 changes it finds an order whenever there is one.
 */
export function planRoadmap(
  today: TownReading,
  target: TownReading,
  options: RoadmapOptions = {},
): PlannedRoadmap {
  const [before, after] = [declared(today), declared(target)]
  const { plan = noPlan(), at = todayInJapan(new Date()) } = options
  const known = [...elementsOf(before).keys(), ...elementsOf(after).keys()]
  const problems = unknownSubjects(plan, known)
  if (problems.length > 0) return { ok: false, problems }
  const survey = surveyOf(before, after, plan, at, options)
  return { ok: true, roadmap: drawn(survey, options.maxChecks ?? limitFor(survey.changes.length)) }
}

/** Everything that was worked out before the search. */
interface Survey {
  readonly at: IsoDate
  readonly plan: Plan
  readonly changes: readonly Change[]
  readonly dates: Dates
  readonly calendar: Calendar
  readonly ground: Ground
}

function surveyOf(
  before: Declaration,
  after: Declaration,
  plan: Plan,
  at: IsoDate,
  options: RoadmapOptions,
): Survey {
  const from = plan.start !== undefined && plan.start > at ? plan.start : at
  const judge = options.judge ?? createJudge()
  const elements = elementsOf(before)
  const duties = dutiesOf(plan)
  const groundFor = (changes: readonly Change[], earliest: GroundOptions['earliest']): Ground =>
    groundOf(elements, changes, {
      at: from,
      judge,
      earliest,
      paperDays: paperDays(changes),
      ...plan,
    })
  const single = changesBetween(before, after)
  const changes = inseparable(single, groundFor(single, []))
  const dates = datesOf(changes, plan, duties)
  const earliest = dates.earliest.map((bound) => bound?.day)
  const calendar = {
    from,
    capacity: plan.capacity ?? DEFAULT_CAPACITY,
    earliest,
    latest: dates.latest.map((bound) => bound?.day),
  }
  return { at, plan, changes, dates, calendar, ground: groundFor(changes, earliest) }
}

function drawn(survey: Survey, maxChecks: number): Roadmap {
  const { ground, calendar, changes } = survey
  const rank = changes.map(rankOf)
  const kept = canKeepDates(survey)
    ? findOrder(ground, calendar, { rank, maxChecks, keepDates: true })
    : ({ found: false, proved: true } as const)
  if (kept.found) return withSteps(survey, kept.order, false)
  // The dates are given up, the checks never.
  const late = findOrder(ground, calendar, {
    rank,
    maxChecks: maxChecks + ground.checks(),
    keepDates: false,
  })
  return late.found ? withSteps(survey, late.order, kept.proved) : withoutSteps(survey, late)
}

// A change that is late even as the first step is late in every order.
const canKeepDates = ({ changes, calendar }: Survey): boolean =>
  changes.every((_, change) => !isLate(step(start(calendar), change, calendar), change, calendar))

function withSteps(survey: Survey, order: readonly Placing[], lateForCertain: boolean): Roadmap {
  const { ground, changes, dates, calendar, plan } = survey
  const steps = stepsOf(order, changes, dates, calendar, ground)
  const conflicts = conflictsOf(steps, order, dates, dutiesOf(plan), ground)
  return {
    ...frame(survey),
    outcome: conflicts.some(({ kind }) => kind !== 'open') ? 'late' : 'found',
    steps,
    conflicts,
    lateForCertain,
  }
}

function withoutSteps(survey: Survey, ordered: Extract<Ordered, { found: false }>): Roadmap {
  return {
    ...frame(survey),
    outcome: ordered.proved ? 'none' : 'undecided',
    blocks: blockedBy(ordered.farthest, survey.ground, survey.changes.map(changeName)),
  }
}

function frame({ at, calendar, ground }: Survey): Roadmap {
  const all = everything(ground.count)
  const [today, target] = [ground.look(0n, at)!, ground.look(all, ground.targetDay)!]
  return {
    outcome: 'undecided',
    at,
    from: calendar.from,
    capacity: calendar.capacity,
    today: { name: today.town.name, model: today.town.model, findings: findingsOf(today) },
    target: { model: target.town.model, findings: findingsOf(target), at: target.check.at },
    steps: [],
    conflicts: [],
    lateForCertain: false,
    blocks: [],
    checks: ground.checks(),
  }
}

// Each town may be looked at on a few days besides its own.
const limitFor = (count: number): number =>
  count <= DECIDED_CHANGES ? 2 ** (count + 2) : DEFAULT_CHECKS

const findingsOf = ({ found }: Looked): readonly Finding[] =>
  [...found.values()].map(({ finding }) => finding)

const declared = (read: TownReading): Declaration => read.document.toJS() as Declaration

// Only which of several safe steps comes first: papers before what they are for, the model late, what goes last.
function rankOf({ id, parts }: Change): number {
  if (parts.every(({ after }) => after === undefined)) return 5
  if (id.startsWith('town.')) return 4
  // Whole systems move once the model allows for it.
  if (id.startsWith('systems.') && parts.some(({ before }) => before !== undefined)) return 4
  const added = parts.every(({ before }) => before === undefined)
  if (/^(?:controls|organisation|people|departments)\./u.test(id)) return added ? 1 : 0
  if (!added) return 0
  return id.startsWith('assets.') || id.startsWith('flows.') ? 3 : 2
}
