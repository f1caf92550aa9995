import { readFileSync } from 'node:fs'
import type { Model } from '@sekisho/core'

/** A town to start from for each model, by the name that one types. */
export const TEMPLATE_NAMES = {
  alpha: 'α',
  'alpha-prime': 'α′',
  beta: 'β',
  'beta-prime': 'β′',
} as const satisfies Readonly<Record<string, Model>>

/**
 * The text of a small town that checks clean, to start from. Its first line looks for `town.schema.json` beside it.
 *
 * @param model `α′`, or `alpha-prime` as one types it.
 * @returns `undefined` when there is none for that model.
 */
export function townTemplate(model: string): string | undefined {
  const name = Object.entries(TEMPLATE_NAMES).find((names) => names.includes(model))?.[0]
  if (name === undefined) return undefined
  return readFileSync(new URL(`../templates/${name}.yaml`, import.meta.url), 'utf8')
}
