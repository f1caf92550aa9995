import { CONTROL_STATES, STATE_WORDS } from '@sekisho/assess'
import type { ControlState, StateCounts } from '@sekisho/assess'
import { WORDS as PDF_WORDS } from '../pdf/words.ts'
import { filled } from '../filled.ts'
import { filling, STATE_FILLINGS } from './patterns.ts'
import { box, text, titled } from './svg.ts'
import { WORDS } from './words.ts'

/** One bar: a control over bodies, or a body over controls. */
export interface Bar {
  readonly name: string
  readonly counts: StateCounts
}

/** Height of one row. */
export const BAR_STEP = 20
const HEAD = 20
const NAME = 330
const LENGTH = 210
const FIGURE = 42
const HEIGHT = 13

export const barsHeight = (bars: readonly Bar[]): number => HEAD + bars.length * BAR_STEP

/** Bars with the number of each state beside them, under a head that is the legend too. */
export function barTable(bars: readonly Bar[], x: number, y: number): string {
  return head(x, y) + bars.map((bar, index) => row(bar, x, y + HEAD + index * BAR_STEP)).join('')
}

const figureAt = (x: number, column: number): number => x + NAME + LENGTH + FIGURE * (column + 1)

function head(x: number, y: number): string {
  return CONTROL_STATES.map((state, column) => {
    const right = figureAt(x, column)
    return text(right, y + 9, STATE_WORDS[state], { 'text-anchor': 'end', 'font-size': 9 })
  }).join('')
}

function row({ name, counts }: Bar, x: number, y: number): string {
  const total = CONTROL_STATES.reduce((sum, state) => sum + counts[state], 0)
  const states = CONTROL_STATES.map((state) => `${STATE_WORDS[state]}${counts[state]}`).join('、')
  return titled(
    filled(WORDS.picture.rowTitle, { name, states }),
    text(x, y + 11, fitted(name), { 'font-size': 11 }) +
      box(x + NAME, y, LENGTH, HEIGHT, { fill: 'none', stroke: '#767676' }) +
      segments(counts, total, x + NAME, y) +
      CONTROL_STATES.map((state, column) =>
        text(figureAt(x, column), y + 11, counts[state].toLocaleString('en'), {
          'text-anchor': 'end',
          'font-size': 11,
        }),
      ).join(''),
  )
}

/** What is not asked is the empty end of a bar. */
function segments(counts: StateCounts, total: number, x: number, y: number): string {
  let left = x
  return DRAWN.filter((state) => counts[state] > 0)
    .map((state) => {
      const width = Math.round((LENGTH * counts[state] * 100) / total) / 100
      const drawn = box(Math.round(left * 100) / 100, y, width, HEIGHT, {
        fill: filling(STATE_FILLINGS[state]),
        stroke: '#333',
      })
      left += width
      return drawn
    })
    .join('')
}

type Drawn = keyof typeof STATE_FILLINGS
const DRAWN = CONTROL_STATES.filter((state): state is Drawn => state !== 'not-asked')

/** What the fillings of the bars mean: filling, mark and word. */
export function barLegend(x: number, y: number): string {
  return CONTROL_STATES.map((state, index) => {
    const left = x + index * 118
    const look = isDrawn(state)
      ? { fill: filling(STATE_FILLINGS[state]), stroke: '#333' }
      : { fill: 'none', stroke: '#767676' }
    const label = `${PDF_WORDS.marks[state]} ${STATE_WORDS[state]}`
    return box(left, y, 26, HEIGHT, look) + text(left + 32, y + 11, label, { 'font-size': 11 })
  }).join('')
}

const isDrawn = (state: ControlState): state is Drawn => state !== 'not-asked'

/** Full-width characters that fit beside a bar. */
const LONGEST = 28
const GRAPHEMES = new Intl.Segmenter('ja')

function fitted(name: string): string {
  const parts = [...GRAPHEMES.segment(name.slice(0, LONGEST * 12))]
  let width = 0
  let kept = ''
  for (const { segment } of parts) {
    width += /^[\u0020-\u007e]/u.test(segment) ? 0.55 : 1
    if (width > LONGEST) return `${kept}…`
    kept += segment
  }
  return kept.length < name.length ? `${kept}…` : kept
}
