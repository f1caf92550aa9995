import type { Area, Arrow, ArrowKind, Drawing, Frame, GateMark, Point } from './drawing.ts'
import { headOf, pathOf, STROKES } from './strokes.ts'
import { SIZE, wrapped } from './measure.ts'

/** Fonts of municipal machines that have the letters of names. */
const FONTS = "'IPAmj明朝', IPAmjMincho, 'BIZ UDPGothic', 'Noto Sans CJK JP', Meiryo, sans-serif"

/** A drawing as an SVG file (SVG 1.1): black on white, prints on A3 and A4 landscape, runs nothing and loads nothing. */
export function svgOf(drawing: Drawing): string {
  const { width, height, title, subtitle } = drawing
  const parts = [
    tag('title', {}, text(title)),
    tag('desc', {}, text(subtitle)),
    tag('rect', { width, height, fill: '#fff' }),
    words(title, SIZE.margin, SIZE.margin + SIZE.font, { 'font-weight': 'bold' }),
    words(subtitle, SIZE.margin, SIZE.margin + 2 * SIZE.font + 6),
    ...drawing.frames.map(frame),
    ...drawing.gates.map(gate),
    ...drawing.arrows.map(arrow),
    ...drawing.boxes.map(({ name, lines, ...area }) =>
      tag('g', {}, tag('title', {}, text(name)) + rect(area, {}) + inBox(area, lines)),
    ),
    ...drawing.legend.map(({ kind, points, text: said, at }) =>
      tag('g', {}, line(points, kind) + head(points, kind) + words(said, at[0], at[1] + 5)),
    ),
  ]
  return `<?xml version="1.0" encoding="UTF-8"?>\n${tag(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      'font-family': FONTS,
      'font-size': SIZE.font,
      role: 'img',
    },
    `${parts.join('\n')}\n`,
  )}\n`
}

function frame({ name, outside, ...area }: Frame): string {
  const lines = wrapped(name, area.width - 2 * SIZE.pad, 2)
  return tag(
    'g',
    {},
    rect(area, { 'stroke-dasharray': outside ? '2 4' : 'none' }) +
      lines
        .map((one, at) =>
          words(one, area.x + SIZE.pad, area.y + SIZE.line * (at + 1) - 2, {
            'font-weight': 'bold',
          }),
        )
        .join(''),
  )
}

const gate = ({ text: said, points, label, ...area }: GateMark): string =>
  tag(
    'g',
    {},
    tag('title', {}, text(label)) +
      line(points, 'gate') +
      head(points, 'gate') +
      rect(area, { 'stroke-width': 3 }) +
      words(said, area.x + SIZE.pad, area.y + area.height / 2 + 5),
  )

const arrow = ({ points, kind, mark, label }: Arrow): string =>
  tag(
    'g',
    {},
    tag('title', {}, text(label)) +
      line(points, kind) +
      head(points, kind) +
      // White behind the number, so that it is read on top of a line.
      tag('rect', {
        x: mark.at[0] - mark.width / 2 - 1,
        y: mark.at[1] - SIZE.font / 2,
        width: mark.width + 2,
        height: SIZE.font,
        fill: '#fff',
      }) +
      words(mark.text, mark.at[0], mark.at[1] + 5, { 'text-anchor': 'middle' }),
  )

const line = (points: readonly Point[], kind: ArrowKind | 'gate'): string =>
  tag('path', { d: pathOf(points), fill: 'none', stroke: '#000', ...STROKES[kind] })

const head = (points: readonly Point[], kind: ArrowKind | 'gate'): string =>
  tag('path', { d: headOf(points, kind), fill: '#000' })

const inBox = ({ x, y, height }: Area, lines: readonly string[]): string =>
  lines
    .map((one, at) =>
      words(one, x + SIZE.pad, y + height / 2 + (at - (lines.length - 1) / 2) * SIZE.line + 5),
    )
    .join('')

const rect = ({ x, y, width, height }: Area, more: Attributes): string =>
  tag('rect', { x, y, width, height, fill: '#fff', stroke: '#000', ...more })

const words = (said: string, x: number, y: number, more: Attributes = {}): string =>
  tag('text', { x, y, ...more }, text(said))

type Attributes = Readonly<Record<string, string | number>>

function tag(name: string, attributes: Attributes, content = ''): string {
  const list = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${text(String(value))}"`)
    .join('')
  return content === '' ? `<${name}${list}/>` : `<${name}${list}>${content}</${name}>`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

// Names come from a declaration and may hold markup; controls that XML does not know are left out.
const text = (of: string): string =>
  of
    .toWellFormed()
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu, '')
    .replaceAll(/[&<>"']/gu, (letter) => ENTITIES[letter]!)
