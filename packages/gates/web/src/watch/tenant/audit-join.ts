/**
 * What the tenant says our people did, beside what the gate saw of them. The gate knows when somebody had a connection and how much it sent, not which file: a finding is a question to a person, no proof.
 */
import type { Town, WebGate } from '@sekisho/core'
import { watchTerms } from '../day-watch.ts'
import type { WatchedRequest } from '../watched-request.ts'
import type { AuditEvent } from './audit-event.ts'

export const AUDIT_KINDS = ['foreign-tenant', 'elsewhere', 'beside', 'upload', 'stranger'] as const
/**
 * `foreign-tenant`: in a tenant that is not the town's. `elsewhere`: from an address that is not the town's. `beside`: nothing of it went through the gate. `upload`: a file went there, and the gate saw nothing
 * go. `stranger`: somebody whom the town does not have.
 */
export type AuditKind = (typeof AUDIT_KINDS)[number]

export interface AuditFinding {
  readonly kind: AuditKind
  /** Sign-in name. Hostile text. */
  readonly user: string
  /** Id of the person; empty for a stranger. */
  readonly person: string
  readonly workload: string
  readonly operation: string
  readonly address: string
  readonly organization: string
  readonly count: number
  /** Of these, what the service refused. */
  readonly failed: number
  readonly first: string
  readonly last: string
  /** Some of the files or mailboxes. Hostile text. */
  readonly objects: readonly string[]
}

export interface AuditResult {
  readonly findings: readonly AuditFinding[]
  readonly events: number
  /** Events that came again under the same id. */
  readonly twice: number
  /** Events of the service's own accounts, which are no people. */
  readonly system: number
  /** Events that agree with the gate. */
  readonly agreed: number
  /** Events and findings beyond the bounds. */
  readonly beyond: number
  /** What the town would have to write down for more to be found. */
  readonly blind: readonly ('seenAs' | 'directory' | 'mail')[]
}

/** Operations that put a file there. The names are those of the audit log's activity list, not verified against a tenant. */
const UPLOADS: ReadonlySet<string> = new Set([
  'FileUploaded',
  'FileUploadedPartial',
  'FileSyncUploadedFull',
  'FileSyncUploadedPartial',
  'FileModified',
])

/** Milliseconds of a slot; a connection counts for those it touches and one on each side. */
const SLOT = 300_000
const AROUND = 2
export const AUDIT_LIMITS = { events: 200_000, findings: 20_000, slots: 2_000_000, begun: 200_000 }
const OBJECTS = 3
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u

type Row = { -readonly [K in keyof AuditFinding]: AuditFinding[K] } & { objects: string[] }

export class AuditJoin {
  readonly #town: Town
  readonly #tenants: ReadonlySet<string>
  readonly #seenAs: ReadonlySet<string>
  readonly #people: ReadonlyMap<string, string>
  readonly #limits: typeof AUDIT_LIMITS
  readonly #events: AuditEvent[] = []
  readonly #ids = new Set<string>()
  /** Person to slot to bytes sent by connections that touch it. */
  readonly #active = new Map<string, Map<number, number>>()
  readonly #begun = new Map<string, { readonly person: string; readonly slot: number }>()
  #slots = 0
  #now = 0
  #twice = 0
  #beyond = 0

