/**
 * The tree of re-entrustment (再委託) below each contract. The file writes it as a flat list in which each party names the one above it: so it may be of any
 * depth, and a deep one costs no recursion.
 */

/** A party and the id of the contract or party above it. */
export interface Entrusted {
  readonly id: string
  readonly under: string
}

/** Where a party stands. */
export interface Standing {
  /** Id of the contract it belongs to. */
  readonly contract: string
  /** 1 directly below the contract. */
  readonly depth: number
  /** The first parties on the way down to it, itself among them. */
  readonly head: readonly string[]
}

export interface Tree {
  /** By party. One that leads to no contract is absent. */
  readonly standings: ReadonlyMap<string, Standing>
  /** Of each ring of parties that lead only to each other, the first one met. */
  readonly loops: readonly string[]
}

/** Follows every party up to its contract. Linear in their number, whatever a hostile file writes. */
export function treeOf(parties: readonly Entrusted[], contracts: ReadonlySet<string>): Tree {
  const above = new Map(parties.map(({ id, under }) => [id, under]))
  const standings = new Map<string, Standing>()
  const done = new Set<string>()
  const loops: string[] = []
  for (const { id } of parties) {
    const walked = new Set<string>()
    let at: string | undefined = id
    while (at !== undefined && !contracts.has(at) && !done.has(at) && !walked.has(at)) {
      walked.add(at)
      at = above.get(at)
    }
    if (at !== undefined && walked.has(at)) loops.push(at)
    let over = at === undefined ? undefined : (standings.get(at) ?? start(at, contracts))
    for (const one of [...walked].toReversed()) {
      done.add(one)
      over &&= below(over, one)
      if (over) standings.set(one, over)
    }
  }
  return { standings, loops }
}

const start = (contract: string, contracts: ReadonlySet<string>): Standing | undefined =>
  contracts.has(contract) ? { contract, depth: 0, head: [] } : undefined

/** Parties named at each end of a long way. */
const SHOWN_AT_END = 2

const below = ({ contract, depth, head }: Standing, party: string): Standing => ({
  contract,
  depth: depth + 1,
  head: head.length < SHOWN_AT_END ? [...head, party] : head,
})

/** The parties on the way down to one, itself last; of a long way both ends, and how many are between. */
export interface Way<Party> {
  readonly head: readonly Party[]
  /** 0 when the way is whole. */
  readonly between: number
  readonly tail: readonly Party[]
}

/** The way from a contract, itself not in it, down to a party. */
export function wayTo<Party extends Entrusted>(
  party: Party,
  { depth, head }: Standing,
  parties: ReadonlyMap<string, Party>,
): Way<Party> {
  const tail = [party]
  for (let at = parties.get(party.under); at && tail.length < SHOWN_AT_END;) {
    tail.unshift(at)
    at = parties.get(at.under)
  }
  const missing = depth - tail.length
  const first = head.slice(0, missing).flatMap((id) => parties.get(id) ?? [])
  return { head: first, between: missing - first.length, tail }
}
