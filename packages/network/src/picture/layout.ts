import type { PlaceId } from '../reach/place.ts'
import type { Edge, Graph, Node } from './columns.ts'
import { SIZE, wrapped } from './measure.ts'

/** A node with its column and its place from the top. */
export interface Placed extends Node {
  readonly column: number
  readonly group: string
  readonly lines: readonly string[]
  readonly height: number
  y: number
}

export type Side = 'left' | 'right'

/** At which side of its two boxes an arrow stands, and how far down. */
export interface Ends {
  readonly edge: Edge
  readonly from: { readonly node: Placed; readonly side: Side; y: number }
  readonly to: { readonly node: Placed; readonly side: Side; y: number }
}

export interface Layout {
  /** Nodes of each column, from the top. */
  readonly columns: readonly (readonly Placed[])[]
  readonly ends: readonly Ends[]
}

/** Rounds of putting each box near those it speaks to. More change nothing that an eye would see. */
const ROUNDS = 8

/** Puts the boxes of each column in an order and at places where the arrows are short: the mean of what they speak to, without overlap. */
export function layoutOf(graph: Graph): Layout {
  const { columns, placed } = nodesOf(graph)
  const ends = endsOf(graph, placed)
  const byNode = groupedEnds(ends)
  for (const column of columns) stack(column, new Map())
  putPorts(byNode)
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const column of columns) {
      const wish = new Map(column.map((node) => [node, wishOf(node, byNode)]))
      if (round < ROUNDS - 2) reorder(column, wish)
      stack(column, wish)
      putPorts(byNode)
    }
  }
  return { columns, ends }
}

function nodesOf(graph: Graph) {
  const placed = new Map<PlaceId, Placed>()
  const columns = graph.columns.map((groups, column) =>
    groups.flatMap((group) =>
      group.nodes.map((node) => {
        const lines = wrapped(node.name, SIZE.boxWidth - 2 * SIZE.pad, 2)
        const height = Math.max(
          lines.length * SIZE.line + 2 * SIZE.pad,
          portsOf(graph.edges, node.id, columnOf(graph)) * SIZE.port + SIZE.pad,
        )
        const made: Placed = { ...node, column, group: group.id, lines, height, y: 0 }
        placed.set(node.id, made)
        return made
      }),
    ),
  )
  return { columns, placed }
}

type ColumnOf = ReadonlyMap<PlaceId, number>

const KNOWN = new WeakMap<Graph, ColumnOf>()

function columnOf(graph: Graph): ColumnOf {
  const known = KNOWN.get(graph)
  if (known) return known
  const made: ColumnOf = new Map(
    graph.columns.flatMap((groups, at) =>
      groups.flatMap(({ nodes }) => nodes.map(({ id }) => [id, at] as const)),
    ),
  )
  KNOWN.set(graph, made)
  return made
}

/** How many arrows stand at the fuller side of a box. */
function portsOf(edges: readonly Edge[], id: PlaceId, columns: ColumnOf): number {
  const count = { left: 0, right: 0 }
  for (const edge of edges) {
    if (edge.from === id) count[sidesOf(edge, columns)[0]] += 1
    if (edge.to === id) count[sidesOf(edge, columns)[1]] += 1
  }
  return Math.max(count.left, count.right)
}

/** An arrow within one column leaves and comes at the right. */
function sidesOf(edge: Edge, columns: ColumnOf): readonly [from: Side, to: Side] {
  const [a, b] = [columns.get(edge.from) ?? 0, columns.get(edge.to) ?? 0]
  if (a === b) return ['right', 'right']
  return a < b ? ['right', 'left'] : ['left', 'right']
}

function endsOf(graph: Graph, placed: ReadonlyMap<PlaceId, Placed>): readonly Ends[] {
  return graph.edges.flatMap((edge) => {
    const [from, to] = [placed.get(edge.from), placed.get(edge.to)]
    if (!from || !to) return []
    const [first, second] = sidesOf(edge, columnOf(graph))
    return { edge, from: { node: from, side: first, y: 0 }, to: { node: to, side: second, y: 0 } }
  })
}

interface Port {
  /** The end here, and the end on the other side. */
  readonly here: Ends['from']
  readonly there: Ends['from']
  readonly number: number
}

