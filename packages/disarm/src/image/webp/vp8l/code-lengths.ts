interface Node {
  readonly weight: number
  /** Set for a leaf. */
  readonly symbol: number
  readonly children: readonly [Node, Node] | undefined
}

/**
 * Lengths of the words of a Huffman code for symbols that occur `counts` times, none longer than `limit`: leaves in order of
 * weight, then of symbol; a leaf is joined before a tree of the same weight. When a word is too long, small counts are
 * raised to 2, 4, 8 … until none is. At least two symbols must occur, or the only one gets length 1.
 */
export function codeLengths(counts: Uint32Array, limit: number): Uint8Array {
  const symbols = [...counts.keys()].filter((symbol) => counts[symbol]! > 0)
  const lengths = new Uint8Array(counts.length)
  if (symbols.length === 1) lengths[symbols[0]!] = 1
  if (symbols.length < 2) return lengths
  for (let least = 1; ; least *= 2) {
    const leaves = symbols.map((symbol) => leaf(symbol, Math.max(least, counts[symbol]!)))
    leaves.sort((a, b) => a.weight - b.weight || a.symbol - b.symbol)
    if (assign(treeOf(leaves), lengths) <= limit) return lengths
  }
}

function leaf(symbol: number, weight: number): Node {
  return { symbol, weight, children: undefined }
}

/** Joins the two lightest until one is left; joined trees come in order of weight by themselves. */
function treeOf(leaves: readonly Node[]): Node {
  const trees: Node[] = []
  let nextLeaf = 0
  let nextTree = 0
  const lightest = (): Node => {
    const tree = trees[nextTree]
    const single = leaves[nextLeaf]
    if (tree === undefined || (single !== undefined && single.weight <= tree.weight)) {
      nextLeaf++
      return single!
    }
    nextTree++
    return tree
  }
  for (let i = 1; i < leaves.length; i++) {
    const [a, b] = [lightest(), lightest()]
    trees.push({ symbol: -1, weight: a.weight + b.weight, children: [a, b] })
  }
  return trees.at(-1)!
}

/** @returns the greatest length. The tree may be as deep as it has leaves, so it is walked without recursion. */
function assign(root: Node, lengths: Uint8Array): number {
  let deepest = 0
  const open: { node: Node; depth: number }[] = [{ node: root, depth: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next
    if (node.children) {
      open.push({ node: node.children[0], depth: depth + 1 })
      open.push({ node: node.children[1], depth: depth + 1 })
    } else {
      deepest = Math.max(deepest, depth)
      lengths[node.symbol] = Math.min(depth, 255)
    }
  }
  return deepest
}
