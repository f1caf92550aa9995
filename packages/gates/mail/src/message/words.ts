import { refusalWords } from '@sekisho/disarm/mail'
import ja from '../../words/message.json' with { type: 'json' }

/** Sentences of the mail gate. */
export const WORDS = ja.words

/** What is said of a file before somebody asks for it. */
export const KINDS: Readonly<Record<string, string>> = ja.kinds

/** Why a mail is not let through: what happened, why, and what to do now. */
export interface MailWords {
  readonly what: string
  readonly why: string
  readonly cure: string
}

const REFUSED: Readonly<Record<string, MailWords>> = ja.refused

export function mailRefusalWords(reason: string): MailWords {
  return Object.hasOwn(REFUSED, reason) ? REFUSED[reason]! : refusalWords(reason)
}

/** Fills `{name}`; what is filled in is not searched again. */
export function filled(
  sentence: string,
  values: Readonly<Record<string, string | number>>,
): string {
  return sentence.replaceAll(/\{([a-zA-Z]+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  )
}
