import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Flow, Town } from '@sekisho/core'
import { readTown } from '@sekisho/town'
import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { declare } from '../declared/declare.ts'
import { drawTown } from './draw.ts'
import type { Area, Drawing, Point } from './drawing.ts'
import { wrapped, widthOf } from './measure.ts'
import { svgOf } from './svg.ts'

const read = readTown(
  readFileSync(join(import.meta.dirname, '../../../../examples/kasumi/town.yaml'), 'utf8'),
)
if (!read.ok) throw new Error(JSON.stringify(read.problems))
const kasumi = read.town
const AT = '2026-11-25'
const draw = (town: Town, only?: string): Drawing =>
  drawTown(town, declare(town, { at: AT }), only === undefined ? {} : { only })

/** Rims may touch, areas may not. */
const meet = (a: Area, b: Area): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

const within = (a: Area, b: Area): boolean =>
  a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height

function partsOf(points: readonly Point[]): readonly Area[] {
  return points.slice(1).map((end, at) => {
    const start = points[at]!
    return {
      x: Math.min(start[0], end[0]),
      y: Math.min(start[1], end[1]),
      width: Math.abs(start[0] - end[0]),
      height: Math.abs(start[1] - end[1]),
    }
  })
}

/** What must hold of every picture, however many flows go wherever. */
function expectReadable(drawing: Drawing): void {
  const { width, height, frames, boxes, arrows, gates, head, legend } = drawing
  for (const { text, x } of [...head, ...legend.map((entry) => entry.text)])
    expect([text, x + widthOf(text) <= width]).toEqual([text, true])
  for (const [at, box] of boxes.entries()) {
    expect(boxes.slice(at + 1).filter((other) => meet(box, other))).toEqual([])
    expect(frames.filter((frame) => within(box, frame))).toHaveLength(1)
    expect(box.x + box.width).toBeLessThanOrEqual(width)
    expect(box.y + box.height).toBeLessThanOrEqual(height)
  }
  for (const [at, frame] of frames.entries())
    expect(frames.slice(at + 1).filter((other) => meet(frame, other))).toEqual([])
  const byId = new Map(boxes.map((box) => [box.id as string, box]))
  for (const { id, from, to, points } of arrows) {
    const [start, end] = [byId.get(from)!, byId.get(to)!]
    const [first, last] = [points[0]!, points.at(-1)!]
    expect([start.x, start.x + start.width]).toContain(first[0])
    expect([end.x, end.x + end.width]).toContain(last[0])
    expect(start.y <= first[1] && first[1] <= start.y + start.height).toBe(true)
    expect(end.y <= last[1] && last[1] <= end.y + end.height).toBe(true)
    for (const part of partsOf(points)) {
      const struck = boxes.filter((box) => meet(part, box))
      expect([id, struck.map((box) => box.id)]).toEqual([id, []])
      // An arrow stays out of every zone but those of its two ends.
      const passed = frames.filter(
        (frame) => meet(part, frame) && !within(start, frame) && !within(end, frame),
      )
      expect([id, passed.map((frame) => frame.id)]).toEqual([id, []])
    }
  }
  for (const [at, gate] of gates.entries())
    expect(gates.slice(at + 1).filter((other) => meet(gate, other))).toEqual([])
}

function withFlows(town: Town, ends: readonly (readonly [Flow['from'], Flow['to']])[]): Town {
  const flows = ends.map(([from, to], nth): Flow => ({
    id: `f${nth}`,
    name: `通信${nth}`,
    from,
    to,
    protocol: 'tcp',
    ports: [443],
    via: [],
  }))
  return { ...town, flows }
}

