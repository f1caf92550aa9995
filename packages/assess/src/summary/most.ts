import type { ControlCount, RegionOutcome } from './region.ts'
import { foundOf } from './standing.ts'
import type { StateCounts } from './tally.ts'

/** Controls that are named as those most often unmet. */
export const MOST = 10

/** A control with what is known of it. */
export type KnownControl = ControlCount & { readonly counts: StateCounts }

/** The controls with a finding in most bodies, most first; at most ten, and none without one. */
export function mostOftenFound({ controls }: RegionOutcome): readonly KnownControl[] {
  return controls
    .filter((one): one is KnownControl => one.counts !== undefined && foundOf(one.counts) > 0)
    .toSorted((a, b) => foundOf(b.counts) - foundOf(a.counts) || (a.control < b.control ? -1 : 1))
    .slice(0, MOST)
}
