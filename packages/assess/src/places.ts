/**
 * Where the ends of a town's flows are: zone, system and role, looked up once.
 */
import type { EndpointReference, Peer, System, Town, ZoneKind } from '@sekisho/core'

/** One end of a flow, as far as moving it matters. */
export interface EndPlace {
  readonly kind: 'zone' | 'system' | 'host' | 'peer'
  readonly name: string
  readonly zoneKind: ZoneKind
  readonly zone?: string
  readonly system?: System
  readonly peer?: Peer
  /** Hosts at this end are terminals: all of them, or some, or none. A zone may hold both. */
  readonly terminals: 'all' | 'some' | 'none'
}

/** The ends a town declares. */
export function placesOf(town: Town): ReadonlyMap<EndpointReference, EndPlace> {
  const kinds = new Map(town.zones.map((zone) => [zone.id, zone.kind]))
  const kindOf = (zone: string): ZoneKind => kinds.get(zone) ?? 'outside'
  const places = new Map<EndpointReference, EndPlace>()
  for (const system of town.systems) addSystem(places, system, kindOf(system.zone))
  const byZone = Map.groupBy(town.systems, ({ zone }) => zone)
  for (const { id, name, kind } of town.zones) {
    const terminals = together((byZone.get(id) ?? []).map(terminalsOf))
    places.set(`zone:${id}`, { kind: 'zone', name, zoneKind: kind, zone: id, terminals })
  }
  for (const peer of town.peers) {
    const { id, name } = peer
    places.set(`peer:${id}`, { kind: 'peer', name, zoneKind: 'outside', peer, terminals: 'none' })
  }
  return places
}

function addSystem(
  places: Map<EndpointReference, EndPlace>,
  system: System,
  zoneKind: ZoneKind,
): void {
  const where = { zoneKind, zone: system.zone, system }
  places.set(`system:${system.id}`, {
    kind: 'system',
    name: system.name,
    ...where,
    terminals: terminalsOf(system),
  })
  for (const host of system.hosts) {
    const terminals = host.role === 'terminal' ? 'all' : 'none'
    places.set(`host:${host.id}`, { kind: 'host', name: host.name, ...where, terminals })
  }
}

/** Whether the hosts of a system are terminals. */
export function terminalsOf({ hosts }: System): EndPlace['terminals'] {
  const terminals = hosts.filter(({ role }) => role === 'terminal').length
  if (terminals === 0) return 'none'
  return terminals === hosts.length ? 'all' : 'some'
}

function together(parts: readonly EndPlace['terminals'][]): EndPlace['terminals'] {
  const inhabited = parts.filter((part) => part !== 'none')
  if (inhabited.length === 0) return 'none'
  return inhabited.length === parts.length && inhabited.every((part) => part === 'all')
    ? 'all'
    : 'some'
}
