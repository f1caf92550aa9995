import { shownName } from './name.ts'

/** Longest piece of hostile text inside a line of ours. */
const MAX_LETTERS = 300

/** Hostile text as it may stand inside a line of ours: it ends no line, hides nothing and turns nothing around. */
export function oneLine(raw: string): string {
  const text = raw.replace(/[\s\p{Zl}\p{Zp}]+/gu, ' ').trim()
  const cut = text.length > MAX_LETTERS ? `${text.slice(0, MAX_LETTERS).toWellFormed()}…` : text
  return shownName(cut.toWellFormed())
}
