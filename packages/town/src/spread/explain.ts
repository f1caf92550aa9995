import words from '../../words/spread.json' with { type: 'json' }
import type { SpreadChain } from './chain.ts'

/** What the ids of chains mean, for whoever looks one up. */
export interface SpreadExplanation {
  readonly short: string
  readonly message: string
  readonly cure: string
  readonly why: string
}

/** @returns `undefined` for any id but those of chains */
export function explainSpread(id: string): SpreadExplanation | undefined {
  return id === 'CH-OUT' || id === 'CH-IN' ? explained(id) : undefined
}

function explained(id: SpreadChain['rule']): SpreadExplanation {
  return { ...words.explain[id], cure: words.cure[id] }
}
