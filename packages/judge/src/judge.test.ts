import { preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import type { Answer, CrossingFacts, Question } from '@sekisho/core'
import { loadGuideline } from '@sekisho/guideline'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asQuestion, goldenCases } from './corpus.test-support.ts'
import { createCompiledJudge } from './compiled/compiled-judge.ts'
import { decide } from './engine.ts'
import { readShapes } from './facts.ts'
import { createJudge } from './judge.ts'
import { firedBy, outcome } from './oracle.test-support.ts'
import { anyFacts, SAMPLES } from './samples.test-support.ts'
import type { TownRule } from './town-rule.ts'

const judge = createJudge()
const { schema } = loadGuideline()
const cases = goldenCases()
const FILE = SAMPLES.cross

const crossing = (facts: Partial<CrossingFacts>): Question => ({
  question: 'cross',
  facts: { ...FILE, ...facts },
})
const idsOf = (answer: Answer): string[] => answer.findings.map(({ rule }) => rule)

describe('a file on its way from the Internet zone to the LGWAN zone', () => {
  it('is refused on arrival, and everything that is wrong the gate can cure', () => {
    const answer = judge.ask(crossing({ disarm: 'none', verified: false }))
    expect(answer).toMatchObject({ result: 'refuse', basis: 'forbidden' })
    expect(answer.findings.map(({ cure }) => cure.gate)).toEqual(['disarm', 'verify'])
  })

  it('is refused without a gate cure when it could not be made safe', () => {
    const answer = judge.ask(crossing({ disarm: 'refused', verified: false }))
    expect(idsOf(answer)).toEqual(['X3-REFUSED'])
    expect(answer.findings.map(({ cure }) => [cure.who, cure.gate])).toEqual([
      ['sender', undefined],
    ])
  })

  it('is refused without a purpose, which only the clerk can give', () => {
    const [finding] = judge.ask(crossing({ hasPurpose: false })).findings
    expect(finding).toMatchObject({ rule: 'X3-PURPOSE', cure: { who: 'clerk' } })
    expect(finding?.cure.gate).toBeUndefined()
  })

  it('waits for a person exactly when the town says so, and passes once approved', () => {
    const results = (['always', 'active-content', 'never'] as const).map((approvalPolicy) =>
      [0, 1].map((activeRemoved) =>
        [false, true].map(
          (approved) => judge.ask(crossing({ approvalPolicy, activeRemoved, approved })).result,
        ),
      ),
    )
    expect(results).toEqual([
      [
        ['hold', 'pass'],
        ['hold', 'pass'],
      ],
      [
        ['pass', 'pass'],
        ['hold', 'pass'],
      ],
      [
        ['pass', 'pass'],
        ['pass', 'pass'],
      ],
    ])
  })

  it('never passes by approval alone', () => {
    for (const disarm of ['none', 'refused'] as const)
      expect(judge.ask(crossing({ disarm, approved: true })).result).toBe('refuse')
    expect(judge.ask(crossing({ verified: false, approved: true })).result).toBe('refuse')
  })
})

describe('nothing slips through for want of a fact', () => {
  for (const [question, facts] of Object.entries(SAMPLES)) {
    it(`${question}: any one fact left out is a refusal of its own kind`, () => {
      for (const name of Object.keys(facts)) {
        const without = Object.fromEntries(Object.entries(facts).filter(([key]) => key !== name))
        expect(judge.ask(asQuestion(question, without))).toMatchObject({
          result: 'refuse',
          basis: 'error',
          determining: ['FACTS-INVALID'],
          errors: [`FACTS-INVALID ${name}`],
        })
      }
    })

    it(`${question}: any one fact out of its list is a refusal`, () => {
      for (const name of Object.keys(facts))
        for (const value of [
          null,
          undefined,
          -1,
          1.5,
          NaN,
          2 ** 60,
          'LGWAN',
          ['x'],
          {},
          [null],
          1n,
        ])
          expect(judge.ask(asQuestion(question, { ...facts, [name]: value })).basis).toBe('error')
    })

    it(`${question}: a fact too many is a refusal, and its name is not repeated`, () => {
      const answer = judge.ask(asQuestion(question, { ...facts, '<script>': true }))
      expect(answer.errors).toEqual(['FACTS-INVALID unknown-fact'])
      expect(answer.result).toBe('refuse')
    })
  }

  it('a zone that differs by a space or by case is not a zone', () => {
    for (const toZone of ['lgwan ', 'LGWAN', 'ｌｇｗａｎ', 'lgwan\0', ''])
      expect(judge.ask(asQuestion('cross', { ...FILE, toZone })).errors).toEqual([
        'FACTS-INVALID toZone',
      ])
  })

  it('facts that are only inherited do not count', () => {
    expect(judge.ask(asQuestion('cross', Object.create(FILE))).basis).toBe('error')
  })
})

