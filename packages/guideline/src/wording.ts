/**
 * Wording to copy into a specification or a contract, by rule.
 */
import { readFileSync } from 'node:fs'
import { SekishoError } from '@sekisho/core'

/** One clause, in formal Japanese, written for this product and free to copy. */
export interface Wording {
  /** Id of the rule that it fulfils. A rule can have several. */
  readonly rule: string
  readonly title: string
  /** One to three sentences. */
  readonly text: string
  /** What it follows, and whether that was read. */
  readonly source: string
}

/**
 * Reads the wording for contracts.
 *
 * @throws SekishoError CONFIG_INVALID when the file is damaged.
 */
export function loadContractWording(): readonly Wording[] {
  const file = 'wording/contract.json'
  const data: unknown = JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'))
  if (!Array.isArray(data) || !data.every(isWording))
    throw new SekishoError('CONFIG_INVALID', `${file}: a clause lacks rule, title, text or source`)
  return Object.freeze(data.map((clause) => Object.freeze(clause)))
}

function isWording(value: unknown): value is Wording {
  const clause = value as Partial<Record<keyof Wording, unknown>> | null
  return [clause?.rule, clause?.title, clause?.text, clause?.source].every(
    (text) => typeof text === 'string' && text !== '',
  )
}
