import type { IsoDate, Peer, Town, ZoneKind } from '@sekisho/core'
import { isSafePeer } from '../readings.ts'
import { cloudPlace, ownPlace, type PlaceFacts } from '../subjects/placement.ts'
import { peerSpot, type Spot } from './crossings.ts'

/** What the judge has to know of the spots of a town. */
export interface Places {
  /** Kind of the zone that a spot is or lies in; `undefined` for what is outside. */
  zoneKind(spot: Spot): ZoneKind | undefined
  /** The column of §3.4, or `undefined`: the management zone and dedicated lines have none, nothing is kept there. */
  column(spot: Spot): PlaceFacts | undefined
  /** The columns of the zones further in than a spot. */
  furtherIn(spot: Spot): readonly PlaceFacts[]
}

const OUTWARD = ['mynumber', 'lgwan', 'internet'] as const

/** Looks spots up. Spots of one kind share one column, so that answers can be kept by it. */
export function placesOf(town: Town, at: IsoDate): Places {
  const kinds = kindsOf(town)
  const own = new Map(OUTWARD.map((kind) => [kind as string, ownPlace(kind)]))
  const outside = new Map<Spot, PlaceFacts | undefined>([
    ...town.peers.map((peer) => [peerSpot(peer), own.get(networkOf(town, peer, at))] as const),
    // After the peers: where a service is known, it is the place and not the line to it.
    ...town.services.map((one) => [`service:${one.id}`, cloudPlace(one, at)] as const),
  ])
  return {
    zoneKind: (spot) => kinds.get(spot),
    column: (spot) => own.get(kinds.get(spot) ?? '') ?? outside.get(spot),
    furtherIn: (spot) => {
      const depth = OUTWARD.findIndex((kind) => kind === kinds.get(spot))
      return (depth < 0 ? OUTWARD : OUTWARD.slice(0, depth)).map((kind) => own.get(kind)!)
    },
  }
}

function kindsOf(town: Town): ReadonlyMap<Spot, ZoneKind> {
  const zones = new Map(town.zones.map((zone) => [zone.id, zone.kind]))
  return new Map<Spot, ZoneKind>([
    ...town.zones.map((zone) => [`zone:${zone.id}`, zone.kind] as const),
    ...town.systems.map((one) => [`system:${one.id}`, zones.get(one.zone)!] as const),
  ])
}

// Whoever the Internet reaches is the Internet, whatever line leads there; except who is kept safe by the state.
const networkOf = (town: Town, peer: Peer, at: IsoDate): Peer['network'] =>
  peer.internetCapable && !isSafePeer(town, peer, at) ? 'internet' : peer.network
