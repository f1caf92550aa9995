/**
 * The refusals of the last hour, in memory, for the terminal they were told to: a browser shows its own page for a refused CONNECT, so what the gate said is said again at the gate's own address.
 * Nobody sees those of another terminal, nor, on a machine that several share, those of another person.
 */
import type { Refused, TunnelRecord } from './gatekeeper.ts'

/** Milliseconds that a refusal is kept. */
export const KEPT_MS = 3_600_000
/** Kept of one terminal: a page with a hundred parts is refused a hundred times. */
const PER_TERMINAL = 50
/** Terminals that are kept; an attacker with many addresses pushes out the oldest and no more. */
const TERMINALS = 2_000

export interface LatestRefusal {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly entry: TunnelRecord
  /** Absent when only the reason id is known. */
  readonly refused: Refused | undefined
}

export class LatestRefusals {
  readonly #of = new Map<string, LatestRefusal[]>()
  readonly #clock: () => number

  constructor(clock: () => number = Date.now) {
    this.#clock = clock
  }

  /** Terminals of which something is kept. */
  get size(): number {
    return this.#of.size
  }

  keep(entry: TunnelRecord, refused: Refused | undefined): void {
    const { from } = entry
    const list = this.#of.get(from) ?? []
    list.unshift({ at: this.#clock(), entry, refused })
    list.length = Math.min(list.length, PER_TERMINAL)
    // Put in anew, so that the first of the map is the terminal that was quiet longest.
    this.#of.delete(from)
    this.#of.set(from, list)
    const [oldest] = this.#of.keys()
    if (this.#of.size > TERMINALS && oldest !== undefined) this.#of.delete(oldest)
  }

  /**
   * What was refused to this terminal, newest first.
   *
   * @param person who is at it now; `undefined` sees only what was refused to nobody in particular
   */
  of(from: string, person: string | undefined): readonly LatestRefusal[] {
    const since = this.#clock() - KEPT_MS
    return (this.#of.get(from) ?? []).filter(
      ({ at, entry }) => at >= since && [person, ''].includes(entry.client),
    )
  }
}
