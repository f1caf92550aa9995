import type { Answer, Question } from '@sekisho/core'
import { createJudge } from '@sekisho/judge'
import type { Asks } from '@sekisho/town'

/** Answers kept before all are thrown away. A body of 400 systems asks a few hundred different questions. */
const MAX_KEPT = 50_000

/**
 * A judge that is asked the same thing once. The judge is pure: the same facts always give the same answer, and most hosts and flows of a body have the same
 * facts. Answers of another judge are never mixed in.
 */
export function remembering(judge: Asks): Asks {
  const known = new Map<string, Answer>()
  return {
    ask(question: Question): Answer {
      const key = JSON.stringify(question)
      const before = known.get(key)
      if (before !== undefined) return before
      if (known.size >= MAX_KEPT) known.clear()
      const answer = judge.ask(question)
      known.set(key, answer)
      return answer
    },
  }
}

let own: Asks | undefined

/** The guideline's judge, made once. */
export function guidelineJudge(): Asks {
  own ??= remembering(createJudge())
  return own
}
