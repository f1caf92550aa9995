import { refusalWords } from '@sekisho/disarm/mail'
import ja from '../../words/message.json' with { type: 'json' }
import type { MailWords } from '../reason-words.ts'
import type { Fate } from './certificate.ts'

/** Sentences of the mail gate. */
export const WORDS = ja.words

/** What is said of a file before somebody asks for it. */
export const KINDS: Readonly<Record<string, string>> = ja.kinds

/** What became of a part, for the page and the command line. */
export const FATE_WORDS: Readonly<Record<Fate, string>> = ja.fates

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
