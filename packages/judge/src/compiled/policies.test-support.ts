/**
 * Random policies over the facts of one question, with every operator that the compiler knows.
 */
import { policyToText } from '@cedar-policy/cedar-wasm/nodejs'
import type { Expr, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import * as fc from 'fast-check'
import type { FactShape, QuestionShape } from '../facts.ts'
import type { TownRule } from '../town-rule.ts'
import { validateRules } from '../validate.ts'

const COUNTS = [0, 1, 2, 364, 365, 366, Number.MAX_SAFE_INTEGER]
const ORDERS = ['>', '>=', '<', '<='] as const
const EQUALITIES = ['==', '!='] as const
const SET_OPERATORS = ['containsAll', 'containsAny', '==', '!='] as const

/** A `forbid` over one question, well typed. */
export function anyForbid(question: string, shape: QuestionShape): fc.Arbitrary<PolicyJson> {
  const { condition } = fc.letrec<{ condition: Expr }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 4, depthSize: 'medium' },
      { arbitrary: anyComparison(shape), weight: 2 },
      { arbitrary: joined(tie('condition')), weight: 3 },
    ),
  }))
  const clause = fc.record({ kind: fc.constantFrom('when', 'unless'), body: condition })
  return fc.array(clause, { minLength: 1, maxLength: 2 }).map((conditions) => ({
    effect: 'forbid',
    principal: { op: 'All' },
    action: { op: '==', entity: { type: 'Sekisho::Action', id: question } },
    resource: { op: 'All' },
    conditions,
  }))
}

/** Rules a town could have: every one is sound. The same every time. */
export function townRules(
  shapes: ReadonlyMap<string, QuestionShape>,
  each: number,
): readonly TownRule[] {
  return [...shapes].flatMap(([question, shape], index) =>
    fc
      .sample(anyForbid(question, shape), { seed: index, numRuns: each * 10 })
      .flatMap((policy, number): TownRule[] => [
        {
          id: `TOWN-${index}-${number}`,
          text: textOf(policy),
          message: '団体の決まりです。',
          cure: '次をそろえてください：{missing}。',
          who: 'approver',
          effect: number % 2 === 0 ? 'hold' : 'refuse',
        },
      ])
      .filter((rule) => validateRules([rule]).length === 0)
      .slice(0, each),
  )
}

function textOf(policy: PolicyJson): string {
  const answer = policyToText(policy)
  if (answer.type === 'failure') throw new TypeError('a policy that cannot be written')
  return answer.text
}

function joined(side: fc.Arbitrary<Expr>): fc.Arbitrary<Expr> {
  return fc.oneof(
    side.map((arg): Expr => ({ '!': { arg } })),
    infix(fc.constantFrom('&&', '||', '&&', '||', ...EQUALITIES), side, side),
  )
}

function anyComparison(shape: QuestionShape): fc.Arbitrary<Expr> {
  return fc
    .constantFrom(...shape)
    .chain(([name, fact]) => comparison(fc.constant(factNamed(name)), fact, shape))
}

function comparison(
  fact: fc.Arbitrary<Expr>,
  shape: FactShape,
  all: QuestionShape,
): fc.Arbitrary<Expr> {
  const sameKind = fc.constantFrom(
    ...[...all].filter(([, { kind }]) => kind === shape.kind).map(([name]) => factNamed(name)),
  )
  switch (shape.kind) {
    case 'bool':
      return fc.oneof(fact, infix(fc.constantFrom(...EQUALITIES), fact, literal([true, false])))
    case 'count': {
      const operators = fc.constantFrom(...ORDERS, ...EQUALITIES)
      const other = fc.oneof(literal(COUNTS), sameKind)
      return fc.oneof(infix(operators, fact, other), infix(operators, other, fact))
    }
    case 'day':
      return infix(fc.constantFrom(...EQUALITIES), fact, literal(['', '2027-03-31']))
    case 'word': {
      const operators = fc.constantFrom(...EQUALITIES)
      const word = fc.oneof(literal(shape.values), sameKind)
      return fc.oneof(
        infix(operators, fact, word),
        infix(operators, word, fact),
        infix(fc.constant('contains'), setOf(word), fact),
      )
    }
    case 'words': {
      const operators = fc.constantFrom(...SET_OPERATORS)
      const words = fc.oneof(fact, setOf(literal(shape.values)))
      return fc.oneof(
        infix(fc.constant('contains'), fact, literal(shape.values)),
        infix(operators, fact, words),
        infix(operators, words, fact),
      )
    }
  }
}

function infix(
  operator: fc.Arbitrary<string>,
  left: fc.Arbitrary<Expr>,
  right: fc.Arbitrary<Expr>,
): fc.Arbitrary<Expr> {
  return fc
    .tuple(operator, left, right)
    .map(([name, a, b]) => ({ [name]: { left: a, right: b } }) as unknown as Expr)
}

function literal(values: readonly (boolean | number | string)[]): fc.Arbitrary<Expr> {
  return fc.constantFrom(...values).map((Value) => ({ Value }))
}

function setOf(item: fc.Arbitrary<Expr>): fc.Arbitrary<Expr> {
  return fc.array(item, { minLength: 1, maxLength: 3 }).map((Set) => ({ Set }))
}

function factNamed(attr: string): Expr {
  return { '.': { left: { Var: 'context' }, attr } }
}
