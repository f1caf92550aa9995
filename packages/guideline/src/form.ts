/**
 * Forms: how a question is put to a person. One generic page, one command and one record serve all of them.
 */
import { DECISIONS, SekishoError } from '@sekisho/core'
import type { DecisionName, FactValue, Result } from '@sekisho/core'

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

/**
 * Reads a form.
 *
 * @throws SekishoError CONFIG_INVALID when it is damaged. That its facts are those of the schema is checked where both are at hand.
 */
export function readForm(file: string, text: string): Form {
  const data = JSON.parse(text) as Partial<Form>
  const { question, title, lead, results = [], facts, examples } = data
  if (question === undefined || !DECISIONS.includes(question) || !title || !lead)
    throw new SekishoError('CONFIG_INVALID', `${file}: question, title or lead is missing`)
  if (!Array.isArray(facts) || facts.length === 0 || !Array.isArray(examples))
    throw new SekishoError('CONFIG_INVALID', `${file}: facts or examples are missing`)
  const names = [...facts.map(({ name }) => name), ...results.map(({ fact }) => fact)]
  if (new Set(names).size < names.length)
    throw new SekishoError('CONFIG_INVALID', `${file}: a fact is asked twice`)
  return { question, title, lead, results, facts, examples }
}
