import { isAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import { SekishoError } from '@sekisho/core'
import { loadGuideline } from '@sekisho/guideline'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FactShape, QuestionShape } from '../facts.ts'
import { readShapes } from '../facts.ts'
import type { Facts } from '../oracle.test-support.ts'
import { policyOf } from '../policy.ts'
import { anyFacts } from '../samples.test-support.ts'
import { createCompiledJudge } from './compiled-judge.ts'
import { anyForbid } from './policies.test-support.ts'
import { compilePolicy } from './policy.ts'

const zones = ['inside', 'outside', 'between'] as const
/** A question of our own with every kind of fact twice. */
const shape: QuestionShape = new Map<string, FactShape>([
  ['model', { kind: 'word', values: ['α', 'β'] }],
  ['edition', { kind: 'word', values: ['R7.3', 'R8.3'] }],
  ['from', { kind: 'word', values: zones }],
  ['to', { kind: 'word', values: zones }],
  ['open', { kind: 'bool' }],
  ['asked', { kind: 'bool' }],
  ['days', { kind: 'count', minimum: 0 }],
  ['files', { kind: 'count', minimum: 0 }],
  ['ends', { kind: 'words', values: zones }],
  ['stops', { kind: 'words', values: zones }],
])
const QUESTION = 'test'
const expected = { kind: 'forbid', question: QUESTION } as const
const nothingKnown = new Map<string, string>()

describe('a compiled policy fires exactly when Cedar says so', () => {
  const questions = [[QUESTION, shape] as const, ...readShapes(loadGuideline().schema)]
  for (const [question, facts] of questions)
    it(`${question}: for any policy and any facts, whether edition and model are known or not`, () => {
      const trial = fc.tuple(anyForbid(question, facts), anyFacts(facts))
      const agrees = fc.property(trial, ([policy, given]) => {
        const fires = firesByCedar(policy, given, question)
        const { edition, model } = given as { edition: string; model: string }
        const town = new Map(Object.entries({ edition, model }))
        return [nothingKnown, town].every(
          (known) => firesCompiled(policy, given, { question, shape: facts, known }) === fires,
        )
      })
      const numRuns = question === QUESTION ? 3000 : 200
      expect(fc.check(agrees, { numRuns }).counterexample).toBeNull()
    })

  it('is folded to a constant where edition and model decide', () => {
    const known = new Map([['edition', 'R8.3']])
    const fold = (body: string): unknown =>
      compilePolicy(read(`when { ${body} }`), expected, { shape, known })
    expect(fold('["R7.3", "R8.3"].contains(context.edition)')).toBe(true)
    expect(fold('context.edition == "R7.3" && context.open')).toBe(false)
    expect(fold('context.edition != "R7.3" || context.open')).toBe(true)
    expect(fold('context.edition == context.model')).toBeTypeOf('function')
  })
})

