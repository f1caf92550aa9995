import type { Town } from '@sekisho/core'
import type { Crossing, Spot } from './crossings.ts'
import type { Source } from './labels.ts'
import type { Objection, Objections } from './objections.ts'

/** Crossings by where they leave from, and which spots lie in which. */
export interface Graph {
  /** Crossings that leave a spot itself, in order. */
  leaving(spot: Spot): readonly Crossing[]
  /** Systems of a zone. What is in a zone is in each of them. */
  systemsIn(zone: Spot): readonly Spot[]
  /** Zone of a system. What leaves a zone leaves from each of its systems. */
  zoneOf(spot: Spot): Spot | undefined
  /** Negative when `a` comes before `b`. */
  readonly compare: (a: Crossing, b: Crossing) => number
}

/** Indexes crossings that are in order. */
export function graphOf(town: Town, crossings: readonly Crossing[]): Graph {
  const ranks = new Map(crossings.map((crossing, rank) => [crossing, rank]))
  const from = Map.groupBy(crossings, (crossing) => crossing.from)
  const zones = new Map(
    town.systems.map((one): [Spot, Spot] => [`system:${one.id}`, `zone:${one.zone}`]),
  )
  const systems = Map.groupBy(zones.keys(), (system) => zones.get(system)!)
  return {
    leaving: (spot) => from.get(spot) ?? [],
    systemsIn: (zone) => systems.get(zone) ?? [],
    zoneOf: (spot) => zones.get(spot),
    compare: (a, b) => ranks.get(a)! - ranks.get(b)!,
  }
}

/** How a label came to a spot: the chain of crossings, from the last to the first. */
export interface Trail {
  readonly source: Source
  readonly spot: Spot
  readonly last?: { readonly crossing: Crossing; readonly before: Trail }
}

/** A place that the judge does not allow, and the shortest way there. */
export interface Arrival {
  readonly trail: Trail
  readonly objection: Objection
}

/** One label on its way. */
export interface Travel extends Objections {
  readonly carries: (crossing: Crossing) => boolean
}

/**
 * Follows one label over the crossings that carry it, breadth first, and gives every arrival that meets a rule which
 * no place earlier on that way has met: who has read that a thing may not be on the Internet need not read it again
 * for every place of the Internet behind. What has met which rules is told apart, so that a placement already known
 * never hides what happens to the same class from a lawful place.
 *
 * Of equally short ways the first by source, then by id of each step in turn. Every state (spot × rules met) is
 * visited once; rules met are few, so the cost is that of the crossings. A party outside does not pass on.
 */
export function arrivalsOf(
  graph: Graph,
  sources: readonly Source[],
  travel: Travel,
): readonly Arrival[] {
  const search = new Search(graph)
  const misplaced: Arrival[] = []
  const found = new Map<Spot, Arrival>()
  for (const source of sources) {
    const trail: Trail = { source, spot: source.spot }
    const objection = travel.to(source.spot)
    if (objection) misplaced.push({ trail, objection })
    search.visit(trail, search.met.and(travel.metAt(source.spot)))
  }
  for (const { trail, met, leaving } of search.waiting) {
    for (const crossing of leaving) {
      if (!travel.carries(crossing)) continue
      const objection = travel.to(crossing.to, crossing)
      const then = objection ? met.and(objection.rules) : met
      if (objection && then !== met && !found.has(crossing.to)) {
        found.set(crossing.to, { trail: extended(trail, crossing), objection })
      }
      if (passesOn(crossing.to) && !then.seen.has(crossing.to)) {
        search.visit(extended(trail, crossing), then)
      }
    }
  }
  return [...misplaced, ...found.values()]
}

const extended = (before: Trail, crossing: Crossing): Trail => ({
  source: before.source,
  spot: crossing.to,
  last: { crossing, before },
})

const passesOn = (spot: Spot): boolean => spot.startsWith('zone:') || spot.startsWith('system:')

/** The rules that a way has met so far, and which spots have been visited having met just these. */
class Met {
  readonly seen = new Set<Spot>()
  /** Zones that have been left by their own crossings. */
  readonly left = new Set<Spot>()
  readonly #rules: ReadonlySet<string>
  readonly #all: Map<string, Met>
  readonly #then = new Map<readonly string[], Met>()

  constructor(rules: ReadonlySet<string> = new Set(), all = new Map<string, Met>()) {
    this.#rules = rules
    this.#all = all
  }

  /** Itself when it has met all of them. */
  and(rules: readonly string[]): Met {
    const known = this.#then.get(rules)
    if (known) return known
    const then = rules.every((rule) => this.#rules.has(rule)) ? this : this.#joined(rules)
    this.#then.set(rules, then)
    return then
  }

  #joined(rules: readonly string[]): Met {
    const joined = new Set([...this.#rules, ...rules])
    const key = [...joined].toSorted().join(' ')
    const met = this.#all.get(key) ?? new Met(joined, this.#all)
    this.#all.set(key, met)
    return met
  }
}

interface Waiting {
  readonly trail: Trail
  readonly met: Met
  /** Crossings that this trail is the first to take, having met these rules; in order. */
  readonly leaving: readonly Crossing[]
}

class Search {
  /** No rule met yet. */
  readonly met = new Met()
  /** Grows while it is walked: breadth first. */
  readonly waiting: Waiting[] = []
  readonly #graph: Graph

  constructor(graph: Graph) {
    this.#graph = graph
  }

  visit(trail: Trail, met: Met): void {
    if (met.seen.has(trail.spot)) return
    const leaving = this.#leaving(trail.spot, met)
    if (leaving.length > 0) this.waiting.push({ trail, met, leaving })
  }

  // Being in a zone is being in each of its systems. Being in one system is enough to leave the zone, but is not
  // being in the others.
  #leaving(spot: Spot, { seen, left }: Met): readonly Crossing[] {
    const isZone = spot.startsWith('zone:')
    const zone = isZone ? spot : this.#graph.zoneOf(spot)
    const inside = isZone ? this.#graph.systemsIn(spot) : [spot]
    const fresh = inside.filter((one) => !seen.has(one))
    const lists = fresh.map((one) => this.#graph.leaving(one))
    if (zone !== undefined && !left.has(zone)) lists.push(this.#graph.leaving(zone))
    for (const one of [spot, ...fresh]) seen.add(one)
    if (zone !== undefined) left.add(zone)
    const filled = lists.filter((list) => list.length > 0)
    return filled.length > 1 ? filled.flat().toSorted(this.#graph.compare) : (filled[0] ?? [])
  }
}
