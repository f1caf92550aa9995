import type { EndpointReference, Flow, Host, Peer, Town, Zone } from '@sekisho/core'
import { modelDigest, todayInJapan } from '@sekisho/town'
import { FAMILIES, has } from './expect.ts'
import { joined, minus } from './ranges.ts'
import type { AddressRange } from './ranges.ts'
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
  const places = placesOf(town)
  for (const flow of town.flows) {
    const result = permitOf(places, flow, at)
    if (typeof result === 'string') leftOut.push({ flow, reason: result })
    else permits.push(result)
  }
  return { digest: modelDigest(town), town: town.name, at, plugs: plugsOf(town), permits, leftOut }
}

function permitOf(places: Places, flow: Flow, at: string): Permit | LeftOutReason {
  if (flow.expires !== undefined && flow.expires < at) return 'NET-EXPIRED'
  const from = places(flow.from)
  const to = places(flow.to)
  if (!from || !to) return 'NET-UNKNOWN-END'
  if (from.plug === to.plug) return 'NET-SAME-SIDE'
  const bound = [from, to].some(({ kind }) => kind === 'mynumber')
  if (bound && !flow.fixed?.macLimited) return 'NET-NOT-FIXED'
  const asBound = flow.fixed?.macLimited === true
  const [first, second] = [from.side(asBound), to.side(asBound)]
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
interface Placed extends Found {
  /** @returns `undefined` when the flow is bound to MAC addresses and a machine here has none */
  readonly side: (asBound: boolean) => Side | undefined
}

interface Found {
  readonly plug: string
  readonly kind?: string
  /** Everything that may speak there, whatever its MAC address. */
  readonly free: Part
  /** Machines of the town, when the end is a machine or a system. */
  readonly hosts?: readonly Host[]
}

type Places = (end: EndpointReference) => Placed | undefined

/** Looks ends up, each once: a town may have thousands of machines, and as many flows to one party. */
function placesOf(town: Town): Places {
  const peers = new Map(town.peers.map((peer) => [peer.id, peer]))
  const zones = new Map(town.zones.map((zone) => [zone.id, zone]))
  const systems = new Map(town.systems.map((system) => [system.id, system]))
  const hosts = new Map(
    town.systems.flatMap((system) => system.hosts.map((host) => [host.id, { system, host }])),
  )
  const own = rangesOf(town.zones.flatMap((zone) => zone.networks))
  const lookUp = (end: EndpointReference): Found | undefined => {
    const [kind, id] = [end.slice(0, end.indexOf(':')), end.slice(end.indexOf(':') + 1)]
    if (kind === 'peer') {
      const peer = peers.get(id)
      return peer && outside(town, peer, own)
    }
    const zone = zones.get(id)
    if (kind === 'zone') return zone && inside(town, zone, zone.networks)
    const found = hosts.get(id)
    const system = kind === 'system' ? systems.get(id) : found?.system
    const around = system && zones.get(system.zone)
    if (!system || !around) return undefined
    const machines = kind === 'system' ? system.hosts : found ? [found.host] : []
    const addresses = machines.flatMap((host) => host.addresses)
    return { ...inside(town, around, addresses), hosts: machines }
  }
  const known = new Map<EndpointReference, Placed | undefined>()
  return (end) => {
    if (known.has(end)) return known.get(end)
    const found = lookUp(end)
    const placed = found && { ...found, side: sidesOf(found, end) }
    known.set(end, placed)
    return placed
  }
}

/** Either side of an end, made once: many flows have the same. */
function sidesOf(found: Found, end: EndpointReference): Placed['side'] {
  const made = new Map<boolean, Side | undefined>()
  return (asBound) => {
    if (!made.has(asBound)) made.set(asBound, sideOf(found, asBound, end))
    return made.get(asBound)
  }
}

/** @param own addresses of the town's own zones: a party outside that claims them is lying */
const outside = (town: Town, peer: Peer, own: readonly AddressRange[]): Found => ({
  plug: peerPlug(town, peer),
  free: { ranges: minus(rangesOf(peer.addresses), own) },
})

const inside = (town: Town, { id, kind }: Zone, addresses: readonly string[]): Found => ({
  plug: zonePlug(town, id),
  kind,
  free: { ranges: joined(rangesOf(addresses)) },
})

function sideOf(placed: Found, bound: boolean, end: EndpointReference): Side | undefined {
  const ours = placed.kind !== undefined
  if (bound && ours && placed.hosts === undefined) return undefined
  const parts = bound && placed.hosts ? boundParts(placed.hosts) : [placed.free]
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

export const macOf = ({ mac }: Host): bigint | undefined =>
  mac === undefined ? undefined : readMac(mac)

/** Both ends have addresses of one family. */
const meet = (a: Side, b: Side): boolean =>
  FAMILIES.some((family) => has(a, family) && has(b, family))

function portsOf(flow: Flow): Permit['ports'] {
  if (flow.protocol === 'icmp') return []
  if (flow.ports.length === 0) return [[0, 65_535]]
  const [only, second] = flow.ports
  if (typeof only === 'number' && second === undefined) return [[only, only]]
  return joinedPorts(
    flow.ports.map((one) => (typeof one === 'number' ? ([one, one] as const) : one)),
  )
}

/** The same ports as few inclusive ranges as possible, apart and in order. */
export function joinedPorts(
  ports: readonly (readonly [first: number, last: number])[],
): Permit['ports'] {
  const result: [number, number][] = []
  for (const [first, last] of ports.toSorted((a, b) => a[0] - b[0])) {
    const before = result.at(-1)
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last)
    else result.push([first, last])
  }
  return result
}
