/**
 * Forms: how a question is put to a person. One generic page, one command and one record serve all of them.
 */
import type { Result } from './answer.ts'
import type { DecisionName, FactValue } from './question.ts'
import type { Edition, Model } from './town.ts'

/** One thing to be asked. Facts of the town (`model`, `edition`) are never asked. */
export interface FormFact {
  readonly name: string
  /** A question, or the name of a field, in Japanese. */
  readonly label: string
  /** What counts, in one or two sentences; shown below the label. */
  readonly help?: string
  /** Words and truths are chosen from a list; a count has none. */
  readonly options?: readonly { readonly value: string | boolean; readonly label: string }[]
  /** Unit of a count, e.g. 人. */
  readonly unit?: string
  /** Asked only when these other facts have these values; otherwise the first option (or 0) is taken. */
  readonly when?: Readonly<Record<string, string | boolean | readonly string[]>>
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
export function isAsked({ when = {} }: FormFact, facts: GivenFacts): boolean {
  return Object.entries(when).every(([name, wanted]) =>
    Array.isArray(wanted) ? wanted.includes(facts[name]) : facts[name] === wanted,
  )
}

/** What is taken for a fact that is not asked. */
export function unasked({ options }: FormFact): FactValue {
  return options?.[0]?.value ?? 0
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
