/**
 * Looks at one day after the other and tells what is unusual in it. It knows amounts and names, not what was in a tunnel. An attacker who sends a little more each day moves what is usual along; the daily
 * limit of the service (`dailyBytes`) is what holds him.
 */
import { isHoliday, isWeekend } from '@sekisho/core'
import type { IsoDate, WebGate, WebWatch } from '@sekisho/core'
import { WEB_WATCH, daysAfter } from '@sekisho/town'
import { alertOf } from './alert.ts'
import type { Alert, AlertRule } from './alert.ts'
import type { DayDestination, DayRefusal, DayTotals } from './day-totals.ts'
import { hourOfDay } from './japan-clock.ts'

/** Days that say what is usual. */
export const USUAL_DAYS = 28
/** Days with traffic after which a name can be new: before, everything is. */
export const LEARNING_DAYS = 7
/** Names kept as known. */
const MOST_KNOWN = 100_000
const NAMES_TOLD = 20

/** Name, host and address that do not agree: somebody tries to look like somebody else, or stands between. */
const MISMATCH: ReadonlySet<string> = new Set([
  'X11-SNI',
  'X11-INNER',
  'X11-ADDRESS',
  'X11-TWIN',
  'X11-ECH',
  'X11-CERT',
])

/** A sign-in to another tenant than the town's. Not X11-TENANT: there the gate cannot hold the limit, and nobody did anything. */
const OTHER_TENANT = 'WEB-TENANT-OTHER'

export function watchTerms(gate: Pick<WebGate, 'watch'>): WebWatch {
  return { ...WEB_WATCH, ...gate.watch }
}

export class DayWatch {
  readonly #terms: WebWatch
  /** What a person (or, with an empty name, everybody) sent to a service, by day. */
  readonly #sent = new Map<string, { readonly day: IsoDate; readonly up: number }[]>()
  readonly #known = new Set<string>()
  #days = 0

  constructor(terms: WebWatch) {
    this.#terms = terms
  }

  /** Whether it has seen too few days to say what is new. */
  get learning(): boolean {
    return this.#days < LEARNING_DAYS
  }

