/**
 * Finds an order of changes in which every town on the way is safe and every date is kept. Towns are sets of changes, so each is checked once
 * however many orders lead to it.
 */
import { isEarlier, isLate, start, step, type Calendar, type Moment } from './calendar.ts'
import { compare, halfYearOf } from './fiscal-year.ts'
import { everything, has, plus, type Ground, type Made } from './ground.ts'

/** A change and the moment at which it is made. */
export interface Placing {
  readonly change: number
  readonly moment: Moment
}

export type Ordered =
  | { readonly found: true; readonly order: readonly Placing[] }
  | {
      readonly found: false
      /** True when every order was looked at: there is none. */
      readonly proved: boolean
      /** The town with the most changes that could be reached. */
      readonly farthest: Made
    }

export interface SearchOptions {
  /** For each change; the lower, the earlier it is tried. */
  readonly rank: readonly number[]
  /** Towns that may be checked before it gives up. */
  readonly maxChecks: number
  /** False: a change may be made after its latest day, and papers that lapse while the plan waits are not looked at. */
  readonly keepDates: boolean
}

/**
 * Goes forward level by level, keeping a few of the safe towns of each level, then more, then all. With all of them nothing is left out, so
 * what is not found then does not exist.
 */
export function findOrder(ground: Ground, calendar: Calendar, options: SearchOptions): Ordered {
  let farthest = 0n
  const bySoonest = sweep(ground, calendar, options, { width: 1, first: soonest })
  if (bySoonest.order !== undefined) return { found: true, order: bySoonest.order }
  for (let width = 1; ; width *= 4) {
    const outcome = sweep(ground, calendar, options, { width, first: mostPressing })
    if (outcome.order !== undefined) return { found: true, order: outcome.order }
    if (size(outcome.farthest) > size(farthest)) farthest = outcome.farthest
    if (outcome.whole) return { found: false, proved: true, farthest }
    if (ground.checks() >= options.maxChecks) return { found: false, proved: false, farthest }
  }
}

/** Which of two changes to try first at one place of the way. */
type First = (a: Candidate, b: Candidate) => number

interface Candidate {
  readonly change: number
  readonly moment: Moment
  readonly latest: string
  readonly rank: number
}

// Reads best: nobody waits for a paper while something else can be done.
const soonest: First = (a, b) =>
  by(a.moment.day, b.moment.day) || by(a.latest, b.latest) || a.rank - b.rank || a.change - b.change

// Keeps dates best: within a half-year, what has a date goes before what has none.
const mostPressing: First = (a, b) =>
  compare(halfYearOf(a.moment.day), halfYearOf(b.moment.day)) ||
  by(a.latest, b.latest) ||
  soonest(a, b)

interface Node {
  readonly made: Made
  readonly moment: Moment
  readonly last?: { readonly node: Node; readonly change: number }
}

interface Sweep {
  readonly order?: readonly Placing[]
  /** False when something was left out. */
  readonly whole: boolean
  readonly farthest: Made
}

function sweep(
  ground: Ground,
  calendar: Calendar,
  options: SearchOptions,
  { width, first }: { readonly width: number; readonly first: First },
): Sweep {
  let level: readonly Node[] = [{ made: 0n, moment: start(calendar) }]
  let whole = true
  for (let depth = 0; depth < ground.count; depth += 1) {
    const after = new Map<Made, Node>()
    for (const node of level)
      for (const next of nextOf(node, ground.count, calendar, options, first)) {
        const known = after.get(next.made)
        if (known !== undefined) {
          if (isEarlier(next.moment, known.moment)) after.set(next.made, next)
          continue
        }
        if (after.size >= width || ground.checks() >= options.maxChecks) {
          whole = false
          break
        }
        // With dates, on the day the town will really be so: a paper may have lapsed by then.
        const day = options.keepDates ? next.moment.day : ground.dayOf(next.made)
        if (ground.verdict(next.made, day).safe) after.set(next.made, next)
      }
    if (after.size === 0) return { whole, farthest: level[0]!.made }
    level = [...after.values()]
  }
  return { order: orderOf(level[0]!), whole, farthest: everything(ground.count) }
}

function nextOf(
  node: Node,
  count: number,
  calendar: Calendar,
  { rank, keepDates }: SearchOptions,
  first: First,
): readonly Node[] {
  return Array.from({ length: count }, (_, change) => change)
    .filter((change) => !has(node.made, change))
    .map((change) => ({
      change,
      moment: step(node.moment, change, calendar),
      latest: calendar.latest[change] ?? '9999-12-31',
      rank: rank[change] ?? 0,
    }))
    .filter(({ change, moment }) => !keepDates || !isLate(moment, change, calendar))
    .toSorted(first)
    .map(({ change, moment }) => ({
      made: plus(node.made, change),
      moment,
      last: { node, change },
    }))
}

const by = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function orderOf(node: Node): readonly Placing[] {
  const order: Placing[] = []
  for (let at = node; at.last !== undefined; at = at.last.node)
    order.push({ change: at.last.change, moment: at.moment })
  return order.toReversed()
}

/** How many changes are made. */
export const size = (made: Made): number => made.toString(2).replaceAll('0', '').length
