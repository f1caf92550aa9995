import { policyToText } from '@cedar-policy/cedar-wasm/nodejs'
import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import { loadGuideline } from '@sekisho/guideline'
import type { Form } from '@sekisho/core'
import type { Rule } from '@sekisho/guideline'
import { describe, expect, it } from 'vitest'
import { asQuestion, combinations, goldenCases, matrices } from './corpus.test-support.ts'
import type { GoldenCase } from './corpus.test-support.ts'
import { createJudge } from './judge.ts'
import type { FactChange } from './mend.ts'
import { mutants, outcome, policyOf, readTrial } from './oracle.test-support.ts'
import type { Facts } from './oracle.test-support.ts'

const judge = createJudge()
const cases = goldenCases()
const { rules, forms } = loadGuideline()
const trials = [
  ...forms.flatMap((form) =>
    exampleFacts(form).map((facts) => readTrial(form.question, facts, outcomeAndHolds)),
  ),
  ...cases.map(({ question, facts }) => readTrial(question, facts, outcomeAndHolds)),
  ...matrices().flatMap((matrix) =>
    combinations(matrix).map((facts) =>
      readTrial(matrix.question, facts, (fired) => outcome(fired).split(' ')[0] ?? ''),
    ),
  ),
]

/** X9-PRINT and X9-SCREENSHOT forbid again what this permit does not permit: losing one of them opens nothing. */
const TWICE_ON_PURPOSE = ['X9-WITHIN']

describe('every golden case is answered as its file says', () => {
  for (const { file, title, question, facts, expect: wanted } of cases)
    it(`${file}: ${title}`, () => {
      const answer = judge.ask(asQuestion(question, facts))
      expect({
        result: answer.result,
        rules: answer.findings.map((finding) => finding.rule),
      }).toEqual(wanted)
    })
})

describe('nothing passes outside the matrix of crossings and the table of places', () => {
  for (const matrix of matrices())
    it(`${matrix.question}: ${matrix.title}`, () => {
      const wrong = combinations(matrix).filter((facts) => {
        const allowed = matrix.passes.some((pass) =>
          Object.entries(pass).every(([fact, value]) => facts[fact] === value),
        )
        return (judge.ask(asQuestion(matrix.question, facts)).result === 'pass') !== allowed
      })
      expect(wrong).toEqual([])
    })
})

describe('every condition of every rule is held in place by a case', () => {
  for (const rule of rules)
    it(`${rule.key}: without any one condition, or without the rule, a case turns red`, () => {
      const survivors = mutants(policyOf(rule)).filter(
        (mutant) => !trials.some((trial) => trial.notices(rule, mutant)),
      )
      expect(TWICE_ON_PURPOSE.includes(rule.key) ? [] : survivors.map(asText)).toEqual([])
      expect(trials.some((trial) => trial.notices(rule, undefined))).toBe(true)
    })
})

/** Changes up to which every strict subset is tried; of more there are too many, and those without one or two of them are. */
const MOST_WHOLE = 10

function* withoutOneOrTwo<Change>(changes: readonly Change[]): Generator<readonly Change[]> {
  for (const one of changes)
    for (const other of changes)
      yield changes.filter((change) => change !== one && change !== other)
}

describe('a refusal names the smallest change of facts that would make it pass', () => {
  const stopped = cases.filter(({ expect: { result } }) => result !== 'pass')
  for (const { file, title, question, facts } of stopped)
    it(`${file}: ${title}`, () => {
      const changes = judge.mend(asQuestion(question, facts))
      if (changes === undefined) return
      expect(passesAfter(question, facts, changes)).toBe(true)
      const fewer = changes.length > MOST_WHOLE ? withoutOneOrTwo(changes) : strictSubsets(changes)
      for (const subset of fewer) expect(passesAfter(question, facts, subset)).toBe(false)
    })

  it('what passes needs no change, and what cannot be judged has none', () => {
    for (const { question, facts, expect: wanted } of cases)
      expect(judge.mend(asQuestion(question, facts))?.length === 0).toBe(wanted.result === 'pass')
    expect(judge.mend(asQuestion('cross', {}))).toBeUndefined()
    expect(judge.mend(asQuestion('nothing', null))).toBeUndefined()
  })

  it('only what says of itself that no fact can mend it is left without one', () => {
    const hopeless = rules.filter(({ needs }) => needs.length === 0).map(({ id }) => id)
    const unmended = stopped
      .filter(({ question, facts }) => judge.mend(asQuestion(question, facts)) === undefined)
      .map(({ expect: wanted }) => wanted.rules)
      .filter((spoken) => !spoken.some((rule) => hopeless.includes(rule)))
      .flat()
    expect([...new Set(unmended)].toSorted()).toEqual([
      'MODEL-EDITION',
      'NOT-PERMITTED',
      // Before the list existed nothing could be on it.
      'ZN-03',
    ])
  })
})

/** The facts of every example of a form, with every value of what is found. */
function exampleFacts({ examples, results }: Form): Facts[] {
  return examples.flatMap(({ facts, town }) =>
    results.reduce<Facts[]>(
      (all, { fact, order }) =>
        order.flatMap(({ value }) => all.map((one) => ({ ...one, [fact]: value }))),
      [{ model: 'α', edition: 'R8.3', ...town, ...facts }],
    ),
  )
}

/** A hold that nothing permits is not shown to anyone; a case still notices when it appears. */
function outcomeAndHolds(fired: readonly Rule[]): string {
  const holds = fired.filter((rule) => rule.kind === 'forbid' && rule.effect === 'hold')
  return [outcome(fired), ...holds.map(({ key }) => key)].join(' ')
}

function passesAfter(
  question: string,
  facts: GoldenCase['facts'],
  changes: readonly FactChange[],
): boolean {
  const after = { ...facts, ...Object.fromEntries(changes.map(({ fact, to }) => [fact, to])) }
  return judge.ask(asQuestion(question, after)).result === 'pass'
}

function strictSubsets<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: 2 ** items.length - 1 }, (_, mask) =>
    items.filter((__, index) => (mask >> index) % 2 === 1),
  )
}

function asText(policy: PolicyJson): string {
  const answer = policyToText({ ...policy, annotations: {} })
  return answer.type === 'success' ? answer.text.replaceAll(/\s+/gu, ' ') : 'unreadable'
}
