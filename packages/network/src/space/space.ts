import { axisOf } from './axis.ts'
import type { Axis } from './axis.ts'
import { createDiagrams } from './diagram.ts'
import type { Diagram, Diagrams } from './diagram.ts'
import { FIELDS } from './field.ts'
import type { Field, Key, Span } from './field.ts'

/** A packet: one value per field, each the smallest of those that are treated alike. */
export type Packet = Readonly<Record<Field, Key>>

/** Packets that are treated alike: the span of each field. */
export type Region = Readonly<Record<Field, Span>>

/** Every packet there can be, cut as finely as the rules at hand need. */
export interface Space extends Pick<Diagrams, 'apply' | 'overAll' | 'size'> {
  /** Packets of which each field named lies in one of its spans end in `inside`, all others in `pass`. */
  box(fields: Iterable<readonly [Field, readonly Span[]]>, inside: number): Diagram
  /** How a diagram ends for one packet. */
  end(diagram: Diagram, packet: Packet): number
  /** Packets with a wanted end, at most `most`, one of each kind that is treated alike. */
  find(diagram: Diagram, wanted: (ending: number) => boolean, most: number): readonly Packet[]
  /** The same as whole regions, apart from each other. */
  regions(diagram: Diagram, wanted: (ending: number) => boolean, most: number): readonly Region[]
}

/** @param spans all that will ever be asked of this space; what is not among them is not told apart */
export function createSpace(spans: Iterable<readonly [Field, Span]>): Space {
  const mentioned = new Map<Field, Span[]>(FIELDS.map((field) => [field, []]))
  for (const [field, span] of spans) mentioned.get(field)!.push(span)
  const axes = new Map<Field, Axis>(
    FIELDS.map((field) => [field, axisOf(field, mentioned.get(field)!)]),
  )
  const diagrams = createDiagrams(FIELDS.map((field) => axes.get(field)!.size))
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
    regions: (diagram, wanted, most) =>
      diagrams.find(diagram, wanted, most).map((box) => {
        const values = FIELDS.map((field, at) => [field, axes.get(field)!.span(...box[at]!)])
        return Object.fromEntries(values) as Region
      }),
  }
}
