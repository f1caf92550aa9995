/**
 * Reads the forms of the questions that people ask.
 */
import { DECISIONS, SekishoError } from '@sekisho/core'
import type { Form } from '@sekisho/core'

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
