import type { Town } from '@sekisho/core'
import { shown } from '@sekisho/town'
import words from '../../words/picture.json' with { type: 'json' }
import type { Graph } from './columns.ts'
import type { Frame, GateMark, Point } from './drawing.ts'
import { linesIn, SIZE, widthOf } from './measure.ts'
import { strokeOf } from './strokes.ts'

export interface GateMarks {
  /** Rows above the frames that are needed. */
  readonly rows: number
  place(frames: readonly Frame[], top: number): readonly GateMark[]
}

/** Height of the mark of a gate. */
const HEIGHT = 26
/** Between two lines that come down to one frame. */
const APART = 16

/** The gates between zones that are in a picture, one in each row: from the zone that gives, over its mark, to the zone that takes. */
export function gateMarks(town: Town, graph: Graph): GateMarks {
  const shownZones = new Set(graph.columns.flatMap((groups) => groups.map(({ id }) => id)))
  const gates = (['file', 'mail', 'screen'] as const).flatMap((kind) =>
    town.gates[kind]
      .filter(({ from, to }) => shownZones.has(from) && shownZones.has(to))
      .map(({ id, from, to }) => ({ kind, id, from, to })),
  )
  return {
    rows: gates.length,
    place: (frames, top) => {
      const byId = new Map(frames.map((frame) => [frame.id, frame]))
      return gates.map(({ kind, id, from, to }, row): GateMark => {
        const text = words.gates[kind].replace('{id}', () => shown(id))
        const [a, b] = [byId.get(from)!, byId.get(to)!]
        const y = top - (gates.length - row) * SIZE.gateRow + HEIGHT / 2
        // The upper rows go further out, so that no line comes down through a mark below.
        const out = (gates.length - 1 - row) * APART * (a.x < b.x ? -1 : 1)
        const [start, end] = [middle(a) + out, middle(b) - out]
        const width = Math.ceil(widthOf(text)) + 2 * SIZE.pad
        const x = Math.round((start + end - width) / 2)
        const points: readonly Point[] = [
          [start, a.y],
          [start, y],
          [end, y],
          [end, b.y],
        ]
        return {
          kind,
          id,
          name: text,
          stroke: strokeOf(points, 'gate'),
          texts: linesIn([text], { x, y: y - HEIGHT / 2, width, height: HEIGHT }),
          x,
          y: y - HEIGHT / 2,
          width,
          height: HEIGHT,
          label: words.labels.gate
            .replace('{gate}', () => text)
            .replace('{from}', () => a.name)
            .replace('{to}', () => b.name),
        }
      })
    },
  }
}

const middle = ({ x, width }: Frame): number => x + width / 2
