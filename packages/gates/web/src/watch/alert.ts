/** What a person is told of (知らせ), and who has looked at it. */
import { createHash } from 'node:crypto'
import type { IsoDate, Person } from '@sekisho/core'
import { canonical } from '@sekisho/town'

export const ALERT_RULES = [
  'WATCH-RECORD',
  'WATCH-TENANT',
  'WATCH-MISMATCH',
  'WATCH-SPIKE',
  'WATCH-NEW',
  'WATCH-HOURS',
  'WATCH-CUT',
  'WATCH-LIST',
] as const
export type AlertRule = (typeof ALERT_RULES)[number]

export interface Alert {
  /** Names this alert as it stands: the same again is the same, one that has grown is another. */
  readonly id: string
  readonly rule: AlertRule
  readonly day: IsoDate
  /** When it began, ISO 8601. */
  readonly since: string
  /** Id of a person or machine; empty when it is about none or nobody knows. */
  readonly person: string
  readonly department: string
  /** Address of the terminal, when nobody knows the person. */
  readonly from: string
  readonly service: string
  readonly count: number
  /** Bytes sent out. */
  readonly bytes: number
  /** Bytes of a usual day; 0 when there is none yet. */
  readonly usual: number
  /** Destinations, reasons, a list or a file, the first of them. Hostile text. */
  readonly names: readonly string[]
}

/** A person took note of an alert and said why. */
export interface Acknowledged {
  readonly alert: string
  /** Id of the person. */
  readonly by: string
  readonly reason: string
  readonly at: string
}

/**
 * @param bound what of it makes it another alert when it changes. Sixteen digits: whoever chooses the names in it could find two alike among eight, and have one acknowledged for the other.
 */
export function alertOf(fields: Omit<Alert, 'id'>, bound: unknown): Alert {
  const { rule, day, person, from, service } = fields
  const bytes = canonical([rule, day, person, from, service, bound])
  const id = `A-${createHash('sha256').update(bytes, 'utf8').digest('hex').slice(0, 16)}`
  return { id, ...fields }
}

export const ALERT_ID = /^A-[0-9a-f]{16}$/u

/** Most important first, then the latest. */
export function sortedAlerts(alerts: readonly Alert[]): readonly Alert[] {
  return alerts.toSorted(
    (a, b) =>
      ALERT_RULES.indexOf(a.rule) - ALERT_RULES.indexOf(b.rule) ||
      Date.parse(b.since) - Date.parse(a.since),
  )
}

/** Letters of a reason, at least and at most. */
export const REASON_LETTERS = { least: 4, most: 500 } as const

export type NotAcknowledged =
  | 'CLOUD-ALERT-GONE'
  | 'CLOUD-ALERT-ROLE'
  | 'CLOUD-ALERT-OWN'
  | 'CLOUD-ALERT-REASON'

/** May this person take note of it? Of what oneself did, somebody else takes note. @returns why not */
export function mayAcknowledge(
  alert: Alert | undefined,
  person: Person | undefined,
  reason: string,
): NotAcknowledged | undefined {
  if (!alert) return 'CLOUD-ALERT-GONE'
  if (!person || !person.roles.some((role) => role === 'it-officer' || role === 'ciso'))
    return 'CLOUD-ALERT-ROLE'
  if (alert.person === person.id) return 'CLOUD-ALERT-OWN'
  const letters = [...reason.trim()].length
  return letters < REASON_LETTERS.least || letters > REASON_LETTERS.most
    ? 'CLOUD-ALERT-REASON'
    : undefined
}
