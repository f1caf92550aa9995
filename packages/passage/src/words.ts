/**
 * Sentences for people about the passage itself, by reason id. What rules and disarming say is theirs.
 */
import words from '../words/ja.json' with { type: 'json' }

/** Three of the four lines of a refusal; the fourth is the number. `{file}` and `{comment}` are filled by the gate. */
export interface PassageWords {
  readonly what: string
  readonly why: string
  readonly cure: string
}

const WORDS: ReadonlyMap<string, PassageWords> = new Map(Object.entries(words))

/** Every reason id the passage itself can give, sorted. */
export const PASSAGE_REASONS: readonly string[] = [...WORDS.keys()].toSorted()

/** The lines for a reason of the passage, or `undefined` when the reason is not the passage's own. */
export function passageWords(reason: string): PassageWords | undefined {
  return WORDS.get(reason)
}