describe('whatever it is given, it answers', () => {
  it('garbage is refused, never thrown back', () => {
    const garbage = fc.anything({ withBigInt: true, withNullPrototype: true })
    expect(fc.check(fc.property(garbage, isRefusedAsError)).counterexample).toBeNull()
  })

  it('garbage in the place of facts is refused', () => {
    const names = fc.constantFrom(...Object.keys(SAMPLES), '__proto__', 'constructor')
    const refused = fc.property(names, fc.anything(), (question, facts) =>
      isRefusedAsError({ question, facts }),
    )
    expect(fc.check(refused).counterexample).toBeNull()
  })

  it('a getter or proxy that throws is refused', () => {
    const trap = new Proxy(
      {},
      {
        get() {
          throw new Error('gotcha')
        },
        ownKeys() {
          throw new Error('gotcha')
        },
        getOwnPropertyDescriptor() {
          throw new Error('gotcha')
        },
      },
    )
    expect(isRefusedAsError(trap)).toBe(true)
    expect(isRefusedAsError({ question: 'cross', facts: trap })).toBe(true)
  })

  it('a getter that says one thing first and another later is asked once', () => {
    let asked = 0
    const facts = Object.defineProperty({ ...FILE }, 'verified', {
      enumerable: true,
      get: () => asked++ > 0,
    })
    expect(idsOf(judge.ask(asQuestion('cross', facts)))).toEqual(['X3-VERIFY'])
  })
})

describe('a policy that cannot be evaluated never opens the boundary', () => {
  const overflow: TownRule = {
    id: 'TOWN-OVERFLOW',
    text: `forbid (principal, action == Sekisho::Action::"cross", resource)
      when { context.activeRemoved * 9223372036854775807 > 0 };`,
    message: '取り除いた数が多すぎます。',
    cure: '送り主に相談してください。',
    who: 'clerk',
  }
  const strict = createJudge({ extraRules: [overflow] })

  it('the engine alone would have let it pass', () => {
    const policies = {
      X3: 'permit (principal, action, resource);',
      'TOWN-OVERFLOW': overflow.text,
    }
    preparsePolicySet('trap', { staticPolicies: policies })
    const answer = statefulIsAuthorized({
      principal: { type: 'Sekisho::Asker', id: 'a' },
      action: { type: 'Sekisho::Action', id: 'cross' },
      resource: { type: 'Sekisho::Subject', id: 'a' },
      context: { activeRemoved: 2 },
      preparsedPolicySetId: 'trap',
      entities: [],
    })
    if (answer.type !== 'success') throw new Error('the trap itself is broken')
    expect(answer.response.decision).toBe('allow')
    expect(answer.response.diagnostics.errors).toHaveLength(1)
  })

  it('the judge refuses, says it is an error, and names the rule only', () => {
    expect(strict.ask(crossing({ activeRemoved: 2, approvalPolicy: 'never' }))).toMatchObject({
      result: 'refuse',
      basis: 'error',
      determining: ['RULE-ERROR'],
      errors: ['RULE-ERROR TOWN-OVERFLOW'],
    })
    expect(strict.ask(crossing({ activeRemoved: 0 })).result).toBe('pass')
  })

  it('names every rule that could not be evaluated, in order', () => {
    const others = ['TOWN-C', 'TOWN-A', 'TOWN-B', 'TOWN-E', 'TOWN-D']
    const extraRules = others.map((id) => ({ ...overflow, id }))
    expect(createJudge({ extraRules }).ask(crossing({ activeRemoved: 2 })).errors).toEqual(
      others.toSorted().map((id) => `RULE-ERROR ${id}`),
    )
  })

  it('facts that slip past our own check are still stopped by the schema', () => {
    const { verified: _, ...facts } = FILE
    const set = { name: 'slip', policies: () => ({ X3: 'permit (principal, action, resource);' }) }
    const ask = (given: object) =>
      decide({ name: 'slip', text: schema }, set, { question: 'cross', facts: { ...given } })
    expect(ask(FILE)).toEqual({ allowed: true, fired: ['X3'], errors: [] })
    expect(ask(facts)).toEqual({ allowed: false, fired: [], errors: ['request'] })
    expect(
      decide({ name: 'slip', text: schema }, set, { question: 'nothing', facts: { ...FILE } })
        .errors,
    ).toEqual(['request'])
  })
})

