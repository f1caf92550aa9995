import type { EndpointReference, Flow, Host, Peer, Town } from '@sekisho/core'
import { modelDigest, todayInJapan } from '@sekisho/town'
import { minus } from './ranges.ts'
import { peerPlug, plugsOf, rangesOf, zonePlug } from './plugs.ts'
import { readMac } from './text.ts'
import type { Declared, LeftOut, LeftOutReason, Part, Permit, Side } from './permit.ts'

export interface DeclareOptions {
  /** Day for which it holds, `YYYY-MM-DD`; without it, today in Japan. */
  readonly at?: string
}

/**
 * What a town's declaration lets its firewall pass. Everything not in `permits` is denied; a flow that may not be opened is in `leftOut`, never opened in
 * part. Only 特定通信 bound to the MAC address of the town's own machine touches the My Number zone (ZN-02, 令和8年3月版 例文 第2編第2章 4.3).
 */
export function declare(town: Town, options: DeclareOptions = {}): Declared {
  const at = options.at ?? todayInJapan(new Date())
  const permits: Permit[] = []
  const leftOut: LeftOut[] = []
  for (const flow of town.flows) {
    const result = permitOf(town, flow, at)
    if (typeof result === 'string') leftOut.push({ flow, reason: result })
    else permits.push(result)
  }
  return { digest: modelDigest(town), town: town.name, at, plugs: plugsOf(town), permits, leftOut }
}

function permitOf(town: Town, flow: Flow, at: string): Permit | LeftOutReason {
  if (flow.expires !== undefined && flow.expires < at) return 'NET-EXPIRED'
  const from = place(town, flow.from)
  const to = place(town, flow.to)
  if (!from || !to) return 'NET-UNKNOWN-END'
  if (from.plug === to.plug) return 'NET-SAME-SIDE'
  const bound = [from, to].some(({ kind }) => kind === 'mynumber')
  if (bound && !flow.fixed?.macLimited) return 'NET-NOT-FIXED'
  const sides = [sideOf(from, flow, flow.from), sideOf(to, flow, flow.to)] as const
  const [first, second] = sides
  if (first === undefined || second === undefined) return 'NET-NO-MAC'
  if (!meet(first, second)) return 'NET-NO-ADDRESS'
  return {
    flow,
    protocol: flow.protocol,
    ports: portsOf(flow),
    from: first,
    to: second,
    ...(flow.expires !== undefined && { expires: flow.expires }),
  }
}

/** An end, looked up: a part of a zone, or a party outside. */
interface Placed {
  readonly plug: string
  readonly kind?: string
  readonly networks: readonly string[]
  /** Machines of the town, when the end is a machine or a system. */
  readonly hosts?: readonly Host[]
  /** Addresses of the town's own zones: a party outside that claims them is lying. */
  readonly own: readonly string[]
}

function place(town: Town, end: EndpointReference): Placed | undefined {
  const [kind, id] = [end.slice(0, end.indexOf(':')), end.slice(end.indexOf(':') + 1)]
  if (kind === 'peer') {
    const peer = town.peers.find((one) => one.id === id)
    return peer && outside(town, peer)
  }
  if (kind === 'zone') {
    const zone = town.zones.find((one) => one.id === id)
    return zone && { ...zonePlace(town, id), networks: zone.networks }
  }
  const system = town.systems.find((one) =>
    kind === 'system' ? one.id === id : one.hosts.some((host) => host.id === id),
  )
  if (!system) return undefined
  const hosts = kind === 'system' ? system.hosts : system.hosts.filter((host) => host.id === id)
  return { ...zonePlace(town, system.zone), hosts, networks: [] }
}

const outside = (town: Town, peer: Peer): Placed => ({
  plug: peerPlug(town, peer),
  networks: peer.addresses,
  own: town.zones.flatMap((zone) => zone.networks),
})

function zonePlace(town: Town, id: string) {
  const kind = town.zones.find((zone) => zone.id === id)?.kind
  return { plug: zonePlug(town, id), ...(kind !== undefined && { kind }), own: [] }
}

/** @returns `undefined` when the flow is bound to MAC addresses and a machine here has none. */
function sideOf(placed: Placed, flow: Flow, end: EndpointReference): Side | undefined {
  const bound = flow.fixed?.macLimited === true
  const inside = placed.kind !== undefined
  if (bound && inside && placed.hosts === undefined) return undefined
  const parts = bound && placed.hosts ? boundParts(placed.hosts) : [freePart(placed)]
  return parts && { end, interface: placed.plug, parts }
}

function boundParts(hosts: readonly Host[]): readonly Part[] | undefined {
  const parts = hosts
    .filter((host) => host.addresses.length > 0)
    .map((host) => ({ ranges: rangesOf(host.addresses), mac: macOf(host) }))
  return parts.every(hasMac) ? parts : undefined
}

const hasMac = <One extends { mac: bigint | undefined }>(one: One): one is One & { mac: bigint } =>
  one.mac !== undefined

const macOf = ({ mac }: Host): bigint | undefined => (mac === undefined ? undefined : readMac(mac))

function freePart(placed: Placed): Part {
  const texts = placed.hosts?.flatMap((host) => host.addresses) ?? placed.networks
  return { ranges: minus(rangesOf(texts), rangesOf(placed.own)) }
}

/** Both ends have addresses of one family. */
function meet(a: Side, b: Side): boolean {
  const families = (side: Side) =>
    new Set(side.parts.flatMap((part) => part.ranges.map(({ family }) => family)))
  const there = families(b)
  return [...families(a)].some((family) => there.has(family))
}

function portsOf(flow: Flow): Permit['ports'] {
  if (flow.protocol === 'icmp') return []
  if (flow.ports.length === 0) return [[0, 65_535]]
  const pairs = flow.ports.map((one) => (typeof one === 'number' ? ([one, one] as const) : one))
  const result: [number, number][] = []
  for (const [first, last] of pairs.toSorted((a, b) => a[0] - b[0])) {
    const before = result.at(-1)
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last)
    else result.push([first, last])
  }
  return result
}
