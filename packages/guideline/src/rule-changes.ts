/**
 * What another edition asks of a town of one model: the rules that begin, end or are put otherwise.
 */
import type { Edition, Model } from '@sekisho/core'
import { loadGuideline } from './guideline.ts'
import { ruleApplies } from './rule.ts'
import type { Rule } from './rule.ts'

/** `change`: the rule is in both, by other policies; the clause and the heading are those of the edition it is compared with. */
export interface RuleChange {
  readonly id: string
  readonly change: 'begin' | 'end' | 'change'
  readonly short: string
  readonly clause: string
  readonly verified: boolean
}

/** Changes from one edition to another, in the order of the rules, each id once. Either edition may be the older one. */
export function ruleChanges(from: Edition, to: Edition, model: Model): readonly RuleChange[] {
  const before = rulesIn(from, model)
  const after = rulesIn(to, model)
  const ids = new Set(loadGuideline().rules.map(({ id }) => id))
  return [...ids].flatMap((id) => {
    const [old, fresh] = [before.get(id) ?? [], after.get(id) ?? []]
    const [shown] = fresh.length > 0 ? fresh : old
    if (shown === undefined || keysOf(old) === keysOf(fresh)) return []
    const change = old.length === 0 ? 'begin' : fresh.length === 0 ? 'end' : 'change'
    // Of a rule in many parts, the one that came is what is new.
    const came = fresh.find(({ key }) => !old.some((one) => one.key === key)) ?? shown
    const short = loadGuideline().sentences.ja.rules.get(came.key)?.short ?? ''
    return [{ id, change, short, clause: came.clause, verified: came.verified }]
  })
}

/** What forbids. What permits says nothing to anybody by itself. */
function rulesIn(edition: Edition, model: Model): ReadonlyMap<string, readonly Rule[]> {
  const { rules } = loadGuideline()
  const asked = rules.filter((rule) => rule.kind === 'forbid')
  return Map.groupBy(
    asked.filter((rule) => ruleApplies(rule, { edition, model })),
    ({ id }) => id,
  )
}

const keysOf = (rules: readonly Rule[]): string => rules.map(({ key }) => key).join(' ')
