/**
 * Ways out that nobody declared: what left beside the gate, by the logs of firewalls and other proxies, and what terminals asked the gate for that no list has. Lines are hostile: none stops it, and what is
 * kept is bounded.
 */
import type { Town, WebGate } from '@sekisho/core'
import { addressText, declaredFlow, readLogLine } from '@sekisho/network'
import type { Declared, Use } from '@sekisho/network'
import { contains, readRange } from '@sekisho/town'
import type { AddressRange } from '@sekisho/town'
import type { WebPolicy } from '../destination/policy.ts'
import type { DayTotals } from './day-totals.ts'

export const DISCOVERY_KINDS = ['around', 'stopped', 'watched', 'asked'] as const
/**
 * `around`: a terminal left beside the gate. `stopped`: it tried, and a firewall denied it. `watched`: the gate let it through because it only watches. `asked`: the gate refused it as on no list.
 */
export type DiscoveryKind = (typeof DISCOVERY_KINDS)[number]

export interface Discovered {
  readonly kind: DiscoveryKind
  /** Name, or the address where the log has no name. Hostile text. */
  readonly target: string
  readonly port: string
  /** Id of the service whose list has the name: it could have gone through the gate. Empty when none has. */
  readonly service: string
  /** Addresses of terminals, the first of them. */
  readonly sources: readonly string[]
  /** Who used the gate from these addresses, or asked it. */
  readonly people: readonly string[]
  readonly count: number
  readonly passed: number
  readonly denied: number
  readonly up: number
  readonly down: number
  /** ISO 8601; empty when no line says it. */
  readonly first: string
  readonly last: string
}

export interface Discovery {
  readonly rows: readonly Discovered[]
  /** Lines of logs, and those that tell of no connection. */
  readonly lines: number
  readonly unread: number
  /** Connections that are as they should be: of the gate itself, declared, inside, or of another zone. */
  readonly passedOver: {
    readonly gate: number
    readonly declared: number
    readonly inside: number
    readonly elsewhere: number
  }
  /** Connections to destinations beyond the bound. */
  readonly beyond: number
}

export interface DiscoverTerms {
  readonly town: Town
  readonly gate: WebGate
  readonly policy: Pick<WebPolicy, 'placesOf'>
  readonly declared: Declared
  /** Seconds since 1970, for dates without a year. */
  readonly now: number
  /** Destinations kept. */
  readonly most?: number
}

const MOST = 20_000
const SOURCES = 50
const PEOPLE = 20

type Row = { -readonly [K in keyof Omit<Discovered, 'people'>]: Discovered[K] } & {
  readonly from: Set<string>
  readonly asked: Set<string>
}

export class Discoverer {
  readonly #terms: DiscoverTerms
  readonly #terminals: readonly AddressRange[]
  readonly #inside: readonly AddressRange[]
  readonly #gate: readonly AddressRange[]
  readonly #rows = new Map<string, Row>()
  /** Address to who used the gate from there. */
  readonly #seats = new Map<string, Set<string>>()
  readonly #over = { gate: 0, declared: 0, inside: 0, elsewhere: 0 }
  #lines = 0
  #unread = 0
  #beyond = 0

  constructor(terms: DiscoverTerms) {
    this.#terms = terms
    const { town, gate } = terms
    const zone = town.zones.find(({ id }) => id === gate.from)
    const hosts = town.systems.find(({ id }) => id === gate.system)?.hosts ?? []
    this.#terminals = rangesOf(zone?.networks ?? [])
    this.#inside = rangesOf(town.zones.flatMap(({ networks }) => networks))
    this.#gate = rangesOf(hosts.flatMap(({ addresses }) => addresses))
  }

