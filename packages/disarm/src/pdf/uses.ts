/** Which resources a content stream uses, how often, and how much work it is by itself. */
export interface Uses {
  operators: number
  /** By category of the resource dictionary, then by name as written. */
  readonly names: Map<Category, Map<string, number>>
}

export type Category = 'XObject' | 'Font' | 'Pattern' | 'ExtGState'

const CATEGORIES: ReadonlyMap<string, Category> = new Map([
  ['Do', 'XObject'],
  ['Tf', 'Font'],
  ['scn', 'Pattern'],
  ['SCN', 'Pattern'],
  ['gs', 'ExtGState'],
])

export function noUses(): Uses {
  return { operators: 0, names: new Map() }
}

/** Counts one operator and the resource it names. */
export function countUse(uses: Uses, operator: string, nameOf: () => string | undefined): void {
  uses.operators += 1
  const category = CATEGORIES.get(operator)
  const name = category === undefined ? undefined : nameOf()
  if (category === undefined || name === undefined) return
  const names = uses.names.get(category) ?? new Map<string, number>()
  uses.names.set(category, names)
  names.set(name, (names.get(name) ?? 0) + 1)
}