describe('a class of another scheme', () => {
  const ways = [
    ['place', 'level', '国機密性2', '自治体機密性3B、自治体機密性3C、自治体機密性2'],
    ['cross', 'level', '旧機密性3', '自治体機密性3A、自治体機密性3B'],
    ['use-cloud', 'level', '機密性3', '自治体機密性3A、自治体機密性3B'],
    ['breakout', 'breakoutHighest', '旧機密性2', '自治体機密性3C、自治体機密性2'],
  ] as const

  it.each(ways)('in %s is refused as such, and the cure names what corresponds', (...way) => {
    const [question, fact, label, candidates] = way
    const facts = { ...SAMPLES[question], [fact]: label }
    const { result, basis, findings, errors } = judge.ask(asQuestion(question, facts))
    expect([result, basis, errors]).toEqual(['refuse', 'error', [`CLASS-SCHEME ${fact}`]])
    expect(findings.map(({ rule, cure }) => [rule, cure.sentence])).toEqual([
      ['CLASS-SCHEME', `対応する分類から、内容を見て選んでください：${candidates}。`],
    ])
  })

  it('is never mistaken for another value that does not fit', () => {
    const facts = { ...SAMPLES.place, level: '4' }
    expect(judge.ask(asQuestion('place', facts)).findings[0]?.rule).toBe('FACTS-INVALID')
  })
})

describe('forbidden, not permitted and error are three different answers', () => {
  it('says which', () => {
    expect(basisOf({ ...FILE, verified: false })).toBe('forbidden')
    expect(basisOf({ ...FILE, kind: 'general' })).toBe('not-permitted')
    expect(basisOf({})).toBe('error')
    expect(basisOf(FILE)).toBe('permitted')
  })

  it('what no rule permits names the nearest permitted way', () => {
    expect(cureOf({ kind: 'general' })).toContain('ファイルの関所を通して取り込んで')
    expect(cureOf({ kind: 'removable-media' })).toContain('ファイルの関所を通して取り込んで')
    expect(cureOf({ kind: 'mail-body', fromZone: 'outside' })).toContain('メールの関所')
    expect(cureOf({ fromZone: 'lgwan', toZone: 'outside' })).toContain('承認を受けて')
  })

  it('no way into or out of the My Number zone is ever suggested', () => {
    const ends = [{ fromZone: 'mynumber' }, { toZone: 'mynumber' }] as const
    const kinds = ['removable-media', 'print', 'screenshot'] as const
    const answers = ends
      .flatMap((end) => kinds.map((kind) => crossing({ kind, mediaException: true, ...end })))
      .map((question) => judge.ask(question))
      .filter(({ basis }) => basis === 'not-permitted')
    const cures = answers.map(({ findings }) => findings[0]?.cure.sentence)
    expect(cures).toHaveLength(4)
    expect(new Set(cures)).toEqual(new Set(['情報担当に、必要な渡し方を相談してください。']))
  })

  it('a comment in a rule of the town cannot move it to another question', () => {
    const rule: TownRule = {
      id: 'TOWN-COMMENT',
      text: `// action == Sekisho::Action::"place"
        forbid (principal, action == Sekisho::Action::"cross", resource);`,
      message: '渡せません。',
      cure: '情報担当に相談してください。',
      who: 'clerk',
    }
    for (const create of [createJudge, createCompiledJudge])
      expect(idsOf(create({ extraRules: [rule] }).ask(crossing({})))).toEqual(['TOWN-COMMENT'])
  })

  it('a hold that nothing would permit is not offered to an approver', () => {
    const held = createJudge({
      extraRules: [
        {
          id: 'TOWN-NIGHT',
          text: 'forbid (principal, action == Sekisho::Action::"cross", resource);',
          effect: 'hold',
          message: '夜間は承認が要ります。',
          cure: '承認を受けてください。',
          who: 'approver',
        },
      ],
    })
    expect(held.ask(crossing({})).result).toBe('hold')
    expect(held.ask(crossing({ kind: 'general' }))).toMatchObject({
      result: 'refuse',
      basis: 'not-permitted',
    })
  })
})