  /** One line of a firewall's or another proxy's log. */
  line(text: string): void {
    if (text.trim() === '') return
    this.#lines += 1
    const use = readLogLine(text, this.#terms.now)
    if (use) this.#use(use)
    else this.#unread += 1
  }

  /** A day of the gate's own record. */
  day({ destinations, seats }: DayTotals): void {
    for (const { from, person } of seats) namesAt(this.#seats, from).add(person)
    for (const one of destinations) {
      const { host, port } = partsOf(one.target)
      const kind = one.watched > 0 ? 'watched' : 'asked'
      if (kind === 'asked' && (one.opened > 0 || this.#serviceOf(host) !== '')) continue
      const row = this.#row(kind, host, port)
      if (!row) continue
      row.count += one.opened + one.refused
      row.passed += one.watched
      row.denied += one.refused
      row.up += one.up
      row.down += one.down
      for (const asker of one.people) if (row.asked.size < PEOPLE) row.asked.add(asker)
      between(row, one.first)
      between(row, one.last)
    }
  }

  result(): Discovery {
    return {
      rows: [...this.#rows.values()].map((row) => this.#told(row)).toSorted(byWeight),
      lines: this.#lines,
      unread: this.#unread,
      passedOver: this.#over,
      beyond: this.#beyond,
    }
  }

  #use(use: Use): void {
    const { source, target } = use
    if (source && within(this.#gate, source)) return void (this.#over.gate += 1)
    if (!source || !within(this.#terminals, source)) return void (this.#over.elsewhere += 1)
    // To the gate, a file server, a printer: the log of a firewall is full of them.
    if (target && within(this.#inside, target)) return void (this.#over.inside += 1)
    if (this.#isDeclared(use)) return void (this.#over.declared += 1)
    const where = use.name ?? (target ? addressText(target.family, target.first) : '')
    const row = this.#row(use.ended === 'denied' ? 'stopped' : 'around', where, use.port ?? '')
    if (!row) return
    row.count += 1
    if (use.ended === 'passed') row.passed += 1
    if (use.ended === 'denied') row.denied += 1
    row.up += use.up ?? 0
    row.down += use.down ?? 0
    if (row.from.size < SOURCES) row.from.add(addressText(source.family, source.first))
    if (use.at !== undefined) between(row, isoOf(use.at))
  }

  /** A proxy's line does not say who asked the firewall; were the gate's own flows counted, whoever goes to a listed service by another proxy would pass for the gate. */
  #isDeclared(use: Use): boolean {
    const { declared, gate } = this.#terms
    if (use.seenBy === 'firewall') return declaredFlow(use, declared) !== undefined
    const others = declared.permits.filter(({ flow }) => flow.gate !== gate.id)
    return declaredFlow(use, { ...declared, permits: others }) !== undefined
  }

  #row(kind: DiscoveryKind, target: string, port: number | string): Row | undefined {
    const key = [kind, target, port].join('\n')
    const known = this.#rows.get(key)
    if (known) return known
    if (this.#rows.size >= (this.#terms.most ?? MOST)) return void (this.#beyond += 1)
    const row: Row = {
      kind,
      target,
      port: String(port),
      service: this.#serviceOf(target),
      sources: [],
      count: 0,
      passed: 0,
      denied: 0,
      up: 0,
      down: 0,
      first: '',
      last: '',
      from: new Set(),
      asked: new Set(),
    }
    this.#rows.set(key, row)
    return row
  }

  #serviceOf(host: string): string {
    return this.#terms.policy.placesOf(host)[0]?.service.service ?? ''
  }

  #told({ from, asked, ...row }: Row): Discovered {
    const seated = [...from].flatMap((address) => [...(this.#seats.get(address) ?? [])])
    const people = [...new Set([...asked, ...seated])].slice(0, PEOPLE)
    return { ...row, sources: [...from], people }
  }
}

const byWeight = (a: Discovered, b: Discovered): number =>
  DISCOVERY_KINDS.indexOf(a.kind) - DISCOVERY_KINDS.indexOf(b.kind) ||
  b.up + b.down - a.up - a.down ||
  b.count - a.count

function between(row: Row, at: string): void {
  if (row.first === '' || at < row.first) row.first = at
  if (at > row.last) row.last = at
}

/** A log may name any second; beyond what a date can hold is no time. */
function isoOf(seconds: number): string {
  const date = new Date(seconds * 1_000)
  return Number.isNaN(date.getTime()) ? '' : date.toISOString()
}

function namesAt(seats: Map<string, Set<string>>, address: string): Set<string> {
  const known = seats.get(address)
  if (known) return known
  const fresh = new Set<string>()
  seats.set(address, fresh)
  return fresh
}

function partsOf(target: string): { readonly host: string; readonly port: string } {
  const [, host = target, port = ''] = /^(.*):(\d{1,5})$/u.exec(target) ?? []
  return { host, port }
}

const rangesOf = (texts: readonly string[]): readonly AddressRange[] =>
  texts.flatMap((text) => readRange(text) ?? [])

const within = (ranges: readonly AddressRange[], address: AddressRange): boolean =>
  ranges.some((range) => contains(range, address))
