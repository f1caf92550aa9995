import { EDITIONS, MODELS } from '@sekisho/core'
import type { Edition, Model } from '@sekisho/core'
import { loadGuideline } from '@sekisho/guideline'
import { CONTROL_STATES } from '../control-row.ts'
import type { ControlState } from '../control-row.ts'
import { CHAIN_KINDS } from './body.ts'
import type { BodyResult, ChainKind } from './body.ts'
import { Histogram } from './histogram.ts'
import type { Standing } from './standing.ts'
import { standingOf } from './standing.ts'

/** Staff from which a size class begins. Ours: half of all bodies have fewer than about 250 (an assumption). */
export const SIZE_CLASSES = [1, 100, 300, 1_000, 3_000] as const

export type StateCounts = Readonly<Record<ControlState, number>>
export interface ChainCount {
  /** Bodies that have at least one. */
  readonly bodies: number
  readonly chains: number
}

/** The counts of any number of bodies, in room that does not grow with them. */
export class Tally {
  bodies = 0
  unread = 0
  allMet = 0
  readonly models = zeros(MODELS)
  readonly editions = zeros(EDITIONS)
  readonly sizes: number[] = SIZE_CLASSES.map(() => 0)
  readonly chains: Readonly<Record<ChainKind, { bodies: number; chains: number }>> = {
    out: { bodies: 0, chains: 0 },
    ask: { bodies: 0, chains: 0 },
    in: { bodies: 0, chains: 0 },
  }
  readonly controls: ReadonlyMap<string, Record<ControlState, number>> = new Map(
    loadGuideline().controls.map(({ id }) => [id, zeros(CONTROL_STATES)]),
  )
  /** Percent of what is asked that is met. */
  readonly shares = new Histogram(100)
  /** Controls with a finding. */
  readonly found = new Histogram(this.controls.size)
  readonly sharesBySize = SIZE_CLASSES.map(() => new Histogram(100))

  add(body: BodyResult): void {
    this.bodies += 1
    this.models[body.model] += 1
    this.editions[body.edition] += 1
    for (const [control, state] of body.states) this.controls.get(control)![state] += 1
    for (const kind of CHAIN_KINDS) {
      this.chains[kind].chains += body.chains[kind]
      if (body.chains[kind] > 0) this.chains[kind].bodies += 1
    }
    if (body.allMet) this.allMet += 1
    this.#addStanding(standingOf(body), sizeClassOf(body.staff))
  }

  #addStanding({ share, found }: Standing, size: number): void {
    this.sizes[size]! += 1
    this.shares.add(share)
    this.sharesBySize[size]!.add(share)
    this.found.add(found)
  }

  addAll(other: Tally): void {
    this.bodies += other.bodies
    this.unread += other.unread
    this.allMet += other.allMet
    addEach(this.models, other.models)
    addEach(this.editions, other.editions)
    for (const [control, counts] of other.controls) addEach(this.controls.get(control)!, counts)
    for (const kind of CHAIN_KINDS) addEach(this.chains[kind], other.chains[kind])
    other.sizes.forEach((count, size) => void (this.sizes[size]! += count))
    this.shares.addAll(other.shares)
    this.found.addAll(other.found)
    other.sharesBySize.forEach((shares, size) => this.sharesBySize[size]!.addAll(shares))
  }
}

/** The place of a body of so many staff in `SIZE_CLASSES`. */
export const sizeClassOf = (staff: number): number =>
  SIZE_CLASSES.findLastIndex((from) => staff >= from)

function zeros<Key extends Model | Edition | ControlState>(
  keys: readonly Key[],
): Record<Key, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>
}

function addEach<Key extends string>(
  to: Record<Key, number>,
  from: Readonly<Record<Key, number>>,
): void {
  for (const key of Object.keys(from) as Key[]) to[key] += from[key]
}
