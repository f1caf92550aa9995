import type { Host, Peer, Town } from '@sekisho/core'
import type { Declared } from '../declared/permit.ts'
import { peerPlug, rangesOf, zonePlug } from '../declared/plugs.ts'
import { EVERYWHERE, joined, minus } from '../declared/ranges.ts'
import type { AddressRange } from '../declared/ranges.ts'
import { readMac } from '../declared/text.ts'

/** One address of a place. */
export interface PlaceAddress {
  readonly family: 4 | 6
  readonly address: bigint
}

/**
 * Somewhere from which, and to which, packets are really sent.
 *
 * - `machine`: of the town, declared
 * - `party`: outside, declared
 * - `unlisted`: behind a plug, and nowhere in the declaration: what somebody plugs in
 * - `edge`: the address just before or behind the declared ones of a party: what a prefix too wide lets in
 */
export interface Place {
  /** Reference in the declaration (`host:…`, `peer:…`), or `unlisted:plug`, `edge:peer`. */
  readonly id: string
  readonly kind: 'machine' | 'party' | 'unlisted' | 'edge'
  readonly plug: string
  /** At most one of each family, except of a party and its edges. */
  readonly addresses: readonly PlaceAddress[]
  /** Of the machine itself, when the declaration names it and no router stands between. */
  readonly mac?: bigint
}

export interface PlaceOptions {
  /** Machines that no flow tells apart are asked for up to this many; without it 3. `Infinity` for every machine. */
  readonly alike?: number
}

/** A locally administered MAC address that no declaration may mean: what an unlisted machine has (IEEE 802, U/L bit). */
const UNLISTED_MAC = 0x02_5e_c1_50_00_00n
const ALIKE = 3

/** The places of a town behind its firewall: machines, parties outside, the edges of these, and something unlisted behind every plug. */
export function placesOf(
  town: Town,
  declared: Declared,
  options: PlaceOptions = {},
): readonly Place[] {
  return [
    ...machinesOf(town, declared, options.alike ?? ALIKE),
    ...town.peers.flatMap((peer) => partyOf(town, peer)),
    ...unlistedOf(town, declared),
    ...edgesOf(town, declared),
  ]
}

function machinesOf(town: Town, declared: Declared, alike: number): readonly Place[] {
  const named = town.systems.flatMap(({ id, zone, hosts }) =>
    hosts.map((host) => ({
      host,
      plug: zonePlug(town, zone),
      key: keyOf(declared, id, zone, host),
    })),
  )
  const taken = new Map<string, number>()
  return named.flatMap(({ host, plug, key }) => {
    const addresses = firstsOf(rangesOf(host.addresses))
    const count = taken.get(key) ?? 0
    if (addresses.length === 0 || count >= alike) return []
    taken.set(key, count + 1)
    const mac = host.mac === undefined ? undefined : readMac(host.mac)
    return [
      {
        id: `host:${host.id}`,
        kind: 'machine',
        plug,
        addresses,
        ...(mac !== undefined && { mac }),
      },
    ]
  })
}

/** Machines with the same key are treated alike by the declaration. One that is bound by its MAC address is like no other. */
function keyOf(declared: Declared, system: string, zone: string, host: Host): string {
  const ends = [`host:${host.id}`, `system:${system}`]
  const touching = declared.permits.filter(({ from, to }) =>
    [from.end, to.end].some((end) => ends.includes(end)),
  )
  const alone = touching.some(
    ({ from, to, flow }) => flow.fixed?.macLimited === true || isHost(from.end) || isHost(to.end),
  )
  return alone ? host.id : [zone, ...touching.map(({ flow }) => flow.id)].join(' ')
}

const isHost = (end: string): boolean => end.startsWith('host:')

function firstsOf(ranges: readonly AddressRange[]): readonly PlaceAddress[] {
  return ([4, 6] as const).flatMap((family) => {
    const range = ranges.find((one) => one.family === family)
    return range ? [{ family, address: range.first }] : []
  })
}

