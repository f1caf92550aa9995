/**
 * Forms: how a question is put to a person. One generic page, one command and one record serve all of them.
 */
import type { Result } from './answer.ts'
import type { DecisionName, FactValue } from './question.ts'
import type { OpenPointId, Readings } from './open-point.ts'
import type { Edition, Model } from './town.ts'

/** One thing to be asked. Facts of the town (`model`, `edition`) are never asked. */
export interface FormFact {
  readonly name: string
  /** A question, or the name of a field, in Japanese. */
  readonly label: string
  /** What counts, in one or two sentences; shown below the label. */
  readonly help?: string
  /** Words and truths are chosen from a list; a count and a day have none. */
  readonly options?: readonly { readonly value: string | boolean; readonly label: string }[]
  /** A day of the calendar, on which the decision comes back to whoever made it: an end, or a day to look again. */
  readonly day?: 'comes-back'
  /** Unit of a count, e.g. 人. */
  readonly unit?: string
  /** Asked only when these other facts have these values; otherwise the first option (or 0) is taken. */
  readonly when?: Readonly<Record<string, string | boolean | readonly string[]>>
  /** Never asked: the town's reading of this open point settles it. */
  readonly reading?: OpenPointId
}

/** A fact that is not asked but found: the first value, in this order, with which the question passes. */
export interface FormResult {
  readonly fact: string
  readonly label: string
  readonly order: readonly { readonly value: string; readonly label: string }[]
}

/** A case that shows how it is meant. */
export interface FormExample {
  readonly title: string
  readonly facts: Readonly<Record<string, FactValue>>
  /** Model and edition of the town in the example; α and the newest where it does not matter. */
  readonly town?: { readonly model: Model; readonly edition: Edition }
  /** Readings the town in the example chose. */
  readonly readings?: Readings
  readonly expect: {
    readonly result: Result
    /** Values of the results, by fact. */
    readonly found?: Readonly<Record<string, string>>
    /** Rules that speak; for a found value, those that keep it from being lower. */
    readonly rules: readonly string[]
  }
  /** Why, in a sentence. */
  readonly note: string
}

export interface Form {
  readonly question: DecisionName
  readonly title: string
  /** What the answer is for, in one or two sentences. */
  readonly lead: string
  readonly results: readonly FormResult[]
  readonly facts: readonly FormFact[]
  readonly examples: readonly FormExample[]
}

/** Facts that a person gave; anything can be in it. */
export type GivenFacts = Readonly<Record<string, unknown>>

/** Whether a form asks for a fact, as far as it has been filled in. */
export function isAsked({ when = {}, reading }: FormFact, facts: GivenFacts): boolean {
  return (
    reading === undefined &&
    Object.entries(when).every(([name, wanted]) => isOneOf(wanted, facts[name]))
  )
}

function isOneOf(wanted: string | boolean | readonly string[], value: unknown): boolean {
  return Array.isArray(wanted) ? wanted.includes(value) : value === wanted
}

/**
 * The form as it is asked where the facts of open points are settled: these are gone, and what hangs on them is either asked or gone too.
 *
 * @param settled Facts that the town's readings settle.
 */
export function settledForm(form: Form, settled: Readonly<Record<string, FactValue>>): Form {
  const facts = form.facts.flatMap((fact): readonly FormFact[] => {
    const { when, ...rest } = fact
    const conditions = Object.entries(when ?? {})
    const met = conditions.every(
      ([name, wanted]) => !Object.hasOwn(settled, name) || isOneOf(wanted, settled[name]),
    )
    if (fact.reading !== undefined || !met) return []
    const left = conditions.filter(([name]) => !Object.hasOwn(settled, name))
    return [{ ...rest, ...(left.length > 0 && { when: Object.fromEntries(left) }) }]
  })
  return { ...form, facts }
}

/** What is taken for a fact that is not asked. */
export function unasked({ options, day }: FormFact): FactValue {
  return day === undefined ? (options?.[0]?.value ?? 0) : ''
}

/** What a fact of a form is called, whether it is asked or found. */
export function factLabel({ facts, results }: Form, name: string): string {
  const fact = facts.find((one) => one.name === name) ?? results.find((one) => one.fact === name)
  return fact?.label ?? name
}

/** What a value of a fact is called; a count with its unit. */
export function valueLabel({ facts, results }: Form, name: string, value: FactValue): string {
  const fact = facts.find((one) => one.name === name)
  const options = fact?.options ?? results.find((one) => one.fact === name)?.order ?? []
  const label = options.find((one) => one.value === value)?.label
  return label ?? `${String(value)}${fact?.unit ?? ''}`
}
