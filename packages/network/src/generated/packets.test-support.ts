/** Packets worth asking about in a made-up town: every pair of places, every port at the edge of a flow, and what an attacker would try. */
import { readRange } from '@sekisho/town'
import { addressText, macText } from '../declared/text.ts'
import { addressKey, addressOf, DIRECTIONS, PROTOCOLS, STATES } from '../space/field.ts'
import type { Packet } from '../space/space.ts'
import type { Oracle, PlainPacket } from './oracle.test-support.ts'
import type { Declaration } from './town.test-support.ts'

/** A machine at a wire. */
export interface Place {
  readonly wire: string
  readonly address: string
  readonly mac: string
  /** The system, party or stranger it is, for people. */
  readonly name: string
}

/** Addresses of no party. */
const NOBODY = ['192.0.2.99', '2001:db8:bad::1']
const STRANGER = '02:ff:ff:ff:ff:ff'

/** Every declared machine, one of each block of a party, and a stranger in every zone. */
export function placesOf({ zones, systems, peers }: Declaration, oracle: Oracle): readonly Place[] {
  return [
    ...systems.flatMap((system) =>
      system.hosts.flatMap(({ addresses, mac }) =>
        addresses.map((address) => ({
          wire: oracle.wireOf(`zone:${system.zone}`),
          address,
          mac: mac ?? STRANGER,
          name: system.id,
        })),
      ),
    ),
    ...zones.flatMap((zone) =>
      zone.networks.map((network) => ({
        wire: oracle.wireOf(`zone:${zone.id}`),
        address: someIn(network, 200),
        mac: STRANGER,
        name: `? ${zone.id}`,
      })),
    ),
    ...peers.flatMap((peer, at) =>
      [...peer.addresses, ...(at === 0 ? NOBODY : [])].map((network) => ({
        wire: oracle.wireOf(`peer:${peer.id}`),
        address: someIn(network, 9),
        mac: STRANGER,
        name: peer.id,
      })),
    ),
  ]
}

function someIn(network: string, number: number): string {
  const [address, length] = network.split('/') as [string, string?]
  if (length === undefined) return address
  if (address.includes(':')) return `${address}${number.toString(16)}`
  return address.replace(/\d+$/u, (last) => String(Number(last) + number))
}

/** The service matrix: a new connection from every place to every other, at every port at the edge of a flow, and an echo. */
export function* matrixOf(declaration: Declaration, oracle: Oracle): Generator<PlainPacket> {
  const places = placesOf(declaration, oracle)
  for (const from of places) {
    for (const to of places) {
      if (from.wire === to.wire) continue
      for (const what of servicesOf(declaration, from.address)) yield packetOf(from, to, what)
    }
  }
}

/** What is said to a place, and how: the part of a packet that is not about who and where. */
type Service = Pick<PlainPacket, 'protocol' | 'sourcePort' | 'targetPort'>

export function servicesOf({ flows }: Declaration, address: string): readonly Service[] {
  const edges = flows.flatMap(({ ports }) =>
    ports === undefined || ports === 'any' ? [] : ports.flatMap((one) => edgesOf(String(one))),
  )
  const ports = [...new Set([1, ...edges])].filter((port) => port >= 0 && port < 65_536)
  const six = address.includes(':')
  return [
    ...ports.flatMap((port) =>
      (['tcp', 'udp'] as const).map((protocol) => ({
        protocol,
        sourcePort: 50_000,
        targetPort: port,
      })),
    ),
    { protocol: six ? 'icmpv6' : 'icmp', sourcePort: six ? 128 : 8, targetPort: 0 },
    { protocol: 'gre', sourcePort: 0, targetPort: 0 },
  ]
}

function edgesOf(range: string): readonly number[] {
  const [first, last] = range.split('-').map(Number) as [number, number?]
  return last === undefined ? [first, first + 1] : [first - 1, first, last, last + 1]
}

