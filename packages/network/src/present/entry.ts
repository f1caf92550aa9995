import type { Host, Town } from '@sekisho/core'
import words from '../../words/ja.json' with { type: 'json' }
import { rangesOf } from '../declared/plugs.ts'
import { joined, minus } from '../declared/ranges.ts'
import type { AddressRange } from '../declared/ranges.ts'
import type { Declared } from '../declared/permit.ts'
import { rangeText } from '../declared/text.ts'
import { addressKey, addressOf, PROTOCOLS } from '../space/field.ts'
import type { Span } from '../space/field.ts'
import type { Region } from '../space/space.ts'
import { limitsOf } from './spans.ts'
import type { PlugPair } from './witness.ts'

/** What would have to be declared for a region to be permitted; never more than the region. */
export type Proposal =
  | { readonly kind: 'entry'; readonly text: string }
  /** `wide`: all ports, all protocols or all addresses; `unnamed`: the declaration has no name for an end. */
  | { readonly kind: 'wide' | 'unnamed' }

/** Ports and addresses in one entry at most; a line with more was not made by hand. */
const MOST_PARTS = 16

/** Lines for town.yaml that declare what a line of a present firewall permits between two plugs. */
export function proposalOf(
  town: Town,
  declared: Declared,
  region: Region,
  pair: PlugPair,
): Proposal {
  const asked = askedOf(region)
  if (!asked) return { kind: 'wide' }
  const from = endOf(town, declared, pair.from, region.source)
  const to = endOf(town, declared, pair.to, region.target)
  if (from === 'wide' || to === 'wide') return { kind: 'wide' }
  if (from === undefined || to === undefined) return { kind: 'unnamed' }
  const peers = [from, to].flatMap(({ peer }) => (peer === undefined ? [] : [peer]))
  const flows = asked.map(({ protocol, ports }) => {
    const last = ports === undefined ? protocol : `${protocol}-${ports.split(',')[0]}`
    const id = `${from.id}-${to.id}-${last}`.replaceAll(/[^a-z0-9]+/gu, '-').slice(0, 60)
    return [
      `  - id: ${id.replace(/-$/u, '')}`,
      `    name: ${words.present.entry.name}`,
      `    from: ${from.reference}`,
      `    to: ${to.reference}`,
      `    protocol: ${protocol}`,
      ...(ports === undefined ? [] : [`    ports: [${ports}]`]),
    ].join('\n')
  })
  const added = peers.length === 0 ? [] : ['peers:', ...peers]
  return { kind: 'entry', text: [...added, 'flows:', ...flows].join('\n') }
}

interface Asked {
  readonly protocol: 'tcp' | 'udp' | 'icmp'
  readonly ports?: string
}

function askedOf({ protocol, targetPort, sourcePort }: Region): readonly Asked[] | undefined {
  const numbers = protocol.flatMap(({ from, until }) =>
    until === (from as bigint) + 1n ? [Number(from)] : [undefined],
  )
  if (numbers.length === 1 && (numbers[0] === PROTOCOLS.icmp || numbers[0] === PROTOCOLS.icmpv6)) {
    const echo = BigInt(numbers[0] === PROTOCOLS.icmp ? 8 : 128)
    const types = sourcePort.length === 1 && sourcePort[0]!.from === echo
    return types && sourcePort[0]!.until === echo + 1n ? [{ protocol: 'icmp' }] : undefined
  }
  const ports = limitsOf('targetPort', targetPort)
  if (!ports || ports.except || ports.values.length > MOST_PARTS) return undefined
  const text = ports.values.map(portText).join(', ')
  const asked = numbers.map((number): Asked | undefined => {
    if (number === PROTOCOLS.tcp) return { protocol: 'tcp', ports: text }
    return number === PROTOCOLS.udp ? { protocol: 'udp', ports: text } : undefined
  })
  return asked.every((one) => one !== undefined) ? asked : undefined
}

/** A range is a pair in the declaration. */
const portText = (text: string): string =>
  text.includes('-') ? `[${text.replace('-', ', ')}]` : text

interface NamedEnd {
  readonly id: string
  readonly reference: string
  /** Lines for a party that the declaration does not have yet. */
  readonly peer?: string
}

