/**
 * What the ends of flows cover: a zone holds systems, a system holds hosts, a peer is a range of addresses outside.
 */
import type { EndpointReference, Peer, Town, ZoneKind } from '@sekisho/core'
import { contains, overlaps, readRange, type AddressRange } from './address.ts'

/** An end of a flow or of a test; `internet` is every peer on the Internet. */
export type End = EndpointReference | 'internet'

/** One end, looked up. */
export interface Place {
  readonly end: End
  readonly kind: 'zone' | 'system' | 'host' | 'peer' | 'internet'
  readonly name: string
  readonly zoneKind: ZoneKind
  /** Id of the zone, of the system, of the host, as far as they apply. */
  readonly zone?: string
  readonly system?: string
  readonly host?: string
  readonly peer?: Peer
  readonly ranges: readonly AddressRange[]
}

/** Looks ends up in one town. Built once, for a town is asked many times. */
export interface Ends {
  /** @returns `undefined` for a name the town does not declare. */
  place(end: End): Place | undefined
  /** The smallest places inside: hosts, systems without hosts, what is left of a zone, peers. */
  parts(end: End): readonly Place[]
  /** Every part of `inner` lies in `outer`. */
  covers(outer: End, inner: Place): boolean
  /** Something lies in both. */
  touches(a: End, b: End): boolean
  /** Like `touches`, and hosts of one system count as one: whoever holds one of them is taken to hold all. */
  joined(a: End, b: End): boolean
}

/** A town is frozen, and so is each of its lists: what was looked up once holds, also for the same town under another model. */
const KNOWN = new WeakMap<Town['systems'], { readonly town: Town; readonly ends: Ends }>()

/** Indexes a town by the ends its flows may name. */
export function endsOf(town: Town): Ends {
  const known = KNOWN.get(town.systems)
  if (known?.town.zones === town.zones && known.town.peers === town.peers) return known.ends
  const ends = indexEnds(town)
  KNOWN.set(town.systems, { town, ends })
  return ends
}

function indexEnds(town: Town): Ends {
  const places = indexPlaces(town)
  const children = indexChildren(places)
  const place = (end: End): Place | undefined => places.get(end)
  const parts = (end: End): readonly Place[] => children.get(end) ?? []
  const covers = (outer: End, inner: Place): boolean => {
    const one = places.get(outer)
    return one !== undefined && coversPlace(one, inner)
  }
  const touches = (a: End, b: End): boolean => touchPlaces(places.get(a), places.get(b))
  const joined = (a: End, b: End): boolean =>
    touches(a, b) || sameSystem(places.get(a), places.get(b))
  return { place, parts, covers, touches, joined }
}

function indexPlaces(town: Town): ReadonlyMap<End, Place> {
  const kinds = new Map(town.zones.map((zone) => [zone.id, zone.kind]))
  const kindOf = (zone: string): ZoneKind => kinds.get(zone) ?? 'outside'
  const places = new Map<End, Place>([['internet', INTERNET]])
  const add = (place: Place): unknown => places.set(place.end, place)
  for (const { id, name, networks } of town.zones) {
    add({ ...inside('zone', id, name, networks), zoneKind: kindOf(id), zone: id })
  }
  for (const system of town.systems) {
    const addresses = system.hosts.flatMap((host) => host.addresses)
    const where = { zoneKind: kindOf(system.zone), zone: system.zone, system: system.id }
    add({ ...inside('system', system.id, system.name, addresses), ...where })
    for (const host of system.hosts) {
      add({ ...inside('host', host.id, host.name, host.addresses), ...where, host: host.id })
    }
  }
  for (const peer of town.peers) {
    add({ ...inside('peer', peer.id, peer.name, peer.addresses), zoneKind: 'outside', peer })
  }
  return places
}

const INTERNET: Place = {
  end: 'internet',
  kind: 'internet',
  name: 'インターネット',
  zoneKind: 'outside',
  ranges: [],
}

function inside(
  kind: 'zone' | 'system' | 'host' | 'peer',
  id: string,
  name: string,
  addresses: readonly string[],
) {
  const ranges = addresses.map(readRange).filter((range) => range !== undefined)
  return { end: `${kind}:${id}` as const, kind, name, ranges }
}

function indexChildren(places: ReadonlyMap<End, Place>): ReadonlyMap<End, readonly Place[]> {
  const children = new Map<End, Place[]>([...places.keys()].map((end) => [end, []]))
  const filled = new Set<string | undefined>()
  for (const place of places.values()) {
    if (place.kind === 'host') filled.add(place.system)
  }
  for (const place of places.values()) {
    const smallest =
      place.kind !== 'internet' && !(place.kind === 'system' && filled.has(place.system))
    if (!smallest) continue
    const holders: (End | false | undefined)[] = [
      place.end,
      place.kind === 'host' && `system:${place.system!}`,
      (place.kind === 'host' || place.kind === 'system') && `zone:${place.zone!}`,
      place.peer?.network === 'internet' && 'internet',
    ]
    for (const end of holders) if (end) children.get(end)?.push(place)
  }
  return children
}

function coversPlace(outer: Place, inner: Place): boolean {
  switch (outer.kind) {
    case 'zone':
      return inner.zone === outer.zone
    case 'system':
      return inner.system === outer.system
    case 'host':
      return inner.host === outer.host
    case 'peer':
      return inner.end === outer.end || coversPeer(outer, inner)
    case 'internet':
      return inner.kind === 'internet' || inner.peer?.network === 'internet'
  }
}

// A peer without addresses is nowhere: it covers itself and nothing else.
function coversPeer(outer: Place, inner: Place): boolean {
  if (inner.peer?.network !== outer.peer?.network || inner.ranges.length === 0) return false
  return inner.ranges.every((one) => outer.ranges.some((range) => contains(range, one)))
}

function touchPlaces(a: Place | undefined, b: Place | undefined): boolean {
  if (!a || !b) return false
  if (coversPlace(a, b) || coversPlace(b, a)) return true
  const samePeerNetwork = a.peer !== undefined && a.peer.network === b.peer?.network
  return samePeerNetwork && a.ranges.some((one) => b.ranges.some((other) => overlaps(one, other)))
}

const sameSystem = (a: Place | undefined, b: Place | undefined): boolean =>
  a?.system !== undefined && a.system === b?.system
