/**
 * A line of the gate's own record as the watch reads it. The line was written by the gate; what stands in it was asked for by a terminal. It is read strictly all the same: the folder may have been
 * somebody else's for a while.
 */
import { addressOf } from './same-address.ts'

export interface WatchedRequest {
  readonly number: string
  readonly kind: 'opened' | 'refused' | 'noticed' | 'ended'
  /** ISO 8601, UTC. */
  readonly at: string
  /** Id of a person or machine; empty when nobody knows. */
  readonly person: string
  readonly department: string
  /** Address of the terminal, a mapped one without its prefix. */
  readonly from: string
  /** `host:port`, lower case. Hostile text. */
  readonly target: string
  readonly service: string
  /** Reason id; empty when there is none. */
  readonly reason: string
  readonly up: number
  readonly down: number
}

/** `request` is not among them: what a request inside a connection sent is counted again when the connection has ended. */
const KINDS = ['opened', 'refused', 'noticed', 'ended'] as const
/** Characters of a value that are kept; a name has 253. */
const LONGEST = 300

/** @returns undefined for lines about the gate itself (started, cut), and for what is no line of the record */
export function readWatched(entry: Readonly<Record<string, unknown>>): WatchedRequest | undefined {
  const kind = KINDS.find((one) => one === entry['kind'])
  const at = entry['at']
  if (kind === undefined || typeof at !== 'string' || !isTime(at)) return undefined
  return {
    number: textOf(entry['number']),
    kind,
    at,
    person: textOf(entry['client']),
    department: textOf(entry['department']),
    from: addressOf(textOf(entry['from'])),
    target: textOf(entry['target']).toLowerCase(),
    service: textOf(entry['service']),
    reason: textOf(entry['reason']),
    up: bytesOf(entry['up']),
    down: bytesOf(entry['down']),
  }
}

/** As `Date.prototype.toISOString` writes it, which is what the record holds. */
export function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u.test(text) && !Number.isNaN(Date.parse(text))
}

// A line end inside would make one key of two.
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value.slice(0, LONGEST).replaceAll('\n', ' ') : ''

const bytesOf = (value: unknown): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0
