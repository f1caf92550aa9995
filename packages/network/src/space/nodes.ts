/**
 * Nodes of decision diagrams, each kept once. All edges lie in one row of numbers, pair by pair: the first atom of an edge, and where it leads. Nothing is
 * allocated per node, for a proof of 5,000 flows asks for millions.
 */

/** A node, or an ending where it is below `FIRST_NODE`. */
export type Diagram = number

/** Endings are numbers below this; nodes are numbers from there on. */
export const FIRST_NODE = 16

export interface Nodes {
  /** Nodes made so far. */
  readonly size: () => number
  /** Level that a node asks; one behind the last for an ending. */
  levelOf(diagram: Diagram): number
  /** Where the edges of a node begin in `edges`, and where they end. */
  begin(node: Diagram): number
  end(node: Diagram): number
  /** The row itself: read it anew after every call that may make a node. */
  edges(): Int32Array
  /** Opens a node: what is added until it is closed are its edges. Nodes may be opened inside each other. */
  open(): number
  /** Adds an edge to the node opened last; one that leads where the one before it does is the same edge. */
  add(mark: number, from: number, to: Diagram): void
  /** Closes the node that was opened at `mark`. @returns where its one edge leads, or the one node with these edges */
  close(mark: number, level: number): Diagram
}

const FIRST_SIZE = 1 << 12

export function createNodes(levels: number): Nodes {
  let edges = new Int32Array(FIRST_SIZE)
  let begins = new Int32Array(FIRST_SIZE)
  let levelOfNode = new Uint8Array(FIRST_SIZE)
  let hashes = new Int32Array(FIRST_SIZE)
  let count = 0
  /** Open addressing: one more than the number of a node, 0 where nothing is. */
  let table = new Int32Array(FIRST_SIZE * 2)
  let draft = new Int32Array(FIRST_SIZE)
  let top = 0

  const begin = (node: Diagram): number => begins[node - FIRST_NODE]!
  const end = (node: Diagram): number => begins[node - FIRST_NODE + 1]!

  function add(mark: number, from: number, to: Diagram): void {
    if (top > mark && draft[top - 1] === to) return
    if (top + 2 > draft.length) draft = grown(draft)
    draft[top] = from
    draft[top + 1] = to
    top += 2
  }

  function close(mark: number, level: number): Diagram {
    const length = top - mark
    top = mark
    if (length === 2) return draft[mark + 1]!
    const hash = hashOf(level, mark, length)
    let place = hash & (table.length - 1)
    for (; table[place] !== 0; place = (place + 1) & (table.length - 1)) {
      const node = table[place]! - 1
      if (hashes[node] === hash && isSame(node, level, mark, length)) return node + FIRST_NODE
    }
    table[place] = count + 1
    keep(level, hash, mark, length)
    if (count * 2 > table.length) rehash()
    return count - 1 + FIRST_NODE
  }

  function keep(level: number, hash: number, mark: number, length: number): void {
    if (count + 2 > begins.length) {
      begins = grown(begins)
      hashes = grown(hashes)
      const wider = new Uint8Array(levelOfNode.length * 2)
      wider.set(levelOfNode)
      levelOfNode = wider
    }
    const at = begins[count]!
    while (at + length > edges.length) edges = grown(edges)
    edges.set(draft.subarray(mark, mark + length), at)
    levelOfNode[count] = level
    hashes[count] = hash
    count += 1
    begins[count] = at + length
  }

  function isSame(node: number, level: number, mark: number, length: number): boolean {
    const at = begins[node]!
    if (levelOfNode[node] !== level || begins[node + 1]! - at !== length) return false
    for (let i = 0; i < length; i += 1) if (edges[at + i] !== draft[mark + i]) return false
    return true
  }

  function hashOf(level: number, mark: number, length: number): number {
    let hash = level + 0x9e3779b9
    for (let at = mark; at < mark + length; at += 1) {
      hash = Math.imul(hash ^ draft[at]!, 0x85ebca6b)
      hash ^= hash >>> 13
    }
    hash = Math.imul(hash, 0xc2b2ae35)
    return (hash ^ (hash >>> 16)) | 0
  }

  function rehash(): void {
    table = new Int32Array(table.length * 4)
    for (let node = 0; node < count; node += 1) {
      let place = hashes[node]! & (table.length - 1)
      while (table[place] !== 0) place = (place + 1) & (table.length - 1)
      table[place] = node + 1
    }
  }

  return {
    size: () => count,
    levelOf: (diagram) => (diagram < FIRST_NODE ? levels : levelOfNode[diagram - FIRST_NODE]!),
    begin,
    end,
    edges: () => edges,
    open: () => top,
    add,
    close,
  }
}

function grown(row: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(row.length * 2)
  wider.set(row)
  return wider
}
