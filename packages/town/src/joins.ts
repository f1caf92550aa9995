import type { Flow, Town } from '@sekisho/core'
import { endsOf, type End, type Ends, type Place } from './ends.ts'

/**
 * The flows at a My Number zone that a chain of declared flows connects with the Internet (ZN-01): each flow may be
 * harmless alone, and the combination a route.
 *
 * Joined means: a chain leads from the My Number zone to an Internet zone or an Internet peer, or the other way,
 * each flow taken in its own direction and hosts of one system taken as one; or the system at the other end itself
 * exchanges anything with the Internet, for whoever takes it over from there answers the My Number zone too. A peer
 * outside does not pass on: what it does with our data is not in this file.
 *
 * @returns id of each flow that would have to go → the flows of one such chain, itself first.
 */
export function flowsJoiningInternet(town: Town): ReadonlyMap<string, readonly Flow[]> {
  const ends = endsOf(town)
  const outward = waysToInternet(town.flows, ends, (flow) => [flow.from, flow.to])
  const inward = waysToInternet(town.flows, ends, (flow) => [flow.to, flow.from])
  const beside = flowsBeside(town.flows, ends)
  const joining = new Map<string, readonly Flow[]>()
  for (const flow of town.flows) {
    const fromMyNumber = isMyNumber(ends, flow.from)
    if (fromMyNumber === isMyNumber(ends, flow.to)) continue
    const chain = chainFrom(flow, fromMyNumber ? outward : inward)
    const far = fromMyNumber ? flow.to : flow.from
    const other = chain ? undefined : beside(far)
    if (chain) joining.set(flow.id, chain)
    else if (other) joining.set(flow.id, [flow, other])
  }
  return joining
}

type Direction = (flow: Flow) => readonly [near: End, far: End]
/** Each flow that leads to the Internet → the flow after it, or nothing when it ends there. */
type Ways = ReadonlyMap<Flow, Flow | undefined>

function waysToInternet(flows: readonly Flow[], ends: Ends, direction: Direction): Ways {
  const ways = new Map<Flow, Flow | undefined>()
  for (const flow of flows) if (isInternet(ends, direction(flow)[1])) ways.set(flow, undefined)
  const arriving = meetingAt(
    flows.map((flow) => [direction(flow)[1], flow]),
    ends,
  )
  // A Map is walked in order of insertion, also what is inserted on the way: breadth first, shortest chain first.
  for (const flow of ways.keys()) {
    for (const before of arriving(direction(flow)[0])) {
      if (!ways.has(before)) ways.set(before, flow)
    }
  }
  return ways
}

/**
 * Which flows have an end joined with a given one, in the order of the file; a peer outside does not pass on. Each end is answered with flows once: whoever asks a
 * second time has seen them. So all questions together cost no more than the flows there are.
 */
function meetingAt(
  entries: readonly (readonly [end: End, flow: Flow])[],
  ends: Ends,
): (end: End) => readonly Flow[] {
  const index = indexEntries(entries, ends)
  const asked = new Set<string>()
  return (end) => {
    const keys = keysToAsk(ends.place(end)).filter((key) => !asked.has(key))
    for (const key of keys) asked.add(key)
    return keys
      .flatMap((key) => index.get(key) ?? [])
      .toSorted((a, b) => a.order - b.order)
      .map(({ flow }) => flow)
  }
}

interface Entry {
  readonly flow: Flow
  readonly order: number
}

/**
 * Two ends inside are joined when they are in one system, or when one of them is the zone the other is in. So an end is kept under its system and under its zone,
 * and a zone as an end under a key of its own.
 */
function indexEntries(
  entries: readonly (readonly [end: End, flow: Flow])[],
  ends: Ends,
): ReadonlyMap<string, readonly Entry[]> {
  const index = new Map<string, Entry[]>()
  for (const [order, [end, flow]] of entries.entries()) {
    const place = ends.place(end)
    if (place === undefined || place.zone === undefined) continue
    const own = place.system === undefined ? `whole:${place.zone}` : `system:${place.system}`
    for (const key of [own, `within:${place.zone}`]) {
      const known = index.get(key)
      if (known === undefined) index.set(key, [{ flow, order }])
      else known.push({ flow, order })
    }
  }
  return index
}

function keysToAsk(place: Place | undefined): readonly string[] {
  if (place?.zone === undefined) return []
  if (place.system === undefined) return [`within:${place.zone}`]
  return [`system:${place.system}`, `whole:${place.zone}`]
}

function chainFrom(flow: Flow, ways: Ways): readonly Flow[] | undefined {
  if (!ways.has(flow)) return undefined
  const chain: Flow[] = []
  for (let next: Flow | undefined = flow; next !== undefined; next = ways.get(next))
    chain.push(next)
  return chain
}

/** The first flow of the file through which whoever holds an end exchanges something with the Internet. */
function flowsBeside(flows: readonly Flow[], ends: Ends): (end: End) => Flow | undefined {
  const entries = flows.flatMap((flow): readonly (readonly [End, Flow])[] => [
    ...(isInternet(ends, flow.to) ? [[flow.from, flow] as const] : []),
    ...(isInternet(ends, flow.from) ? [[flow.to, flow] as const] : []),
  ])
  const index = indexEntries(entries, ends)
  return (end) =>
    keysToAsk(ends.place(end))
      .flatMap((key) => index.get(key)?.[0] ?? [])
      .toSorted((a, b) => a.order - b.order)[0]?.flow
}

const isMyNumber = (ends: Ends, end: End): boolean => ends.place(end)?.zoneKind === 'mynumber'

function isInternet(ends: Ends, end: End): boolean {
  const place = ends.place(end)
  return place?.zoneKind === 'internet' || place?.peer?.network === 'internet'
}
