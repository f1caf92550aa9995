import ja from '../words/ja.json' with { type: 'json' }

/** Why a file is not let through, for a person: what happened, why, and what to do now. */
export interface RefusalWords {
  readonly what: string
  readonly why: string
  readonly cure: string
}

const REMOVED: Readonly<Record<string, string>> = ja.removed
const KEPT: Readonly<Record<string, string>> = ja.kept
const REFUSED: Readonly<Record<string, RefusalWords>> = ja.refused

/** What was taken out, e.g. 「マクロ（VBA）を除きました。（3 か所）」. Unknown rules say so instead of hiding. */
export function removalSentence(rule: string, count: number): string {
  return sentence(own(REMOVED, rule) ?? '決まりに合わない部分を除きました。', count)
}

/** What is still in the file and worth knowing. */
export function keptSentence(rule: string, count: number): string {
  return sentence(own(KEPT, rule) ?? '確かめたうえで残した部分があります。', count)
}

/** The words for a refusal reason. */
export function refusalWords(reason: string): RefusalWords {
  return own(REFUSED, reason) ?? FALLBACK
}

const FALLBACK: RefusalWords = {
  what: 'このファイルは通せませんでした。',
  why: '最後まで確かめられないものは通しません。',
  cure: '情報担当に番号を伝えてください。',
}

function sentence(text: string, count: number): string {
  return count > 1 ? `${text}（${count} か所）` : text
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
