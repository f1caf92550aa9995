/** What is said of a whole roadmap and of its parts, wherever they are shown. */
import words from '../../words/roadmap.json' with { type: 'json' }
import type { Roadmap } from './roadmap.ts'
import type { Step } from './step.ts'

/** How it ended, in one or two sentences. */
export function outcomeSentence({ outcome, lateForCertain }: Roadmap): string {
  const certain = outcome === 'late' && lateForCertain ? words.outcome.certain : ''
  return `${words.outcome[outcome]}${certain}`
}

/** 「上半期」 April to September, 「下半期」 October to March. */
export const HALF_WORDS: Readonly<Record<Step['half'], string>> = words.half

/** Numbers of the steps that this one waits for, each once. */
export function waitsFor({ reasons }: Step): readonly number[] {
  return [...new Set(reasons.flatMap(({ steps = [] }) => steps))].toSorted((a, b) => a - b)
}

/** Steps of each fiscal year, in order. */
export function stepsByYear({
  steps,
}: Roadmap): readonly (readonly [year: string, steps: readonly Step[]])[] {
  return [...Map.groupBy(steps, ({ fiscalYear }) => fiscalYear)]
}
