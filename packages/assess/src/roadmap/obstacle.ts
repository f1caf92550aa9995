/** Why there is no way on: which changes wait for each other, and what would be found if one went first. */
import type { Finding } from '@sekisho/core'
import words from '../../words/roadmap.json' with { type: 'json' }
import { everything, has, plus, type Ground, type Made, type Verdict } from './ground.ts'
import { filled } from './sentence.ts'

/** A change that cannot be made next, and what stands in its way. */
export interface Block {
  /** What it is called. */
  readonly change: string
  /** What would be found; absent when the declaration could not even be read. */
  readonly finding?: Finding
  /** Changes that would take this finding away if they could be made at the same time. */
  readonly together: readonly string[]
  /** In words, one or two sentences. */
  readonly sentence: string
}

/** @param farthest the safe town with the most changes that can be reached */
export function blockedBy(
  farthest: Made,
  ground: Ground,
  names: readonly string[],
): readonly Block[] {
  const goal = ground.verdict(everything(ground.count))
  if (!goal.safe) return goal.found.map(({ finding }) => targetBlock(finding))
  const left = names.map((_, index) => index).filter((index) => !has(farthest, index))
  return left.flatMap((index) => {
    const verdict = ground.verdict(plus(farthest, index))
    if (verdict.safe) return []
    const helpers = left.filter(
      (other) =>
        other !== index && mends(ground.verdict(plus(plus(farthest, index), other)), verdict),
    )
    return [
      blockOf(
        names[index]!,
        verdict,
        helpers.map((one) => names[one]!),
      ),
    ]
  })
}

type Unsafe = Extract<Verdict, { safe: false }>

// The other change takes away what stands in the way, whatever else it brings.
function mends(both: Verdict, alone: Unsafe): boolean {
  if (both.safe) return true
  const key = alone.found[0]?.key
  if (key === undefined) return both.found.length > 0
  return both.found.length > 0 && !both.found.some((one) => one.key === key)
}

function targetBlock(finding: Finding): Block {
  return {
    change: '',
    finding,
    together: [],
    sentence: filled(words.blocked.target, { rule: finding.rule }),
  }
}

function blockOf(change: string, verdict: Unsafe, together: readonly string[]): Block {
  const finding = verdict.found[0]?.finding
  const what =
    finding === undefined
      ? filled(words.blocked.unreadable, { change })
      : filled(words.blocked.finding, { change, rule: finding.rule })
  const help = together.map((other) => filled(words.blocked.together, { other }))
  return {
    change,
    ...(finding !== undefined && { finding }),
    together,
    sentence: [what, ...help.slice(0, 1)].join(''),
  }
}
