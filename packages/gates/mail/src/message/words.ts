import { extensionOf, refusalWords } from '@sekisho/disarm/mail'
import ja from '../../words/message.json' with { type: 'json' }
import type { MailWords } from '../reason-words.ts'
import type { Fate } from './certificate.ts'

/** Sentences of the mail gate. */
export const WORDS = ja.words

/** What is said of a file before somebody asks for it. */
export const KINDS: Readonly<Record<string, string>> = ja.kinds

/** Files that are refused by their name alone, before anybody looks what they are. */
const BY_EXTENSION: ReadonlyMap<string, string> = new Map(
  Object.entries(ja.extensions).flatMap(([kind, extensions]) =>
    extensions.split(' ').map((extension) => [extension, kind] as const),
  ),
)

/** A type of file in words; of what could not be told, by what its name says it is. */
export function kindWords(kind: string, name = ''): string {
  const extension = extensionOf(name).toLowerCase()
  const named = kind === 'unknown' ? BY_EXTENSION.get(extension) : undefined
  if (named !== undefined) return filled(ja.kindOfName, { kind: named, extension })
  return KINDS[kind] ?? kind
}

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
