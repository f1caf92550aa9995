import type { Town } from '@sekisho/core'
import { shown } from '@sekisho/town'
import words from '../../words/picture.json' with { type: 'json' }
import type { Declared } from '../declared/permit.ts'
import type { PlaceId } from '../reach/place.ts'
import { graphOf } from './columns.ts'
import type { Graph, Group } from './columns.ts'
import type { Arrow, ArrowKind, Box, Drawing, Frame, Label, LegendEntry, Point } from './drawing.ts'
import { gateMarks } from './gates.ts'
import { layoutOf } from './layout.ts'
import type { Ends, Layout, Placed } from './layout.ts'
import { centred, linesIn, SIZE, widthOf, wrapped } from './measure.ts'
import { routesOf } from './routes.ts'
import type { Routes } from './routes.ts'
import { OUTSIDE, strokeOf } from './strokes.ts'

export interface DrawOptions {
  /** A zone or `outside:network` (`groupNames`): only its flows, and what stands at their ends. */
  readonly only?: string
}

/** Hex digits of a digest that are shown. */
const SHORT = 12

/**
 * A town as a drawing: zones and outside networks as frames, systems and parties as boxes, flows as arrows with their numbers, gates above. The same town and
 * day give the same drawing. Nothing is told by colour.
 */
export function drawTown(town: Town, declared: Declared, options: DrawOptions = {}): Drawing {
  const graph = graphOf(town, options.only)
  const layout = layoutOf(graph)
  const gates = gateMarks(town, graph)
  const top = SIZE.margin + SIZE.head + gates.rows * SIZE.gateRow
  for (const node of layout.columns.flat()) node.y += top
  for (const { from, to } of layout.ends) {
    from.y += top
    to.y += top
  }
  const lowest =
    Math.max(top + SIZE.frameHead, ...layout.columns.flat().map(bottomOf)) + SIZE.framePad
  const routes = routesOf(layout, lowest)
  const frames = framesOf(graph, layout, routes, top)
  const names = new Map(layout.columns.flat().map(({ id, name }) => [id, name]))
  const title = filled(words.title, { town: shown(town.name) })
  const legend = legendOf(routes.height + SIZE.legend / 2)
  const subtitle = filled(words.at, { at: declared.at, digest: declared.digest.slice(0, SHORT) })
  const head: readonly Label[] = [
    { text: title, x: SIZE.margin, y: SIZE.margin + SIZE.font, bold: true },
    { text: subtitle, x: SIZE.margin, y: SIZE.margin + SIZE.font + SIZE.line },
  ]
  // Of two systems the picture is narrow, and its words are not.
  const texts = [...head, ...legend.map((entry) => entry.text)]
  const width = Math.max(
    routes.width,
    ...texts.map(({ text, x }) => Math.ceil(x + widthOf(text)) + SIZE.margin),
  )
  return {
    width,
    height: routes.height + SIZE.legend + SIZE.margin,
    title,
    subtitle,
    head,
    frames,
    boxes: layout.columns.flat().map((node) => boxOf(node, routes, frames)),
    arrows: layout.ends.map((ends) => arrowOf(ends, routes, declared, names)),
    gates: gates.place(frames, top),
    legend,
  }
}

const bottomOf = ({ y, height }: Placed): number => y + height

function framesOf(graph: Graph, layout: Layout, routes: Routes, top: number): readonly Frame[] {
  return graph.columns.flatMap((groups, column) => {
    const tops = groups.map((group) => topOf(group, layout.columns[column]!, top))
    return groups.map(({ id, name, outside }, at): Frame => {
      const end = tops[at + 1] === undefined ? routes.bottom : tops[at + 1]! - SIZE.frameGap
      const x = routes.columns[column]! - SIZE.framePad
      const width = SIZE.boxWidth + 2 * SIZE.framePad
      const y = tops[at]!
      const texts = wrapped(name, width - 2 * SIZE.pad, 2).map((text, nth) => ({
        text,
        x: x + SIZE.pad,
        y: y + SIZE.line * (nth + 1) - 2,
        bold: true,
      }))
      const dashes = outside ? OUTSIDE : 'none'
      return { id, name, outside, dashes, texts, x, y, width, height: end - y }
    })
  })
}

/** The first frame of a column begins at the top; each other just above its first box. */
function topOf(group: Group, column: readonly Placed[], top: number): number {
  const first = column.find((node) => node.group === group.id)
  return first === undefined || column[0] === first ? top : first.y - SIZE.frameHead
}

function boxOf(node: Placed, routes: Routes, frames: readonly Frame[]): Box {
  const { id, name, lines, y, height, column, group } = node
  const frame = frames.find((one) => one.id === group)?.name ?? ''
  const area = { x: routes.columns[column]!, y, width: SIZE.boxWidth, height }
  const label = filled(words.labels.system, { name, frame })
  return { id, name, label, texts: linesIn(lines, area), ...area }
}

function arrowOf(
  ends: Ends,
  routes: Routes,
  declared: Declared,
  names: ReadonlyMap<PlaceId, string>,
): Arrow {
  const { flow, number, from, to } = ends.edge
  const points = routes.ways.get(ends)!
  const shut = declared.leftOut.some((one) => one.flow.id === flow.id)
  const kind: ArrowKind = shut ? 'shut' : flow.fixed ? 'fixed' : 'open'
  const arrow = filled(words.labels.arrow, {
    number: String(number),
    name: shown(flow.name),
    from: names.get(from) ?? from,
    to: names.get(to) ?? to,
  })
  return {
    id: flow.id,
    number,
    from,
    to,
    points,
    kind,
    stroke: strokeOf(points, kind),
    mark: markOf(`${shut ? '×' : ''}${number}`, points),
    label: kind === 'open' ? arrow : filled(words.labels[kind], { arrow }),
  }
}

/** The number stands on the line just outside the box where the arrow begins. */
function markOf(text: string, points: readonly Point[]): Arrow['mark'] {
  const [start, next] = points
  const away = next![0] >= start![0] ? 1 : -1
  const [x, y] = [start![0] + (away * SIZE.stub) / 2, start![1]]
  const width = widthOf(text) + 2
  return {
    x: x - width / 2,
    y: y - SIZE.font / 2,
    width,
    height: SIZE.font,
    label: centred(text, x, y),
  }
}

/** Length of a line in the legend. */
const SAMPLE = 44

function legendOf(y: number): readonly LegendEntry[] {
  let x = SIZE.margin
  return (['open', 'fixed', 'shut', 'gate'] as const).map((kind) => {
    const text = words.legend[kind]
    const points: readonly Point[] = [
      [x, y],
      [x + SAMPLE, y],
    ]
    const entry = {
      kind,
      stroke: strokeOf(points, kind),
      text: { text, x: x + SAMPLE + 8, y: y + 5 },
    }
    x += SAMPLE + 8 + widthOf(text) + 24
    return entry
  })
}

const filled = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\{(\w+)\}/gu, (_, name: string) => values[name] ?? '')
