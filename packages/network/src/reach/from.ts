import type { Town } from '@sekisho/core'
import type { ReachLine } from './lines.ts'
import type { PlaceId, ReachPlace } from './place.ts'

/** Where somebody stands who wants to know what can be reached: places, or single machines of them. */
export interface ReachStart {
  readonly places: readonly PlaceId[]
  /** Ids of hosts; without it every machine of the places. */
  readonly machines?: ReadonlySet<string>
}

/** A gate at a zone where one stands: what goes out through it, or what comes in. */
export interface GateAt {
  readonly kind: 'file' | 'mail' | 'screen'
  readonly id: string
  readonly way: 'out' | 'in'
  /** Id of the zone on the other side. */
  readonly other: string
}

/** A way over places of the town that pass on, by packets alone. */
export interface Relay {
  readonly to: PlaceId
  /** At least two, each beginning where the one before ends. */
  readonly lines: readonly ReachLine[]
}

export interface ReachFrom {
  readonly direct: readonly ReachLine[]
  readonly gates: readonly GateAt[]
  /** One way for each place that is not reached directly: the shortest, of equals the first. */
  readonly relayed: readonly Relay[]
  /** Ids of the zones where one stands: within them nothing is asked of the firewall. */
  readonly zones: readonly string[]
}

/**
 * What can be reached from somewhere, and by which line. Whoever holds one machine of a system is taken to hold all of it, so a relay may go on from another
 * machine than it came to; a party outside is taken not to pass anything on. A gate is one step, never part of a relay: what comes through has been judged and
 * cured and is no connection.
 */
export function reachFrom(
  town: Town,
  table: { readonly places: readonly ReachPlace[]; readonly lines: readonly ReachLine[] },
  start: ReachStart,
): ReachFrom {
  const here = new Set(start.places)
  const begins = (line: ReachLine): boolean =>
    here.has(line.from) &&
    (start.machines === undefined || line.fromMachines.some((host) => start.machines!.has(host)))
  const direct = table.lines.filter(begins)
  const zones = [
    ...new Set(table.places.flatMap(({ id, zone }) => (here.has(id) && zone ? [zone] : []))),
  ]
  return { direct, gates: gatesAt(town, zones), relayed: relaysOf(table, here, direct), zones }
}

function gatesAt({ gates }: Town, zones: readonly string[]): readonly GateAt[] {
  return (['file', 'mail', 'screen'] as const).flatMap((kind) =>
    gates[kind].flatMap(({ id, from, to }): GateAt[] => [
      ...(zones.includes(from) ? [{ kind, id, way: 'out', other: to } as const] : []),
      ...(zones.includes(to) ? [{ kind, id, way: 'in', other: from } as const] : []),
    ]),
  )
}

/** Breadth first: the first way found to a place is a shortest one. */
function relaysOf(
  {
    places,
    lines,
  }: { readonly places: readonly ReachPlace[]; readonly lines: readonly ReachLine[] },
  here: ReadonlySet<PlaceId>,
  direct: readonly ReachLine[],
): readonly Relay[] {
  const passing = new Set(places.flatMap(({ id, zone }) => (zone === undefined ? [] : [id])))
  const from = Map.groupBy(lines, (line) => line.from)
  const seen = new Set<PlaceId>([...here, ...direct.map(({ to }) => to)])
  const waiting: ReachLine[][] = firstTo(direct).map((line) => [line])
  const found: Relay[] = []
  for (const way of waiting) {
    const at = way.at(-1)!.to
    if (!passing.has(at)) continue
    for (const line of from.get(at) ?? []) {
      if (seen.has(line.to)) continue
      seen.add(line.to)
      const next = [...way, line]
      found.push({ to: line.to, lines: next })
      waiting.push(next)
    }
  }
  return found
}

/** One line for each place it leads to. */
const firstTo = (lines: readonly ReachLine[]): readonly ReachLine[] =>
  [...new Map(lines.toReversed().map((line) => [line.to, line])).values()].toReversed()
