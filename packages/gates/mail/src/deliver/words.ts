/**
 * Sentences for people about mail on its way to the next hop, by reason id.
 */
import words from '../../words/deliver.json' with { type: 'json' }
import { reasonWords } from '../reason-words.ts'

export type MailOutReason = keyof typeof words.reasons

export const MAIL_OUT_WORDS = reasonWords<MailOutReason>(words.reasons)

/** Words of the bounce that belong to no reason. */
export const BOUNCE_WORDS = words.bounce
