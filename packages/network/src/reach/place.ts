import type { Host, Town } from '@sekisho/core'
import { macOf } from '../declared/declare.ts'
import { peerPlug, plugsOf, rangesOf, zonePlug } from '../declared/plugs.ts'
import { minus } from '../declared/ranges.ts'
import type { AddressRange } from '../declared/ranges.ts'

/**
 * What a reachability table speaks of: a system, a party outside, the machines of a zone that no system names (`zone:`), and whoever is behind an outside
 * plug without being a declared party (`outside:`). Together they are every address that a plug lets speak.
 */
export type PlaceId = `${'system' | 'peer' | 'zone' | 'outside'}:${string}`

export interface ReachPlace {
  readonly id: PlaceId
  /** As declared, hostile text; empty for `outside:`. */
  readonly name: string
  readonly plug: string
  /** Id of the zone it lies in. */
  readonly zone?: string
  readonly machines: readonly Machine[]
}

/** One machine of a system; for every other place one stretch of addresses. */
export interface Machine {
  /** Id of the host; absent when the addresses are not those of a declared machine. */
  readonly host?: string
  readonly ranges: readonly AddressRange[]
  readonly mac?: bigint
}

/** Every place of a town, in the order of the declaration: systems, what is left of each zone, parties outside, and the rest. */
export function placesOf(town: Town): readonly ReachPlace[] {
  return [
    ...town.systems.map((system): ReachPlace => ({
      id: `system:${system.id}`,
      name: system.name,
      plug: zonePlug(town, system.zone),
      zone: system.zone,
      machines: system.hosts.map(machineOf),
    })),
    ...restsOfZones(town),
    ...town.peers.map((peer): ReachPlace => ({
      id: `peer:${peer.id}`,
      name: peer.name,
      plug: peerPlug(town, peer),
      machines: [{ ranges: minus(rangesOf(peer.addresses), insideOf(town)) }],
    })),
    ...restsOutside(town),
  ]
}

function machineOf(host: Host): Machine {
  const mac = macOf(host)
  return {
    host: host.id,
    ranges: rangesOf(host.addresses),
    ...(mac !== undefined && { mac }),
  }
}

const insideOf = (town: Town): readonly AddressRange[] =>
  rangesOf(town.zones.flatMap(({ networks }) => networks))

function restsOfZones(town: Town): readonly ReachPlace[] {
  return town.zones.map((zone) => {
    const hosts = town.systems
      .filter((system) => system.zone === zone.id)
      .flatMap((system) => system.hosts)
    const named = rangesOf(hosts.flatMap(({ addresses }) => addresses))
    return {
      id: `zone:${zone.id}`,
      name: zone.name,
      plug: zonePlug(town, zone.id),
      zone: zone.id,
      machines: [{ ranges: minus(rangesOf(zone.networks), named) }],
    }
  })
}

function restsOutside(town: Town): readonly ReachPlace[] {
  return plugsOf(town)
    .filter(({ zone }) => zone === undefined)
    .map((plug) => {
      const here = town.peers.filter((peer) => peerPlug(town, peer) === plug.name)
      const named = rangesOf(here.flatMap(({ addresses }) => addresses))
      return {
        id: `outside:${plug.name}`,
        name: '',
        plug: plug.name,
        machines: [{ ranges: minus(plug.senders, named) }],
      }
    })
}
