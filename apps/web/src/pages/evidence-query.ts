import { EVIDENCE_KINDS } from '@sekisho/core'
import { say } from '../words/say.ts'
import type { WordKey } from '../words/say.ts'

/** What the evidence can be filtered by; the same keys in the address, in the request and in the CSV. */
export const FILTER_KEYS = [
  'person',
  'file',
  'rule',
  'kind',
  'number',
  'from',
  'to',
  'sha256',
] as const
export type FilterKey = (typeof FILTER_KEYS)[number]

export const FILTER_WORDS: Readonly<Record<FilterKey, WordKey>> = {
  person: 'evidence.person',
  file: 'evidence.file',
  rule: 'evidence.rule',
  kind: 'evidence.kind',
  number: 'evidence.number',
  from: 'evidence.from',
  to: 'evidence.to',
  sha256: 'evidence.sha',
}

/** The filter as one line, for paper: what a printed list leaves out must be readable on it. */
export function conditionWords(filter: URLSearchParams): string {
  const parts = FILTER_KEYS.flatMap((key) => {
    const value = filter.get(key)
    if (!value) return []
    const shown = key === 'kind' ? kindWord(value) : value
    return [say('evidence.conditionPart', { name: say(FILTER_WORDS[key]), value: shown })]
  })
  return parts.length === 0 ? say('evidence.noCondition') : parts.join('、')
}

export function kindWord(kind: string): string {
  const known = EVIDENCE_KINDS.find((it) => it === kind)
  return known === undefined ? kind : say(`kind.${known}`)
}
