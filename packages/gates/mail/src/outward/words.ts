/**
 * Sentences for people about mail on its way out of the town, by reason id.
 */
import words from '../../words/outward.json' with { type: 'json' }

/** Three of the four lines; the fourth is the number. */
export interface OutwardWords {
  readonly what: string
  readonly why: string
  readonly cure: string
}

export type OutwardReason = keyof typeof words.reasons

/** Every reason id of this room, sorted. */
export const OUTWARD_REASONS: readonly OutwardReason[] = Object.keys(words.reasons)
  .filter(isOutwardReason)
  .toSorted()

export function outwardWords(reason: OutwardReason): OutwardWords {
  return words.reasons[reason]
}

export function isOutwardReason(text: string): text is OutwardReason {
  return Object.hasOwn(words.reasons, text)
}

/** Words that belong to no reason. */
export const OUTWARD_TEXT = words.text