function groupedEnds(ends: readonly Ends[]): ReadonlyMap<Placed, readonly Port[]> {
  const ports = ends.flatMap(({ edge: { number }, from, to }): Port[] => [
    { here: from, there: to, number },
    { here: to, there: from, number },
  ])
  return Map.groupBy(ports, ({ here }) => here.node)
}

/** Spreads the arrows of each side of a box over it, in the order of where they go. */
function putPorts(byNode: ReadonlyMap<Placed, readonly Port[]>): void {
  for (const [node, ports] of byNode) {
    for (const side of ['left', 'right'] as const) {
      const here = ports
        .filter((port) => port.here.side === side)
        .toSorted((a, b) => middle(a.there.node) - middle(b.there.node) || a.number - b.number)
      const first = middle(node) - ((here.length - 1) * SIZE.port) / 2
      for (const [at, port] of here.entries()) port.here.y = first + at * SIZE.port
    }
  }
}

const middle = ({ y, height }: Placed): number => y + height / 2

/** Where the top of a box would have to be for its arrows to run straight, in the mean; `undefined` when it has none. */
function wishOf(
  node: Placed,
  byNode: ReadonlyMap<Placed, readonly Port[]>,
): { readonly y: number; readonly weight: number } | undefined {
  const ports = (byNode.get(node) ?? []).filter(({ there }) => there.node.column !== node.column)
  if (ports.length === 0) return undefined
  const wanted = ports.map(({ here, there }) => there.y - (here.y - node.y))
  return { y: wanted.reduce((sum, y) => sum + y, 0) / wanted.length, weight: wanted.length }
}

type Wishes = ReadonlyMap<Placed, { readonly y: number; readonly weight: number } | undefined>

/** Boxes of one frame in the order of their wishes; those without arrows behind, as declared. */
function reorder(column: Placed[], wishes: Wishes): void {
  const turn = new Map(column.map((node, at) => [node, at]))
  const groups = [...new Set(column.map(({ group }) => group))]
  column.sort(
    (a, b) =>
      groups.indexOf(a.group) - groups.indexOf(b.group) ||
      (wishes.get(a)?.y ?? LAST) - (wishes.get(b)?.y ?? LAST) ||
      turn.get(a)! - turn.get(b)!,
  )
}

/** Further down than any picture reaches; infinity minus infinity would be no order. */
const LAST = Number.MAX_SAFE_INTEGER

/** Weight of a box that does not care where it stands. */
const CARELESS = 1e-6

/**
 * Places from the top, without overlap and as near as can be to what each box wishes: pool adjacent violators (Ayer et al. 1955), over what is left of a
 * wish when the least room for all boxes above is taken off.
 */
function stack(column: readonly Placed[], wishes: Wishes): void {
  const least = leastTops(column)
  const pools: { sum: number; weight: number; count: number }[] = []
  for (const [at, node] of column.entries()) {
    const { y, weight } = wishes.get(node) ?? { y: 0, weight: CARELESS }
    let pool = { sum: (y - least[at]!) * weight, weight, count: 1 }
    for (let above = pools.at(-1); above && mean(above) >= mean(pool); above = pools.at(-1)) {
      pool = {
        sum: above.sum + pool.sum,
        weight: above.weight + pool.weight,
        count: above.count + pool.count,
      }
      pools.pop()
    }
    pools.push(pool)
  }
  const shifts = pools.flatMap((pool) => Array<number>(pool.count).fill(Math.max(0, mean(pool))))
  for (const [at, node] of column.entries()) node.y = Math.round(least[at]! + shifts[at]!)
}

const mean = ({ sum, weight }: { readonly sum: number; readonly weight: number }): number =>
  sum / weight

/** Where each box is when all stand as high as they can. The first frame begins at 0. */
function leastTops(column: readonly Placed[]): readonly number[] {
  let y = SIZE.frameHead
  return column.map((node, at) => {
    const before = column[at - 1]
    if (before && before.group !== node.group)
      y += SIZE.framePad + SIZE.frameGap + SIZE.frameHead - SIZE.gap
    const top = y
    y += node.height + SIZE.gap
    return top
  })
}
