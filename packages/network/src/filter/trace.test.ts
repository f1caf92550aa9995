import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ENDING } from '../space/diagram.ts'
import { FIELDS, only } from '../space/field.ts'
import type { Field, Key } from '../space/field.ts'
import { createSpace } from '../space/space.ts'
import type { Packet } from '../space/space.ts'
import { evaluate, spansOf } from './evaluate.ts'
import type { Action, Condition, Filter, Rule } from './filter.ts'
import { trace, tracer } from './trace.ts'

/** A few values per field: where rules meet is what matters, not how far the field goes. */
const VALUES: Readonly<Record<Field, readonly Key[]>> = {
  family: [4n, 6n],
  in: ['a', 'b', 'ab'],
  out: ['a', 'b'],
  state: [0n, 1n],
  direction: [0n, 1n],
  protocol: [6n, 17n],
  source: [1n, 2n, 3n],
  sourceMac: [7n],
  target: [1n, 2n],
  sourcePort: [1n],
  targetPort: [80n, 443n],
}

const field = fc.constantFrom(...FIELDS)
const condition: fc.Arbitrary<Condition> = fc.oneof(
  {
    weight: 8,
    arbitrary: field.chain((one) =>
      fc.record({
        kind: fc.constant('in' as const),
        fields: fc.constant([one]),
        boxes: fc.array(
          fc.subarray([...VALUES[one]], { minLength: 1 }).map((keys) => [keys.map(only)]),
          { maxLength: 2 },
        ),
        negated: fc.boolean(),
      }),
    ),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'unknown' as const, text: 'limit' }) },
)
// Chains call only later ones, so that none calls itself.
const action = (later: readonly string[]): fc.Arbitrary<Action> =>
  fc.oneof(
    fc.constantFrom<Action>({ kind: 'accept' }, { kind: 'deny' }, { kind: 'back' }),
    ...(later.length === 0
      ? []
      : [
          fc.record({
            kind: fc.constantFrom('call' as const, 'go' as const),
            chain: fc.constantFrom(...later),
          }),
        ]),
  )
const rules = (later: readonly string[]): fc.Arbitrary<readonly Rule[]> =>
  fc.array(
    fc.record({
      place: fc.constant('x'),
      conditions: fc.array(condition, { maxLength: 2 }),
      action: action(later),
    }),
    { maxLength: 4 },
  )
const filter: fc.Arbitrary<Filter> = fc
  .tuple(
    rules(['one', 'two']),
    rules(['two']),
    rules([]),
    fc.constantFrom('accept' as const, 'deny' as const),
    fc.subarray([4, 6] as const),
    fc.array(condition, { maxLength: 1 }),
  )
  .map(([base, one, two, policy, families, conditions]) => ({
    hooks: [{ chain: 'base', families, conditions, policy }],
    chains: new Map([
      ['base', base],
      ['one', one],
      ['two', two],
    ]),
    unread: [],
  }))
const packet: fc.Arbitrary<Packet> = fc.record(
  Object.fromEntries(FIELDS.map((one) => [one, fc.constantFrom(...VALUES[one])])) as Record<
    Field,
    fc.Arbitrary<Key>
  >,
)

describe('a filter', () => {
  it('treats a packet the same when it is followed rule by rule and when it is compiled', () => {
    fc.assert(
      fc.property(filter, fc.array(packet, { minLength: 20, maxLength: 20 }), (one, packets) => {
        const space = createSpace(spansOf(one))
        const whole = evaluate(space, one)
        for (const each of packets) {
          const { ends } = trace(one, each)
          const end = space.end(whole, each)
          if (ends === 'accept') expect(end & ENDING.accept).toBeTruthy()
          if (ends === 'deny') expect(end & ENDING.deny).toBeTruthy()
          // What is followed stops at the first condition that nobody can tell; compiled, it may still come out one way.
          if (ends !== 'unsure') expect(end === ENDING.accept || end === ENDING.deny).toBe(true)
        }
      }),
      { numRuns: 400 },
    )
  })

  it('treats many packets one after the other as it treats each alone', () => {
    fc.assert(
      fc.property(filter, fc.array(packet, { minLength: 20, maxLength: 20 }), (one, packets) => {
        const traced = tracer(one)
        for (const each of packets) expect(traced(each)).toEqual(trace(one, each))
      }),
      { numRuns: 200 },
    )
  })
})

describe('two lists that are asked about one packet', () => {
  const rule = (place: string, kind: 'accept' | 'deny', port: bigint): Rule => ({
    place,
    conditions: [{ kind: 'in', fields: ['targetPort'], boxes: [[[only(port)]]], negated: false }],
    action: { kind },
  })
  const lists: Filter = {
    hooks: (['out', 'in'] as const).map((chain) => ({ chain, families: [4, 6], policy: 'accept' })),
    chains: new Map(
      (['out', 'in'] as const).map((chain) => [
        chain,
        [rule(`${chain} #1`, 'accept', 80n), rule(`${chain} #2`, 'deny', 443n)],
      ]),
    ),
    unread: [],
  }
  const to = (targetPort: bigint): Packet => ({
    family: 4n,
    in: 'a',
    out: 'b',
    state: 0n,
    direction: 0n,
    protocol: 6n,
    source: 1n,
    sourceMac: 7n,
    target: 1n,
    sourcePort: 1n,
    targetPort,
  })

  it('are both named where both let it through by a line', () => {
    expect(trace(lists, to(80n))).toEqual({ ends: 'accept', place: 'in #1', also: ['out #1'] })
  })

  it('are both named where both hold it: taking out one of the lines would not do', () => {
    expect(trace(lists, to(443n))).toEqual({ ends: 'deny', place: 'out #2', also: ['in #2'] })
  })

  it('are not named where a policy speaks', () => {
    expect(trace(lists, to(22n))).toEqual({ ends: 'accept', place: 'in' })
  })
})
