/**
 * Sentences for people about mail on its way out of the town, by reason id.
 */
import words from '../../words/outward.json' with { type: 'json' }
import { reasonWords } from '../reason-words.ts'

export type OutwardReason = keyof typeof words.reasons

export const OUTWARD_WORDS = reasonWords<OutwardReason>(words.reasons)

/** Words that belong to no reason. */
export const OUTWARD_TEXT = words.text
