/**
 * How far from the Internet each system and peer of a town is, counted in declared flows and gates, each in its own direction. Who holds one host of a system
 * is taken to hold all of it. Cost grows with the number of flows, systems and gates, not with their product.
 */
import type { EndpointReference, Town } from '@sekisho/core'

/** Steps from the Internet to a system: 1 is direct. Absent when no declared way leads there. */
export type Exposure = ReadonlyMap<string, number>

type Node = string
const INTERNET: Node = 'internet'

/** By id of the system. */
export function exposureOf(town: Town): Exposure {
  const edges = edgesOf(town)
  const steps = new Map<Node, number>([[INTERNET, 0]])
  // Moves inside a zone or system cost nothing, crossings cost one: first everything at one distance, then the next.
  let front: Node[] = [...steps.keys()]
  for (let distance = 0; front.length > 0; distance += 1) {
    spreadInside(front, edges, steps, distance)
    const next: Node[] = []
    for (const node of front)
      for (const target of edges.crossing.get(node) ?? [])
        if (!steps.has(target)) {
          steps.set(target, distance + 1)
          next.push(target)
        }
    front = next
  }
  return new Map(
    town.systems.flatMap(({ id }) => {
      const found = steps.get(`system:${id}`)
      return found === undefined ? [] : [[id, found] as const]
    }),
  )
}

interface Edges {
  readonly inside: ReadonlyMap<Node, readonly Node[]>
  readonly crossing: ReadonlyMap<Node, readonly Node[]>
}

/** Adds to `front` whatever is reached without a crossing. */
function spreadInside(
  front: Node[],
  { inside }: Edges,
  steps: Map<Node, number>,
  distance: number,
): void {
  // An array is walked as it grows.
  for (const node of front)
    for (const target of inside.get(node) ?? [])
      if (!steps.has(target)) {
        steps.set(target, distance)
        front.push(target)
      }
}

/**
 * A zone is two nodes: a flow into a zone reaches each of its systems, a flow out of a zone may start in each of them, and neither joins the systems with one
 * another.
 */
function edgesOf(town: Town): Edges {
  const inside = new Map<Node, Node[]>()
  const crossing = new Map<Node, Node[]>()
  const hosts = new Map<string, string>()
  for (const { id, zone, hosts: own } of town.systems) {
    add(inside, `in:${zone}`, `system:${id}`)
    add(inside, `system:${id}`, `out:${zone}`)
    for (const host of own) hosts.set(host.id, id)
  }
  const node = (end: EndpointReference, side: 'in' | 'out'): Node => {
    const [kind, id = ''] = end.split(':')
    if (kind === 'zone') return `${side}:${id}`
    return kind === 'host' ? `system:${hosts.get(id) ?? ''}` : end
  }
  const exposed = addInternet(town, inside, crossing)
  for (const { from, to } of town.flows) {
    // A peer that the Internet does not reach does not pass on: what it does with our data is not in this file.
    if (!isPeer(from) || exposed.has(from)) add(crossing, node(from, 'out'), node(to, 'in'))
    // Who fetches from an exposed peer receives what that peer sends.
    if (exposed.has(to)) add(crossing, to, node(from, 'in'))
  }
  for (const kind of ['file', 'mail', 'screen'] as const)
    for (const { from, to } of town.gates[kind]) add(crossing, `out:${from}`, `in:${to}`)
  return { inside, crossing }
}

/**
 * Where the Internet begins: its peers, and the Internet zones, in which what comes from there lies when a gate takes it. A peer on another network that the
 * Internet reaches is one crossing further away.
 *
 * @returns the ends of the peers through which something from the Internet may come.
 */
function addInternet(
  town: Town,
  inside: Map<Node, Node[]>,
  crossing: Map<Node, Node[]>,
): ReadonlySet<string> {
  const exposed = town.peers.filter(
    ({ network, internetCapable }) => network === 'internet' || internetCapable,
  )
  for (const { id, network } of exposed)
    add(network === 'internet' ? inside : crossing, INTERNET, `peer:${id}`)
  for (const { id, kind } of town.zones) if (kind === 'internet') add(inside, INTERNET, `out:${id}`)
  return new Set(exposed.map(({ id }) => `peer:${id}`))
}

const isPeer = (end: EndpointReference): boolean => end.startsWith('peer:')

function add(edges: Map<Node, Node[]>, from: Node, to: Node): void {
  const known = edges.get(from)
  if (known === undefined) edges.set(from, [to])
  else known.push(to)
}
