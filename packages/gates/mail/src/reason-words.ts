/** What a person is told of a reason: three of the four lines; the fourth is the number. */
export interface MailWords {
  readonly what: string
  readonly why: string
  readonly cure: string
}

/** The words of a room, by reason id. */
export interface ReasonWords<Reason extends string> {
  /** Every reason id of the room, sorted. */
  readonly all: readonly Reason[]
  readonly of: (reason: Reason) => MailWords
  readonly has: (text: string) => text is Reason
}

export function reasonWords<Reason extends string>(
  words: Readonly<Record<Reason, MailWords>>,
): ReasonWords<Reason> {
  const has = (text: string): text is Reason => Object.hasOwn(words, text)
  return { all: Object.keys(words).filter(has).toSorted(), of: (reason) => words[reason], has }
}
