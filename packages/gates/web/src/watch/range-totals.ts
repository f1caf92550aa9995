/** The days of a period put together, as the page shows them. */
import type { IsoDate } from '@sekisho/core'
import type { DayAmount, DayDestination, DayTotals } from './day-totals.ts'

/** What is looked at; empty text for all. */
export interface WatchFilter {
  readonly service: string
  readonly department: string
  readonly person: string
}

export interface Total {
  readonly opened: number
  readonly refused: number
  readonly up: number
  readonly down: number
}

export interface NamedTotal extends Total {
  /** Id, day, or hour as two digits. */
  readonly key: string
}

export interface ReasonTotal {
  readonly reason: string
  readonly count: number
  /** People and terminals, up to a bound. */
  readonly askers: number
  readonly first: string
  readonly last: string
  /** One of the destinations. Hostile text. */
  readonly target: string
}

export interface RangeTotals {
  readonly all: Total
  readonly days: readonly NamedTotal[]
  readonly hours: readonly NamedTotal[]
  readonly services: readonly NamedTotal[]
  readonly departments: readonly NamedTotal[]
  readonly people: readonly NamedTotal[]
  readonly reasons: readonly ReasonTotal[]
  /** Not narrowed to one person: of a destination only some of its people are kept. */
  readonly destinations: readonly DayDestination[]
  readonly lines: number
  readonly beyond: number
}

/** Destinations kept over all days, and people named for each. */
const MOST_DESTINATIONS = 20_000
const PEOPLE_NAMED = 20
const MOST_ASKERS = 1_000

export const TOTAL_ORDERS = ['bytes', 'up', 'opened', 'refused'] as const
export type TotalOrder = (typeof TOTAL_ORDERS)[number]

/** The same rows, the most first. Days and hours stay in their order. */
export function inOrder(totals: RangeTotals, order: TotalOrder): RangeTotals {
  const weigh = (row: Total): number => (order === 'bytes' ? row.up + row.down : row[order])
  const sorted = <Row extends Total>(rows: readonly Row[]): readonly Row[] =>
    rows.toSorted((a, b) => weigh(b) - weigh(a))
  const { services, departments, people, destinations } = totals
  return {
    ...totals,
    services: sorted(services),
    departments: sorted(departments),
    people: sorted(people),
    destinations: sorted(destinations),
  }
}

type Open<T> = { -readonly [K in keyof T]: T[K] }

/** Takes days one at a time, so that a year needs no more memory than its result. */
export class RangeTally {
  readonly #filter: WatchFilter
  readonly #all = nothing('')
  readonly #by = {
    days: new Map<string, Open<NamedTotal>>(),
    hours: new Map<string, Open<NamedTotal>>(),
    services: new Map<string, Open<NamedTotal>>(),
    departments: new Map<string, Open<NamedTotal>>(),
    people: new Map<string, Open<NamedTotal>>(),
  }
  readonly #reasons = new Map<string, Open<ReasonTotal> & { readonly who: Set<string> }>()
  readonly #destinations = new Map<string, Open<DayDestination>>()
  #lines = 0
  #beyond = 0

  constructor(filter: WatchFilter) {
    this.#filter = filter
  }

  add(day: DayTotals): void {
    this.#lines += day.lines
    this.#beyond += day.beyond
    for (const row of day.amounts) if (this.#wanted(row)) this.#addAmount(day.day, row)
    for (const row of day.refusals) if (this.#wanted(row)) this.#addReason(row)
    for (const row of day.destinations) this.#addDestination(row)
  }

  totals(): RangeTotals {
    const sorted = (rows: Map<string, NamedTotal>): readonly NamedTotal[] => [...rows.values()]
    const { key: _, ...all } = this.#all
    return {
      all,
      days: sorted(this.#by.days).toSorted((a, b) => (a.key < b.key ? -1 : 1)),
      hours: sorted(this.#by.hours).toSorted((a, b) => (a.key < b.key ? -1 : 1)),
      services: sorted(this.#by.services).toSorted(byWeight),
      departments: sorted(this.#by.departments).toSorted(byWeight),
      people: sorted(this.#by.people).toSorted(byWeight),
      reasons: [...this.#reasons.values()]
        .map(({ who, ...reason }) => ({ ...reason, askers: who.size }))
        .toSorted((a, b) => b.count - a.count),
      destinations: [...this.#destinations.values()].toSorted(
        (a, b) => b.up + b.down - a.up - a.down || b.refused - a.refused,
      ),
      lines: this.#lines,
      beyond: this.#beyond,
    }
  }

  #wanted(row: { readonly service: string; readonly department: string; readonly person: string }) {
    const { service, department, person } = this.#filter
    return (
      (service === '' || row.service === service) &&
      (department === '' || row.department === department) &&
      (person === '' || row.person === person)
    )
  }

  #addAmount(day: IsoDate, row: DayAmount): void {
    add(this.#all, row)
    const hour = String(row.hour).padStart(2, '0')
    add(rowOf(this.#by.days, day), row)
    add(rowOf(this.#by.hours, hour), row)
    add(rowOf(this.#by.services, row.service), row)
    add(rowOf(this.#by.departments, row.department), row)
    add(rowOf(this.#by.people, row.person), row)
  }

  #addReason({
    reason,
    count,
    first,
    last,
    target,
    person,
    from,
  }: DayTotals['refusals'][number]): void {
    const known = this.#reasons.get(reason)
    const row = known ?? { reason, count: 0, askers: 0, first, last, target, who: new Set() }
    if (!known) this.#reasons.set(reason, row)
    row.count += count
    if (first < row.first) row.first = first
    if (last > row.last) row.last = last
    if (row.who.size < MOST_ASKERS) row.who.add(person || from)
  }

  #addDestination(row: DayDestination): void {
    const { service, department } = this.#filter
    if (service !== '' && row.service !== service) return
    if (department !== '' && !row.departments.includes(department)) return
    const key = `${row.target}\n${row.service}`
    const known = this.#destinations.get(key)
    if (known) return merge(known, row)
    if (this.#destinations.size >= MOST_DESTINATIONS) return void (this.#beyond += 1)
    this.#destinations.set(key, {
      ...row,
      people: [...row.people],
      departments: [...row.departments],
    })
  }
}

const byWeight = (a: Total, b: Total): number =>
  b.up + b.down - a.up - a.down || b.opened + b.refused - a.opened - a.refused

function nothing(key: string): Open<NamedTotal> {
  return { key, opened: 0, refused: 0, up: 0, down: 0 }
}

function rowOf(rows: Map<string, Open<NamedTotal>>, key: string): Open<NamedTotal> {
  const known = rows.get(key)
  if (known) return known
  const fresh = nothing(key)
  rows.set(key, fresh)
  return fresh
}

function add(row: Open<Total>, { opened, refused, up, down }: Total): void {
  row.opened += opened
  row.refused += refused
  row.up += up
  row.down += down
}

function merge(row: Open<DayDestination>, more: DayDestination): void {
  add(row, more)
  row.watched += more.watched
  if (more.first < row.first) row.first = more.first
  if (more.last > row.last) row.last = more.last
  for (const one of more.people)
    if (!row.people.includes(one) && row.people.length < PEOPLE_NAMED) row.people.push(one)
  for (const one of more.departments)
    if (!row.departments.includes(one) && row.departments.length < PEOPLE_NAMED)
      row.departments.push(one)
}