function endOf(
  town: Town,
  declared: Declared,
  name: string,
  spans: readonly Span[],
): NamedEnd | 'wide' | undefined {
  const plug = declared.plugs.find((one) => one.name === name)
  const ranges = rangesIn(spans, plug?.senders ?? [])
  if (!plug || ranges.length === 0) return undefined
  if (plug.zone !== undefined) return insideEnd(town, plug.zone, ranges)
  const same = town.peers.find((peer) => equal(known(peer.addresses), ranges))
  if (same) return { id: same.id, reference: `peer:${same.id}` }
  if (ranges.length > MOST_PARTS || ranges.some(isWide)) return 'wide'
  const network = networkOf(town, name)
  return network === undefined ? undefined : newPeer(town, network, ranges)
}

// `x-internet` where the town does not name its plugs.
function networkOf(town: Town, name: string): string | undefined {
  const named = town.firewall?.interfaces.find((one) => one.name === name)
  return named?.network ?? /^x-(internet|lgwan|dedicated)$/u.exec(name)?.[1]
}

function newPeer(town: Town, network: string, ranges: readonly AddressRange[]): NamedEnd {
  const wanted = `peer-${rangeText(ranges[0]!).replaceAll(/[^a-z0-9]+/gu, '-')}`.slice(0, 60)
  const taken = new Set(town.peers.map(({ id }) => id))
  const id = taken.has(wanted) ? `${wanted}-2` : wanted
  const addresses = ranges.map((range) => `'${rangeText(range)}'`).join(', ')
  const peer = [
    `  - id: ${id}`,
    `    name: ${words.present.entry.peer}`,
    `    network: ${network}`,
    `    addresses: [${addresses}]`,
  ].join('\n')
  return { id, reference: `peer:${id}`, peer }
}

function insideEnd(
  town: Town,
  zone: string,
  ranges: readonly AddressRange[],
): NamedEnd | undefined {
  const systems = town.systems.filter((system) => system.zone === zone)
  const family = ranges[0]!.family
  const is = (hosts: readonly Host[]): boolean =>
    equal(
      hosts.flatMap(({ addresses }) => known(addresses)).filter((one) => one.family === family),
      ranges,
    )
  const host = systems.flatMap(({ hosts }) => hosts).find((one) => is([one]))
  if (host) return { id: host.id, reference: `host:${host.id}` }
  const system = systems.find(({ hosts }) => is(hosts))
  if (system) return { id: system.id, reference: `system:${system.id}` }
  const networks = rangesOf(town.zones.find(({ id }) => id === zone)?.networks ?? [])
  const all = equal(
    networks.filter((one) => one.family === family),
    ranges,
  )
  return all ? { id: zone, reference: `zone:${zone}` } : undefined
}

const rangesRead = new WeakMap<readonly string[], readonly AddressRange[]>()

/** Addresses of a declaration, read once: each line of a foreign firewall is held against all of them. */
function known(addresses: readonly string[]): readonly AddressRange[] {
  const read = rangesRead.get(addresses) ?? rangesOf(addresses)
  rangesRead.set(addresses, read)
  return read
}

/** What of the spans can be behind the plug. */
function rangesIn(
  spans: readonly Span[],
  senders: readonly AddressRange[],
): readonly AddressRange[] {
  const asked = spans.flatMap(({ from, until }): readonly AddressRange[] => {
    const last = (until as bigint) - 1n
    const [start, end] = [addressOf(from as bigint), addressOf(last)]
    return start.family === end.family
      ? [{ family: start.family, first: start.address, last: end.address }]
      : [
          { family: 4, first: start.address, last: (1n << 32n) - 1n },
          { family: 6, first: 0n, last: end.address },
        ]
  })
  return minus(asked, minus(asked, senders))
}

const equal = (a: readonly AddressRange[], b: readonly AddressRange[]): boolean => {
  const [one, other] = [joined(a), joined(b)]
  return (
    one.length === other.length &&
    one.every(
      (range, at) =>
        addressKey(range.family, range.first) === addressKey(other[at]!.family, other[at]!.first) &&
        addressKey(range.family, range.last) === addressKey(other[at]!.family, other[at]!.last),
    )
  )
}

/** More than a /16 or a /32 is no party. */
const isWide = ({ family, first, last }: AddressRange): boolean =>
  last - first >= (family === 4 ? 1n << 16n : 1n << 96n)
