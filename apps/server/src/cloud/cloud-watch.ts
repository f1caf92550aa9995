/** Looks after a cloud gate from outside of it: reads what it wrote, tells what is unusual, and lets nothing through. */
import type { IsoDate, Town, WebGate } from '@sekisho/core'
import {
  AuditJoin,
  DayWatch,
  Discoverer,
  RangeTally,
  RecordTexts,
  USUAL_DAYS,
  readAuditEvent,
  readLists,
  sortedAlerts,
  standingAlerts,
  standingOf,
  watchTerms,
  webPolicy,
} from '@sekisho/gates/web'
import type {
  Acknowledged,
  Alert,
  AuditResult,
  Discovery,
  RangeTotals,
  WatchFilter,
} from '@sekisho/gates/web'
import { declare, noon } from '@sekisho/network'
import { daysAfter, todayInJapan } from '@sekisho/town'
import { readAlertRecord } from './alert-record.ts'
import { readCuts } from './cuts.ts'
import type { ReadRequests } from './read-requests.ts'
import { RequestDays, eachRequest } from './request-days.ts'

export interface CloudWatchPlaces {
  readonly dataDir: string
  /** Folder of lists. */
  readonly lists: string
  readonly town: Town
  readonly gate: WebGate
  readonly now?: () => Date
}

export interface WatchedAlert {
  readonly alert: Alert
  /** Absent as long as nobody has taken note of it. */
  readonly acknowledged?: Acknowledged
  /** Whether somebody was told of it before. */
  readonly told: boolean
}

export interface CloudAlerts {
  readonly alerts: readonly WatchedAlert[]
  /** Too few days are on record to say which destination is new. */
  readonly learning: boolean
}

/** Days of which alerts are shown; an older one stands in the record of alerts only. */
export const ALERT_DAYS = 31

const DAY_MS = 86_400_000

export class CloudWatch {
  readonly #places: CloudWatchPlaces
  readonly #days: RequestDays
  readonly #now: () => Date

  constructor(places: CloudWatchPlaces) {
    this.#places = places
    this.#days = new RequestDays(places.dataDir)
    this.#now = places.now ?? (() => new Date())
  }

  get today(): IsoDate {
    return todayInJapan(this.#now())
  }

  /** Days on record, oldest first. */
  days(): Promise<readonly IsoDate[]> {
    return this.#days.days()
  }

  async totals(
    from: IsoDate,
    to: IsoDate,
    filter: WatchFilter,
  ): Promise<{ readonly totals: RangeTotals; readonly broken?: ReadRequests['broken'] }> {
    const tally = new RangeTally(filter)
    const broken = await this.#days.read(from, to, (day) => tally.add(day))
    return { totals: tally.totals(), ...(broken && { broken }) }
  }

  async alerts(): Promise<CloudAlerts> {
    const { dataDir, gate } = this.#places
    const terms = watchTerms(gate)
    const watch = new DayWatch(terms)
    const found: Alert[] = []
    const since = daysAfter(this.today, 1 - ALERT_DAYS)
    const broken = await this.#days.read(daysAfter(since, -USUAL_DAYS), this.today, (day) => {
      const told = watch.look(day)
      if (day.day >= since) found.push(...told)
    })
    const standing = standingAlerts(
      {
        today: this.today,
        now: this.#now().toISOString(),
        listDays: gate.listDays,
        standings: await this.#standings(),
        cuts: await readCuts(dataDir),
        ...(broken && { broken }),
      },
      terms,
    )
    const { told, acknowledged } = await readAlertRecord(dataDir)
    const alerts = sortedAlerts([...standing, ...found]).map((alert): WatchedAlert => {
      const note = acknowledged.get(alert.id)
      return { alert, told: told.has(alert.id), ...(note && { acknowledged: note }) }
    })
    return { alerts, learning: watch.learning }
  }

  /** Looks for ways out that nobody declared: the gate's record of a period first, then what `feed` tells of logs. */
  async discover(
    from: IsoDate,
    to: IsoDate,
    feed: (line: (text: string) => void) => Promise<void>,
  ): Promise<Discovery> {
    const { town, gate } = this.#places
    const discoverer = new Discoverer({
      town,
      gate,
      policy: webPolicy(town, gate, await this.#standings(), this.today),
      declared: declare(town, { at: this.today }),
      now: noon(this.today),
    })
    await this.#days.read(from, to, (day) => discoverer.day(day))
    await feed((text) => discoverer.line(text))
    return discoverer.result()
  }

  /** Joins a tenant's audit log, which `feed` tells in pieces, with the gate's record of the same time. */
  async auditLog(
    feed: (piece: (text: string) => void) => Promise<void>,
  ): Promise<AuditResult & { readonly unread: number }> {
    const { dataDir, town, gate } = this.#places
    const join = new AuditJoin(town, gate)
    let unread = 0
    const texts = new RecordTexts((text) => {
      const event = readAuditEvent(text)
      if (event) join.event(event)
      else unread += 1
    })
    await feed((piece) => texts.push(piece))
    texts.end()
    const span = join.span()
    // From the day before: a connection may have begun then.
    if (span) {
      const from = `${daysAfter(todayInJapan(new Date(span.first)), -1)}.jsonl`
      const until = new Date(Date.parse(span.last) + DAY_MS).toISOString()
      await eachRequest(dataDir, from, (request) => {
        if (request.at <= until) join.request(request)
      })
    }
    return { ...join.result(), unread: unread + texts.unread }
  }

  async #standings() {
    const { gate, town, lists } = this.#places
    const { signers, listDays } = gate
    const terms = { signers, listDays, people: town.people, at: this.today }
    const ids = [...new Set(gate.services.map(({ list }) => list))]
    return new Map(
      await Promise.all(
        ids.map(async (id) => [id, standingOf(await readLists(lists, id), terms)] as const),
      ),
    )
  }
}
