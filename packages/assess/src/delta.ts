/**
 * What moving from one model to another means for one town.
 */
import type { Model, Town } from '@sekisho/core'
import drivers from '../data/drivers.json' with { type: 'json' }
import words from '../words/ja.json' with { type: 'json' }
import { burdenOf, type Burden } from './burden.ts'
import type { ControlRow } from './control-row.ts'
import type { Assessment } from './gap.ts'
import { movedFlows, type MovedFlow } from './moves.ts'
import { quantitiesOf, type Quantity, type QuantityName } from './quantities.ts'

/** One thing whose number drives what running a model costs. */
export interface CostDriver {
  readonly id: string
  readonly name: string
  readonly unit: string
  readonly quantity: Quantity
  /** What the number is paid for, in Japanese. */
  readonly drives: string
  /** `added` by the move, `removed` by it, or `kept`. */
  readonly change: 'added' | 'removed' | 'kept'
}

/** What one control costs people before and after the move; absent on the side that does not ask for it. */
export interface BurdenDelta {
  readonly control: string
  readonly before?: Burden
  readonly after?: Burden
  /** Minutes a year more, or, below zero, fewer. */
  readonly minutesPerYear: number
  readonly clicksPerYear: number
}

export interface Delta {
  readonly from: Model
  readonly to: Model
  /** Controls asked by `to` and not by `from`, with their state as if the town already were `to`. */
  readonly gained: readonly ControlRow[]
  /** Controls asked by `from` and not by `to`, with their state today. */
  readonly lost: readonly ControlRow[]
  /** Flows to services on the LGWAN and flows over the boundary, those that break first. */
  readonly flows: readonly MovedFlow[]
  readonly drivers: readonly CostDriver[]
  /** One per control asked by either model. */
  readonly burdens: readonly BurdenDelta[]
  /** Minutes a year more (or, below zero, fewer) for everybody and for the people in charge. */
  readonly minutesPerYear: { readonly staff: number; readonly it: number }
  /** Says that burdens and rates are our estimates. */
  readonly note: string
}

/**
 * Compares two models for one town.
 *
 * @returns `undefined` when one of them does not exist in the edition of the assessment.
 */
export function deltaOf(
  town: Town,
  assessment: Assessment,
  to: Model,
  from: Model = assessment.model,
): Delta | undefined {
  const before = askedRows(assessment, from)
  const after = askedRows(assessment, to)
  if (before === undefined || after === undefined) return undefined
  const burdens = burdenDeltas(town, { model: from, rows: before }, { model: to, rows: after })
  return Object.freeze({
    from,
    to,
    gained: without(after, before),
    lost: without(before, after),
    flows: movedFlows(town, from, to).toSorted(byEffect),
    drivers: driversOf(town, from, to),
    burdens,
    minutesPerYear: { staff: minutesFor(burdens, 'staff'), it: minutesFor(burdens, 'it') },
    note: words.delta.estimate,
  })
}

function askedRows({ models }: Assessment, model: Model): readonly ControlRow[] | undefined {
  const rows = models.find((one) => one.model === model)?.rows
  const exists = rows?.some(({ reason }) => reason !== 'model-not-in-edition') === true
  return exists ? rows.filter(isDemanded) : undefined
}

/** A control of the model counts as demanded although nothing it speaks of is declared yet. */
const isDemanded = ({ state, reason }: ControlRow): boolean =>
  state !== 'not-asked' || reason === 'nothing-declared'

function without(
  rows: readonly ControlRow[],
  others: readonly ControlRow[],
): readonly ControlRow[] {
  const known = new Set(others.map(({ control }) => control))
  return Object.freeze(rows.filter(({ control }) => !known.has(control)))
}

const ORDER = ['break', 'touch', 'keep'] as const
const byEffect = (a: MovedFlow, b: MovedFlow): number =>
  ORDER.indexOf(a.effect) - ORDER.indexOf(b.effect)

function driversOf(town: Town, from: Model, to: Model): readonly CostDriver[] {
  const quantities = quantitiesOf(town)
  return drivers.flatMap(({ id, name, unit, quantity, models, drives }) => {
    const change = changeOf(models.includes(from), models.includes(to))
    if (change === undefined) return []
    return [{ id, name, unit, quantity: quantities[quantity as QuantityName], drives, change }]
  })
}

function changeOf(before: boolean, after: boolean): CostDriver['change'] | undefined {
  if (before && after) return 'kept'
  if (before) return 'removed'
  return after ? 'added' : undefined
}

interface Side {
  readonly model: Model
  readonly rows: readonly ControlRow[]
}

function burdenDeltas(town: Town, from: Side, to: Side): readonly BurdenDelta[] {
  const [before, after] = [burdensOf(town, from), burdensOf(town, to)]
  const controls = [...new Set([...before.keys(), ...after.keys()])].toSorted(alphabetically)
  return controls.map((control) => burdenDelta(control, before.get(control), after.get(control)))
}

function burdensOf(town: Town, { model, rows }: Side): ReadonlyMap<string, Burden> {
  return new Map(
    rows.flatMap(({ control }) => {
      const burden = burdenOf(town, control, model)
      return burden === undefined ? [] : [[control, burden] as const]
    }),
  )
}

function burdenDelta(
  control: string,
  before: Burden | undefined,
  after: Burden | undefined,
): BurdenDelta {
  return Object.freeze({
    control,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    minutesPerYear: (after?.minutesPerYear ?? 0) - (before?.minutesPerYear ?? 0),
    clicksPerYear: (after?.clicksPerYear ?? 0) - (before?.clicksPerYear ?? 0),
  })
}

const alphabetically = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const minutesFor = (burdens: readonly BurdenDelta[], who: Burden['who']): number =>
  burdens
    .filter(({ before, after }) => (after ?? before)?.who === who)
    .reduce((sum, { minutesPerYear }) => sum + minutesPerYear, 0)
