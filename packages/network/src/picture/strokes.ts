import type { ArrowKind, Point } from './drawing.ts'

/** How the kinds of lines are told apart on black and white paper. */
export const STROKES = {
  open: { 'stroke-width': 1.5, 'stroke-dasharray': 'none' },
  fixed: { 'stroke-width': 3.5, 'stroke-dasharray': 'none' },
  shut: { 'stroke-width': 1.5, 'stroke-dasharray': '7 5' },
  gate: { 'stroke-width': 2, 'stroke-dasharray': '1.5 4' },
} as const satisfies Readonly<Record<ArrowKind | 'gate', object>>

/** A line of straight parts as the data of an SVG path. */
export const pathOf = (points: readonly Point[]): string =>
  points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${x} ${y}`).join('')

const HEAD = { length: 10, half: 5 } as const

/** The head of an arrow, as the data of an SVG path: a triangle whose point is the end of the line. */
export function headOf(points: readonly Point[], kind: ArrowKind | 'gate'): string {
  const [end, before] = [points.at(-1)!, points.at(-2)!]
  const along = [Math.sign(end[0] - before[0]), Math.sign(end[1] - before[1])] as const
  const half = kind === 'fixed' ? HEAD.half + 1 : HEAD.half
  const back = [end[0] - along[0] * HEAD.length, end[1] - along[1] * HEAD.length] as const
  const [one, other] = [
    [back[0] + along[1] * half, back[1] + along[0] * half],
    [back[0] - along[1] * half, back[1] - along[0] * half],
  ] as const
  return `M${end[0]} ${end[1]}L${one[0]} ${one[1]}L${other[0]} ${other[1]}Z`
}