function partyOf(town: Town, peer: Peer): readonly Place[] {
  const own = rangesOf(town.zones.flatMap((zone) => zone.networks))
  const ranges = minus(rangesOf(peer.addresses), own)
  const addresses = firstsOf(ranges)
  if (addresses.length === 0) return []
  return [{ id: `peer:${peer.id}`, kind: 'party', plug: peerPlug(town, peer), addresses }]
}

/** Behind every plug one machine of each family that is nowhere in the declaration, also where the plug has no addresses of that family at all. */
function unlistedOf(town: Town, declared: Declared): readonly Place[] {
  const free = freeOf(town, declared)
  return declared.plugs.map((plug, at) => ({
    id: `unlisted:${plug.name}`,
    kind: 'unlisted',
    plug: plug.name,
    addresses: ([4, 6] as const).map((family) => {
      const inside = minus(plug.zone === undefined ? [] : plug.senders, taken(town))
      const of = inside.filter((range) => range.family === family).at(-1)
      // The last address of a network is a broadcast address in IPv4; the one before it is not.
      if (of && of.last - of.first >= 1n) return { family, address: of.last - 1n }
      return { family, address: free(family, at) }
    }),
    ...(plug.zone !== undefined && { mac: UNLISTED_MAC + BigInt(at) }),
  }))
}

/** Everything that some end of the declaration names. */
const taken = (town: Town): readonly AddressRange[] =>
  joined(
    rangesOf([
      ...town.systems.flatMap(({ hosts }) => hosts.flatMap((host) => host.addresses)),
      ...town.peers.flatMap((peer) => peer.addresses),
    ]),
  )

/** Blocks for documentation and private use, in which a place of nobody's is looked for (RFC 5737, RFC 1918, RFC 3849, RFC 4193). */
const NOBODYS = {
  4: ['203.0.113.0/24', '192.0.2.0/24', '198.51.100.0/24', '172.31.0.0/16', '10.255.0.0/16'],
  6: ['2001:db8:ffff::/48', 'fdff:ffff::/32'],
} as const

function freeOf(town: Town, declared: Declared): (family: 4 | 6, at: number) => bigint {
  const used = joined([...taken(town), ...declared.plugs.flatMap(zoneSenders)])
  return (family, at) => {
    const blocks = minus(rangesOf(NOBODYS[family]), used)
    const wide = blocks.findLast(({ first, last }) => last - first > 256n)
    return (
      (wide?.first ?? minus(EVERYWHERE, used).find((one) => one.family === family)!.first) +
      BigInt(at + 1)
    )
  }
}

const zoneSenders = ({ zone, senders }: Declared['plugs'][number]): readonly AddressRange[] =>
  zone === undefined ? [] : senders

function edgesOf(town: Town, declared: Declared): readonly Place[] {
  const used = joined([...taken(town), ...declared.plugs.flatMap(zoneSenders)])
  return town.peers.flatMap((peer) => {
    const plug = peerPlug(town, peer)
    const addresses = rangesOf(peer.addresses).flatMap(({ family, first, last }) => {
      const beside = [first - 1n, last + 1n].filter((one) => isFree(used, family, one))
      // The last of a party is as declared as its first; asked here, for a prefix may also be too narrow.
      return (first === last ? beside : [last, ...beside]).map((address) => ({ family, address }))
    })
    return addresses.length === 0
      ? []
      : [{ id: `edge:${peer.id}`, kind: 'edge' as const, plug, addresses }]
  })
}

function isFree(used: readonly AddressRange[], family: 4 | 6, address: bigint): boolean {
  const last = family === 4 ? (1n << 32n) - 1n : (1n << 128n) - 1n
  if (address <= 0n || address >= last) return false
  return !used.some((one) => one.family === family && one.first <= address && address <= one.last)
}
