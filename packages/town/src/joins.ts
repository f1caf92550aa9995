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
 * @returns ids of the flows that would have to go.
 */
export function flowsJoiningInternet(town: Town): ReadonlySet<string> {
  const ends = endsOf(town)
  const outward = reaching(town.flows, ends, (flow) => [flow.from, flow.to])
  const inward = reaching(town.flows, ends, (flow) => [flow.to, flow.from])
  const joining = town.flows.filter((flow) => {
    const fromMyNumber = isMyNumber(ends, flow.from)
    const toMyNumber = isMyNumber(ends, flow.to)
    if (fromMyNumber === toMyNumber) return false
    const far = fromMyNumber ? flow.to : flow.from
    const onward = fromMyNumber ? outward : inward
    return onward.has(flow) || town.flows.some((other) => meetsInternet(other, far, ends))
  })
  return new Set(joining.map((flow) => flow.id))
}

type Direction = (flow: Flow) => readonly [near: End, far: End]

/** Flows that lead to the Internet, by themselves or through the flows that begin where they end. */
function reaching(flows: readonly Flow[], ends: Ends, direction: Direction): ReadonlySet<Flow> {
  const found = new Set(flows.filter((flow) => isInternet(ends, direction(flow)[1])))
  for (const flow of found) {
    for (const before of flows) {
      if (!found.has(before) && passesOn(ends, direction(before)[1], direction(flow)[0])) {
        found.add(before)
      }
    }
  }
  return found
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
