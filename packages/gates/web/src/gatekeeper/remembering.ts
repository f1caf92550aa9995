/** The judge is pure: the same facts have the same answer. The browsers of a town ask the same few questions all day. */
import type { Answer } from '@sekisho/core'
import type { Asks } from '../destination/judge-destination.ts'

/** Facts are words out of closed lists, so there are few; whoever finds more of them makes the gate slower, and never fuller. */
const MOST = 4_096

/** The same judge, asked once for the same facts. An answer is frozen, so that nobody changes it for the next. */
export function remembering(judge: Asks): Asks {
  const answers = new Map<string, Answer>()
  return {
    ask(question) {
      const key = JSON.stringify(question)
      const known = answers.get(key)
      if (known) return known
      const answer = judge.ask(question)
      if (answers.size >= MOST) answers.clear()
      answers.set(key, answer)
      return answer
    },
  }
}
