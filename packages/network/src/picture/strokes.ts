import type { ArrowKind, Point, Stroke } from './drawing.ts'

/** How the kinds of lines are told apart on black and white paper. */
const STROKES = {
  open: { width: 1.5, dashes: 'none' },
  fixed: { width: 3.5, dashes: 'none' },
  shut: { width: 1.5, dashes: '7 5' },
  gate: { width: 2, dashes: '1.5 4' },
} as const satisfies Readonly<Record<ArrowKind | 'gate', Omit<Stroke, 'line' | 'head'>>>

/** The rim of a frame that is not the town's own. */
export const OUTSIDE = '2 4'

/** A line of straight parts, with its head. */
export const strokeOf = (points: readonly Point[], kind: ArrowKind | 'gate'): Stroke => ({
  line: points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${x} ${y}`).join(''),
  head: headOf(points, kind),
  ...STROKES[kind],
})

const HEAD = { length: 10, half: 5 } as const

/** A triangle whose point is the end of the line. */
function headOf(points: readonly Point[], kind: ArrowKind | 'gate'): string {
  const [end, before] = [points.at(-1)!, points.at(-2)!]
  const along = [Math.sign(end[0] - before[0]), Math.sign(end[1] - before[1])] as const
  const half = kind === 'fixed' ? HEAD.half + 1 : HEAD.half
  const back = [end[0] - along[0] * HEAD.length, end[1] - along[1] * HEAD.length] as const
  const one = `${back[0] + along[1] * half} ${back[1] + along[0] * half}`
  const other = `${back[0] - along[1] * half} ${back[1] - along[0] * half}`
  return `M${end[0]} ${end[1]}L${one}L${other}Z`
}
