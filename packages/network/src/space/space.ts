import { axisOf } from './axis.ts'
import type { Axis } from './axis.ts'
import { createDiagrams } from './diagram.ts'
import type { Diagram, Diagrams } from './diagram.ts'
import { FIELDS } from './field.ts'
import type { Field, Key, Span } from './field.ts'
import { regionsOf } from './regions.ts'

/** A packet: one value per field, each the smallest of those that are treated alike. */
export type Packet = Readonly<Record<Field, Key>>

/** Packets that are treated alike: the span of each field. */
export type Cell = Readonly<Record<Field, Span>>

/** Packets that are treated alike: each field lies in one of its spans. */
export type Region = Readonly<Record<Field, readonly Span[]>>

/** A stretch of a field begins here, and leads there. */
export interface Branch {
  readonly from: Key
  readonly leads: Diagram
}

/** Every packet there can be, cut as finely as the rules at hand need. */
export interface Space extends Pick<Diagrams, 'apply' | 'overAll' | 'size'> {
  /** Packets of which each field named lies in one of its spans end in `inside`, all others in `pass`. */
  box(fields: Iterable<readonly [Field, readonly Span[]]>, inside: number): Diagram
  /** How it ends where a field holds this value, whatever the field of a packet holds. */
  fixed(diagram: Diagram, field: Field, key: Key): Diagram
  /** `accept` where some value of the field makes it so. */
  some(diagram: Diagram, field: Field): Diagram
  /** Every ending that some value of the field has. */
  blurred(diagram: Diagram, field: Field): Diagram
  /** Where each stretch of a field leads, in order; one whole stretch where the diagram does not ask for that field first. */
  branches(diagram: Diagram, field: Field): readonly Branch[]
  /** All stretches that any span cut a field into. */
  stretches(field: Field): readonly Span[]
  /** How a diagram ends for one packet. */
  end(diagram: Diagram, packet: Packet): number
  /** Packets with a wanted end, at most `most`, one of each kind that is treated alike. */
  find(diagram: Diagram, wanted: (ending: number) => boolean, most: number): readonly Packet[]
  /** All of them, one cell beside the other, at most `most`. */
  cells(diagram: Diagram, wanted: (ending: number) => boolean, most: number): readonly Cell[]
  /** All packets with a wanted end, as few regions as the order of the fields allows, at most `most`. */
  regions(diagram: Diagram, wanted: (ending: number) => boolean, most: number): readonly Region[]
}

/** @param spans all that will ever be asked of this space; what is not among them is not told apart */
export function createSpace(spans: Iterable<readonly [Field, Span]>): Space {
  const mentioned = new Map<Field, Span[]>(FIELDS.map((field) => [field, []]))
  for (const [field, span] of spans) mentioned.get(field)!.push(span)
  const axes = new Map<Field, Axis>(
    FIELDS.map((field) => [field, axisOf(field, mentioned.get(field)!)]),
  )
  const sizes = FIELDS.map((field) => axes.get(field)!.size)
  const diagrams = createDiagrams(sizes)
  const level = new Map(FIELDS.map((field, at) => [field, at]))
  return {
    apply: (how, a, b) => diagrams.apply(how, a, b),
    overAll: (list) => diagrams.overAll(list),
    size: diagrams.size,
    box: (fields, inside) => {
      const atoms = new Map<number, (readonly [number, number])[]>()
      for (const [field, of] of fields) {
        const axis = axes.get(field)!
        atoms.set(
          level.get(field)!,
          of.map((span) => axis.atoms(span)),
        )
      }
      return diagrams.box(atoms, inside)
    },
    fixed: (diagram, field, key) =>
      diagrams.fixed(diagram, level.get(field)!, axes.get(field)!.atomOf(key)),
    some: (diagram, field) => diagrams.some(diagram, level.get(field)!),
    blurred: (diagram, field) => diagrams.blurred(diagram, level.get(field)!),
    branches: (diagram, field) => {
      const node = diagrams.open(diagram)
      const axis = axes.get(field)!
      if (node?.level !== level.get(field)!) return [{ from: axis.span(0, 1).from, leads: diagram }]
      return Array.from(node.starts, (start, at) => ({
        from: axis.span(start, start + 1).from,
        leads: node.kids[at]!,
      }))
    },
    stretches: (field) => {
      const axis = axes.get(field)!
      return Array.from({ length: axis.size }, (_, at) => axis.span(at, at + 1))
    },
    end: (diagram, packet) =>
      diagrams.end(
        diagram,
        FIELDS.map((field) => axes.get(field)!.atomOf(packet[field])),
      ),
    find: (diagram, wanted, most) =>
      diagrams.find(diagram, wanted, most).map((box) => {
        const values = FIELDS.map((field, at) => [field, axes.get(field)!.sample(box[at]![0])])
        return Object.fromEntries(values) as Packet
      }),
    cells: (diagram, wanted, most) =>
      diagrams.find(diagram, wanted, most).map((box) => {
        const sides = FIELDS.map((field, at) => [field, axes.get(field)!.span(...box[at]!)])
        return Object.fromEntries(sides) as Cell
      }),
    regions: (diagram, wanted, most) =>
      regionsOf(diagram, sizes, (one) => diagrams.open(one), wanted, most).map((region) => {
        const fields = FIELDS.map((field, at) => {
          const axis = axes.get(field)!
          return [field, region[at]!.map(([from, until]) => axis.span(from, until))]
        })
        return Object.fromEntries(fields) as Region
      }),
  }
}