describe('the picture of a town', () => {
  it('of the example holds every system, party and flow, apart from each other', () => {
    const drawing = draw(kasumi)
    expectReadable(drawing)
    const ids = drawing.boxes.map(({ id }) => id as string)
    for (const { id } of kasumi.systems) expect(ids).toContain(`system:${id}`)
    for (const { id } of kasumi.peers) expect(ids).toContain(`peer:${id}`)
    expect(drawing.arrows.map(({ id, number }) => [id, number])).toEqual(
      kasumi.flows.map(({ id }, nth) => [id, nth + 1]),
    )
    expect(drawing.gates.map(({ id }) => id)).toEqual(['file-in', 'mail-in', 'screen-in'])
  })

  it('is the same each time, and fits on A3 with letters that can be read', () => {
    expect(svgOf(draw(kasumi))).toBe(svgOf(draw(kasumi)))
    const { width, height } = draw(kasumi)
    // A3 landscape within margins of 8 mm, in 1/96 inch; letters of 14 stay above 8.
    const scale = Math.min(1_527 / width, 1_062 / height)
    expect(14 * scale).toBeGreaterThan(8)
  })

  it('stays readable wherever flows go: over zones, within one, many at one box', () => {
    const ends = [
      ...kasumi.systems.map(({ id }) => `system:${id}` as const),
      ...kasumi.peers.map(({ id }) => `peer:${id}` as const),
      ...kasumi.zones.map(({ id }) => `zone:${id}` as const),
    ]
    const pair = fc
      .tuple(fc.constantFrom(...ends), fc.constantFrom(...ends))
      .filter(([from, to]) => from !== to)
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 60 }), (pairs) => {
        expectReadable(draw(withFlows(kasumi, pairs)))
      }),
      { numRuns: 15 },
    )
  })

  it('of 200 systems with 300 flows is still apart', () => {
    const [first] = kasumi.systems
    const zones = ['mynumber', 'lgwan', 'internet']
    const systems = Array.from({ length: 200 }, (_, nth) => ({
      ...first!,
      id: `s${nth}`,
      name: `業務システム その${nth}`,
      zone: zones[nth % 3]!,
      hosts: [],
    }))
    const pairs = Array.from({ length: 300 }, (_, nth): readonly [Flow['from'], Flow['to']] => [
      `system:s${(nth * 7) % 200}`,
      nth % 3 === 0 ? `peer:${kasumi.peers[nth % 23]!.id}` : `system:s${(nth * 13 + 1) % 200}`,
    ])
    const drawing = draw(
      withFlows(
        { ...kasumi, systems },
        pairs.filter(([a, b]) => a !== b),
      ),
    )
    expectReadable(drawing)
    expect(drawing.boxes.filter(({ id }) => id.startsWith('system:'))).toHaveLength(200)
  })

  it('narrowed to a zone holds its flows under the same numbers, and nothing without them', () => {
    const whole = draw(kasumi)
    const part = draw(kasumi, 'mynumber')
    expectReadable(part)
    expect(part.arrows.map(({ id }) => id)).toEqual(kasumi.flows.slice(0, 13).map(({ id }) => id))
    for (const { id, number } of part.arrows)
      expect(whole.arrows.find((one) => one.id === id)?.number).toBe(number)
    expect(part.boxes.map(({ id }) => id)).toContain('system:madoguchi')
    expect(part.boxes.map(({ id }) => id)).not.toContain('peer:asp-law')
  })

  it('tells 特定通信 and what is held by strokes and signs, never by colour', () => {
    const drawing = draw(kasumi)
    const kinds = new Map(drawing.arrows.map((arrow) => [arrow.id, arrow]))
    expect(kinds.get('juki-net')?.kind).toBe('fixed')
    expect(kinds.get('kenko-hoshu')).toMatchObject({
      kind: 'shut',
      mark: { label: { text: '×13' } },
    })
    const colours = svgOf(drawing).matchAll(/(?:fill|stroke)="([^"]*)"/gu)
    expect(new Set([...colours].map(([, colour]) => colour))).toEqual(
      new Set(['#fff', '#000', 'none']),
    )
  })
})

describe('a hostile name', () => {
  const names = [
    '</text><script>alert(1)</script>',
    '"><image href="https://x.invalid/a.png"/>',
    "' onload='alert(1)",
    ']]>&lt;&amp;<!--',
    '\u202Etxt.exe\u0007\u0000',
    '葛\u{E0102}城𠮷田髙﨑'.repeat(40),
  ]

  it.each(names)('%j stays text in the file', (name) => {
    const town = {
      ...kasumi,
      name,
      zones: kasumi.zones.map((zone) => ({ ...zone, name })),
      systems: kasumi.systems.map((system) => ({ ...system, name })),
      peers: kasumi.peers.map((peer) => ({ ...peer, name })),
      flows: kasumi.flows.map((flow) => ({ ...flow, name })),
      gates: { ...kasumi.gates, file: kasumi.gates.file.map((gate) => ({ ...gate, id: name })) },
    }
    const svg = svgOf(draw(town))
    const seen = new Set<string>()
    const parser = new SaxesParser({ xmlns: true })
    parser.on('error', (error) => {
      throw error
    })
    parser.on('opentag', ({ local, attributes }) => {
      seen.add(local)
      for (const key of Object.keys(attributes)) expect(key).not.toMatch(/^on|href/u)
    })
    parser.write(svg).close()
    expect([...seen].toSorted()).toEqual(['desc', 'g', 'path', 'rect', 'svg', 'text', 'title'])
    expect(svg).not.toMatch(/[\u202E\u0007]/u)
  })

  it('that is long is cut between letters, so that no variant is lost halfway', () => {
    for (const line of wrapped('葛\u{E0102}城'.repeat(40), 160, 2)) {
      expect(line).toMatch(/^(?:葛\u{E0102}|城)+…?$/u)
      expect(widthOf(line)).toBeLessThanOrEqual(160)
    }
  })
})
