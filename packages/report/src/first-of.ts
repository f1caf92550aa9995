import { BOOK } from './excel/words.ts'
import { filled } from './filled.ts'

/** The first of many texts, and how many there are beside them. A cell of Excel takes 32,767 characters; a declaration may have any number of entries. */
export function firstOf(texts: readonly string[], most: number): readonly string[] {
  const more = texts.length - most
  return more > 0 ? [...texts.slice(0, most), filled(BOOK.more, { count: more })] : texts
}