  /** Days come in their order. What is found is judged by the days before it. */
  look(day: DayTotals): readonly Alert[] {
    const found = [
      ...this.#spikes(day),
      ...this.#news(day),
      ...this.#offHours(day),
      ...this.#refused(
        day,
        'WATCH-MISMATCH',
        ({ reason }) => MISMATCH.has(reason),
        this.#terms.mismatches,
      ),
      ...this.#refused(day, 'WATCH-TENANT', ({ reason }) => reason === OTHER_TENANT, 1),
    ]
    this.#learn(day)
    return found
  }

  #spikes(day: DayTotals): readonly Alert[] {
    const { spikeBytes, spikeTimes } = this.#terms
    return [...sentOf(day)].flatMap(([key, { up, department, hour }]) => {
      const usual = median((this.#sent.get(key) ?? []).map((one) => one.up))
      const limit = Math.max(spikeBytes, usual * spikeTimes)
      if (up <= limit) return []
      const [person = '', service = ''] = key.split('\n')
      const since = hourOfDay(day.day, hour)
      const fields = { rule: 'WATCH-SPIKE' as const, since, person, department, service }
      return [told(day, { ...fields, bytes: up, usual }, grade(up, limit))]
    })
  }

  /** One alert for each service: what came later makes it another, so that nobody takes note of a name unseen. */
  #news(day: DayTotals): readonly Alert[] {
    if (this.learning) return []
    const fresh = day.destinations.filter(
      (one) => one.opened > 0 && !this.#known.has(knownKey(one)),
    )
    return [...Map.groupBy(fresh, ({ service }) => service)].map(([service, all]) => {
      const names = all.map(({ target }) => target).toSorted()
      const since = all.map(({ first }) => first).toSorted()[0]!
      const [person = ''] = all.length === 1 && all[0]!.people.length === 1 ? all[0]!.people : []
      const bytes = all.reduce((sum, { up }) => sum + up, 0)
      const fields = { rule: 'WATCH-NEW' as const, since, service, person, bytes }
      return told(day, { ...fields, count: names.length, names: names.slice(0, NAMES_TOLD) }, names)
    })
  }

  #offHours(day: DayTotals): readonly Alert[] {
    const { offHoursBytes } = this.#terms
    const late = day.amounts.filter(
      ({ person, hour }) => person !== '' && !isOffice(day.day, hour, this.#terms),
    )
    return [...Map.groupBy(late, ({ person }) => person)].flatMap(([person, rows]) => {
      const bytes = rows.reduce((sum, { begunUp }) => sum + begunUp, 0)
      if (bytes <= offHoursBytes) return []
      const since = hourOfDay(day.day, Math.min(...rows.map(({ hour }) => hour)))
      const { department } = rows[0]!
      const fields = { rule: 'WATCH-HOURS' as const, since, person, department, bytes }
      return [told(day, fields, grade(bytes, offHoursBytes))]
    })
  }

  #refused(
    day: DayTotals,
    rule: AlertRule,
    concerns: (refusal: DayRefusal) => boolean,
    least: number,
  ): readonly Alert[] {
    const rows = day.refusals.filter(concerns)
    const byAsker = Map.groupBy(rows, ({ person, from }) => person || `@${from}`)
    return [...byAsker.values()].flatMap((all) => {
      const count = all.reduce((sum, one) => sum + one.count, 0)
      if (count < least) return []
      const { person, department, from } = all[0]!
      const since = all.map(({ first }) => first).toSorted()[0]!
      const names = [...new Set(all.map(({ target }) => target))].slice(0, NAMES_TOLD)
      const fields = { rule, since, person, department, from: person === '' ? from : '' }
      return [told(day, { ...fields, count, names }, grade(count, least))]
    })
  }

  #learn(day: DayTotals): void {
    for (const one of day.destinations)
      if (one.opened > 0 && this.#known.size < MOST_KNOWN) this.#known.add(knownKey(one))
    const oldest = daysAfter(day.day, -USUAL_DAYS)
    for (const [key, { up }] of sentOf(day)) {
      const before = (this.#sent.get(key) ?? []).filter((one) => one.day > oldest)
      this.#sent.set(key, [...before, { day: day.day, up }])
    }
    if (day.lines > 0) this.#days += 1
  }
}

/** By person and service, and for everybody together by service. */
function sentOf(day: DayTotals) {
  const sent = new Map<string, { up: number; department: string; hour: number; most: number }>()
  for (const { person, service, department, up, hour } of day.amounts) {
    for (const key of new Set([`${person}\n${service}`, `\n${service}`])) {
      const whose = key.startsWith('\n') ? '' : department
      const row = sent.get(key) ?? { up: 0, department: whose, hour, most: -1 }
      row.up += up
      if (up > row.most) [row.hour, row.most] = [hour, up]
      sent.set(key, row)
    }
  }
  return sent
}

/** An hour counts as outside when all of it is: record and hours meet in whole hours. */
export function isOffice(day: IsoDate, hour: number, { hours, closed }: WebWatch): boolean {
  if (isWeekend(day) || isHoliday(day) || isTurnOfYear(day) || closed.includes(day)) return false
  const [begins, ends] = [hour, hour + 1].map((one) => `${String(one).padStart(2, '0')}:00`)
  return ends! > hours.from && begins! < hours.until
}

/** 29 December to 3 January, as the ordinances of towns commonly have it (地方自治法4条の2第2項3号 leaves the days to them). */
function isTurnOfYear(day: IsoDate): boolean {
  const date = day.slice(5)
  return date >= '12-29' || date <= '01-03'
}

const knownKey = ({ target, service }: DayDestination): string => `${target}\n${service}`

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
}

/** Doubled, it is another alert: what somebody took note of at 60 MB does not cover 600. */
const grade = (value: number, limit: number): number => Math.floor(Math.log2(value / limit))

function told(
  { day }: DayTotals,
  fields: Pick<Alert, 'rule' | 'since'> & Partial<Omit<Alert, 'id'>>,
  bound: unknown,
): Alert {
  const nothing = {
    person: '',
    department: '',
    from: '',
    service: '',
    count: 0,
    bytes: 0,
    usual: 0,
  }
  return alertOf({ ...nothing, names: [], day, ...fields }, bound)
}
