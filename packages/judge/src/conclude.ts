/**
 * Answers a question as its form asks it: facts that a person gave, and facts that are found.
 */
import { isAsked, unasked } from '@sekisho/core'
import type {
  Answer,
  FactValue,
  Finding,
  Form,
  FormResult,
  GivenFacts,
  Question,
  Result,
  TownFacts,
} from '@sekisho/core'

/** Why a found value is not lower: what would be said if it were. */
export interface Ground {
  readonly fact: string
  /** The value that was not enough. */
  readonly instead: string
  readonly findings: readonly Finding[]
}

export interface Conclusion {
  /** Every fact that was judged: the town's, those given, those taken because they were not asked, and those found. */
  readonly facts: Readonly<Record<string, FactValue>>
  readonly answer: Answer
  /** Fact → the lowest value with which the question passes. Empty for a form without results and for facts that do not fit. */
  readonly found: Readonly<Record<string, string>>
  readonly grounds: readonly Ground[]
}

interface Asks {
  ask(question: Question): Answer
}

/**
 * Judges the facts of a form. A fact that the form does not ask (`when`) is taken as its first option, so that nobody can slip another value in.
 * For results, values are tried from the lowest: the answer is that of the first which passes, or the best there is. Never throws: facts that do not
 * fit are refused as by `ask`.
 */
export function conclude(judge: Asks, form: Form, town: TownFacts, given: GivenFacts): Conclusion {
  const asked = { ...pick(form, given), model: town.model, edition: town.edition }
  const ask = (found: Readonly<Record<string, string>>): Answer =>
    judge.ask({ question: form.question, facts: { ...asked, ...found } })
  const { found, answer } = best(form.results, ask)
  return Object.freeze({
    facts: Object.freeze({ ...asked, ...found } as Record<string, FactValue>),
    answer,
    found: Object.freeze(found),
    grounds: Object.freeze(groundsOf(form.results, found, ask)),
  })
}

/** The facts of the form, and no others but by name: what is not asked has its first value. */
function pick(form: Form, given: GivenFacts): Record<string, unknown> {
  // By entries: a fact called `__proto__` is a fact too many and not something else.
  const facts: Record<string, unknown> = Object.fromEntries(Object.entries(given))
  for (const fact of form.facts) if (!isAsked(fact, facts)) facts[fact.name] = unasked(fact)
  return facts
}

const RANK: Readonly<Record<Result, number>> = { pass: 0, hold: 1, refuse: 2 }

type Found = Record<string, string>
interface Outcome {
  readonly found: Found
  readonly answer: Answer
}

function best(results: readonly FormResult[], ask: (found: Found) => Answer): Outcome {
  let chosen: Outcome | undefined
  for (const found of vectors(results)) {
    const answer = ask(found)
    // What cannot be judged has no class: the lowest value, which was only tried first, must not stand beside the refusal.
    if (answer.basis === 'error') return { found: {}, answer }
    if (answer.result === 'pass') return { found, answer }
    if (!chosen || RANK[answer.result] < RANK[chosen.answer.result]) chosen = { found, answer }
  }
  return chosen ?? { found: {}, answer: ask({}) }
}

/** All values of all results together, the lowest of the first result first. */
function vectors(results: readonly FormResult[]): Found[] {
  return results.reduce<Found[]>(
    (all, { fact, order }) =>
      order.flatMap(({ value }) => all.map((found) => ({ ...found, [fact]: value }))),
    [{}],
  )
}

function groundsOf(
  results: readonly FormResult[],
  found: Found,
  ask: (found: Found) => Answer,
): Ground[] {
  return results.flatMap(({ fact, order }) => {
    const at = order.findIndex(({ value }) => value === found[fact])
    const lower = order[at - 1]
    if (lower === undefined) return []
    const { findings } = ask({ ...found, [fact]: lower.value })
    return [{ fact, instead: lower.value, findings }]
  })
}
