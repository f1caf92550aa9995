import type { Town } from '@sekisho/core'
import { shown } from '@sekisho/town'
import words from '../../words/picture.json' with { type: 'json' }
import type { Declared } from '../declared/permit.ts'
import type { PlaceId } from '../reach/place.ts'
import { graphOf } from './columns.ts'
import type { Graph, Group } from './columns.ts'
import type { Arrow, ArrowKind, Box, Drawing, Frame, LegendEntry, Point } from './drawing.ts'
import { gateMarks } from './gates.ts'
import { layoutOf } from './layout.ts'
import type { Ends, Layout, Placed } from './layout.ts'
import { SIZE, widthOf } from './measure.ts'
import { routesOf } from './routes.ts'
import type { Routes } from './routes.ts'

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
  const width = Math.max(routes.width, widthOf(title) + 2 * SIZE.margin)
  const legend = legendOf(routes.height + SIZE.legend / 2)
  return {
    width,
    height: routes.height + SIZE.legend + SIZE.margin,
    title,
    subtitle: filled(words.at, { at: declared.at, digest: declared.digest.slice(0, SHORT) }),
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
      return {
        id,
        name,
        outside,
        x: routes.columns[column]! - SIZE.framePad,
        y: tops[at]!,
        width: SIZE.boxWidth + 2 * SIZE.framePad,
        height: end - tops[at]!,
      }
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
  return {
    id,
    name,
    lines,
    label: filled(words.labels.system, { name, frame }),
    x: routes.columns[column]!,
    y,
    width: SIZE.boxWidth,
    height,
  }
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
  const mark = `${shut ? '×' : ''}${number}`
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
    mark: { text: mark, at: markAt(points), width: widthOf(mark) },
    label: kind === 'open' ? arrow : filled(words.labels[kind], { arrow }),
  }
}

/** The number stands on the line just outside the box where the arrow begins. */
function markAt(points: readonly Point[]): Point {
  const [start, next] = points
  const away = next![0] >= start![0] ? 1 : -1
  return [start![0] + (away * SIZE.stub) / 2, start![1]]
}

/** Length of a line in the legend. */
const SAMPLE = 44

function legendOf(y: number): readonly LegendEntry[] {
  let x = SIZE.margin
  return (['open', 'fixed', 'shut', 'gate'] as const).map((kind) => {
    const text = words.legend[kind]
    const entry = {
      kind,
      text,
      points: [
        [x, y],
        [x + SAMPLE, y],
      ],
      at: [x + SAMPLE + 8, y],
    } as const
    x += SAMPLE + 8 + widthOf(text) + 24
    return entry
  })
}

const filled = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\{(\w+)\}/gu, (_, name: string) => values[name] ?? '')
