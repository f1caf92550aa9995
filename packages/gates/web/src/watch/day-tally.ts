/** Counts the lines of one day, one after the other. */
import type { IsoDate } from '@sekisho/core'
import type { DayAmount, DayDestination, DayRefusal, DaySeat, DayTotals } from './day-totals.ts'
import { hourInJapan } from './japan-clock.ts'
import type { WatchedRequest } from './watched-request.ts'

/** Rows kept of each kind. A town of 184 with ten services fills some thousands. */
export const TALLY_LIMITS = {
  amounts: 50_000,
  destinations: 10_000,
  /** Destinations that one asker adds: who asks for ten thousand invented names must not push the next one off the page. */
  perAsker: 500,
  refusals: 10_000,
  seats: 5_000,
  /** Connections under way at a time. */
  begun: 200_000,
  peopleNamed: 20,
}
type Limits = typeof TALLY_LIMITS

type Open<T> = { -readonly [K in keyof T]: T[K] }

export class DayTally {
  readonly #day: IsoDate
  readonly #limits: Limits
  readonly #amounts = new Map<string, Open<DayAmount>>()
  readonly #destinations = new Map<string, Open<DayDestination>>()
  readonly #added = new Map<string, number>()
  readonly #refusals = new Map<string, Open<DayRefusal>>()
  readonly #seats = new Map<string, DaySeat>()
  /** Number of a connection under way to the hour in which it began. */
  readonly #begun = new Map<string, number>()
  #lines = 0
  #beyond = 0

  constructor(day: IsoDate, limits: Limits = TALLY_LIMITS) {
    this.#day = day
    this.#limits = limits
  }

  add(request: WatchedRequest): void {
    this.#lines += 1
    this.#addAmount(request)
    this.#addDestination(request)
    this.#addSeat(request)
    if (request.kind !== 'ended' && request.reason !== '') this.#addRefusal(request)
  }

  totals(): DayTotals {
    return {
      day: this.#day,
      lines: this.#lines,
      amounts: [...this.#amounts.values()],
      destinations: [...this.#destinations.values()],
      refusals: [...this.#refusals.values()],
      seats: [...this.#seats.values()],
      beyond: this.#beyond,
    }
  }

  #addAmount(request: WatchedRequest): void {
    const { number, kind, up, down } = request
    const hour = hourInJapan(request.at)
    const row = this.#amountAt(hour, request)
    if (kind === 'opened' && this.#begun.size < this.#limits.begun) this.#begun.set(number, hour)
    if (kind === 'ended') {
      const begun = this.#amountAt(this.#begun.get(number) ?? hour, request)
      this.#begun.delete(number)
      if (begun) begun.begunUp += up
    }
    if (!row) return
    if (kind === 'opened') row.opened += 1
    if (kind === 'refused') row.refused += 1
    row.up += up
    row.down += down
  }

  #amountAt(
    hour: number,
    { service, department, person }: WatchedRequest,
  ): Open<DayAmount> | undefined {
    return this.#row(this.#amounts, [hour, service, department, person], 'amounts', () => ({
      hour,
      service,
      department,
      person,
      opened: 0,
      refused: 0,
      up: 0,
      down: 0,
      begunUp: 0,
    }))
  }

  #addDestination(request: WatchedRequest): void {
    const { target, service, person, from, department, at, kind, up, down } = request
    const asker = person || from
    const key = [target, service].join('\n')
    if (!this.#destinations.has(key)) {
      const added = this.#added.get(asker) ?? 0
      if (added >= this.#limits.perAsker) return void (this.#beyond += 1)
      this.#added.set(asker, added + 1)
    }
    const row = this.#row(this.#destinations, [target, service], 'destinations', () => ({
      target,
      service,
      departments: [],
      people: [],
      opened: 0,
      refused: 0,
      watched: 0,
      up: 0,
      down: 0,
      first: at,
      last: at,
    }))
    if (!row) return
    this.#name(row.people, asker)
    if (department !== '') this.#name(row.departments, department)
    if (kind === 'opened') row.opened += 1
    if (kind === 'opened' && request.reason !== '') row.watched += 1
    if (kind === 'refused') row.refused += 1
    row.up += up
    row.down += down
    row.last = at
  }

  #addRefusal(request: WatchedRequest): void {
    const { reason, service, department, person, from, at, target } = request
    const key = [reason, service, person, person === '' ? from : '']
    const row = this.#row(this.#refusals, key, 'refusals', () => ({
      reason,
      service,
      department,
      person,
      from,
      count: 0,
      first: at,
      last: at,
      target,
    }))
    if (!row) return
    row.count += 1
    row.last = at
  }

  #addSeat({ from, person, department }: WatchedRequest): void {
    if (person !== '')
      this.#row(this.#seats, [from, person], 'seats', () => ({ from, person, department }))
  }

  #name(names: string[], one: string): void {
    if (!names.includes(one) && names.length < this.#limits.peopleNamed) names.push(one)
  }

  /** The row of a key, begun if there is room for one more. */
  #row<Row>(
    rows: Map<string, Row>,
    key: readonly (string | number)[],
    kind: keyof Limits,
    begin: () => Row,
  ): Row | undefined {
    const joined = key.join('\n')
    const known = rows.get(joined)
    if (known) return known
    if (rows.size >= this.#limits[kind]) return void (this.#beyond += 1)
    const fresh = begin()
    rows.set(joined, fresh)
    return fresh
  }
}
