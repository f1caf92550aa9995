/**
 * Random requests: facts in their lists, facts near a golden case, and facts that no honest caller would send.
 */
import * as fc from 'fast-check'
import { goldenCases } from '../corpus.test-support.ts'
import type { QuestionShape } from '../facts.ts'
import type { Facts } from '../oracle.test-support.ts'
import { anyFacts } from '../samples.test-support.ts'

/** Makes the request anew each time: one with a getter that changes its mind can be asked only once. */
export type MakeRequest = () => unknown

interface Asked {
  readonly question: string
  readonly facts: Facts
}

/** Any request, one in six of them broken. */
export function anyRequest(shapes: ReadonlyMap<string, QuestionShape>): fc.Arbitrary<MakeRequest> {
  const asked = fc.oneof(anyAsked(shapes), nearGolden(shapes), nearGolden(shapes))
  return fc.oneof(
    { arbitrary: asked.map((request) => () => request), weight: 10 },
    { arbitrary: damaged(asked), weight: 2 },
    { arbitrary: garbage([...shapes.keys()]), weight: 1 },
  )
}

function anyAsked(shapes: ReadonlyMap<string, QuestionShape>): fc.Arbitrary<Asked> {
  return fc.oneof(
    ...[...shapes].map(([question, shape]) =>
      anyFacts(shape).map((facts) => ({ question, facts })),
    ),
  )
}

/** Random facts seldom meet every condition of a rule; golden cases with a few facts changed do. */
function nearGolden(shapes: ReadonlyMap<string, QuestionShape>): fc.Arbitrary<Asked> {
  const others = new Map([...shapes].map(([question, shape]) => [question, anyFacts(shape)]))
  return fc.constantFrom(...goldenCases()).chain(({ question, facts }) =>
    fc
      .tuple(others.get(question)!, fc.subarray(Object.keys(facts), { maxLength: 4 }))
      .map(([other, changed]) => ({
        question,
        facts: {
          ...facts,
          ...Object.fromEntries(changed.map((name) => [name, other[name]!])),
        },
      })),
  )
}

function damaged(asked: fc.Arbitrary<Asked>): fc.Arbitrary<MakeRequest> {
  return fc
    .tuple(asked, fc.constantFrom(...DAMAGES), fc.nat(), fc.constantFrom(...WRONG_VALUES))
    .map(([{ question, facts }, damage, at, wrong]) => {
      const names = Object.keys(facts)
      return () => ({ question, facts: damage(facts, names[at % names.length]!, wrong) })
    })
}

const WRONG_VALUES: readonly unknown[] = [
  null,
  undefined,
  '',
  'LGWAN',
  'lgwan ',
  '__proto__',
  -1,
  -0,
  1.5,
  Number.NaN,
  2 ** 60,
  1n,
  [],
  ['x'],
  [null],
  {},
  Symbol('x'),
  new String('lgwan'),
  new Proxy([], {}),
]

type Damage = (facts: Facts, name: string, wrong: unknown) => unknown

const DAMAGES: readonly Damage[] = [
  (facts, name, wrong) => ({ ...facts, [name]: wrong }),
  (facts, name) => Object.fromEntries(Object.entries(facts).filter(([key]) => key !== name)),
  (facts, _, wrong) => ({ ...facts, surplus: wrong }),
  (facts) => ({ ...facts, [Symbol('surplus')]: true }),
  (facts) => Object.create(facts) as unknown,
  (facts) => Object.assign(Object.create(null) as object, facts),
  (facts, name) => getter(facts, name, () => facts[name]),
  (facts, name) => getter(facts, name, throwing),
  (facts, name, wrong) => {
    let reads = 0
    return getter(facts, name, () => (reads++ === 0 ? facts[name] : wrong))
  },
  (facts, name, wrong) => {
    let reads = 0
    return getter(facts, name, () => (reads++ === 0 ? wrong : facts[name]))
  },
  (facts) => new Proxy(facts, {}),
  (facts) => new Proxy(facts, { get: throwing }),
  (facts) => new Proxy(facts, { ownKeys: throwing }),
  (facts) => new Proxy(facts, { getOwnPropertyDescriptor: throwing }),
  (facts) => [facts],
  (_, __, wrong) => wrong,
]

function getter(facts: Facts, name: string, get: () => unknown): object {
  return Object.defineProperty({ ...facts }, name, { enumerable: true, get })
}

function throwing(): never {
  throw new Error('gotcha')
}

function garbage(questions: readonly string[]): fc.Arbitrary<MakeRequest> {
  const names = fc.constantFrom(...questions, '__proto__', 'constructor', 'toString', '')
  const anything = fc.anything({ withBigInt: true, withNullPrototype: true })
  return fc.oneof(
    anything.map((request) => () => request),
    fc.record({ question: names, facts: anything }).map((request) => () => request),
    fc.constant(() => getter({}, 'question', throwing)),
    names.map((question) => () => getter({ question }, 'facts', throwing)),
    names.map((question) => () => ({ question })),
  )
}
