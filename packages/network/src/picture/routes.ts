import type { Point } from './drawing.ts'
import type { Ends, Layout } from './layout.ts'
import { SIZE } from './measure.ts'

/** Where the columns stand, and the way of each arrow. */
export interface Routes {
  /** Left rim of the boxes of each column. */
  readonly columns: readonly number[]
  /** Right rim of everything. */
  readonly width: number
  /** Below this there are only arrows that pass under the frames. */
  readonly bottom: number
  readonly ways: ReadonlyMap<Ends, readonly Point[]>
  readonly height: number
}

/** A part of an arrow that runs up or down between two columns. */
interface Run {
  readonly ends: Ends
  /** Number of the space: 0 is left of the first column. */
  readonly space: number
  readonly from: number
  readonly to: number
  /** At the side of the arrow's beginning, or of its head; `both` when it is one run. */
  readonly part: 'both' | 'from' | 'to'
  track: number
}

/** Arrows between neighbours turn once in the space between; all others go under the frames, so that none runs through a zone it has nothing to do with. */
export function routesOf(layout: Layout, lowest: number): Routes {
  const long = layout.ends.filter(isLong)
  const under = new Map(
    long.map((ends, nth) => [ends, lowest + SIZE.framePad + (nth + 1) * SIZE.track] as const),
  )
  const runs = layout.ends.flatMap((ends) => runsOf(ends, under.get(ends)))
  const tracks = giveTracks(runs, layout.columns.length + 1)
  const columns: number[] = []
  const spaces: number[] = []
  let x = SIZE.margin
  for (let space = 0; space <= layout.columns.length; space += 1) {
    spaces.push(x)
    x += spaceWidth(space, layout.columns.length, tracks[space]!)
    if (space === layout.columns.length) break
    columns.push(x)
    x += SIZE.boxWidth
  }
  const trackX = ({ space, track }: Run): number =>
    spaces[space]! + (space === 0 ? SIZE.framePad : SIZE.framePad + SIZE.stub) + track * SIZE.track
  const byEnds = Map.groupBy(runs, (run) => run.ends)
  const ways = new Map(
    layout.ends.map((ends) => [
      ends,
      wayOf(ends, byEnds.get(ends) ?? [], columns, trackX, under.get(ends)),
    ]),
  )
  const height = lowest + SIZE.framePad + (long.length + 1) * SIZE.track
  return { columns, width: x + SIZE.margin, bottom: lowest, ways, height }
}

function isLong({ from, to }: Ends): boolean {
  return Math.abs(from.node.column - to.node.column) > 1
}

/** The space at a side of a box. */
const spaceAt = ({ node, side }: Ends['from']): number =>
  side === 'left' ? node.column : node.column + 1

function runsOf(ends: Ends, under: number | undefined): readonly Run[] {
  const { from, to } = ends
  const run = (part: Run['part'], space: number, first: number, last: number): Run => ({
    ends,
    part,
    space,
    from: first,
    to: last,
    track: 0,
  })
  if (under !== undefined)
    return [run('from', spaceAt(from), from.y, under), run('to', spaceAt(to), under, to.y)]
  return isStraight(ends) ? [] : [run('both', spaceAt(from), from.y, to.y)]
}

const isStraight = ({ from, to }: Ends): boolean =>
  from.node.column !== to.node.column && Math.abs(from.y - to.y) < 1

/**
 * Gives every run a track of its own where it would lie on another. The order keeps arrows from crossing where they need not: of those that go down towards
 * the right the upper one turns last, of those that go up the upper one turns first.
 */
function giveTracks(runs: readonly Run[], spaces: number): readonly number[] {
  return Array.from({ length: spaces }, (_, space) => {
    const here = runs.filter((run) => run.space === space).toSorted(inTurn)
    for (const [at, run] of here.entries()) {
      const before = here.slice(0, at).filter((other) => overlap(run, other))
      run.track = before.reduce((track, other) => Math.max(track, other.track + 1), 0)
    }
    separate(here)
    return here.reduce((most, { track }) => Math.max(most, track + 1), 0)
  })
}

/** Two arrows at nearly the same height, one from the left rim and one to the right rim, must not lie on each other between the rims: the second turns later. */
function separate(here: readonly Run[]): void {
  const leftOf = (run: Run): number => leftToRight(run)[0]
  for (const run of here) {
    const late = here.filter(
      (other) =>
        other !== run &&
        other.track < run.track &&
        Math.abs(leftToRight(other)[1] - leftOf(run)) < NEAR,
    )
    for (const other of late) other.track = freeTrack(other, here, run.track + 1)
  }
}

/** The first track from `least` on where a run lies on no other. */
function freeTrack(run: Run, here: readonly Run[], least: number): number {
  const taken = new Set(
    here.filter((other) => other !== run && overlap(run, other)).map(({ track }) => track),
  )
  let track = least
  while (taken.has(track)) track += 1
  return track
}

/** Lines closer than this look like one, pixels. */
const NEAR = 6

/** From the left rim to the right rim of its space, where it begins and ends. */
function leftToRight({ ends, part, from, to }: Run): readonly [left: number, right: number] {
  const leaves = part === 'to' ? false : ends.from.side === 'right'
  return leaves || (part === 'to' && ends.to.side === 'left') ? [from, to] : [to, from]
}

function inTurn(a: Run, b: Run): number {
  const [aLeft, aRight] = leftToRight(a)
  const [bLeft, bRight] = leftToRight(b)
  const [aDown, bDown] = [aRight > aLeft, bRight > bLeft]
  if (aDown !== bDown) return aDown ? -1 : 1
  return aDown ? bLeft - aLeft : aLeft - bLeft
}

const overlap = (a: Run, b: Run): boolean =>
  Math.min(a.from, a.to) - SIZE.track < Math.max(b.from, b.to) &&
  Math.min(b.from, b.to) - SIZE.track < Math.max(a.from, a.to)

/** Room for the tracks, and on both sides for the rim of the frame and for numbers and heads. */
function spaceWidth(space: number, columns: number, tracks: number): number {
  const used = tracks * SIZE.track
  const rim = SIZE.framePad
  if (space === 0) return tracks === 0 ? rim : rim + used + SIZE.stub
  if (space === columns) return tracks === 0 ? rim : rim + SIZE.stub + used
  return 2 * (rim + SIZE.stub) + used
}

function wayOf(
  ends: Ends,
  runs: readonly Run[],
  columns: readonly number[],
  trackX: (run: Run) => number,
  under: number | undefined,
): readonly Point[] {
  const rim = ({ node, side }: Ends['from']): number =>
    columns[node.column]! + (side === 'left' ? 0 : SIZE.boxWidth)
  const { from, to } = ends
  const [first, second] = runs
  const start: Point = [rim(from), from.y]
  // Less than a pixel apart is straight.
  const end: Point = [rim(to), first ? to.y : from.y]
  if (!first) return [start, end]
  const x = trackX(first)
  if (!second || under === undefined) return [start, [x, from.y], [x, to.y], end]
  const last = trackX(second)
  return [start, [x, from.y], [x, under], [last, under], [last, to.y], end]
}