describe('the answer as a record', () => {
  it('is frozen all the way down', () => {
    const answer = judge.ask(crossing({ verified: false }))
    const [finding] = answer.findings
    for (const part of [answer, answer.findings, finding, finding?.cure, answer.determining])
      expect(Object.isFrozen(part)).toBe(true)
    expect(Object.isFrozen(judge)).toBe(true)
  })

  it('is in the same order every time, and determining names what was found', () => {
    for (const { question, facts } of cases) {
      const answer = judge.ask(asQuestion(question, facts))
      expect(judge.ask(asQuestion(question, facts))).toEqual(answer)
      expect(idsOf(answer)).toEqual(idsOf(answer).toSorted())
      expect(answer.determining).toEqual([...answer.determining].toSorted())
      expect(answer.determining.length).toBeGreaterThan(0)
      expect(answer.determining).toEqual(expect.arrayContaining(idsOf(answer)))
    }
  })

  it('leaves no gap in a sentence and names only what is missing', () => {
    const sentences = cases.flatMap(({ question, facts }) =>
      judge.ask(asQuestion(question, facts)).findings.map(({ cure }) => cure.sentence),
    )
    expect(sentences.filter((sentence) => /[{}]|：。/u.test(sentence))).toEqual([])
    const answer = judge.ask({
      question: 'check-organisation',
      facts: { ...SAMPLES['check-organisation'], logReviewed: false, logRetentionDays: 400 },
    })
    expect(answer.findings[0]?.cure.sentence).toBe(
      'ログについて、次をそろえてください：定期的な点検。',
    )
  })

  it('carries a digest that changes with any rule', () => {
    const rule: TownRule = {
      id: 'TOWN-A',
      text: 'forbid (principal, action == Sekisho::Action::"place", resource);',
      message: '置けません。',
      cure: '移してください。',
      who: 'clerk',
    }
    const digests = [
      judge.digest,
      createJudge({ extraRules: [rule] }).digest,
      createJudge({ extraRules: [{ ...rule, effect: 'hold' }] }).digest,
      createJudge({ extraRules: [{ ...rule, cure: '消してください。' }] }).digest,
    ]
    expect(new Set(digests).size).toBe(4)
    expect(createJudge().digest).toBe(judge.digest)
    expect(judge.digest).toMatch(/^[0-9a-f]{64}$/u)
  })
})

describe('a second evaluator, written without the engine, agrees', () => {
  for (const [question, shape] of readShapes(schema))
    it(`${question}: same result and same rules for any facts`, () => {
      const agrees = fc.property(anyFacts(shape), (facts) => {
        const { result, determining } = judge.ask(asQuestion(question, facts))
        return (
          determining[0] === 'MODEL-EDITION' ||
          `${result} ${determining.join(' ')}` === outcome(firedBy(question, facts))
        )
      })
      expect(fc.check(agrees, { numRuns: 200 }).counterexample).toBeNull()
    })

  it('no two parts of one rule ever speak at once', () => {
    for (const [question, shape] of readShapes(schema)) {
      const once = fc.property(anyFacts(shape), (facts) => {
        const ids = firedBy(question, facts).map(({ id }) => id)
        return new Set(ids).size === ids.length
      })
      expect(fc.check(once, { numRuns: 200 }).counterexample).toBeNull()
    }
  })
})

function isRefusedAsError(input: unknown): boolean {
  const { result, basis, findings } = judge.ask(input as Question)
  return result === 'refuse' && basis === 'error' && findings.length === 1
}

function basisOf(facts: object): string {
  return judge.ask(asQuestion('cross', facts)).basis
}

function cureOf(facts: Partial<CrossingFacts>): string | undefined {
  return judge.ask(crossing(facts)).findings[0]?.cure.sentence
}
