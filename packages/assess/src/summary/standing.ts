import { CONTROL_STATES } from '../control-row.ts'
import type { ControlState } from '../control-row.ts'
import type { BodyResult } from './body.ts'

/** How one body stands. */
export interface Standing {
  readonly counts: Readonly<Record<ControlState, number>>
  /** Percent of the controls asked of it that are met, rounded down: 100 only when all are. What was not checked is not met. */
  readonly share: number
  /** Controls with a finding: unmet, stale or contradicted. */
  readonly found: number
}

export function standingOf({ states }: Pick<BodyResult, 'states'>): Standing {
  const counts = Object.fromEntries(CONTROL_STATES.map((state) => [state, 0])) as Record<
    ControlState,
    number
  >
  for (const [, state] of states) counts[state] += 1
  const asked = askedOf(counts)
  // Of a body that was asked nothing, nothing is known: that is no full mark.
  const share = asked === 0 ? 0 : Math.floor((100 * counts.met) / asked)
  return { counts, share, found: foundOf(counts) }
}

type Counts = Readonly<Record<ControlState, number>>

/** How many were asked at all. */
export const askedOf = (counts: Counts): number =>
  CONTROL_STATES.reduce((sum, state) => sum + counts[state], 0) - counts['not-asked']

/** How many have a finding. */
export const foundOf = ({ unmet, stale, contradicted }: Counts): number =>
  unmet + stale + contradicted
