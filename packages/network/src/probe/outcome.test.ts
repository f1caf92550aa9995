import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { controlled, controlsOf } from './control.ts'
import { judge } from './outcome.ts'
import type { Outcome } from './outcome.ts'
import type { Place } from './place.ts'
import type { Question } from './question.ts'
import type { Sighting } from './sighting.ts'

const SIGHTINGS: readonly Sighting[] = ['answered', 'arrived', 'stopped', 'silent', 'unsent']
const places: readonly Place[] = [
  { id: 'host:a', kind: 'machine', plug: 'lgwan', addresses: [{ family: 4, address: 1n }] },
  { id: 'host:b', kind: 'machine', plug: 'internet', addresses: [{ family: 4, address: 2n }] },
  { id: 'host:c', kind: 'machine', plug: 'internet', addresses: [{ family: 4, address: 3n }] },
]
const question: Question = {
  from: 0,
  to: 1,
  family: 4,
  source: 1n,
  target: 2n,
  protocol: 'tcp',
  port: 443,
  reason: 'known',
}
const outcome = fc.record<Outcome>({
  question: fc.constant(question),
  declared: fc.record({ passes: fc.boolean() }),
  model: fc.constantFrom(true, false, undefined),
  sighting: fc.constantFrom(...SIGHTINGS),
  controlled: fc.boolean(),
})

describe('what is said of an outcome', () => {
  it('is nothing only when the packet did what is declared, and could have done otherwise', () => {
    fc.assert(
      fc.property(outcome, (one) => {
        if (judge(one) !== undefined) return
        const { declared, sighting, controlled: works } = one
        expect(declared.passes ? sighting === 'answered' : sighting === 'stopped' && works).toBe(
          true,
        )
      }),
    )
  })

  it.each<[Partial<Outcome>, string]>([
    [{ sighting: 'arrived' }, 'PROBE-OPEN'],
    [{ sighting: 'answered' }, 'PROBE-OPEN'],
    [{ sighting: 'stopped', controlled: false }, 'PROBE-UNPROVEN'],
    [{ sighting: 'silent' }, 'PROBE-UNPROVEN'],
    [{ sighting: 'unsent' }, 'PROBE-UNPROVEN'],
    [{ sighting: 'stopped', declared: { passes: true } }, 'PROBE-SHUT'],
    [{ sighting: 'arrived', declared: { passes: true } }, 'PROBE-SHUT'],
    [{ sighting: 'stopped', declared: { passes: true }, controlled: false }, 'PROBE-UNPROVEN'],
    [{ sighting: 'stopped', model: true }, 'PROBE-MODEL'],
  ])('%o is %s', (part, reason) => {
    const base: Outcome = {
      question,
      declared: { passes: false },
      model: undefined,
      sighting: 'stopped',
      controlled: true,
    }
    expect(judge({ ...base, ...part })).toBe(reason)
  })
})

describe('a control', () => {
  const questions: readonly Question[] = [
    question,
    { ...question, to: 2, target: 3n },
    { ...question, port: 22 },
    { ...question, from: 2, to: 0, source: 3n, target: 1n },
  ]

  it('is asked for every target with its port and every way, and no more often', () => {
    expect(controlsOf(questions, places)).toHaveLength(4)
    expect(controlsOf([...questions, ...questions], places)).toHaveLength(4)
  })

  it('that failed lets nothing be believed that hangs on it', () => {
    const asked = controlsOf(questions, places)
    const dead = controlled(
      asked.map((one) => [one, 'stopped']),
      places,
    )
    expect(questions.some(dead)).toBe(false)
    const alive = controlled(
      asked.map((one) => [one, 'answered']),
      places,
    )
    expect(questions.every(alive)).toBe(true)
    const half = controlled(
      asked.map((one) => [one, one.port === 22 ? 'stopped' : 'answered']),
      places,
    )
    expect(questions.map(half)).toEqual([true, true, false, true])
  })

  it('of a liar is that its packet came, for no answer finds the way back to it', () => {
    const lie: Question = { ...question, source: 9n, reason: 'spoofed' }
    expect(controlled([[lie, 'arrived']], places)(lie)).toBe(true)
    expect(controlled([[question, 'arrived']], places)(question)).toBe(false)
  })
})