describe('what the compiler does not know is never half understood', () => {
  const bodies = {
    'an unknown fact': 'context.elsewhere',
    'a fact of the asker': 'principal.open',
    'the asker': 'principal == resource',
    arithmetic: 'context.days + 1 > 2',
    'a product': 'context.days * 2 > 2',
    'a negated count': '-context.days < 0',
    'an integer that would be rounded': 'context.days < 9223372036854775807',
    'a pattern': 'context.from like "in*"',
    'a test for presence': 'context has open',
    'a choice': 'if context.open then context.asked else false',
    'an extension': 'ip("10.0.0.1").isLoopback()',
    'an entity': 'context.from == Sekisho::Zone::"a"',
    'a record': 'context.from == {a: 1}',
    'a nested fact': 'context.from.name == "a"',
    'an empty set': '[].contains(context.from)',
    'a set of sets': '[["inside"]].contains(context.ends)',
    'a mixed set': '["inside", 1].contains(context.from)',
    'a set of another type': '[1, 2].contains(context.from)',
    'a word that is compared with a count': 'context.from == 1',
    'words in order': 'context.from < context.to',
    'a word as a condition': 'context.from && context.open',
    'a negated word': '!context.from',
    'a membership': 'principal in resource',
    'a type test': 'principal is Sekisho::Asker',
    'an empty list': 'context.ends.isEmpty()',
  }
  for (const [what, body] of Object.entries(bodies))
    it(`${what} in either kind of clause`, () => {
      for (const kind of ['when', 'unless'])
        for (const side of [body, `context.open || (${body})`, `false && (${body})`])
          expect(() => compile(read(`${kind} { ${side} }`))).toThrow('the compiler does not know')
    })

  it('a scope other than one question, or another effect', () => {
    const texts = [
      'forbid (principal, action, resource);',
      'forbid (principal, action == Sekisho::Action::"other", resource);',
      'forbid (principal, action == Other::Action::"test", resource);',
      'forbid (principal, action in [Sekisho::Action::"test"], resource);',
      'forbid (principal == Sekisho::Asker::"a", action == Sekisho::Action::"test", resource);',
      'forbid (principal, action == Sekisho::Action::"test", resource is Sekisho::Subject);',
      'permit (principal, action == Sekisho::Action::"test", resource);',
    ]
    for (const text of texts) expect(() => compile(policyOf('a', text))).toThrow('does not know')
  })

  it('forms that Cedar does not write today', () => {
    const policy = read('when { context.open }')
    const broken = [
      { ...policy, obligation: 'log' },
      { ...policy, conditions: [{ kind: 'while', body: { Value: true } }] },
      ...[
        {},
        null,
        [],
        { Value: true, Also: 1 },
        { '!': { arg: { Value: true }, twice: true } },
        { '&&': { left: { Value: true } } },
        { '==': { left: { Value: 1 }, right: { Value: 1 }, tolerance: 1 } },
        { contains: { left: { Set: { Value: 'a' } }, right: { Value: 'a' } } },
      ].map((body) => ({ ...policy, conditions: [{ kind: 'when', body }] })),
    ]
    for (const one of broken)
      expect(() => compile(one as PolicyJson)).toThrow('the compiler does not know')
  })

  it('stops the judge at once, with the name of the rule', () => {
    const [question, facts] = [...readShapes(loadGuideline().schema)].find(([, all]) =>
      [...all.values()].some(({ kind }) => kind === 'count'),
    )!
    const [count] = [...facts].find(([, { kind }]) => kind === 'count')!
    const rule = {
      id: 'TOWN-PRODUCT',
      text: `forbid (principal, action == Sekisho::Action::"${question}", resource)
        when { context.${count} * 2 > 4 };`,
      message: '多すぎます。',
      cure: '減らしてください。',
      who: 'clerk',
    } as const
    expect(thrownBy(() => createCompiledJudge({ extraRules: [rule] }))).toEqual(
      new SekishoError('CONFIG_INVALID', 'TOWN-PRODUCT: the compiler does not know the operator *'),
    )
  })
})

function read(clauses: string): PolicyJson {
  const scope = `(principal, action == Sekisho::Action::"${QUESTION}", resource)`
  return policyOf('test', `forbid ${scope} ${clauses};`)
}

function compile(policy: PolicyJson): unknown {
  return compilePolicy(policy, expected, { shape, known: nothingKnown })
}

function firesCompiled(
  policy: PolicyJson,
  facts: Facts,
  {
    question,
    ...scope
  }: { question: string; shape: QuestionShape; known: ReadonlyMap<string, string> },
): boolean {
  const fires = compilePolicy(policy, { kind: 'forbid', question }, scope)
  return typeof fires === 'boolean' ? fires : fires(facts)
}

function firesByCedar(policy: PolicyJson, facts: Facts, question: string): boolean {
  const answer = isAuthorized({
    principal: { type: 'Sekisho::Asker', id: 'a' },
    action: { type: 'Sekisho::Action', id: question },
    resource: { type: 'Sekisho::Subject', id: 'a' },
    context: facts as Record<string, boolean | number | string | string[]>,
    policies: { staticPolicies: { policy: policy } },
    entities: [],
  })
  if (answer.type === 'failure' || answer.response.diagnostics.errors.length > 0)
    throw new TypeError('a policy that Cedar cannot evaluate')
  return answer.response.diagnostics.reason.includes('policy')
}

function thrownBy(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  return undefined
}
