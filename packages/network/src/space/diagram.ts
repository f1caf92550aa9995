import { createNodes, FIRST_NODE } from './nodes.ts'
import type { Diagram } from './nodes.ts'
import type { OpenNode } from './regions.ts'

export type { Diagram }

/**
 * Sets of packets as decision diagrams over intervals (firewall decision diagrams, Gouda and Liu 2004), each kept once: two diagrams are the same number
 * exactly when they treat every packet alike. So equality is no search, and a difference is a path to walk.
 *
 * An end of a diagram is not one verdict but the set of those that are possible, for a rule may hold a condition that nobody here can evaluate.
 */

/** Possible endings, added up. `pass`: no rule spoke; `back`: the rest of this chain is skipped. */
export const ENDING = { deny: 1, accept: 2, back: 4, pass: 8 } as const

/** What is done with two endings. */
export interface Operation {
  readonly table: Uint8Array
  /** The answer when it can be told without looking inside, or -1. */
  shortcut(a: Diagram, b: Diagram): Diagram
}

const operation = (
  ending: (a: number, b: number) => number,
  shortcut: Operation['shortcut'] = () => -1,
): Operation => ({
  table: Uint8Array.from({ length: 256 }, (_, at) => ending(at >> 4, at & 15)),
  shortcut,
})

const { deny, accept, back, pass } = ENDING

/** First `a`; where it lets pass, `b`. */
export const OVER = operation(
  (a, b) => (a & pass ? (a & ~pass) | b : a),
  (a, b) => (a === pass ? b : a < FIRST_NODE && !(a & pass) ? a : -1),
)

/** `b` where `a` accepts, nothing where `a` lets pass: a rule's conditions, then what it does. */
export const INTO = operation(
  (a, b) => (a & accept ? b : 0) | (a & pass),
  (a, b) => (a === pass ? pass : a === accept ? b : -1),
)

/** Matches where `a` does not. The second argument says nothing. */
export const NOT = operation((a) => (a & accept ? pass : 0) | (a & pass ? accept : 0))

/** What a chain means where it is called: going back and coming to its end are the same. */
export const CALLED = operation((a) => (a & back ? (a & ~back) | pass : a))

/** What a chain means where it is gone to: its end is the end of the chain that went there. */
export const GONE_TO = operation((a) => (a & pass ? (a & ~pass) | back : a))

/** Two hooks in turn: what one drops, the other never sees; what one accepts, the other is asked about. */
export const BOTH = operation((a, b) => (a & b & accept) | ((a | b) & deny))

/** `accept` where a packet may be accepted, `pass` where it never is. The second argument says nothing. */
export const MAY = operation((a) => (a & accept ? accept : pass))

/** `accept` where either says so. */
export const EITHER = operation(
  (a, b) => ((a | b) & accept ? accept : pass),
  (a, b) => (a === accept || b === accept ? accept : -1),
)

/** `accept` where the first says so and the second does not. */
export const WITHOUT = operation(
  (a, b) => (a & accept && !(b & accept) ? accept : pass),
  (a, b) => (a === pass || b === accept ? pass : -1),
)

/**
 * What is wanted and what is there: `accept` where they are the same, `deny` where more is let through, `back` where less is, `pass` where nobody can tell.
 * The kinds stay apart, or of two that lie side by side only the first would be found.
 */
export const APART = operation(
  (want, have) => {
    if (want === have) return accept
    if (have !== accept && have !== deny) return pass
    return want === deny ? deny : back
  },
  (want, have) => (want === have ? accept : -1),
)
/** `accept` where the first may deny and the second may accept, and they are not the same: what is won by going over to the second. */
export const WON = operation(
  (a, b) => (a !== b && a & deny && b & accept ? accept : pass),
  (a, b) => (a === b ? pass : -1),
)

/** Whatever either may end in. */
export const UNITED = operation(
  (a, b) => a | b,
  (a, b) => (a === b ? a : -1),
)

/** `accept` where a filter accepts for certain, `pass` where not. The second argument says nothing. */
export const PASSES = operation((a) => (a === accept ? accept : pass))

export interface Diagrams {
  /** A packet is inside when each field given lies in one of its spans of atoms. Inside ends in `inside`, the rest in `pass`. */
  box(
    spans: ReadonlyMap<number, readonly (readonly [from: number, until: number])[]>,
    inside: number,
  ): Diagram
  apply(operation: Operation, a: Diagram, b: Diagram): Diagram
  /** `OVER` of a whole list, first to last. */
  overAll(diagrams: readonly Diagram[]): Diagram
  /** The same with one level no longer asked: as it ends where that level holds this atom. */
  fixed(diagram: Diagram, level: number, atom: number): Diagram
  /** The same with one level no longer asked: `accept` where it is so for some atom of that level. */
  some(diagram: Diagram, level: number): Diagram
  /** The same with one level no longer asked: every ending that some atom of that level has. */
  blurred(diagram: Diagram, level: number): Diagram
  /** Ends one packet, given as an atom per level. */
  end(diagram: Diagram, atoms: readonly number[]): number
  /** Boxes whose end is wanted, at most `most`: per level the first atom and the first behind. */
  find(
    diagram: Diagram,
    wanted: (ending: number) => boolean,
    most: number,
  ): readonly (readonly (readonly [from: number, until: number])[])[]
  /** One node from the inside; `undefined` for an end. */
  open(diagram: Diagram): OpenNode | undefined
  /** Nodes made so far. */
  readonly size: () => number
}

