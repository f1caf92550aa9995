import type { Decision, Problem } from '@sekisho/server/api'
import { useState } from 'react'
import { call } from '../line/call.ts'
import { useLoad } from '../line/load.ts'
import type { Loaded } from '../line/load.ts'
import { say } from '../words/say.ts'
import { problemOf } from './refusal.tsx'

/** What waits for somebody's decision: a file, a mail. */
type Decidable = Pick<Decision, 'sha256' | 'destination' | 'purpose'>

export interface Deciding<Card> {
  readonly loaded: Loaded<Card>
  /** As it is now. */
  readonly card: Card | undefined
  /** As this person decided it. */
  readonly decided: Card | undefined
  readonly problem: Problem | undefined
  readonly decide: (choice: Decision['decision'], comment: string) => Promise<void>
}

/** One request and the decision on it. What is decided is exactly what is shown: digest, destination and purpose go back with the decision. */
export function useDecision<Card extends Decidable>(path: string): Deciding<Card> {
  const loaded = useLoad<Card>(path)
  const [decided, setDecided] = useState<Card>()
  const [problem, setProblem] = useState<Problem>()
  const card = decided ?? loaded.value
  const decide = async (choice: Decision['decision'], comment: string): Promise<void> => {
    if (card === undefined) return
    const { sha256, destination, purpose } = card
    const decision: Decision = { decision: choice, sha256, destination, purpose, comment }
    const answer = await call<Card>('POST', path, decision)
    if (answer.ok) setDecided(answer.value)
    setProblem(answer.ok ? undefined : problemOf(answer, say('frame.failedAction')))
    if (!answer.ok && answer.status === 409) await loaded.reload()
  }
  return { loaded, card, decided, problem, decide }
}
