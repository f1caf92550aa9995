/**
 * A second opinion on what a town lets through, slow and plain: it reads the declaration as it is written, looks every flow up for every packet, and shares no
 * code with `declared`, `space`, `filter` or any dialect. Addresses are matched by Node's own `BlockList`.
 */
import { createHash } from 'node:crypto'
import { BlockList, isIPv6 } from 'node:net'
import type { Declaration, DeclaredFlow, DeclaredHost } from './town.test-support.ts'

/** A packet as a person would write it down. */
export interface PlainPacket {
  readonly in: string
  readonly out: string
  readonly source: string
  readonly target: string
  readonly mac: string
  readonly state: 'new' | 'established' | 'related' | 'invalid' | 'untracked'
  readonly direction: 'original' | 'reply'
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'icmpv6' | 'gre'
  /** For ICMP its type. */
  readonly sourcePort: number
  readonly targetPort: number
}

/** One end of a flow, looked up. */
interface End {
  readonly wire: string
  readonly zone?: string
  readonly kind?: string
  /** Hosts of the town; none when the end is a whole zone or a party outside. */
  readonly hosts?: readonly DeclaredHost[]
  readonly networks: readonly string[]
}

export interface Oracle {
  /** Why a flow is not opened; `undefined` when it is. */
  whyNot(flow: DeclaredFlow): string | undefined
  passes(packet: PlainPacket): boolean
  /** The wire behind which an end is. */
  wireOf(end: string): string
}

export function oracleOf(declaration: Declaration, day: string): Oracle {
  const { zones, peers, systems, flows } = declaration
  const town = blockList(zones.flatMap(({ networks }) => networks))
  const known = new Map<string, End>()

  function endOf(end: string): End {
    const found = known.get(end) ?? lookedUp(end)
    known.set(end, found)
    return found
  }

  function lookedUp(end: string): End {
    const [what, id] = end.split(':', 2) as [string, string]
    if (what === 'peer') {
      const peer = peers.find((one) => one.id === id)!
      return { wire: peerWire(peer), networks: peer.addresses }
    }
    const zoneId =
      what === 'zone'
        ? id
        : systems.find((one) =>
            what === 'system' ? one.id === id : one.hosts.some((host) => host.id === id),
          )!.zone
    const zone = zones.find((one) => one.id === zoneId)!
    const place = { wire: zoneWire(zoneId), zone: zoneId, kind: zone.kind }
    if (what === 'zone') return { ...place, networks: zone.networks }
    const hosts = systems
      .flatMap((one) => (one.zone === zoneId ? one.hosts.map((host) => ({ one, host })) : []))
      .filter(({ one, host }) => (what === 'system' ? one.id === id : host.id === id))
      .map(({ host }) => host)
    return { ...place, hosts, networks: hosts.flatMap(({ addresses }) => addresses) }
  }

  function zoneWire(id: string): string {
    const named = declaration.firewall?.interfaces.find((one) => one.zone === id)
    if (named) return named.name
    if (id.length <= 15 && !id.startsWith('x-') && !['lo', 'all', 'default'].includes(id)) return id
    const digest = createHash('sha256').update(id).digest('hex')
    return `z${digest.slice(0, 6)}-${id.slice(0, 7)}`
  }

  function peerWire(peer: { readonly id: string; readonly network: string }): string {
    const all = declaration.firewall?.interfaces ?? []
    const own = all.find((one) => one.peers?.includes(peer.id))
    const network = all.find((one) => one.network === peer.network)
    return own?.name ?? network?.name ?? `x-${peer.network}`
  }

  function whyNot(flow: DeclaredFlow): string | undefined {
    if (flow.expires !== undefined && day > flow.expires) return 'NET-EXPIRED'
    const [from, to] = [endOf(flow.from), endOf(flow.to)]
    if (from.wire === to.wire) return 'NET-SAME-SIDE'
    const bound = flow.fixed?.macLimited === true
    if ((from.kind === 'mynumber' || to.kind === 'mynumber') && !bound) return 'NET-NOT-FIXED'
    if (bound) {
      for (const end of [from, to]) {
        if (end.zone === undefined) continue
        if (!end.hosts) return 'NET-NO-MAC'
        if (end.hosts.some((one) => one.addresses.length > 0 && one.mac === undefined)) {
          return 'NET-NO-MAC'
        }
      }
    }
    return families(from).some((one) => families(to).includes(one)) ? undefined : 'NET-NO-ADDRESS'
  }

  /** Families in which an end has an address. A party outside cannot have one of the town. */
  function families(end: End): readonly (4 | 6)[] {
    return ([4, 6] as const).filter((family) => {
      const own = end.networks.filter((one) => isIPv6(one.split('/')[0]!) === (family === 6))
      if (end.zone !== undefined) return own.length > 0
      return own.some((network) => !insideTown(network))
    })
  }

  // Zones of the made-up towns are never wider than a peer's block, but may hold it whole.
  const insideTown = (network: string): boolean =>
    ends(network).every((address) => checked(town, address))

  const openFlows = flows.filter((flow) => whyNot(flow) === undefined)

  /** Is this address one of that end's, sent by the machine it belongs to? */
  function speaks(end: End, address: string, mac: string | undefined): boolean {
    if (!checked(blockList(end.networks), address)) return false
    if (end.zone === undefined) return !checked(town, address)
    if (mac === undefined) return true
    return end.hosts!.some((one) => {
      const own = one.addresses.some((text) => checked(blockList([text]), address))
      return own && one.mac!.toLowerCase() === mac
    })
  }

  function allowsThere(flow: DeclaredFlow, packet: PlainPacket): boolean {
    const [from, to] = [endOf(flow.from), endOf(flow.to)]
    if (packet.in !== from.wire || packet.out !== to.wire) return false
    if (packet.direction !== 'original') return false
    if (packet.state !== 'new' && packet.state !== 'established') return false
    const mac = flow.fixed?.macLimited === true ? packet.mac : undefined
    return (
      speaks(from, packet.source, mac) &&
      speaks(to, packet.target, undefined) &&
      carries(flow, packet, packet.targetPort, 'request')
    )
  }

  function allowsBack(flow: DeclaredFlow, packet: PlainPacket): boolean {
    const [from, to] = [endOf(flow.from), endOf(flow.to)]
    if (packet.in !== to.wire || packet.out !== from.wire) return false
    if (packet.direction !== 'reply' || packet.state !== 'established') return false
    const mac = flow.fixed?.macLimited === true ? packet.mac : undefined
    return (
      speaks(to, packet.source, mac) &&
      speaks(from, packet.target, undefined) &&
      carries(flow, packet, packet.sourcePort, 'answer')
    )
  }

  /** A report of a fault, between two wires of which one has something open to the other in this family. */
  function reportsFault(packet: PlainPacket): boolean {
    if (packet.state !== 'related') return false
    const six = isIPv6(packet.source)
    if (packet.protocol !== (six ? 'icmpv6' : 'icmp')) return false
    if (!(six ? [1, 2, 3, 4] : [3, 11, 12]).includes(packet.sourcePort)) return false
    if (!honest(packet)) return false
    return openFlows.some((flow) => {
      const [from, to] = [endOf(flow.from), endOf(flow.to)]
      const both = [from, to].every((end) => families(end).includes(six ? 6 : 4))
      const there = packet.in === from.wire && packet.out === to.wire
      const back = packet.in === to.wire && packet.out === from.wire
      return both && (there || back)
    })
  }

  /** The sender can be behind the wire it comes from. */
  function honest(packet: PlainPacket): boolean {
    const behind = zones.filter(({ id }) => zoneWire(id) === packet.in)
    if (behind.length === 0) return !checked(town, packet.source)
    return checked(blockList(behind.flatMap(({ networks }) => networks)), packet.source)
  }

  return {
    whyNot,
    wireOf: (end) => endOf(end).wire,
    passes: (packet) =>
      isIPv6(packet.source) === isIPv6(packet.target) &&
      (openFlows.some((flow) => allowsThere(flow, packet) || allowsBack(flow, packet)) ||
        reportsFault(packet)),
  }
}

