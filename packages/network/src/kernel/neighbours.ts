import type { Town } from '@sekisho/core'
import words from '../../words/ja.json' with { type: 'json' }
import type { Declared } from '../declared/permit.ts'
import { rangesOf, zonePlug } from '../declared/plugs.ts'
import { addressText, macText, readMac } from '../declared/text.ts'

/** One machine whose address is fixed to its MAC address. */
export interface Neighbour {
  readonly host: string
  readonly plug: string
  readonly family: 4 | 6
  readonly address: bigint
  readonly mac: bigint
}

/**
 * The machines that a flow binds to their MAC address, address by address. A rule asks the MAC address of who sends; where the firewall sends *to* is for ARP
 * to say, and ARP believes whoever answers. So these answers are written down.
 */
export function neighboursOf(town: Town, declared: Declared): readonly Neighbour[] {
  const bound = new Set(
    declared.permits.flatMap(({ from, to }) =>
      [from, to].flatMap(({ parts }) =>
        parts.flatMap(({ mac }) => (mac === undefined ? [] : [mac])),
      ),
    ),
  )
  return town.systems.flatMap(({ zone, hosts }) =>
    hosts.flatMap((host) => {
      const mac = host.mac === undefined ? undefined : readMac(host.mac)
      if (mac === undefined || !bound.has(mac)) return []
      // Only single addresses: a block of them on one machine would be thousands of lines.
      const single = rangesOf(host.addresses).filter(({ first, last }) => first === last)
      return single.map(({ family, first }) => ({
        host: host.id,
        plug: zonePlug(town, zone),
        family,
        address: first,
        mac,
      }))
    }),
  )
}

/** The file for `ip -batch`: one permanent entry for each. */
export function writeNeighbours(town: Town, declared: Declared): string {
  const head = words.neighbours.head
    .replace('{digest}', declared.digest)
    .replace('{at}', declared.at)
  const lines = neighboursOf(town, declared).map(
    ({ host, plug, family, address, mac }) =>
      `# ${host}\nneigh replace ${addressText(family, address)} lladdr ${macText(mac)} dev ${plug} nud permanent\n`,
  )
  return `# ${head}\n# ${words.neighbours.why}\n${lines.join('')}`
}
