import { openPairs } from '../../declared/expect.ts'
import type { OpenPair } from '../../declared/expect.ts'
import type { Declared, Permit, Plug } from '../../declared/permit.ts'

/** A pair of plugs between which something is open, and the name of its chain in both families. */
export interface Pair {
  readonly name: string
  readonly from: Plug
  readonly to: Plug
  readonly families: readonly OpenPair[]
  /** Permits that are asked for this way, and those of which the answers come this way. */
  readonly there: readonly Permit[]
  readonly back: readonly Permit[]
}

/** In the order of the declaration, so that the same declaration gives the same names. */
export function pairsOf(declared: Declared): readonly Pair[] {
  const open = Map.groupBy(openPairs(declared), ({ from, to }) => `${from.name} ${to.name}`)
  const permits = Map.groupBy(
    declared.permits,
    ({ from, to }) => `${from.interface} ${to.interface}`,
  )
  return [...open].map(([key, [first, ...rest]], at) => ({
    name: `p${at + 1}`,
    from: first!.from,
    to: first!.to,
    families: [first!, ...rest],
    there: permits.get(key) ?? [],
    back: permits.get(`${first!.to.name} ${first!.from.name}`) ?? [],
  }))
}
