import type { Flow, Host, IsoDate, System, Town, TownFacts } from '@sekisho/core'
import { isNarrow } from '../address.ts'
import { endsOf, type Ends, type Place } from '../ends.ts'
import { flowsJoiningInternet } from '../joins.ts'
import type { Blame, Subject } from './subject.ts'

/** ZN-01, 02, 03, 06, 13: one question per declared flow. */
export function flowSubjects(town: Town, at: IsoDate, base: TownFacts): readonly Subject[] {
  const ends = endsOf(town)
  const joining = flowsJoiningInternet(town)
  const systems = new Map(town.systems.map((system) => [system.id, system]))
  return town.flows.map((flow, index) => {
    const path = `flows[${index}]`
    const [from, to] = [ends.place(flow.from), ends.place(flow.to)]
    const outside = from?.peer ?? to?.peer
    return {
      path,
      label: flow.name,
      blame: { ...flowBlame(flow, path, at), ...chainBlame(flow, path, joining) },
      question: {
        question: 'check-flow',
        facts: {
          ...base,
          fromZone: from?.zoneKind ?? 'outside',
          toZone: to?.zoneKind ?? 'outside',
          outside: outside?.network ?? 'none',
          peerInternetCapable: outside?.internetCapable ?? false,
          peerOnClosedList: outside?.closedList !== undefined,
          ...limitFacts(systems, flow, ends),
          hasPurpose: isWritten(flow.purpose),
          hasOwner: isWritten(flow.owner),
          hasExpiry: flow.expires !== undefined,
          expired: flow.expires !== undefined && flow.expires < at,
          viaSecurityCloud: flow.via.includes('security-cloud') || outside?.securityCloud === true,
          localBreakout: flow.via.includes('local-breakout'),
          joinsMynumberAndInternet: joining.has(flow.id),
        },
      },
    }
  })
}

const isWritten = (text: string | undefined): boolean => text !== undefined && text.trim() !== ''

function flowBlame(flow: Flow, path: string, at: IsoDate): Readonly<Record<string, Blame>> {
  const expired = flow.expires !== undefined && flow.expires < at
  return {
    'ZN-02': flow.fixed ? `${path}.fixed` : path,
    'ZN-03': `${path}.${flow.from.startsWith('peer:') ? 'from' : 'to'}`,
    'ZN-06': expired ? `${path}.expires` : path,
    'ZN-13': flow.via.length > 0 ? `${path}.via` : path,
  }
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
type Systems = ReadonlyMap<string, System>

function limitFacts(systems: Systems, flow: Flow, ends: Ends) {
  const sides = [ends.place(flow.from), ends.place(flow.to)]
  const ours = sides.filter((side) => side !== undefined && side.peer === undefined)
  return {
    registered: flow.fixed !== undefined,
    macLimited: flow.fixed?.macLimited === true && ours.every((side) => hasMacs(systems, side)),
    ipLimited: sides.every((side) => side !== undefined && hasAddresses(systems, side)),
    portLimited: flow.protocol !== 'icmp' && flow.ports.length > 0,
  }
}

function hostsAt(systems: Systems, place: Place | undefined): readonly Host[] {
  const system = systems.get(place?.system ?? '')
  return (system?.hosts ?? []).filter((one) => place?.host === undefined || one.id === place.host)
}

function hasMacs(systems: Systems, place: Place | undefined): boolean {
  const hosts = hostsAt(systems, place)
  return hosts.length > 0 && hosts.every((host) => host.mac !== undefined)
}

function hasAddresses(systems: Systems, place: Place): boolean {
  if (place.peer) return place.ranges.length > 0 && place.ranges.every(isNarrow)
  const hosts = hostsAt(systems, place)
  return hosts.length > 0 && hosts.every((host) => host.addresses.length > 0)
}
