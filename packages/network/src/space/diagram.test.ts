import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  APART,
  BOTH,
  CALLED,
  createDiagrams,
  EITHER,
  ENDING,
  INTO,
  MAY,
  NOT,
  OVER,
  WITHOUT,
} from './diagram.ts'
import type { Diagram, Diagrams } from './diagram.ts'

const SIZES = [3, 4, 5]
const points: readonly (readonly number[])[] = [0, 1, 2].flatMap((a) =>
  [0, 1, 2, 3].flatMap((b) => [0, 1, 2, 3, 4].map((c) => [a, b, c])),
)

/** A box by which atoms each level admits, and how it ends inside. */
const box = fc.record({
  spans: fc.tuple(
    ...SIZES.map((size) =>
      fc.option(
        fc.array(
          fc
            .tuple(fc.nat(size), fc.nat(size))
            .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
          { maxLength: 3 },
        ),
        { nil: undefined },
      ),
    ),
  ),
  ending: fc.constantFrom(ENDING.accept, ENDING.deny, ENDING.accept | ENDING.pass, ENDING.back),
})
type Box = typeof box extends fc.Arbitrary<infer One> ? One : never

const make = (diagrams: Diagrams, { spans, ending }: Box): Diagram =>
  diagrams.box(
    new Map(spans.flatMap((wanted, level) => (wanted ? [[level, wanted] as const] : []))),
    ending,
  )

/** The same by hand, one point at a time. */
const inside = ({ spans }: Box, point: readonly number[]): boolean =>
  spans.every(
    (wanted, level) =>
      !wanted || wanted.some(([from, until]) => from <= point[level]! && point[level]! < until),
  )
const endOf = (one: Box, point: readonly number[]): number =>
  inside(one, point) ? one.ending : ENDING.pass

const over = (a: number, b: number): number => (a & ENDING.pass ? (a & ~ENDING.pass) | b : a)

describe('diagrams', () => {
  it('end as a list of boxes ends when it is read from the top, for every point', () => {
    fc.assert(
      fc.property(fc.array(box, { maxLength: 8 }), (boxes) => {
        const diagrams = createDiagrams(SIZES)
        const all = diagrams.overAll(boxes.map((one) => make(diagrams, one)))
        for (const point of points) {
          const wanted = boxes.reduce(
            (end, one) => over(end, endOf(one, point)),
            ENDING.pass as number,
          )
          expect(diagrams.end(all, point)).toBe(wanted)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('are the same number exactly when every point ends the same', () => {
    fc.assert(
      fc.property(
        fc.array(box, { maxLength: 5 }),
        fc.array(box, { maxLength: 5 }),
        (left, right) => {
          const diagrams = createDiagrams(SIZES)
          const a = diagrams.overAll(left.map((one) => make(diagrams, one)))
          const b = diagrams.overAll(right.map((one) => make(diagrams, one)))
          const same = points.every((point) => diagrams.end(a, point) === diagrams.end(b, point))
          expect(a === b).toBe(same)
          const apart = diagrams.find(
            diagrams.apply(APART, a, b),
            (end) => end !== ENDING.accept,
            1,
          )
          expect(apart.length === 0).toBe(same)
          for (const found of apart) {
            const point = found.map(([from]) => from)
            expect(diagrams.end(a, point)).not.toBe(diagrams.end(b, point))
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('forget a level: as it ends at one atom, or where some atom accepts', () => {
    fc.assert(
      fc.property(fc.array(box, { maxLength: 6 }), fc.nat(2), fc.nat(2), (boxes, level, atom) => {
        const diagrams = createDiagrams(SIZES)
        const all = diagrams.overAll(boxes.map((one) => make(diagrams, one)))
        const may = diagrams.apply(MAY, all, ENDING.pass)
        const [fixed, some] = [diagrams.fixed(all, level, atom), diagrams.some(may, level)]
        for (const point of points) {
          expect(diagrams.end(fixed, point)).toBe(diagrams.end(all, point.with(level, atom)))
          const any = Array.from({ length: SIZES[level]! }, (_, at) => point.with(level, at)).some(
            (one) => diagrams.end(all, one) & ENDING.accept,
          )
          expect(diagrams.end(some, point) === ENDING.accept).toBe(any)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('combine point by point', () => {
    fc.assert(
      fc.property(box, box, (first, second) => {
        const diagrams = createDiagrams(SIZES)
        const [a, b] = [make(diagrams, first), make(diagrams, second)]
        for (const how of [OVER, INTO, NOT, CALLED, BOTH, MAY, EITHER, WITHOUT, APART]) {
          const made = diagrams.apply(how, a, b)
          for (const point of points) {
            const wanted = how.table[(endOf(first, point) << 4) | endOf(second, point)]
            expect(diagrams.end(made, point)).toBe(wanted)
          }
        }
      }),
      { numRuns: 200 },
    )
  })
})
