import { boxesOf, direction, FAMILIES, permitBoxes, state } from '../declared/expect.ts'
import type { Box } from '../declared/expect.ts'
import type { Declared, Permit } from '../declared/permit.ts'
import { evaluate, spansOf } from '../filter/evaluate.ts'
import type { Filter } from '../filter/filter.ts'
import { feasible } from '../prove/feasible.ts'
import { ENDING, INTO, NOT, PASSES, WON } from '../space/diagram.ts'
import type { Diagram } from '../space/diagram.ts'
import { only, PROTOCOLS } from '../space/field.ts'
import type { Field, Span } from '../space/field.ts'
import { createSpace } from '../space/space.ts'
import type { Cell, Space } from '../space/space.ts'

/** Regions told of one pair of plugs, one direction of change, at most; more are counted as "more". */
const MOST = 5

/** A declared flow that is won or lost. */
export interface FlowChange {
  readonly permit: Permit
  /** The part that is, when it is not the whole flow. */
  readonly parts?: readonly Cell[]
}

/** What one pair of plugs wins or loses. */
export interface PairChange {
  readonly effect: 'gains' | 'loses'
  /** Names of plugs; `undefined`: an interface that the declaration does not know. */
  readonly from: string | undefined
  readonly to: string | undefined
  /** Declared flows of which something passes now and did not, or the reverse. */
  readonly flows: readonly FlowChange[]
  /** Families of which every new connection passes on the open side of the change: all that is not told is closed, or open. */
  readonly whole: readonly (4 | 6)[]
  /** New connections that are no declared flow, beside those. */
  readonly others: readonly Cell[]
  readonly more: boolean
  /** Packets of open connections, answers and reports that change beside all that: one example. */
  readonly rest: Cell | undefined
}

export interface Sides {
  readonly before: Filter
  readonly after: Filter
  /** What the filter after was made from. */
  readonly declared: Declared
  /** What the filter before was made from, where somebody knows. It gives names, and decides nothing. */
  readonly former?: Declared
}

/** What becomes passable and what is cut when one filter takes the place of another, over every packet there can be. Empty: nothing at all. */
export function compareFilters(sides: Sides): readonly PairChange[] {
  const declarations = [sides.declared, ...(sides.former ? [sides.former] : [])]
  const names = new Set(declarations.flatMap(({ plugs }) => plugs.map(({ name }) => name)))
  const space = spaceOf(sides, declarations, names)
  const before = evaluate(space, sides.before)
  const after = evaluate(space, sides.after)
  const can = (won: Diagram): Diagram => feasibleOf(space, won)
  const [won, lost] = [space.apply(WON, before, after), space.apply(WON, after, before)]
  const { declared, former } = sides
  return [
    ...changesOf({ effect: 'gains', changed: can(won), open: after, declared, space, names }),
    ...changesOf({
      effect: 'loses',
      changed: can(lost),
      open: before,
      declared: former,
      space,
      names,
    }),
  ]
}

function spaceOf(
  { before, after }: Sides,
  declarations: readonly Declared[],
  names: ReadonlySet<string>,
): Space {
  return createSpace([
    ...declarations.flatMap(boxesOf).flatMap(spansIn),
    ...[NEW, TCP].flatMap(spansIn),
    ...spansOf(before),
    ...spansOf(after),
    ...feasible.spans,
    ...[...names].flatMap((name) => [['in', only(name)] as const, ['out', only(name)] as const]),
  ])
}

const spansIn = (box: Box): readonly (readonly [Field, Span])[] =>
  box.flatMap(([field, spans]) => spans.map((span) => [field, span] as const))

/** Packets that open a connection. */
const NEW: Box = [
  ['state', [state('new')]],
  ['direction', [direction('original')]],
]

const TCP: Box = [['protocol', [only(BigInt(PROTOCOLS.tcp))]]]

const accepts = (ending: number): boolean => ending === ENDING.accept
const boxed = (space: Space, boxes: readonly Box[]): Diagram =>
  space.overAll(boxes.map((box) => space.box(box, ENDING.accept)))
const within = (space: Space, a: Diagram, b: Diagram): Diagram => space.apply(INTO, a, b)
const without = (space: Space, a: Diagram, b: Diagram): Diagram =>
  space.apply(INTO, space.apply(NOT, b, ENDING.pass), a)

/** What `feasible.only` would call the same is no packet, and not in the set. */
const feasibleOf = (space: Space, set: Diagram): Diagram =>
  without(space, set, feasible.only(space, ENDING.pass))

