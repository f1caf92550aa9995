import { createHash } from 'node:crypto'
import type { Peer, Town } from '@sekisho/core'
import { readRange } from '@sekisho/town'
import { EVERYWHERE, joined, minus } from './ranges.ts'
import type { AddressRange } from './ranges.ts'
import type { Plug } from './permit.ts'

/** Names that a Linux interface may have: `IFNAMSIZ` is 16, the last byte is a zero. */
const LONGEST_NAME = 15

/**
 * The plugs of a town's firewall. Where the town does not name them, a zone is plugged in at the interface of its own name, and the parties of an outside
 * network at `x-internet`, `x-lgwan` or `x-dedicated`.
 */
export function plugsOf(town: Town): readonly Plug[] {
  const inside = joined(town.zones.flatMap((zone) => rangesOf(zone.networks)))
  const outside = minus(EVERYWHERE, inside)
  const zones = town.zones.map((zone) => ({
    name: zonePlug(town, zone.id),
    zone: zone.id,
    senders: joined(rangesOf(zone.networks)),
    ...(zone.kind === 'mynumber' && { bound: true as const }),
  }))
  const networks = [...new Set(town.peers.map((peer) => peerPlug(town, peer)))].toSorted()
  return merged([...zones, ...networks.map((name) => ({ name, senders: outside }))])
}

/** What shares a wire is one plug: behind it is who is behind any of them. It goes by the first zone. */
function merged(plugs: readonly Plug[]): readonly Plug[] {
  const wires = new Map<string, Plug>()
  for (const plug of plugs) {
    const known = wires.get(plug.name)
    const senders = known ? joined([...known.senders, ...plug.senders]) : plug.senders
    wires.set(plug.name, { ...plug, ...known, senders })
  }
  return [...wires.values()]
}

/** The interface of a zone. */
export function zonePlug(town: Town, zone: string): string {
  const named = town.firewall?.interfaces.find((one) => one.zone === zone)
  return named?.name ?? fitting(zone)
}

/** The interface through which a party outside is reached. */
export function peerPlug(town: Town, peer: Peer): string {
  const interfaces = town.firewall?.interfaces ?? []
  const named =
    interfaces.find((one) => one.peers?.includes(peer.id)) ??
    interfaces.find((one) => one.network === peer.network)
  return named?.name ?? `x-${peer.network}`
}

export const rangesOf = (texts: readonly string[]): readonly AddressRange[] =>
  texts.map(readRange).filter((range) => range !== undefined)

// A zone called `x-lgwan`, `lo` or `all` must not be taken for what Linux or we call so.
function fitting(zone: string): string {
  const plain = zone.length <= LONGEST_NAME && !/^(?:x-|lo$|all$|default$)/u.test(zone)
  if (plain) return zone
  const digest = createHash('sha256').update(zone).digest('hex').slice(0, 6)
  return `z${digest}-${zone.slice(0, LONGEST_NAME - 8)}`
}
