/**
 * A second evaluator of the same policies, written without Cedar's: it reads Cedar's policy JSON and knows only the
 * operators our rules use. Anything else throws, so that a rule can never be silently half understood.
 */
import type { FactValue } from '@sekisho/core'
import { policyToJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { Expr, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import { loadGuideline, ruleApplies } from '@sekisho/guideline'
import type { Rule } from '@sekisho/guideline'

export type Facts = Readonly<Record<string, FactValue>>

const policies = new Map<string, PolicyJson>()

/** Cedar's reading of a rule of the guideline. */
export function policyOf(rule: Rule): PolicyJson {
  const known = policies.get(rule.key)
  if (known) return known
  const answer = policyToJson(rule.text)
  if (answer.type === 'failure') throw new TypeError(`${rule.key} cannot be read`)
  policies.set(rule.key, answer.json)
  return answer.json
}

/** The rules of the guideline that fire. */
export function firedBy(question: string, facts: Facts): readonly Rule[] {
  return rulesFor(question, facts).filter((rule) => fires(policyOf(rule), facts))
}

/** What the judge must say when exactly these rules fire: result and rule ids. */
export function outcome(fired: readonly Rule[]): string {
  const forbids = fired.filter((rule) => rule.kind === 'forbid')
  if (forbids.some(({ effect }) => effect === 'refuse')) return `refuse ${ids(forbids)}`
  const permits = fired.filter((rule) => rule.kind === 'permit')
  if (permits.length === 0) return 'refuse NOT-PERMITTED'
  return forbids.length > 0 ? `hold ${ids(forbids)}` : `pass ${ids(permits)}`
}

function ids(rules: readonly Rule[]): string {
  return rules
    .map(({ id }) => id)
    .toSorted()
    .join(' ')
}

/** One case, ready to notice a changed rule. */
export interface Trial {
  /** True when this case comes out differently with `mutant` in the place of the rule, or without the rule. */
  notices(rule: Rule, mutant: PolicyJson | undefined): boolean
}

export function readTrial(
  question: string,
  facts: Facts,
  judgeBy: (fired: readonly Rule[]) => string,
): Trial {
  const applicable = rulesFor(question, facts)
  const fired = applicable.filter((rule) => fires(policyOf(rule), facts))
  const before = judgeBy(fired)
  return {
    notices: (rule, mutant) => {
      if (!applicable.includes(rule)) return false
      const others = fired.filter((other) => other !== rule)
      const after = mutant && fires(mutant, facts) ? [...others, rule] : others
      return judgeBy(after) !== before
    },
  }
}

function rulesFor(question: string, facts: Facts): readonly Rule[] {
  const town = facts as unknown as Parameters<typeof ruleApplies>[1]
  return loadGuideline().rules.filter(
    (rule) => rule.question === question && ruleApplies(rule, town),
  )
}

/** True when the policy applies to the facts. */
export function fires(policy: PolicyJson, facts: Facts): boolean {
  return policy.conditions.every(({ kind, body }) => truth(body, facts) === (kind === 'when'))
}

type Value = FactValue | readonly Value[]

function truth(expression: Expr, facts: Facts): boolean {
  const value = evaluate(expression, facts)
  if (typeof value !== 'boolean') throw new TypeError('a condition is not a Boolean')
  return value
}

function evaluate(expression: Expr, facts: Facts): Value {
  const [operator, node] = only(expression)
  switch (operator) {
    case 'Value':
      return node as Value
    case 'Set':
      return (node as Expr[]).map((item) => evaluate(item, facts))
    case '.':
      return factNamed((node as { attr: string }).attr, facts)
    case '!':
      return !truth((node as { arg: Expr }).arg, facts)
    case '&&':
      return sides(node, (left, right) => truth(left, facts) && truth(right, facts))
    case '||':
      return sides(node, (left, right) => truth(left, facts) || truth(right, facts))
    case '==':
      return sides(node, (left, right) => evaluate(left, facts) === evaluate(right, facts))
    case '!=':
      return sides(node, (left, right) => evaluate(left, facts) !== evaluate(right, facts))
    case '>':
      return sides(node, (left, right) => evaluate(left, facts) > evaluate(right, facts))
    case '>=':
      return sides(node, (left, right) => evaluate(left, facts) >= evaluate(right, facts))
    case 'contains':
      return sides(node, (left, right) =>
        (evaluate(left, facts) as readonly Value[]).includes(evaluate(right, facts)),
      )
    default:
      throw new TypeError(`the oracle does not know ${operator}`)
  }
}

function sides(node: unknown, compare: (left: Expr, right: Expr) => boolean): boolean {
  const { left, right } = node as { left: Expr; right: Expr }
  return compare(left, right)
}

function factNamed(name: string, facts: Facts): Value {
  const value = facts[name]
  if (value === undefined) throw new TypeError(`the fact ${name} is missing`)
  return value
}

function only(expression: Expr): [string, unknown] {
  const [entry] = Object.entries(expression)
  if (!entry) throw new TypeError('an empty expression')
  return entry
}

/** Every policy one step weaker or stronger: one side of an `&&` or `||` left out, or one clause left out. */
export function mutants(policy: PolicyJson): readonly PolicyJson[] {
  return policy.conditions.flatMap((clause, index) => [
    { ...policy, conditions: policy.conditions.filter((_, other) => other !== index) },
    ...weaker(clause.body).map((body) => ({
      ...policy,
      conditions: policy.conditions.map((c, other) => (other === index ? { ...c, body } : c)),
    })),
  ])
}

function weaker(expression: Expr): Expr[] {
  const [operator, node] = only(expression)
  if (operator === 'contains') return withoutOneWord(node)
  if (operator !== '&&' && operator !== '||') return []
  const { left, right } = node as { left: Expr; right: Expr }
  return [
    left,
    right,
    ...weaker(left).map((inner) => ({ [operator]: { left: inner, right } }) as Expr),
    ...weaker(right).map((inner) => ({ [operator]: { left, right: inner } }) as Expr),
  ]
}

function withoutOneWord(node: unknown): Expr[] {
  const { left, right } = node as { left: { Set?: Expr[] }; right: Expr }
  return (left.Set ?? []).map((word) => ({
    contains: { left: { Set: left.Set?.filter((other) => other !== word) ?? [] }, right },
  }))
}