function carries(
  flow: DeclaredFlow,
  packet: PlainPacket,
  port: number,
  way: 'request' | 'answer',
): boolean {
  if (flow.protocol === 'icmp') {
    const six = isIPv6(packet.source)
    const types = six ? { request: 128, answer: 129 } : { request: 8, answer: 0 }
    return packet.protocol === (six ? 'icmpv6' : 'icmp') && packet.sourcePort === types[way]
  }
  if (packet.protocol !== flow.protocol) return false
  if (flow.ports === undefined || flow.ports === 'any') return true
  return flow.ports.some((one) => {
    const [first, last] = String(one).split('-').map(Number) as [number, number?]
    return first <= port && port <= (last ?? first)
  })
}

const lists = new Map<string, BlockList>()

function blockList(networks: readonly string[]): BlockList {
  const key = networks.join(' ')
  const known = lists.get(key)
  if (known) return known
  const list = new BlockList()
  lists.set(key, list)
  for (const network of networks) {
    const [address, length] = network.split('/') as [string, string?]
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (length === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(length), family)
  }
  return list
}

const checked = (list: BlockList, address: string): boolean =>
  list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')

/** The first address of a block and, for small ones, its last: enough to tell whether it lies in another block. */
function ends(network: string): readonly string[] {
  const [address, length] = network.split('/') as [string, string?]
  if (length === undefined || isIPv6(address)) return [address]
  const parts = address.split('.').map(Number)
  const number = parts.reduce((sum, part) => sum * 256 + part, 0) + 2 ** (32 - Number(length)) - 1
  const last = [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
  return [address, last]
}
