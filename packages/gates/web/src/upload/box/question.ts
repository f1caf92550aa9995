/** What is asked of the box about one request, and what it says. Types only: the two ends share no code. */
import type { Examined, ExamineTerms } from '../examine.ts'
import type { SentRequest } from '../read-sent.ts'

export interface SentQuestion {
  readonly request: Omit<SentRequest, 'body'>
  readonly terms: ExamineTerms
}

export type SentTold = Examined
