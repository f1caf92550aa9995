import type { Flow, FlowFacts, Host, IsoDate, Readings, Town, TownFacts } from '@sekisho/core'
import { areNarrow } from '../address.ts'
import { endsOf, type Ends, type Place } from '../ends.ts'
import { flowsJoiningInternet } from '../joins.ts'
import { arePortsLimited } from '../ports.ts'
import { peerConditions, readingsOf } from '../readings.ts'
import type { Blame, Subject } from './subject.ts'

/** ZN-01, 02, 03, 06, 13: one question per declared flow. */
export function flowSubjects(town: Town, at: IsoDate, base: TownFacts): readonly Subject[] {
  const ends = endsOf(town)
  const joining = flowsJoiningInternet(town)
  const factsOf = flowFacts(town, ends, at)
  return town.flows.map((flow, index) => {
    const path = `flows[${index}]`
    return {
      path,
      label: flow.name,
      blame: { ...flowBlame(flow, path, at), ...chainBlame(flow, path, joining) },
      question: {
        question: 'check-flow',
        facts: {
          ...factsOf(flow),
          ...base,
          joinsMynumberAndInternet: joining.has(flow.id),
        },
      },
    }
  })
}

/** What a flow says about itself; whether it joins others to a route is not among it. */
export type OwnFlowFacts = Omit<FlowFacts, keyof TownFacts | 'joinsMynumberAndInternet'>

/** Prepares one town, and gives the facts of its flows one by one. */
export function flowFacts(town: Town, ends: Ends, at: IsoDate): (flow: Flow) => OwnFlowFacts {
  const hosts: HostsOf = new Map(town.systems.map((system) => [system.id, system.hosts]))
  const readings = readingsOf(town, at)
  const gated = new Set((town.gates.web ?? []).map(({ from }) => from))
  return (flow) => ({
    ...factsOfFlow(flow, hosts, ends, readings, at),
    aroundGate:
      flow.via.includes('local-breakout') &&
      flow.gate === undefined &&
      gated.has(ends.place(flow.from)?.zone ?? ''),
  })
}

/** Hosts by the id of their system. */
type HostsOf = ReadonlyMap<string | undefined, readonly Host[]>

function factsOfFlow(
  flow: Flow,
  hosts: HostsOf,
  ends: Ends,
  readings: Readings,
  at: IsoDate,
): Omit<OwnFlowFacts, 'aroundGate'> {
  const [from, to] = [ends.place(flow.from), ends.place(flow.to)]
  const outside = from?.peer ?? to?.peer
  return {
    fromZone: from?.zoneKind ?? 'outside',
    toZone: to?.zoneKind ?? 'outside',
    outside: outside?.network ?? 'none',
    peerInternetCapable: outside?.internetCapable ?? false,
    peerOnClosedList: outside?.closedList !== undefined,
    ...peerConditions(outside, flow, readings, at),
    ...limitFacts(flow, hosts, ends, at),
    hasPurpose: isWritten(flow.purpose),
    hasOwner: isWritten(flow.owner),
    hasExpiry: flow.expires !== undefined,
    expired: flow.expires !== undefined && flow.expires < at,
    viaSecurityCloud: flow.via.includes('security-cloud') || outside?.securityCloud === true,
    localBreakout: flow.via.includes('local-breakout'),
  }
}

const isWritten = (text: string | undefined): boolean => text !== undefined && text.trim() !== ''

function flowBlame(flow: Flow, path: string, at: IsoDate): Readonly<Record<string, Blame>> {
  const expired = flow.expires !== undefined && flow.expires < at
  return {
    'ZN-02': fixedBlame(flow, path, at),
    'ZN-03': `${path}.${flow.from.startsWith('peer:') ? 'from' : 'to'}`,
    'ZN-06': expired ? `${path}.expires` : path,
    'WEB-AROUND': path,
    'ZN-13': flow.via.length > 0 ? `${path}.via` : path,
  }
}

function fixedBlame({ fixed, expires }: Flow, path: string, at: IsoDate): string {
  if (fixed === undefined) return path
  const expired = expires !== undefined && expires < at
  return fixed.macLimited && fixed.date <= at && expired ? `${path}.expires` : `${path}.fixed`
}

function chainBlame(
  flow: Flow,
  path: string,
  joining: ReadonlyMap<string, readonly Flow[]>,
): Readonly<Record<string, Blame>> {
  const names = (joining.get(flow.id) ?? [flow]).map((one) => one.name)
  return { 'ZN-01': { path, label: names.join('」＋「') } }
}

// 特定通信 is limited by MAC, IP and port (MIC26 s11). A claim of a MAC limit counts only when every machine of ours
// at the end of the flow has its MAC written down; an end that is a whole zone limits nothing.
function limitFacts(flow: Flow, hosts: HostsOf, ends: Ends, at: IsoDate) {
  const sides = [ends.place(flow.from), ends.place(flow.to)]
  const ours = sides.filter((side) => side !== undefined && side.peer === undefined)
  return {
    // A registration of tomorrow lets nothing through today.
    registered: flow.fixed !== undefined && flow.fixed.date <= at,
    macLimited: flow.fixed?.macLimited === true && ours.every((side) => hasMacs(hosts, side)),
    ipLimited: sides.every((side) => side !== undefined && hasAddresses(hosts, side)),
    portLimited: arePortsLimited(flow),
  }
}

function hostsAt(hostsOf: HostsOf, place: Place | undefined): readonly Host[] {
  return (hostsOf.get(place?.system) ?? []).filter(
    (one) => place?.host === undefined || one.id === place.host,
  )
}

function hasMacs(hostsOf: HostsOf, place: Place | undefined): boolean {
  const hosts = hostsAt(hostsOf, place)
  return hosts.length > 0 && hosts.every((host) => host.mac !== undefined)
}

function hasAddresses(hostsOf: HostsOf, place: Place): boolean {
  if (place.peer) return place.ranges.length > 0 && areNarrow(place.ranges)
  const hosts = hostsAt(hostsOf, place)
  return hosts.length > 0 && hosts.every((host) => host.addresses.length > 0)
}