/** One direction of a change, and what it is told with. */
interface Turn {
  readonly effect: PairChange['effect']
  /** Packets that change. */
  readonly changed: Diagram
  /** The filter that lets them through. */
  readonly open: Diagram
  /** Gives the flows that are told by name. */
  readonly declared: Declared | undefined
  readonly space: Space
  readonly names: ReadonlySet<string>
}

function changesOf(turn: Turn): readonly PairChange[] {
  const { changed, declared, space, names } = turn
  if (changed === ENDING.pass) return []
  const flows = flowsOf(turn)
  const named = boxed(space, [
    ...flows.flatMap(({ permit }) => permitBoxes(permit)),
    ...(declared && flows.length > 0 ? faultBoxes(declared, flows) : []),
  ])
  const unnamed = without(space, changed, named)
  return pairsOf(names).flatMap((pair) => pairChange(turn, pair, flows, unnamed) ?? [])
}

/** Flows of which a new connection changes, with the part that does. */
function flowsOf({ changed, declared, space }: Turn): readonly FlowChange[] {
  const opening = boxed(space, [NEW])
  return (declared?.permits ?? []).flatMap((permit): readonly FlowChange[] => {
    const there = within(space, opening, feasibleOf(space, boxed(space, permitBoxes(permit))))
    const part = within(space, there, changed)
    if (part === ENDING.pass) return []
    return [{ permit, ...(part !== there && { parts: space.cells(part, accepts, MOST) }) }]
  })
}

type Pair = Pick<PairChange, 'from' | 'to'>

/** @returns `undefined` when nothing changes between these plugs */
function pairChange(
  { effect, open, space, names }: Turn,
  { from, to }: Pair,
  all: readonly FlowChange[],
  unnamed: Diagram,
): PairChange | undefined {
  const flows = all.filter(
    ({ permit }) => permit.from.interface === from && permit.to.interface === to,
  )
  const pair = between(from, to, names)
  const opening = boxed(space, [NEW])
  const every = (family: 4 | 6): Diagram =>
    feasibleOf(space, boxed(space, [[['family', [only(BigInt(family))]], ...pair, ...NEW]]))
  const here = within(space, boxed(space, [pair]), unnamed)
  const passing = space.apply(PASSES, open, ENDING.pass)
  const whole = FAMILIES.filter((family) => {
    const some = within(space, every(family), here) !== ENDING.pass
    return some && within(space, every(family), passing) === every(family)
  })
  const opened = without(space, within(space, opening, here), space.overAll(whole.map(every)))
  const others = space.cells(opened, accepts, MOST + 1)
  const rest = example(space, without(space, here, opening))
  if (flows.length + whole.length + others.length === 0 && rest === undefined) return undefined
  const more = others.length > MOST
  return { effect, from, to, flows, whole, others: others.slice(0, MOST), more, rest }
}

/** One region of a set, of TCP where there is one: people know it best. */
function example(space: Space, set: Diagram): Cell | undefined {
  const [first] = [
    ...space.cells(within(space, boxed(space, [TCP]), set), accepts, 1),
    ...space.cells(set, accepts, 1),
  ]
  return first
}

/** Reports of faults between the plugs of flows that are told anyway. */
const faultBoxes = (declared: Declared, told: readonly FlowChange[]): readonly Box[] => {
  const permits = told.map(({ permit }) => permit)
  const own = permits.flatMap(permitBoxes).length
  return boxesOf({ ...declared, permits }).slice(own)
}

function pairsOf(names: ReadonlySet<string>): readonly Pair[] {
  const all = [...names, undefined]
  return all.flatMap((from) => all.map((to) => ({ from, to })))
}

function between(
  from: string | undefined,
  to: string | undefined,
  names: ReadonlySet<string>,
): Box {
  const spans = (name: string | undefined) => (name === undefined ? gaps(names) : [only(name)])
  return [
    ['in', spans(from)],
    ['out', spans(to)],
  ]
}

/** Every name of an interface but these. */
function gaps(names: ReadonlySet<string>): readonly Span[] {
  const sorted = [...names].toSorted((a, b) => (a < b ? -1 : 1))
  const starts = ['', ...sorted.map((name) => `${name}\0`)]
  return starts.map((from, at) => {
    const until = sorted[at]
    return until === undefined ? { from } : { from, until }
  })
}
