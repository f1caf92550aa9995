/**
 * The rules one judge works with: the guideline's and the town's own, by edition and model.
 */
import { createHash } from 'node:crypto'
import { loadGuideline, ruleApplies } from '@sekisho/guideline'
import type { Guideline, Permit, Rule } from '@sekisho/guideline'
import type { Asked, TownModel } from './answering.ts'
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

/** The rules that can speak about one question under one edition and model. */
export function rulesFor(
  rules: RuleSet,
  question: string,
  town: TownModel,
): { readonly permits: readonly Permit[]; readonly forbids: readonly WordedForbid[] } {
  const speaks = (rule: Rule): boolean => rule.question === question && ruleApplies(rule, town)
  return {
    permits: rules.permits.filter(speaks),
    forbids: [...rules.forbids.values()].filter(speaks),
  }
}

/** Their policies; `permits-only` leaves every forbid out. */
export function policiesFor(
  rules: RuleSet,
  question: string,
  town: TownModel,
  asked: Asked,
): PolicyTexts {
  const { permits, forbids } = rulesFor(rules, question, town)
  const wanted = asked === 'all' ? [...permits, ...forbids] : permits
  return Object.fromEntries(wanted.map((rule) => [rule.key, rule.text]))
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
