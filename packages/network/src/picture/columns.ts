import type { EndpointReference, Flow, Peer, Town } from '@sekisho/core'
import { shown } from '@sekisho/town'
import words from '../../words/picture.json' with { type: 'json' }
import type { PlaceId } from '../reach/place.ts'

/** What becomes a frame: a zone or an outside network, with what stands in it. */
export interface Group {
  readonly id: string
  readonly name: string
  readonly outside: boolean
  readonly nodes: readonly Node[]
}

export interface Node {
  readonly id: PlaceId
  readonly name: string
}

/** A flow between two nodes. */
export interface Edge {
  readonly flow: Flow
  readonly number: number
  readonly from: PlaceId
  readonly to: PlaceId
}

export interface Graph {
  /** From left to right, each from the top. */
  readonly columns: readonly (readonly Group[])[]
  readonly edges: readonly Edge[]
}

/**
 * The columns of a town. The parties on dedicated lines and on LGWAN stand between the My Number zone and the LGWAN zone, for both speak to them and not to
 * each other, and the Internet's parties behind the Internet zone: so an arrow seldom has to pass another zone, and none is drawn through one.
 *
 * @param only a zone or `outside:network`: its flows, and what stands at their ends
 */
export function graphOf(town: Town, only?: string): Graph {
  const edges = edgesOf(town)
  const places = new Map(
    allGroups(town).flatMap((group) => group.nodes.map(({ id }) => [id, group.id])),
  )
  const wanted =
    only === undefined
      ? edges
      : edges.filter(({ from, to }) => [from, to].some((end) => places.get(end) === only))
  const ends = new Set(wanted.flatMap(({ from, to }) => [from, to]))
  const kept = (group: Group): Group => ({
    ...group,
    nodes: group.nodes.filter(({ id }) =>
      id.startsWith('zone:') || (only !== undefined && group.id !== only) ? ends.has(id) : true,
    ),
  })
  const columns = columnsOf(town)
    .map((column) => column.map(kept).filter(({ nodes, id }) => nodes.length > 0 || id === only))
    .filter((column) => column.length > 0)
  return { columns, edges: wanted }
}

/** What a picture can be narrowed to, with its name. */
export const groupNames = (town: Town): readonly { readonly id: string; readonly name: string }[] =>
  allGroups(town).map(({ id, name }) => ({ id, name }))

const allGroups = (town: Town): readonly Group[] => columnsOf(town).flat()

function columnsOf(town: Town): readonly (readonly Group[])[] {
  const zones = (kind: (one: string) => boolean) =>
    town.zones.filter((zone) => kind(zone.kind)).map((zone) => zoneGroup(town, zone.id))
  const outside = (...networks: Peer['network'][]) =>
    networks.map((network) => outsideGroup(town, network)).filter(({ nodes }) => nodes.length > 0)
  return [
    zones((kind) => kind === 'mynumber'),
    outside('dedicated', 'lgwan'),
    zones((kind) => kind === 'lgwan'),
    [
      ...zones((kind) => kind === 'internet'),
      ...zones((kind) => !['mynumber', 'lgwan', 'internet'].includes(kind)),
    ],
    outside('internet'),
  ].filter((column) => column.length > 0)
}

function zoneGroup(town: Town, id: string): Group {
  const zone = town.zones.find((one) => one.id === id)
  const systems = town.systems.filter((system) => system.zone === id)
  return {
    id,
    name: shown(zone?.name ?? id),
    outside: false,
    nodes: [
      { id: `zone:${id}`, name: words.whole },
      ...systems.map((system): Node => ({ id: `system:${system.id}`, name: shown(system.name) })),
    ],
  }
}

function outsideGroup(town: Town, network: Peer['network']): Group {
  return {
    id: `outside:${network}`,
    name: words.outside[network],
    outside: true,
    nodes: town.peers
      .filter((peer) => peer.network === network)
      .map((peer): Node => ({ id: `peer:${peer.id}`, name: shown(peer.name) })),
  }
}

function edgesOf(town: Town): readonly Edge[] {
  const holder = new Map(
    town.systems.flatMap(({ id, hosts }) => hosts.map((host) => [host.id, id] as const)),
  )
  const nodeOf = (end: EndpointReference): PlaceId => {
    const [kind, id] = [end.slice(0, end.indexOf(':')), end.slice(end.indexOf(':') + 1)]
    return kind === 'host' ? `system:${holder.get(id) ?? id}` : (end as PlaceId)
  }
  return town.flows.map((flow, index) => ({
    flow,
    number: index + 1,
    from: nodeOf(flow.from),
    to: nodeOf(flow.to),
  }))
}
