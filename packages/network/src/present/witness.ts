import type { Declared, Plug } from '../declared/permit.ts'
import type { AddressRange } from '../declared/ranges.ts'
import { addressKey, FIELDS, PROTOCOLS } from '../space/field.ts'
import type { Key, Span } from '../space/field.ts'
import type { Packet, Region } from '../space/space.ts'

/** What a person knows: of all ports and protocols of a region, the first of these that is in it. */
const FAMILIAR_PORTS = [443n, 80n, 22n, 53n]
const FAMILIAR_PROTOCOLS = [BigInt(PROTOCOLS.tcp), BigInt(PROTOCOLS.udp)]

/** A plug of the town, or a name of an interface that the town does not have. */
export interface PlugPair {
  readonly from: string
  readonly to: string
}

/** The pairs of plugs between which packets of a region pass: of the town's where there are any. */
export function pairsIn(declared: Declared, region: Region): readonly PlugPair[] {
  const [from, to] = [plugsIn(declared, region.in), plugsIn(declared, region.out)]
  const all = from.flatMap((one) => to.map((other) => ({ from: one, to: other })))
  const apart = all.filter((pair) => pair.from !== pair.to)
  return apart.length > 0 ? apart : all
}

function plugsIn(declared: Declared, spans: readonly Span[]): readonly string[] {
  const own = declared.plugs.map(({ name }) => name).filter((name) => isIn(spans, name))
  return own.length > 0 ? own : [String(spans[0]!.from)]
}

/** A packet of the region between these plugs, as real as the region allows: sent by who is behind the one, to who is behind the other. */
export function witnessOf(declared: Declared, region: Region, { from, to }: PlugPair): Packet {
  const plug = (name: string): Plug | undefined => declared.plugs.find((one) => one.name === name)
  const chosen: Partial<Record<string, Key>> = {
    in: from,
    out: to,
    source: addressIn(region.source, plug(from)?.senders),
    target: addressIn(region.target, plug(to)?.senders),
    protocol: FAMILIAR_PROTOCOLS.find((one) => isIn(region.protocol, one)),
  }
  const port = FAMILIAR_PORTS.find((one) => isIn(region.targetPort, one))
  // A type of ICMP is no port.
  const ported = FAMILIAR_PROTOCOLS.includes(chosen['protocol'] as bigint)
  if (port !== undefined && ported) chosen['targetPort'] = port
  return Object.fromEntries(
    FIELDS.map((field) => [field, chosen[field] ?? region[field][0]!.from]),
  ) as Packet
}

function addressIn(
  spans: readonly Span[],
  ranges: readonly AddressRange[] | undefined,
): bigint | undefined {
  for (const { family, first, last } of ranges ?? []) {
    for (const span of spans) {
      const [low, high] = [addressKey(family, first), addressKey(family, last)]
      const at = (span.from as bigint) > low ? (span.from as bigint) : low
      // The first address of a network is nobody's.
      const host = at === low && first !== last && isIn([span], at + 1n) ? at + 1n : at
      if (at <= high && isIn([span], host) && host <= high) return host
    }
  }
  return undefined
}

const isIn = (spans: readonly Span[], key: Key): boolean =>
  spans.some(({ from, until }) => from <= key && (until === undefined || key < until))
