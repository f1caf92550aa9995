import type { Area, Drawing, Label, Stroke } from './drawing.ts'
import { SIZE } from './measure.ts'

/** Fonts of municipal machines that have the letters of names. */
const FONTS = "'IPAmj明朝', IPAmjMincho, 'BIZ UDPGothic', 'Noto Sans CJK JP', Meiryo, sans-serif"

/** A drawing as an SVG file (SVG 1.1): black on white, prints on A3 and A4 landscape, runs nothing and loads nothing. */
export function svgOf(drawing: Drawing): string {
  const { width, height, title, subtitle } = drawing
  const parts = [
    tag('title', {}, text(title)),
    tag('desc', {}, text(subtitle)),
    tag('rect', { width, height, fill: '#fff' }),
    words(drawing.head),
    ...drawing.frames.map(({ texts, dashes, ...area }) =>
      tag('g', {}, rect(area, { 'stroke-dasharray': dashes }) + words(texts)),
    ),
    ...drawing.gates.map(({ label, stroke, texts, ...area }) =>
      group(label, lines(stroke) + rect(area, { 'stroke-width': 3 }) + words(texts)),
    ),
    ...drawing.arrows.map(({ label, stroke, mark }) =>
      group(label, lines(stroke) + rect(mark, { stroke: 'none' }) + words([mark.label])),
    ),
    ...drawing.boxes.map(({ name, texts, ...area }) => group(name, rect(area, {}) + words(texts))),
    ...drawing.legend.map(({ stroke, text: said }) => tag('g', {}, lines(stroke) + words([said]))),
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

/** What a reader of the file sees when pointing at it. */
const group = (title: string, inside: string): string =>
  tag('g', {}, tag('title', {}, text(title)) + inside)

const lines = ({ line, head, width, dashes }: Stroke): string =>
  tag('path', {
    d: line,
    fill: 'none',
    stroke: '#000',
    'stroke-width': width,
    'stroke-dasharray': dashes,
  }) + tag('path', { d: head, fill: '#000' })

const rect = ({ x, y, width, height }: Area, more: Attributes): string =>
  tag('rect', { x, y, width, height, fill: '#fff', stroke: '#000', ...more })

const words = (labels: readonly Label[]): string =>
  labels
    .map(({ text: said, x, y, middle, bold }) =>
      tag(
        'text',
        {
          x,
          y,
          ...(middle === true && { 'text-anchor': 'middle' }),
          ...(bold === true && { 'font-weight': 'bold' }),
        },
        text(said),
      ),
    )
    .join('')

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
