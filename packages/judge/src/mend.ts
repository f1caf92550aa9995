/**
 * Which facts would have to change for the answer to be `pass`: the to-do list of one question.
 */
import type { Actor, Answer, FactValue, Question } from '@sekisho/core'
import { needKey } from '@sekisho/guideline'
import { isMet } from './answer.ts'

import type { RuleSet } from './rule-set.ts'

/** One fact, the value it would need to have, and who may see to it. */
export interface FactChange {
  readonly fact: string
  readonly from: FactValue
  readonly to: string | number | boolean
  readonly who: Actor
}

type Facts = Readonly<Record<string, FactValue>>

/** Mending one finding may uncover another; beyond this many rounds nothing more comes. */
const MAX_ROUNDS = 8
/** Questions that are asked to find a smaller change than the first that was found. */
const MAX_QUESTIONS = 4096

/** What facts become where they are put: a form takes away a change of what it does not ask. */
export type Settle = (
  facts: Readonly<Record<string, FactValue>>,
) => Readonly<Record<string, FactValue>>

/**
 * See `Judge.mend`. The first change is found by mending what is said, round by round; then every smaller set of the changes that any rule names is
 * tried, fewest first. Whatever is given back, none of its strict subsets passes.
 */
export function smallestChange(
  ask: (question: Question) => Answer,
  rules: RuleSet,
  question: Question,
  settle: Settle = (facts) => facts,
): readonly FactChange[] | undefined {
  const answer = ask(question)
  if (answer.basis === 'error') return undefined
  if (answer.result === 'pass') return []
  const facts = question.facts as unknown as Facts
  const askFor = (changed: Facts): Answer =>
    ask({ question: question.question, facts: changed } as unknown as Question)
  const passes = (changes: readonly FactChange[]): boolean =>
    askFor(settle(apply(facts, changes))).result === 'pass'
  const first = mendAll(askFor, rules, { ...question, facts }, settle)
  if (first && !passes(first)) return undefined
  const pool = first && [...first, ...others(rules, question.question, facts, first)]
  return pool && first && fewest(pool, first, passes)
}

/** Mends what is said until nothing is; undefined when that does not end. */
function mendAll(
  ask: (facts: Facts) => Answer,
  rules: RuleSet,
  { question, facts }: { readonly question: string; readonly facts: Facts },
  settle: Settle,
): readonly FactChange[] | undefined {
  let current = facts
  const who = new Map<string, Actor>()
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const answer = ask(current)
    if (answer.result === 'pass') return changesBetween(facts, current, who)
    const unmet = [...rules.forbids.values()]
      .filter((rule) => rule.question === question && answer.determining.includes(rule.id))
      .flatMap((rule) => rule.needs.map((need) => ({ need, who: rule.who })))
      .filter(({ need }) => !isMet(need, current[need.fact]))
    if (unmet.length === 0) return undefined
    for (const one of unmet) who.set(one.need.fact, one.who)
    current = settle({
      ...current,
      ...Object.fromEntries(unmet.map(({ need }) => [need.fact, need.value])),
    })
  }
  return undefined
}

function changesBetween(
  before: Facts,
  after: Facts,
  who: ReadonlyMap<string, Actor>,
): FactChange[] {
  return Object.entries(after).flatMap(([fact, to]) => {
    const from = before[fact]
    const actor = who.get(fact)
    // What only follows from a change is no change that somebody makes.
    if (actor === undefined || from === undefined || from === to || typeof to === 'object')
      return []
    return [{ fact, from, to, who: actor }]
  })
}

/** Further changes that a rule of this question names, whether it has spoken or not. */
function others(
  rules: RuleSet,
  question: string,
  facts: Facts,
  known: readonly FactChange[],
): FactChange[] {
  const found = new Map(known.map((change) => [`${change.fact}=${String(change.to)}`, change]))
  const more: FactChange[] = []
  for (const rule of rules.forbids.values()) {
    if (rule.question !== question) continue
    for (const need of rule.needs) {
      const from = facts[need.fact]
      const key = needKey({ ...need, comparison: 'equal' })
      if (from === undefined || isMet(need, from) || found.has(key)) continue
      const change = { fact: need.fact, from, to: need.value, who: rule.who }
      found.set(key, change)
      more.push(change)
    }
  }
  return more
}

/** The first of the smallest sets that pass, or the one that was known. */
function fewest(
  pool: readonly FactChange[],
  known: readonly FactChange[],
  passes: (changes: readonly FactChange[]) => boolean,
): readonly FactChange[] {
  let asked = 0
  for (let size = 1; size < known.length; size++) {
    for (const set of subsets(pool, size)) {
      if (new Set(set.map(({ fact }) => fact)).size < size) continue
      if (passes(set)) return set
      // So many ways that they cannot all be tried: at least nothing in the known one is for nothing.
      if (++asked >= MAX_QUESTIONS) return withoutNeedless(known, passes)
    }
  }
  return known
}

function* subsets<Item>(
  items: readonly Item[],
  size: number,
  from = 0,
): Generator<readonly Item[]> {
  if (size === 0) yield []
  else
    for (let at = from; at <= items.length - size; at++)
      for (const rest of subsets(items, size - 1, at + 1)) yield [items[at]!, ...rest]
}

function withoutNeedless(
  changes: readonly FactChange[],
  passes: (changes: readonly FactChange[]) => boolean,
): readonly FactChange[] {
  return changes.reduce((kept, change) => {
    const without = kept.filter((other) => other !== change)
    return passes(without) ? without : kept
  }, changes)
}

function apply(facts: Facts, changes: readonly FactChange[]): Facts {
  return { ...facts, ...Object.fromEntries(changes.map(({ fact, to }) => [fact, to])) }
}
