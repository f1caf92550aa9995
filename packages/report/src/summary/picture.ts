import { controlName, mostOftenFound, standingOf } from '@sekisho/assess'
import type { RegionOutcome, Summary } from '@sekisho/assess'
import { bothCalendars } from '../era.ts'
import { element, textElement } from '../excel/markup.ts'
import { filled } from '../filled.ts'
import { barLegend, barsHeight, barTable } from './bars.ts'
import type { Bar } from './bars.ts'
import { PATTERNS } from './patterns.ts'
import { box, text } from './svg.ts'
import { MAP, mapLegend, tileMap } from './tile-map.ts'
import { placeName, WORDS } from './words.ts'

const MARGIN = 24
const WIDTH = MAP.width + 2 * MARGIN
/** Bodies drawn by name: more would be no picture. */
const MOST_BODIES = 60

/** Part of the picture: what it draws below `y`, and how high that is. */
interface Part {
  readonly height: number
  readonly draw: (y: number) => string
}

/**
 * A summary as one SVG picture to be printed in black and white: a map of squares when there is more than one prefecture, then bars. It names bodies only
 * when the summary does. Plain shapes and text, nothing that acts, nothing from elsewhere.
 */
export function summaryPicture(summary: Summary): string {
  const parts = partsOf(summary)
  const height = parts.reduce((sum, part) => sum + part.height, 2 * MARGIN)
  let y = MARGIN
  const drawn = parts.map((part) => {
    const markup = part.draw(y)
    y += part.height
    return markup
  })
  const title = titleOf(summary)
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: WIDTH,
      height,
      viewBox: `0 0 ${WIDTH} ${height}`,
      role: 'img',
      'aria-labelledby': 'sekisho-title sekisho-desc',
      'font-family': "'Noto Sans JP','Noto Sans CJK JP','Yu Gothic',Meiryo,sans-serif",
      fill: '#111',
    },
    element('title', { id: 'sekisho-title' }, textElement(title)) +
      element('desc', { id: 'sekisho-desc' }, textElement(descriptionOf(summary))) +
      PATTERNS +
      box(0, 0, WIDTH, height, { fill: '#fff' }) +
      drawn.join(''),
  )}\n`
}

function partsOf(summary: Summary): readonly Part[] {
  const { nation, named, places } = summary
  const wide = places.filter(({ place }) => place !== 'unknown').length > 1
  return [
    head(summary),
    ...(wide ? [map(summary)] : []),
    ...(named === undefined ? [] : bodiesPart(named.bodies)),
    ...(nation.outcome === undefined ? [] : controlsPart(nation.outcome, wide)),
    lines([WORDS.picture.notChecked]),
  ]
}

function titleOf({ named, places }: Summary): string {
  const [only, ...more] = places.filter(({ place }) => place !== 'unknown')
  const where = only === undefined || more.length > 0 ? [] : [placeName(only.place)]
  return [...(named === undefined ? [] : [WORDS.confidential]), ...where, WORDS.title].join('　')
}

function descriptionOf(summary: Summary): string {
  return filled(WORDS.picture.description, {
    day: bothCalendars(summary.at),
    totals: totalsOf(summary),
    standing: standingLine(summary),
  })
}

const totalsOf = ({ nation: { bodies, unread } }: Summary): string =>
  filled(WORDS.picture.totals, { bodies, unread })

function standingLine({ nation: { outcome }, least }: Summary): string {
  return outcome === undefined
    ? filled(WORDS.tooFew, { least })
    : filled(WORDS.picture.standing, { ...outcome.share })
}

function head(summary: Summary): Part {
  return {
    height: 74,
    draw: (y) =>
      text(MARGIN, y + 20, titleOf(summary), { 'font-size': 20, 'font-weight': 'bold' }) +
      text(WIDTH - MARGIN, y + 20, bothCalendars(summary.at), {
        'text-anchor': 'end',
        'font-size': 12,
      }) +
      text(MARGIN, y + 42, totalsOf(summary), { 'font-size': 12 }) +
      text(MARGIN, y + 60, standingLine(summary), { 'font-size': 12 }),
  }
}

function map(summary: Summary): Part {
  const { few, places } = summary
  const unknown = places.find(({ place }) => place === 'unknown')?.bodies ?? 0
  const beside = [
    ...(few === undefined
      ? []
      : [filled(WORDS.picture.fewLine, { bodies: few.bodies, share: few.share.median })]),
    ...(unknown === 0 ? [] : [filled(WORDS.picture.unknownLine, { bodies: unknown })]),
  ]
  return {
    height: MAP.height + 16,
    draw: (y) =>
      text(MARGIN, y + 14, WORDS.picture.map, HEADING) +
      mapLegend(MARGIN, y + 28) +
      beside
        .map((line, index) => text(MARGIN, y + 204 + index * 18, line, { 'font-size': 12 }))
        .join('') +
      tileMap(summary, MARGIN, y),
  }
}

const HEADING = { 'font-size': 14, 'font-weight': 'bold' } as const

function controlsPart(outcome: RegionOutcome, wide: boolean): readonly Part[] {
  const most = mostOftenFound(outcome)
  const all = outcome.controls.flatMap((one) =>
    one.counts === undefined ? [] : [{ ...one, counts: one.counts }],
  )
  const shown = wide ? most : all
  if (shown.length === 0) return [lines([WORDS.picture.noFindings])]
  const bars = shown.map(({ control, counts }) => ({
    name: `${control} ${controlName(control)}`,
    counts,
  }))
  const heading = wide ? filled(WORDS.picture.most, { count: bars.length }) : WORDS.picture.controls
  return [barsPart(heading, bars)]
}

function bodiesPart(bodies: NonNullable<Summary['named']>['bodies']): readonly Part[] {
  if (bodies.length === 0) return []
  const worst = bodies
    .map((body) => ({ name: body.name, ...standingOf(body) }))
    .toSorted((a, b) => a.share - b.share || (a.name < b.name ? -1 : 1))
  const rest = worst.length - MOST_BODIES
  return [
    barsPart(WORDS.picture.bodies, worst.slice(0, MOST_BODIES)),
    ...(rest > 0 ? [lines([filled(WORDS.picture.rest, { count: rest })])] : []),
  ]
}

const barsPart = (heading: string, bars: readonly Bar[]): Part => ({
  height: 44 + barsHeight(bars) + 14,
  draw: (y) =>
    text(MARGIN, y + 14, heading, HEADING) +
    barLegend(MARGIN, y + 24) +
    barTable(bars, MARGIN, y + 44),
})

const lines = (texts: readonly string[]): Part => ({
  height: texts.length * 18 + 6,
  draw: (y) =>
    texts
      .map((line, index) => text(MARGIN, y + 12 + index * 18, line, { 'font-size': 12 }))
      .join(''),
})
