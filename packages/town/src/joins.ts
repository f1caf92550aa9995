import type { Flow, Town } from '@sekisho/core'
import { endsOf, type End, type Ends } from './ends.ts'

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
  const joining = new Map<string, readonly Flow[]>()
  for (const flow of town.flows) {
    const fromMyNumber = isMyNumber(ends, flow.from)
    if (fromMyNumber === isMyNumber(ends, flow.to)) continue
    const chain = chainFrom(flow, fromMyNumber ? outward : inward)
    const far = fromMyNumber ? flow.to : flow.from
    const beside = chain ? undefined : town.flows.find((other) => meetsInternet(other, far, ends))
    if (chain) joining.set(flow.id, chain)
    else if (beside) joining.set(flow.id, [flow, beside])
  }
  return joining
}

type Direction = (flow: Flow) => readonly [near: End, far: End]
/** Each flow that leads to the Internet → the flow after it, or nothing when it ends there. */
type Ways = ReadonlyMap<Flow, Flow | undefined>

function waysToInternet(flows: readonly Flow[], ends: Ends, direction: Direction): Ways {
  const ways = new Map<Flow, Flow | undefined>()
  for (const flow of flows) if (isInternet(ends, direction(flow)[1])) ways.set(flow, undefined)
  // A Map is walked in order of insertion, also what is inserted on the way: breadth first, shortest chain first.
  for (const flow of ways.keys()) {
    for (const before of flows) {
      if (!ways.has(before) && passesOn(ends, direction(before)[1], direction(flow)[0])) {
        ways.set(before, flow)
      }
    }
  }
  return ways
}

function chainFrom(flow: Flow, ways: Ways): readonly Flow[] | undefined {
  if (!ways.has(flow)) return undefined
  const next = ways.get(flow)
  return next ? [flow, ...(chainFrom(next, ways) ?? [])] : [flow]
}

const passesOn = (ends: Ends, arrival: End, departure: End): boolean =>
  ends.place(arrival)?.peer === undefined && ends.joined(arrival, departure)

function meetsInternet(flow: Flow, end: End, ends: Ends): boolean {
  if (ends.place(end)?.peer !== undefined) return false
  return (
    (ends.joined(flow.from, end) && isInternet(ends, flow.to)) ||
    (ends.joined(flow.to, end) && isInternet(ends, flow.from))
  )
}

const isMyNumber = (ends: Ends, end: End): boolean => ends.place(end)?.zoneKind === 'mynumber'

function isInternet(ends: Ends, end: End): boolean {
  const place = ends.place(end)
  return place?.zoneKind === 'internet' || place?.peer?.network === 'internet'
}
