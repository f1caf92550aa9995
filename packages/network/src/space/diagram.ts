/**
 * Sets of packets as decision diagrams over intervals (firewall decision diagrams, Gouda and Liu 2004), each kept once: two diagrams are the same number
 * exactly when they treat every packet alike. So equality is no search, and a difference is a path to walk.
 *
 * An end of a diagram is not one verdict but the set of those that are possible, for a rule may hold a condition that nobody here can evaluate.
 */

/** Possible endings, added up. `pass`: no rule spoke; `back`: the rest of this chain is skipped. */
export const ENDING = { deny: 1, accept: 2, back: 4, pass: 8 } as const
/** Endings below `FIRST_NODE` are ends; numbers from there on are nodes. */
const FIRST_NODE = 16

/** A diagram of one `Diagrams`: an ending (1 to 15) or a node. */
export type Diagram = number

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

/** `accept` where both say exactly the same, `pass` where not. */
export const SAME = operation(
  (a, b) => (a === b ? accept : pass),
  (a, b) => (a === b ? accept : -1),
)

/** `accept` where the first may deny and the second may accept, and they are not the same: what is won by going over to the second. */
export const WON = operation(
  (a, b) => (a !== b && a & deny && b & accept ? accept : pass),
  (a, b) => (a === b ? pass : -1),
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
  /** Ends one packet, given as an atom per level. */
  end(diagram: Diagram, atoms: readonly number[]): number
  /** Boxes whose end is wanted, at most `most`: per level the first atom and the first behind. */
  find(
    diagram: Diagram,
    wanted: (ending: number) => boolean,
    most: number,
  ): readonly (readonly (readonly [from: number, until: number])[])[]
  /** Nodes made so far. */
  readonly size: () => number
}

const SMALLEST_CACHE = 1 << 8
const LARGEST_CACHE = 1 << 20

/** Diagrams over fields with this many atoms each, in the order of `FIELDS`. */
export function createDiagrams(sizes: readonly number[]): Diagrams {
  const levels: number[] = []
  const starts: Int32Array[] = []
  const kids: Int32Array[] = []
  const known = new Map<number, number | number[]>()
  const caches = new Map<Operation, ReturnType<typeof createCache>>()
  const last = sizes.length
  const levelOf = (diagram: Diagram): number =>
    diagram < FIRST_NODE ? last : levels[diagram - FIRST_NODE]!

  /** The node with these edges: merged where neighbours lead to the same place, and kept once. */
  function node(level: number, from: readonly number[], to: readonly number[]): Diagram {
    let count = 0
    const start: number[] = []
    const kid: number[] = []
    for (let at = 0; at < to.length; at += 1) {
      if (count > 0 && kid[count - 1] === to[at]) continue
      start[count] = from[at]!
      kid[count] = to[at]!
      count += 1
    }
    if (count === 1) return kid[0]!
    const hash = hashOf(level, start, kid)
    const found = known.get(hash)
    const same = (one: number): boolean =>
      levels[one] === level && equal(starts[one]!, start) && equal(kids[one]!, kid)
    if (typeof found === 'number') {
      if (same(found)) return found + FIRST_NODE
    } else if (found) {
      const one = found.find(same)
      if (one !== undefined) return one + FIRST_NODE
    }
    const made = levels.length
    levels.push(level)
    starts.push(Int32Array.from(start))
    kids.push(Int32Array.from(kid))
    if (found === undefined) known.set(hash, made)
    else if (typeof found === 'number') known.set(hash, [found, made])
    else found.push(made)
    return made + FIRST_NODE
  }

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
    const level = Math.min(levelOf(a), levelOf(b))
    const left = edges(a, level)
    const right = edges(b, level)
    const from: number[] = []
    const to: number[] = []
    for (let i = 0, j = 0, at = 0; ;) {
      from.push(at)
      to.push(walk(how, cache, left.kids[i]!, right.kids[j]!))
      const nextLeft = left.starts[i + 1] ?? Infinity
      const nextRight = right.starts[j + 1] ?? Infinity
      at = Math.min(nextLeft, nextRight)
      if (at === Infinity) break
      if (nextLeft === at) i += 1
      if (nextRight === at) j += 1
    }
    const made = node(level, from, to)
    cache.set(a, b, made)
    return made
  }

  function edges(
    diagram: Diagram,
    level: number,
  ): { readonly starts: ArrayLike<number>; readonly kids: ArrayLike<number> } {
    if (levelOf(diagram) !== level) return { starts: AT_ZERO, kids: [diagram] }
    const at = diagram - FIRST_NODE
    return { starts: starts[at]!, kids: kids[at]! }
  }

  function box(
    spans: ReadonlyMap<number, readonly (readonly [number, number])[]>,
    inside: number,
  ): Diagram {
    let below = inside
    for (let level = last - 1; level >= 0; level -= 1) {
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
    const from: number[] = [0]
    const to: number[] = [pass]
    let reached = 0
    for (const [first, until] of spans.toSorted((a, b) => a[0] - b[0])) {
      const start = Math.max(first, reached)
      if (until <= start) continue
      if (start === from.at(-1)) to[to.length - 1] = below
      else {
        from.push(start)
        to.push(below)
      }
      if (until < sizes[level]!) {
        from.push(until)
        to.push(pass)
      }
      reached = until
    }
    return node(level, from, to)
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

  function end(diagram: Diagram, atoms: readonly number[]): number {
    let at = diagram
    while (at >= FIRST_NODE) {
      const { starts: from, kids: to } = edges(at, levelOf(at))
      const atom = atoms[levelOf(at)]!
      let edge = from.length - 1
      while (from[edge]! > atom) edge -= 1
      at = to[edge]!
    }
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
      const { starts: from, kids: to } = edges(at, level)
      let any = false
      for (let edge = 0; edge < to.length; edge += 1) {
        path[level] = [from[edge]!, from[edge + 1] ?? sizes[level]!]
        if (walkDown(to[edge]!)) any = true
      }
      path[level] = [0, sizes[level]!]
      if (!any) barren.add(at)
      return any
    }
    walkDown(diagram)
    return found
  }

  return { box, apply, overAll, end, find, size: () => levels.length }
}

const AT_ZERO: ArrayLike<number> = [0]

function hashOf(level: number, start: readonly number[], kid: readonly number[]): number {
  let hash = level + 0x9e3779b9
  for (let at = 0; at < start.length; at += 1) {
    hash = Math.imul(hash ^ start[at]!, 0x85ebca6b)
    hash = Math.imul((hash >>> 13) ^ hash ^ kid[at]!, 0xc2b2ae35)
  }
  return (hash ^ (hash >>> 16)) | 0
}

function equal(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false
  return true
}

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
