/**
 * Sentences for people about mail on its way to the next hop, by reason id.
 */
import words from '../../words/deliver.json' with { type: 'json' }

/** Three of the four lines; the fourth is the number. */
export interface MailOutWords {
  readonly what: string
  readonly why: string
  readonly cure: string
}

export type MailOutReason = keyof typeof words.reasons

/** Every reason id of this room, sorted. */
export const MAIL_OUT_REASONS: readonly MailOutReason[] = Object.keys(words.reasons)
  .filter(isReason)
  .toSorted()

export function mailOutWords(reason: MailOutReason): MailOutWords {
  return words.reasons[reason]
}

export function isReason(text: string): text is MailOutReason {
  return Object.hasOwn(words.reasons, text)
}

/** Words of the bounce that belong to no reason. */
export const BOUNCE_WORDS = words.bounce
