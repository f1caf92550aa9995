/** On which days each change may be made, and what sets them. */
import type { IsoDate } from '@sekisho/core'
import { loadGuideline } from '@sekisho/guideline'
import type { Change, Part } from './change.ts'
import { subjectName } from './naming.ts'
import type { Duty, Plan } from './plan-file.ts'

/** What sets a day. */
export interface Bound {
  readonly kind:
    | 'paper'
    | 'edition'
    | 'renewal'
    | 'contract'
    | 'duty'
    | 'given-earliest'
    | 'given-latest'
  readonly day: IsoDate
  /** What is renewed, ends or begins. */
  readonly name: string
}

export interface Dates {
  /** The bound that decides, for each change; absent when none does. */
  readonly earliest: readonly (Bound | undefined)[]
  readonly latest: readonly (Bound | undefined)[]
}

export function datesOf(changes: readonly Change[], plan: Plan, duties: readonly Duty[]): Dates {
  return {
    earliest: changes.map((change) => last(earliestOf(change, plan))),
    latest: changes.map((change) => first(latestOf(change, plan, duties))),
  }
}

/** What the law asks from a day on, and what the plan adds. */
export function dutiesOf(plan: Plan): readonly Duty[] {
  const { laws, controls } = loadGuideline()
  const lawful = laws.map(({ name, inForce }): Duty => ({
    source: 'law',
    name,
    on: inForce,
    rules: controls.filter(({ since }) => since === inForce).map(({ id }) => id),
  }))
  const own = plan.duties.map((duty): Duty => ({ source: 'plan', ...duty }))
  return [...lawful.filter(({ rules }) => rules.length > 0), ...own]
}

function earliestOf(change: Change, plan: Plan): readonly Bound[] {
  return [
    ...change.parts.flatMap(paperBound),
    ...change.parts.flatMap(editionBound),
    ...plan.renewals
      .filter(({ subject }) => touches(change, subject))
      .map(({ subject, on }): Bound => ({
        kind: 'renewal',
        day: on,
        name: subjectName(change, subject),
      })),
    ...plan.changes
      .filter(({ subject }) => isAbout(change, subject))
      .flatMap(({ subject, earliest }): Bound[] =>
        earliest === undefined ? [] : [{ kind: 'given-earliest', day: earliest, name: subject }],
      ),
  ]
}

function latestOf(change: Change, plan: Plan, duties: readonly Duty[]): readonly Bound[] {
  return [
    ...plan.contracts
      .filter(({ subject }) => touches(change, subject))
      .map(({ subject, ends }): Bound => ({
        kind: 'contract',
        day: ends,
        name: subjectName(change, subject),
      })),
    ...duties
      .filter(({ rules }) => rules.some((rule) => isAbout(change, `controls.${rule}`)))
      .map(({ name, on }): Bound => ({ kind: 'duty', day: on, name })),
    ...plan.changes
      .filter(({ subject }) => isAbout(change, subject))
      .flatMap(({ subject, latest }): Bound[] =>
        latest === undefined ? [] : [{ kind: 'given-latest', day: latest, name: subject }],
      ),
  ]
}

const isAbout = (change: Change, subject: string): boolean =>
  change.parts.some(({ key }) => key === subject)

// A system is altered with any of its hosts; what only arrives is not bound by what is there.
const touches = (change: Change, subject: string): boolean =>
  change.parts.some(
    ({ key, before }) =>
      before !== undefined &&
      (key === subject ||
        (key.startsWith('hosts.') && subject === `systems.${(before as PlacedIn).system}`)),
  )

interface PlacedIn {
  readonly system: string
}

// A paper dated ahead is a promise until that day. Of several papers on one control the first suffices.
function paperBound(part: Part): readonly Bound[] {
  const days = newDays(part)
  const day = part.key.startsWith('controls.') ? days[0] : days.at(-1)
  return day === undefined ? [] : [{ kind: 'paper', day, name: part.key }]
}

/** Days of the papers that these changes bring, each once, in order. */
export const paperDays = (changes: readonly Change[]): readonly IsoDate[] =>
  [...new Set(changes.flatMap(({ parts }) => parts.flatMap(newDays)))].toSorted(byDay)

function newDays({ before, after }: Part): readonly IsoDate[] {
  const known = new Set(daysIn(before))
  return daysIn(after)
    .filter((day) => !known.has(day))
    .toSorted(byDay)
}

const DATED = new Set(['date', 'checked', 'lastMet', 'lastReviewed'])

function daysIn(value: unknown): readonly IsoDate[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, one]) =>
    DATED.has(key) && typeof one === 'string' ? [one] : daysIn(one),
  )
}

// An edition applies from its publication; of some we know the month only.
function editionBound({ key, after }: Part): readonly Bound[] {
  if (key !== 'town.edition') return []
  const edition = loadGuideline().editions.find(({ id }) => id === after)
  if (edition === undefined) return []
  const { published, name } = edition
  const day = published.length === 'YYYY-MM'.length ? `${published}-01` : published
  return [{ kind: 'edition', day, name }]
}

const byDay = (a: IsoDate, b: IsoDate): number => (a < b ? -1 : a > b ? 1 : 0)
const first = (bounds: readonly Bound[]): Bound | undefined =>
  bounds.toSorted((a, b) => byDay(a.day, b.day))[0]
const last = (bounds: readonly Bound[]): Bound | undefined =>
  bounds.toSorted((a, b) => byDay(b.day, a.day))[0]
