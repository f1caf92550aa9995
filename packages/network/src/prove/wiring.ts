import type { Town, Zone } from '@sekisho/core'
import { peerPlug, plugsOf, rangesOf, zonePlug } from '../declared/plugs.ts'
import type { Plug } from '../declared/permit.ts'
import type { AddressRange } from '../declared/ranges.ts'

/** How a town is plugged in: all that the invariants take from it. They know of no flow. */
export interface Wiring {
  readonly plugs: readonly WiredPlug[]
}

export interface WiredPlug extends Plug {
  /** Kinds of the zones and networks behind it. */
  readonly kinds: ReadonlySet<Zone['kind']>
  /** Machines behind it that have a MAC address written down. */
  readonly machines: readonly Machine[]
}

export interface Machine {
  readonly mac: bigint
  readonly ranges: readonly AddressRange[]
}

export function wiringOf(town: Town): Wiring {
  return {
    plugs: plugsOf(town).map((plug) => ({
      ...plug,
      kinds: new Set([
        ...zonesAt(town, plug).map(({ kind }) => kind),
        ...town.peers
          .filter((peer) => peerPlug(town, peer) === plug.name && peer.network === 'internet')
          .map(() => 'internet' as const),
      ]),
      machines: machinesAt(town, plug),
    })),
  }
}

const zonesAt = (town: Town, { name }: Plug): readonly Zone[] =>
  town.zones.filter(({ id }) => zonePlug(town, id) === name)

function machinesAt(town: Town, plug: Plug): readonly Machine[] {
  const zones = new Set(zonesAt(town, plug).map(({ id }) => id))
  return town.systems
    .filter(({ zone }) => zones.has(zone))
    .flatMap(({ hosts }) => hosts)
    .flatMap(({ mac, addresses }) =>
      mac === undefined
        ? []
        : [{ mac: BigInt(`0x${mac.replaceAll(/[:-]/gu, '')}`), ranges: rangesOf(addresses) }],
    )
}