export const packetOf = (from: Place, to: Place, what: Service): PlainPacket => ({
  in: from.wire,
  out: to.wire,
  source: from.address,
  target: to.address,
  mac: from.mac,
  state: 'new',
  direction: 'original',
  ...what,
})

/** What an attacker makes of a packet: another sender, another wire, the way back, a state that skips the question, a report of a fault. */
export function* twistsOf(packet: PlainPacket, places: readonly Place[]): Generator<PlainPacket> {
  yield packet
  yield { ...packet, mac: STRANGER }
  yield { ...packet, state: 'established' }
  yield { ...packet, state: 'invalid' }
  yield { ...packet, state: 'untracked' }
  yield { ...packet, state: 'related' }
  const answer: PlainPacket = {
    ...packet,
    in: packet.out,
    out: packet.in,
    source: packet.target,
    target: packet.source,
    sourcePort: packet.targetPort,
    targetPort: packet.sourcePort,
    state: 'established',
    direction: 'reply',
    ...echoReply(packet),
  }
  for (const { mac, address } of places) {
    if (address === answer.source) yield { ...answer, mac }
  }
  yield { ...answer, mac: STRANGER }
  yield { ...answer, mac: STRANGER, state: 'new', direction: 'original' }
  yield { ...answer, mac: STRANGER, direction: 'original' }
  for (const { wire } of places.slice(0, 4)) if (wire !== packet.out) yield { ...packet, in: wire }
  const six = packet.source.includes(':')
  for (const type of [0, 1, 2, 3, 4, 5, 8, 11, 12, 13, 128, 129, 137]) {
    const protocol = six ? 'icmpv6' : 'icmp'
    yield { ...packet, state: 'related', protocol, sourcePort: type, targetPort: 0 }
  }
}

function echoReply({ protocol }: PlainPacket): Partial<PlainPacket> {
  if (protocol === 'icmp') return { sourcePort: 0, targetPort: 0 }
  if (protocol === 'icmpv6') return { sourcePort: 129, targetPort: 0 }
  return {}
}

/** The same packet in the words of a space. */
export function asPacket(plain: PlainPacket): Packet {
  return {
    family: plain.source.includes(':') ? 6n : 4n,
    in: plain.in,
    out: plain.out,
    state: BigInt(STATES.indexOf(plain.state)),
    direction: BigInt(DIRECTIONS.indexOf(plain.direction)),
    protocol: BigInt({ ...PROTOCOLS, gre: 47 }[plain.protocol]),
    source: keyOf(plain.source),
    target: keyOf(plain.target),
    sourceMac: BigInt(`0x${plain.mac.replaceAll(':', '')}`),
    sourcePort: BigInt(plain.sourcePort),
    targetPort: BigInt(plain.targetPort),
  }
}

function keyOf(address: string): bigint {
  const { family, first } = readRange(address)!
  return addressKey(family, first)
}

const PROTOCOL_NAMES = new Map<bigint, PlainPacket['protocol']>([
  [1n, 'icmp'],
  [6n, 'tcp'],
  [17n, 'udp'],
  [58n, 'icmpv6'],
])

/** A packet of a space as a person would write it. Protocols that no flow has are all called one. */
export function asPlain(packet: Packet): PlainPacket {
  const address = (key: Packet['source']): string => {
    const of = addressOf(key as bigint)
    return addressText(of.family, of.address)
  }
  return {
    in: String(packet.in),
    out: String(packet.out),
    source: address(packet.source),
    target: address(packet.target),
    mac: macText(packet.sourceMac as bigint),
    state: STATES[Number(packet.state)]!,
    direction: DIRECTIONS[Number(packet.direction)]!,
    protocol: PROTOCOL_NAMES.get(packet.protocol as bigint) ?? 'gre',
    sourcePort: Number(packet.sourcePort),
    targetPort: Number(packet.targetPort),
  }
}
