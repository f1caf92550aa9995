/**
 * A snapshot of where a service is reached: names, ports and address ranges on a day, whatever file it came in. Immutable; a newer one is
 * another snapshot. What is judged, compared, signed and approved is this, never the file.
 */
import { createHash } from 'node:crypto'
import type { IsoDate } from '@sekisho/core'
import { canonical } from '@sekisho/town'
import type { Ports } from '@sekisho/town'

/** One set of destinations that belong together. */
export interface Destination {
  /** Stable over versions; of Microsoft 365 the number of the endpoint set. */
  readonly id: string
  /** Part of the service that a town can take or leave, e.g. `Exchange`; `Common` is always taken. */
  readonly area: string
  /** Host names, lower case, `*.` only as the whole leftmost label. */
  readonly names: readonly string[]
  /** CIDR blocks the provider publishes; empty when it publishes none. */
  readonly ranges: readonly string[]
  readonly tcp: Ports
  /** For the firewall only: the gate itself passes no UDP. */
  readonly udp: Ports
  /** Of several sets that have a name the earlier of these counts (Microsoft 365: Optimize > Allow > Default). */
  readonly category: (typeof CATEGORIES)[number]
  /** False: the service works without, except for what the note says. */
  readonly required: boolean
  readonly note: string
}

export const CATEGORIES = ['Optimize', 'Allow', 'Default'] as const

/** Something announced for a later day. */
export interface ComingChange {
  readonly destination: string
  readonly effective: IsoDate
  readonly names: readonly string[]
  readonly ranges: readonly string[]
}

/** Something the file has and we do not take, because it would open more than the service. */
export interface LeftOut {
  readonly destination: string
  readonly name: string
  readonly why: WideReason
}
export type WideReason = 'wildcard-place' | 'wildcard-public' | 'wildcard-shared'

export interface DestinationList {
  /** Id that the town file names it by, e.g. `microsoft-365`. */
  readonly list: string
  readonly form: 'microsoft-365' | 'sekisho'
  /** Ten digits, `YYYYMMDDNN`: the later is the greater. */
  readonly version: string
  readonly destinations: readonly Destination[]
  readonly coming: readonly ComingChange[]
  readonly leftOut: readonly LeftOut[]
}

/** SHA-256 over the canonical JSON of a snapshot, lower-case hex: what an import and an approval are bound to. */
export function listDigest(list: DestinationList): string {
  return createHash('sha256').update(canonical(list), 'utf8').digest('hex')
}

/** The day in a version: of `2026103100` 2026-10-31. */
export function versionDay(version: string): IsoDate {
  return `${version.slice(0, 4)}-${version.slice(4, 6)}-${version.slice(6, 8)}`
}
