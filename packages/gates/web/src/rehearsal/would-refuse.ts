/**
 * What would have been refused: the records of a gate that only watches (`report`), read as a stream and added up by destination, so that a town sees what it has not declared before the gate begins to stop it.
 * Names in a record were chosen by terminals; memory is bounded whatever they asked for.
 */

/** Days on which a gate must have watched before it may begin to stop (`enforce`): two weeks have each weekday twice, and most monthly work once. */
export const WATCH_DAYS = 14

/** Different destinations that are kept; what comes beyond is counted and not listed. */
const ROWS_MAX = 2_000
const PEOPLE_MAX = 1_000
const ADDRESSES_MAX = 8
const OPEN_MAX = 50_000

/** One line of the record of requests. */
export type Entry = Readonly<Record<string, unknown>>

export interface WouldRefuseRow {
  readonly reason: string
  /** As asked for. */
  readonly target: string
  /** Declared service it belongs to; empty when none. */
  readonly service: string
  readonly count: number
  /** Ids, sorted. */
  readonly people: readonly string[]
  readonly departments: readonly string[]
  /** Where it was connected to, as far as it was seen. */
  readonly addresses: readonly string[]
  /** ISO 8601 of the first and the last request. */
  readonly since: string
  readonly last: string
}

interface Row {
  readonly reason: string
  readonly target: string
  readonly service: string
  readonly since: string
  last: string
  count: number
  readonly people: Set<string>
  readonly departments: Set<string>
  readonly addresses: Set<string>
}

export class WouldRefuse {
  readonly #from: string
  readonly #rows = new Map<string, Row>()
  readonly #open = new Map<string, Row>()
  readonly #days = new Set<string>()
  #mode: unknown
  /** Requests whose destination is not in a row of its own. */
  unlisted = 0

  /** @param from ISO 8601 in UTC; earlier requests do not count */
  constructor(from: string) {
    this.#from = from
  }

  /** Days, in Japan, on which the gate watched. */
  get days(): number {
    return this.#days.size
  }

  /** How the gate was set last: `report`, `enforce`, or nothing when the record does not say. */
  get mode(): unknown {
    return this.#mode
  }

  add(entry: Entry): void {
    const { kind, at, mode, number } = entry
    if (kind === 'orders' || kind === 'started') this.#mode = mode
    if (typeof at !== 'string' || at < this.#from) return
    if (kind === 'ended') return this.#end(entry)
    if (kind !== 'opened') return
    if (this.#mode === 'report') this.#days.add(dayInJapan(at))
    if (textOf(entry['reason']) === '') return
    const row = this.#rowOf(entry, at)
    if (!row) return void (this.unlisted += 1)
    row.count += 1
    if (at > row.last) row.last = at
    put(row.people, textOf(entry['client']), PEOPLE_MAX)
    put(row.departments, textOf(entry['department']), PEOPLE_MAX)
    // A gate that was killed leaves some without an end.
    if (this.#open.size >= OPEN_MAX) this.#open.clear()
    if (typeof number === 'string') this.#open.set(number, row)
  }

  /** Most often asked for first. */
  rows(): readonly WouldRefuseRow[] {
    return [...this.#rows.values()]
      .map(({ people, departments, addresses, ...rest }) => ({
        ...rest,
        people: [...people].toSorted(),
        departments: [...departments].toSorted(),
        addresses: [...addresses].toSorted(),
      }))
      .toSorted((a, b) => b.count - a.count || a.target.localeCompare(b.target, 'en'))
  }

  #rowOf(entry: Entry, at: string): Row | undefined {
    const [reason, target, service] = [entry['reason'], entry['target'], entry['service']].map(
      textOf,
    )
    const key = JSON.stringify([reason, target?.toLowerCase(), service])
    const known = this.#rows.get(key)
    if (known || this.#rows.size >= ROWS_MAX) return known
    const sets = { people: new Set<string>(), departments: new Set<string>() }
    const row: Row = {
      reason: reason ?? '',
      target: target ?? '',
      service: service ?? '',
      since: at,
      last: at,
      count: 0,
      ...sets,
      addresses: new Set(),
    }
    this.#rows.set(key, row)
    return row
  }

  #end(entry: Entry): void {
    const number = textOf(entry['number'])
    const row = this.#open.get(number)
    this.#open.delete(number)
    if (row) put(row.addresses, textOf(entry['address']), ADDRESSES_MAX)
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

function put(set: Set<string>, value: string, most: number): void {
  if (value !== '' && set.size < most) set.add(value)
}

const NINE_HOURS = 9 * 3_600_000

/** A million lines a day: no calendar is asked for each of them. Japan has had no summer time since 1951. */
const dayInJapan = (at: string): string =>
  new Date(Date.parse(at) + NINE_HOURS).toISOString().slice(0, 10)
