import { readFileSync } from 'node:fs'
import type { Model } from '@sekisho/core'

// Models that have a town to start from; a model without one is not offered.
const TEMPLATES: Readonly<Partial<Record<Model | 'alpha', string>>> = {
  α: 'alpha.yaml',
  alpha: 'alpha.yaml',
}

/**
 * The text of a small town that checks clean, to start from. Its first line looks for `town.schema.json` beside it.
 *
 * @param model `α`, or `alpha` as one types it.
 * @returns `undefined` when there is none for that model.
 */
export function townTemplate(model: string): string | undefined {
  const file = Object.hasOwn(TEMPLATES, model) ? TEMPLATES[model as 'alpha'] : undefined
  if (file === undefined) return undefined
  return readFileSync(new URL(`../templates/${file}`, import.meta.url), 'utf8')
}
