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
import { loadGuideline, settledFacts } from '@sekisho/guideline'
import type { ReadBy, SettledFacts } from '@sekisho/guideline'
import type { Judge } from './judge.ts'
import type { FactChange } from './mend.ts'
import { openOutcomes } from './open-outcome.ts'
import type { OpenOutcome, Outcome } from './open-outcome.ts'

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
  /** Open points on which the answer hangs. */
  readonly open: readonly OpenOutcome[]
}

/** What a town adds to the facts that a person gave. */
export type AskedFor = TownFacts & ReadBy

interface Asks {
  ask(question: Question): Answer
}

/**
 * Judges the facts of a form. A fact that the form does not ask (`when`) is taken as its first option, so that nobody can slip another value in.
 * For results, values are tried from the lowest: the answer is that of the first which passes, or the best there is. Never throws: facts that do not
 * fit are refused as by `ask`. What an open point settles is the town's reading of it, whatever is sent.
 */
export function conclude(judge: Asks, form: Form, town: AskedFor, given: GivenFacts): Conclusion {
  const { model, edition } = town
  const settle = (asked: GivenFacts, settled: SettledFacts): Settled => {
    const facts = { ...pick(form, asked, settled), model, edition }
    const ask = (found: Found): Answer =>
      judge.ask({ question: form.question, facts: { ...facts, ...found } })
    const { found, answer } = best(form.results, ask)
    return { facts, found, answer, grounds: groundsOf(form.results, found, ask) }
  }
  const said = settle(given, settledFacts(loadGuideline().openPoints, form.question, town))
  const { facts, found, answer, grounds } = said
  return Object.freeze({
    facts: Object.freeze({ ...facts, ...found } as Record<string, FactValue>),
    answer,
    found: Object.freeze(found),
    grounds: Object.freeze(grounds),
    // What would be asked under another reading only has been taken as not said: its first value.
    open: Object.freeze(
      openOutcomes(form.question, town, outcomeOf(said), (settled) =>
        outcomeOf(settle(fitted(form, facts), settled)),
      ),
    ),
  })
}

/**
 * What would have to be otherwise, as the form lets it be said (`Judge.mend`): put into the form, it passes. So no change is of a fact that is not asked there,
 * and of a reading that is the town's.
 */
export function mendForm(
  judge: Pick<Judge, 'mend'>,
  form: Form,
  town: AskedFor,
  { facts }: Pick<Conclusion, 'facts'>,
): readonly FactChange[] | undefined {
  const settled = settledFacts(loadGuideline().openPoints, form.question, town)
  const { model, edition } = town
  const question = { question: form.question, facts: { ...facts, model, edition } }
  return judge.mend(question, {
    settle: (changed) => pick(form, changed, settled) as typeof changed,
    hangsOn: new Map(form.facts.map(({ name, when = {} }) => [name, Object.keys(when)])),
  })
}

interface Settled extends Pick<Conclusion, 'answer' | 'found' | 'grounds'> {
  readonly facts: Record<string, unknown>
}

const outcomeOf = ({ answer, found }: Settled): Outcome => ({
  result: answer.result,
  found,
  findings: answer.findings,
})

/** Facts of the form alone: those of the town and of the answer are found again. */
function fitted(form: Form, facts: GivenFacts): GivenFacts {
  const results = new Set(['model', 'edition', ...form.results.map(({ fact }) => fact)])
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !results.has(name)))
}

/** The facts of the form, and no others but by name: what is not asked has its first value, and what is settled its settled one. */
function pick(form: Form, given: GivenFacts, settled: SettledFacts): Record<string, unknown> {
  // By entries: a fact called `__proto__` is a fact too many and not something else.
  const facts: Record<string, unknown> = Object.fromEntries(Object.entries(given))
  Object.assign(facts, settled)
  for (const fact of form.facts)
    if (fact.reading === undefined && !isAsked(fact, facts)) facts[fact.name] = unasked(fact)
  return facts
}

const RANK: Readonly<Record<Result, number>> = { pass: 0, hold: 1, refuse: 2 }

type Found = Record<string, string>
interface Tried {
  readonly found: Found
  readonly answer: Answer
}

function best(results: readonly FormResult[], ask: (found: Found) => Answer): Tried {
  let chosen: Tried | undefined
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
