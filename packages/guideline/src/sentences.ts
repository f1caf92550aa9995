/**
 * Sentences for people, kept as data by rule key.
 */
import { SekishoError } from '@sekisho/core'

export type Language = 'ja' | 'en'

/** What is said about one rule. */
export interface Words {
  /** For lists, without a full stop. */
  readonly short: string
  /** What is the matter, as a full sentence. */
  readonly message: string
  /** What would make it pass. `{missing}` stands for the list of what is still missing. */
  readonly cure: string
  /** Why the clause exists. */
  readonly why: string
}

/** Reasons that are not rules of the guideline but the judge's own. */
export const OWN_REASONS = [
  'CLASS-SCHEME',
  'FACTS-INVALID',
  'MODEL-EDITION',
  'NOT-PERMITTED',
  'RULE-ERROR',
] as const
export type OwnReason = (typeof OWN_REASONS)[number]

/** All sentences of one language. */
export interface Sentences {
  /** Between the items of a list inside a sentence. */
  readonly listMark: string
  /** By rule key (`id` or `id/part`). */
  readonly rules: ReadonlyMap<string, Words>
  readonly reasons: Readonly<Record<OwnReason, Words>>
  /** `fact=value` → what to call it in a list of missing things. */
  readonly missing: ReadonlyMap<string, string>
}

/**
 * Reads a sentence file.
 *
 * @throws SekishoError CONFIG_INVALID when the file is not of the expected shape.
 */
export function readSentences(file: string, text: string): Sentences {
  const data: unknown = JSON.parse(text)
  const { listMark, rules, reasons, missing } = asRecord(file, data)
  const own = new Map(readWords(file, reasons))
  return {
    listMark: asText(file, 'listMark', listMark),
    rules: new Map(readWords(file, rules)),
    reasons: Object.fromEntries(
      OWN_REASONS.map((reason) => [reason, present(file, reason, own.get(reason))]),
    ) as Record<OwnReason, Words>,
    missing: readMissing(file, missing),
  }
}

/** Sentences of further rules, from a file with `rules` and `missing` only. */
export type MoreSentences = Pick<Sentences, 'rules' | 'missing'>

/**
 * Reads a file of further sentences.
 *
 * @throws SekishoError CONFIG_INVALID when the file is not of the expected shape.
 */
export function readMoreSentences(file: string, text: string): MoreSentences {
  const { rules, missing } = asRecord(file, JSON.parse(text))
  return { rules: new Map(readWords(file, rules)), missing: readMissing(file, missing) }
}

/** @throws SekishoError CONFIG_INVALID when two files say different things about one key */
export function joinSentences(base: Sentences, more: readonly MoreSentences[]): Sentences {
  return {
    ...base,
    rules: joined([base.rules, ...more.map(({ rules }) => rules)]),
    missing: joined([base.missing, ...more.map(({ missing }) => missing)]),
  }
}

function joined<Value>(maps: readonly ReadonlyMap<string, Value>[]): ReadonlyMap<string, Value> {
  const all = new Map<string, Value>()
  for (const map of maps)
    for (const [key, value] of map) {
      if (all.has(key))
        throw new SekishoError('CONFIG_INVALID', `sentences of ${key} are written twice`)
      all.set(key, value)
    }
  return all
}

function readMissing(file: string, missing: unknown): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(asRecord(file, missing)).map(([need, name]) => [need, asText(file, need, name)]),
  )
}

function readWords(file: string, data: unknown): [string, Words][] {
  return Object.entries(asRecord(file, data)).map(([key, value]) => {
    const { short, message, cure, why } = asRecord(file, value)
    return [
      key,
      {
        short: asText(file, key, short),
        message: asText(file, key, message),
        cure: asText(file, key, cure),
        why: asText(file, key, why),
      },
    ]
  })
}

function asRecord(file: string, data: unknown): Record<string, unknown> {
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw new SekishoError('CONFIG_INVALID', `${file}: expected an object`)
  return data as Record<string, unknown>
}

function asText(file: string, key: string, value: unknown): string {
  return present(file, key, typeof value === 'string' && value !== '' ? value : undefined)
}

function present<Value>(file: string, key: string, value: Value | undefined): Value {
  if (value === undefined)
    throw new SekishoError('CONFIG_INVALID', `${file}: a sentence of ${key} is missing`)
  return value
}
