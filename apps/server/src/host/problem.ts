/**
 * Refusals of the server itself, in four lines.
 */
import { shownName } from '@sekisho/gates/file'
import type { Problem } from '../api.ts'
import words from '../words/ja.json' with { type: 'json' }

/** Reasons the server itself can give. */
export type Reason = keyof typeof words

/** What may be filled into a sentence. */
export interface Fill {
  readonly file?: string
  readonly max?: number
  readonly number?: string
}

/** The four lines for a reason. */
export function problem(reason: Reason, fill: Fill = {}, now = new Date()): Problem {
  const { what, why, cure } = words[reason]
  return {
    reason,
    what: filled(what, fill),
    why: filled(why, fill),
    cure: filled(cure, fill),
    number: fill.number ?? '',
    at: now.toISOString(),
  }
}

/** The sentences of one of the server's own reasons, unfilled, or `undefined` for any other. */
export function ownWords(reason: string): (typeof words)[Reason] | undefined {
  const own = SERVER_REASONS.find((one) => one === reason)
  return own === undefined ? undefined : words[own]
}

/** Every reason id the server itself can give. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the very object the type is made of
export const SERVER_REASONS = Object.keys(words) as readonly Reason[]

function filled(sentence: string, { file = '', max = 0 }: Fill): string {
  return sentence.replaceAll(/\{(file|max)\}/gu, (_, name: string) =>
    name === 'file' ? `「${shownName(file)}」` : String(max),
  )
}