  constructor(town: Town, gate: WebGate, limits = AUDIT_LIMITS) {
    this.#town = town
    this.#limits = limits
    const named = gate.services.flatMap(({ tenants }) =>
      tenants ? [...tenants.allowed, ...(tenants.directory ? [tenants.directory] : [])] : [],
    )
    this.#tenants = new Set(named.map((one) => one.toLowerCase()).filter((one) => GUID.test(one)))
    this.#seenAs = new Set(watchTerms(gate).seenAs.map((one) => one.toLowerCase()))
    this.#people = new Map(
      town.people.flatMap(({ id, mail }) => (mail === undefined ? [] : [[mail.toLowerCase(), id]])),
    )
  }

  /** First all events, then the gate's record of their time. */
  event(event: AuditEvent): void {
    if (this.#ids.has(event.id)) return void (this.#twice += 1)
    if (this.#events.length >= this.#limits.events) return void (this.#beyond += 1)
    this.#ids.add(event.id)
    this.#events.push(event)
  }

  /** When the first and the last of them were; undefined without any. */
  span(): { readonly first: string; readonly last: string } | undefined {
    const times = this.#events.map(({ at }) => at)
    const first = times.reduce((a, b) => (a < b ? a : b), times[0] ?? '')
    const last = times.reduce((a, b) => (a > b ? a : b), '')
    return last === '' ? undefined : { first, last }
  }

  request({ kind, number, person, at, up }: WatchedRequest): void {
    const slot = Math.floor(Date.parse(at) / SLOT)
    this.#now = Math.max(this.#now, slot)
    if (person === '') return
    if (kind === 'opened' && this.#begun.size < this.#limits.begun)
      this.#begun.set(number, { person, slot })
    if (kind !== 'ended') return
    const begun = this.#begun.get(number)?.slot ?? slot
    this.#begun.delete(number)
    this.#touch(person, begun, slot, up)
  }

  result(): AuditResult {
    // What is still open has sent nothing that is on record, and is there all the same.
    for (const { person, slot } of this.#begun.values()) this.#touch(person, slot, this.#now, 0)
    this.#begun.clear()
    const rows = new Map<string, Row>()
    let [system, agreed] = [0, 0]
    for (const event of this.#events) {
      const kinds = this.#kindsOf(event)
      if (kinds === 'system') system += 1
      else if (kinds.length === 0) agreed += 1
      else for (const kind of kinds) this.#add(rows, kind, event)
    }
    return {
      findings: [...rows.values()].toSorted(
        (a, b) => AUDIT_KINDS.indexOf(a.kind) - AUDIT_KINDS.indexOf(b.kind) || b.count - a.count,
      ),
      events: this.#events.length,
      twice: this.#twice,
      system,
      agreed,
      beyond: this.#beyond,
      blind: this.#blind(),
    }
  }

  #kindsOf(event: AuditEvent): readonly AuditKind[] | 'system' {
    const { user, organization, address, operation, at } = event
    const foreign =
      this.#tenants.size > 0 && organization !== '' && !this.#tenants.has(organization)
        ? (['foreign-tenant'] as const)
        : []
    const person = this.#people.get(user)
    // `app@sharepoint`, `S-1-5-18`, a GUID: the service itself.
    if (person === undefined)
      return /^[^@\s]+@[^@\s]+\.[^@\s]+$/u.test(user) ? [...foreign, 'stranger'] : 'system'
    if (this.#seenAs.size > 0 && address !== '' && !this.#seenAs.has(address))
      return [...foreign, 'elsewhere']
    const sent = this.#sentAround(person, Math.floor(Date.parse(at) / SLOT))
    if (sent === undefined) return [...foreign, 'beside']
    return UPLOADS.has(operation) && sent === 0 ? [...foreign, 'upload'] : foreign
  }

  /** Bytes of connections about that time; undefined when there was none. */
  #sentAround(person: string, slot: number): number | undefined {
    const slots = this.#active.get(person)
    const sent = Array.from({ length: 2 * AROUND + 1 }, (_, nth) =>
      slots?.get(slot - AROUND + nth),
    ).filter((one) => one !== undefined)
    return sent.length === 0 ? undefined : Math.max(...sent)
  }

  #touch(person: string, from: number, to: number, up: number): void {
    const slots = this.#active.get(person) ?? new Map<number, number>()
    this.#active.set(person, slots)
    for (let slot = from; slot <= to; slot += 1) {
      if (!slots.has(slot)) this.#slots += 1
      if (this.#slots > this.#limits.slots) return void (this.#beyond += 1)
      slots.set(slot, (slots.get(slot) ?? 0) + up)
    }
  }

  #add(rows: Map<string, Row>, kind: AuditKind, event: AuditEvent): void {
    const { user, workload, operation, address, organization, at, object } = event
    const key = [kind, user, workload, operation, address, organization].join('\n')
    let row = rows.get(key)
    if (!row) {
      if (rows.size >= this.#limits.findings) return void (this.#beyond += 1)
      const person = this.#people.get(user) ?? ''
      const fields = { kind, user, person, workload, operation, address, organization }
      row = { ...fields, count: 0, failed: 0, first: at, last: at, objects: [] }
      rows.set(key, row)
    }
    row.count += 1
    if (event.failed) row.failed += 1
    if (at < row.first) row.first = at
    if (at > row.last) row.last = at
    if (object !== '' && row.objects.length < OBJECTS && !row.objects.includes(object))
      row.objects.push(object)
  }

  #blind(): AuditResult['blind'] {
    return [
      ...(this.#seenAs.size === 0 ? (['seenAs'] as const) : []),
      ...(this.#tenants.size === 0 ? (['directory'] as const) : []),
      ...(this.#people.size < this.#town.people.length ? (['mail'] as const) : []),
    ]
  }
}
