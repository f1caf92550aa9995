/**
 * The rules one judge works with: the guideline's and the town's own, by edition and model.
 */
import { createHash } from 'node:crypto'
import type { Edition, Model } from '@sekisho/core'
import { loadGuideline, ruleApplies } from '@sekisho/guideline'
import type { Guideline, Permit } from '@sekisho/guideline'
import type { PolicyTexts } from './engine.ts'
import { asForbid } from './town-rule.ts'
import type { TownRule, WordedForbid } from './town-rule.ts'

export interface RuleSet {
  /** SHA-256 over the schema, every policy and the town's words, lower-case hex. */
  readonly digest: string
  readonly guideline: Guideline
  readonly permits: readonly Permit[]
  readonly forbids: ReadonlyMap<string, WordedForbid>
}

/** The guideline's rules and the town's. */
export function readRuleSet(extra: readonly TownRule[]): RuleSet {
  const guideline = loadGuideline()
  const forbids = [...guidelineForbids(guideline), ...extra.map(asForbid)]
  return {
    digest: digestOf(guideline, extra),
    guideline,
    permits: guideline.rules.filter((rule) => rule.kind === 'permit'),
    forbids: new Map(forbids.map((rule) => [rule.key, rule])),
  }
}

/** The policies that belong to one edition and model; `permits-only` leaves every forbid out. */
export function policiesFor(
  rules: RuleSet,
  town: { readonly edition: Edition; readonly model: Model },
  which: 'all' | 'permits-only',
): PolicyTexts {
  const forbids = which === 'all' ? [...rules.forbids.values()] : []
  return Object.fromEntries(
    [...rules.permits, ...forbids]
      .filter((rule) => ruleApplies(rule, town))
      .map((rule) => [rule.key, rule.text]),
  )
}

function guidelineForbids({ rules, sentences }: Guideline): WordedForbid[] {
  return rules
    .filter((rule) => rule.kind === 'forbid')
    .flatMap((rule) => {
      const words = sentences.ja.rules.get(rule.key)
      return words ? [{ ...rule, message: words.message, cure: words.cure }] : []
    })
}

function digestOf({ schema, rules }: Guideline, extra: readonly TownRule[]): string {
  const content = [
    schema,
    rules.map(({ key, text }) => [key, text]),
    extra
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map((r) => [r.id, r.text, r.message, r.cure, r.who, r.effect, r.severity, r.clause]),
  ]
  return createHash('sha256').update(JSON.stringify(content)).digest('hex')
}