const SMALLEST_CACHE = 1 << 8
const LARGEST_CACHE = 1 << 20

/** Diagrams over fields with this many atoms each, in the order of `FIELDS`. */
export function createDiagrams(sizes: readonly number[]): Diagrams {
  const nodes = createNodes(sizes.length)
  const levelOf = (diagram: Diagram): number => nodes.levelOf(diagram)
  const caches = new Map<Operation, ReturnType<typeof createCache>>()

  function apply(how: Operation, a: Diagram, b: Diagram): Diagram {
    let cache = caches.get(how)
    if (!cache) caches.set(how, (cache = createCache()))
    return walk(how, cache, a, b)
  }

  function walk(
    how: Operation,
    cache: ReturnType<typeof createCache>,
    a: Diagram,
    b: Diagram,
  ): Diagram {
    const short = how.shortcut(a, b)
    if (short !== -1) return short
    if (a < FIRST_NODE && b < FIRST_NODE) return how.table[(a << 4) | b]!
    const cached = cache.get(a, b)
    if (cached !== -1) return cached
    const [levelA, levelB] = [levelOf(a), levelOf(b)]
    const level = Math.min(levelA, levelB)
    const mark = nodes.open()
    if (levelA > level) each(b, (from, kid) => nodes.add(mark, from, walk(how, cache, a, kid)))
    else if (levelB > level) each(a, (from, kid) => nodes.add(mark, from, walk(how, cache, kid, b)))
    else meet(how, cache, a, b, mark)
    const made = nodes.close(mark, level)
    cache.set(a, b, made)
    return made
  }

  /** Two nodes that ask the same level, edge by edge where they overlap. */
  function meet(
    how: Operation,
    cache: ReturnType<typeof createCache>,
    a: Diagram,
    b: Diagram,
    mark: number,
  ): void {
    let [i, j] = [nodes.begin(a), nodes.begin(b)]
    const [endA, endB] = [nodes.end(a), nodes.end(b)]
    for (let at = 0; ;) {
      const edges = nodes.edges()
      nodes.add(mark, at, walk(how, cache, edges[i + 1]!, edges[j + 1]!))
      const nextA = i + 2 < endA ? edges[i + 2]! : Infinity
      const nextB = j + 2 < endB ? edges[j + 2]! : Infinity
      at = Math.min(nextA, nextB)
      if (at === Infinity) return
      if (nextA === at) i += 2
      if (nextB === at) j += 2
    }
  }

  /** Every edge of a node: its first atom, and where it leads. */
  function each(node: Diagram, visit: (from: number, kid: Diagram) => void): void {
    const behind = nodes.end(node)
    for (let at = nodes.begin(node); at < behind; at += 2) {
      const edges = nodes.edges()
      visit(edges[at]!, edges[at + 1]!)
    }
  }

  function box(
    spans: ReadonlyMap<number, readonly (readonly [number, number])[]>,
    inside: number,
  ): Diagram {
    let below = inside
    for (let level = sizes.length - 1; level >= 0; level -= 1) {
      const wanted = spans.get(level)
      if (wanted) below = ring(level, wanted, below)
    }
    return below
  }

  /** One level of a box: `below` within the spans, `pass` outside. */
  function ring(
    level: number,
    spans: readonly (readonly [number, number])[],
    below: Diagram,
  ): Diagram {
    const mark = nodes.open()
    let reached = 0
    for (const [first, until] of inOrder(spans)) {
      if (until <= reached || until <= first) continue
      if (first > reached) nodes.add(mark, reached, pass)
      nodes.add(mark, Math.max(first, reached), below)
      reached = until
    }
    if (reached < sizes[level]!) nodes.add(mark, reached, pass)
    return nodes.close(mark, level)
  }

  function overAll(list: readonly Diagram[]): Diagram {
    let round = [...list]
    if (round.length === 0) return pass
    while (round.length > 1) {
      const next: Diagram[] = []
      for (let at = 0; at < round.length; at += 2) {
        const second = round[at + 1]
        next.push(second === undefined ? round[at]! : apply(OVER, round[at]!, second))
      }
      round = next
    }
    return round[0]!
  }

  const fixed = (diagram: Diagram, level: number, atom: number): Diagram =>
    rebuilt(diagram, level, (node) => kidAt(node, atom))

  const some = (diagram: Diagram, level: number): Diagram =>
    rebuilt(diagram, level, (node) => {
      let any: Diagram = pass
      each(node, (_, kid) => (any = apply(EITHER, any, kid)))
      return any
    })

  const blurred = (diagram: Diagram, level: number): Diagram =>
    rebuilt(diagram, level, (node) => {
      let all: Diagram = 0
      each(node, (_, kid) => (all = all === 0 ? kid : apply(UNITED, all, kid)))
      return all
    })

  /** The same diagram with each node of one level replaced by what `by` makes of it. */
  function rebuilt(diagram: Diagram, level: number, by: (node: Diagram) => Diagram): Diagram {
    const done = new Map<Diagram, Diagram>()
    const go = (at: Diagram): Diagram => {
      const here = levelOf(at)
      if (here > level) return at
      const before = done.get(at)
      if (before !== undefined) return before
      const made = here === level ? by(at) : again(at, here)
      done.set(at, made)
      return made
    }
    const again = (at: Diagram, here: number): Diagram => {
      const mark = nodes.open()
      each(at, (from, kid) => nodes.add(mark, from, go(kid)))
      return nodes.close(mark, here)
    }
    return go(diagram)
  }

  /** Where the edge of a node leads that holds an atom. */
  function kidAt(node: Diagram, atom: number): Diagram {
    const edges = nodes.edges()
    let at = nodes.end(node) - 2
    while (edges[at]! > atom) at -= 2
    return edges[at + 1]!
  }

  function end(diagram: Diagram, atoms: readonly number[]): number {
    let at = diagram
    while (at >= FIRST_NODE) at = kidAt(at, atoms[levelOf(at)]!)
    return at
  }

  function find(
    diagram: Diagram,
    wanted: (ending: number) => boolean,
    most: number,
  ): readonly (readonly (readonly [number, number])[])[] {
    const found: (readonly (readonly [number, number])[])[] = []
    const barren = new Set<Diagram>()
    const path: [number, number][] = sizes.map((size) => [0, size])
    const walkDown = (at: Diagram): boolean => {
      if (found.length >= most) return true
      if (at < FIRST_NODE) {
        if (!wanted(at)) return false
        found.push(path.map(([from, until]) => [from, until] as const))
        return true
      }
      if (barren.has(at)) return false
      const level = levelOf(at)
      const edges = nodes.edges()
      const last = nodes.end(at)
      let any = false
      for (let edge = nodes.begin(at); edge < last; edge += 2) {
        const until = edge + 2 < last ? edges[edge + 2]! : sizes[level]!
        path[level] = [edges[edge]!, until]
        if (walkDown(edges[edge + 1]!)) any = true
      }
      path[level] = [0, sizes[level]!]
      if (!any) barren.add(at)
      return any
    }
    walkDown(diagram)
    return found
  }

  function open(diagram: Diagram): OpenNode | undefined {
    if (diagram < FIRST_NODE) return undefined
    const starts: number[] = []
    const kids: Diagram[] = []
    each(diagram, (from, kid) => {
      starts.push(from)
      kids.push(kid)
    })
    return { level: levelOf(diagram), starts, kids }
  }

  return { box, apply, overAll, fixed, some, blurred, end, find, open, size: nodes.size }
}

