import type { Edition, Model } from '@sekisho/core'
import { CHAIN_KINDS } from './body.ts'
import type { ChainKind } from './body.ts'
import { hiddenGroups } from './few.ts'
import { askedOf } from './standing.ts'
import { Tally } from './tally.ts'
import type { ChainCount, StateCounts } from './tally.ts'

/** How many there are, and what they declare and how they stand when there are enough of them. */
export interface Region {
  /** Whose declaration was read. */
  readonly bodies: number
  readonly unread: number
  /** Absent when there are too few bodies, or none. */
  readonly outcome?: RegionOutcome
}

export interface RegionOutcome {
  readonly bodies: number
  readonly models: Readonly<Record<Model, number>>
  /** The edition by which each was asked: an old one is a weak point too. */
  readonly editions: Readonly<Record<Edition, number>>
  /** Bodies in each of `SIZE_CLASSES`. */
  readonly sizes: readonly number[]
  readonly allMet: number
  /** Percent of what is asked that is met; of two in the middle, the lower. */
  readonly share: { readonly median: number; readonly worst: number }
  /** Controls with a finding; of two in the middle, the higher. */
  readonly found: { readonly median: number; readonly worst: number }
  readonly chains: Readonly<Record<ChainKind, ChainCount>>
  /** Median share for each of `SIZE_CLASSES`; absent where there are too few bodies. */
  readonly shareBySize: readonly (number | undefined)[]
  /** One per control of the table, in its order. */
  readonly controls: readonly ControlCount[]
}

export interface ControlCount {
  readonly control: string
  /** Bodies of which it is asked. */
  readonly asked: number
  /** Absent when it is asked of too few bodies. */
  readonly counts?: StateCounts
}

interface Counted<Place> {
  readonly place: Place
  readonly tally: Tally
}

/** The nation, and every place by itself where it is large enough. */
export function regionsOf<Place>(
  counted: readonly Counted<Place>[],
  least: number,
): {
  readonly nation: Region
  readonly places: readonly (Region & { readonly place: Place })[]
  readonly few?: RegionOutcome
} {
  const hidden = hiddenGroups(
    counted.map(({ tally }) => tally.bodies),
    least,
  )
  const all = merged(counted)
  const few = merged(counted.filter((_, index) => hidden.has(index)))
  // The places that are shown and those that are not are all there are: what is hidden of a control is hidden among these.
  const groups = [
    ...counted.filter((_, index) => !hidden.has(index)).map(({ tally }) => tally),
    few,
  ]
  const withheld = withheldControls(groups, least)
  const outcome = (tally: Tally, group: number): RegionOutcome | undefined =>
    outcomeOf(tally, least, (control) => withheld.get(control)!.has(group))
  const together = outcome(few, groups.length - 1)
  return {
    nation: region(
      all,
      outcomeOf(all, least, () => false),
    ),
    places: counted.map(({ place, tally }) => ({
      place,
      ...region(tally, groups.includes(tally) ? outcome(tally, groups.indexOf(tally)) : undefined),
    })),
    ...(together !== undefined && { few: together }),
  }
}

function merged(counted: readonly { readonly tally: Tally }[]): Tally {
  const whole = new Tally()
  for (const { tally } of counted) whole.addAll(tally)
  return whole
}

/** For each control the groups that do not show it: few of their bodies have the model that it is asked of. */
function withheldControls(
  groups: readonly Tally[],
  least: number,
): ReadonlyMap<string, ReadonlySet<number>> {
  return new Map(
    [...(groups[0]?.controls.keys() ?? [])].map((control) => [
      control,
      hiddenGroups(
        groups.map(({ controls }) => askedOf(controls.get(control)!)),
        least,
      ),
    ]),
  )
}

const region = (tally: Tally, outcome: RegionOutcome | undefined): Region => ({
  bodies: tally.bodies,
  unread: tally.unread,
  ...(outcome !== undefined && { outcome }),
})

function outcomeOf(
  tally: Tally,
  least: number,
  withheld: (control: string) => boolean,
): RegionOutcome | undefined {
  if (tally.bodies === 0 || tally.bodies < least) return undefined
  return {
    bodies: tally.bodies,
    models: tally.models,
    editions: tally.editions,
    sizes: tally.sizes,
    allMet: tally.allMet,
    share: { median: tally.shares.median('lower')!, worst: tally.shares.least! },
    found: { median: tally.found.median('higher')!, worst: tally.found.most! },
    chains: Object.fromEntries(
      CHAIN_KINDS.map((kind) => [kind, tally.chains[kind]]),
    ) as RegionOutcome['chains'],
    shareBySize: tally.sharesBySize.map((shares) =>
      shares.total < least ? undefined : shares.median('lower'),
    ),
    controls: [...tally.controls].map(([control, counts]) => {
      const asked = askedOf(counts)
      const hidden = withheld(control) || (asked > 0 && asked < least)
      return { control, asked, ...(!hidden && { counts }) }
    }),
  }
}
