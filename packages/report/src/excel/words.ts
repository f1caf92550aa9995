import words from '../../words/book.json' with { type: 'json' }
import findingWords from '../../words/findings.json' with { type: 'json' }

/** Sentences and words of the workbooks for a council or an auditor. */
export const BOOK = words
/** 「担当職員」, 「情報担当」, …: who can mend or do something. */
export const WHO = findingWords.who

/** An id, marked when its rule was not checked against the guideline itself. */
export const marked = (id: string, verified: boolean): string =>
  verified ? id : `${id}${words.mark}`
