/**
 * Which facts would have to change for the answer to be `pass`: the to-do list of one question.
 */
import type { Answer, Question } from '@sekisho/core'
import type { Need } from '@sekisho/guideline'
import { isMet } from './answer.ts'
import type { FactValue } from './facts.ts'
import type { RuleSet } from './rule-set.ts'

/** One fact and the value it would need to have. */
export interface FactChange {
  readonly fact: string
  readonly from: FactValue
  readonly to: string | number | boolean
}

type Facts = Readonly<Record<string, FactValue>>

/** Mending one finding may uncover another; beyond this many rounds nothing more comes. */
const MAX_ROUNDS = 8

/** See `Judge.mend`. */
export function smallestChange(
  ask: (question: Question) => Answer,
  rules: RuleSet,
  question: Question,
): readonly FactChange[] | undefined {
  const ask2 = (facts: Facts): Answer =>
    ask({ question: question.question, facts } as unknown as Question)
  if (ask(question).basis === 'error') return undefined
  const facts = question.facts as unknown as Facts
  const mended = mendAll(ask2, rules, question.question, facts)
  return mended && minimise(facts, changesBetween(facts, mended), (f) => ask2(f).result === 'pass')
}

function mendAll(
  ask: (facts: Facts) => Answer,
  rules: RuleSet,
  question: string,
  facts: Facts,
): Facts | undefined {
  let current = facts
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const answer = ask(current)
    if (answer.result === 'pass') return current
    const next = { ...current, ...Object.fromEntries(unmet(answer, rules, question, current)) }
    if (changesBetween(current, next).length === 0) return undefined
    current = next
  }
  return undefined
}

function unmet(
  answer: Answer,
  rules: RuleSet,
  question: string,
  facts: Facts,
): [string, Need['value']][] {
  return [...rules.forbids.values()]
    .filter((rule) => rule.question === question && answer.determining.includes(rule.id))
    .flatMap((rule) => rule.needs)
    .filter((need) => !isMet(need, facts[need.fact]))
    .map((need) => [need.fact, need.value])
}

function changesBetween(before: Facts, after: Facts): FactChange[] {
  return Object.entries(after).flatMap(([fact, to]) => {
    const from = before[fact]
    return from === undefined || from === to || typeof to === 'object' ? [] : [{ fact, from, to }]
  })
}

/** Leaves out every change that is not needed after all. */
function minimise(
  facts: Facts,
  changes: readonly FactChange[],
  passes: (facts: Facts) => boolean,
): readonly FactChange[] {
  return changes.reduce<readonly FactChange[]>((kept, change) => {
    const without = kept.filter((other) => other !== change)
    return passes(apply(facts, without)) ? without : kept
  }, changes)
}

function apply(facts: Facts, changes: readonly FactChange[]): Facts {
  return { ...facts, ...Object.fromEntries(changes.map(({ fact, to }) => [fact, to])) }
}