const inOrder = (
  spans: readonly (readonly [number, number])[],
): readonly (readonly [number, number])[] =>
  spans.length < 2 ? spans : spans.toSorted((a, b) => a[0] - b[0])

/** Answers of one operation. One place per pair, the newer answer stays: it is only there to save work. It grows with the work, up to a bound. */
function createCache() {
  let size = SMALLEST_CACHE
  let left = new Int32Array(size).fill(-1)
  let right = new Int32Array(size)
  let answer = new Int32Array(size)
  let written = 0
  const place = (a: number, b: number): number => {
    const mixed = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca77)
    return (mixed ^ (mixed >>> 15)) & (size - 1)
  }
  const put = (a: number, b: number, value: number): void => {
    const at = place(a, b)
    left[at] = a
    right[at] = b
    answer[at] = value
  }
  const grow = (): void => {
    const [a, b, value] = [left, right, answer]
    size *= 4
    left = new Int32Array(size).fill(-1)
    right = new Int32Array(size)
    answer = new Int32Array(size)
    for (let at = 0; at < a.length; at += 1) if (a[at] !== -1) put(a[at]!, b[at]!, value[at]!)
  }
  return {
    get: (a: number, b: number): number => {
      const at = place(a, b)
      return left[at] === a && right[at] === b ? answer[at]! : -1
    },
    set: (a: number, b: number, value: number): void => {
      written += 1
      if (written > size && size < LARGEST_CACHE) grow()
      put(a, b, value)
    },
  }
}
