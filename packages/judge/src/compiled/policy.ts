/**
 * One policy, turned into one condition on the facts.
 */
import type { Clause, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import { SekishoError } from '@sekisho/core'
import { questionOf } from '../policy.ts'
import { and, compileCondition } from './expression.ts'
import type { Condition, Scope } from './expression.ts'

const PARTS = ['effect', 'principal', 'action', 'resource', 'conditions', 'annotations']

/**
 * Compiles a policy: the condition under which it fires, folded by what edition and model decide.
 *
 * @throws SekishoError CONFIG_INVALID when the policy is not of this effect over this question alone, or says something
 *   that the compiler does not know.
 */
export function compilePolicy(
  policy: PolicyJson,
  expected: { readonly kind: PolicyJson['effect']; readonly question: string },
  scope: Scope,
): Condition {
  if (policy.effect !== expected.kind) throw invalid('another effect')
  if (!speaksOnlyOf(policy, expected.question)) throw invalid('a scope other than one question')
  if (Object.keys(policy).some((part) => !PARTS.includes(part))) throw invalid('a part of a policy')
  return policy.conditions
    .map((clause) => compileClause(clause, scope))
    .reduce<Condition>((all, one) => and(all, one), true)
}

function speaksOnlyOf(policy: PolicyJson, question: string): boolean {
  const { principal, resource } = policy
  return questionOf(policy) === question && principal.op === 'All' && resource.op === 'All'
}

function compileClause({ kind, body }: Clause, scope: Scope): Condition {
  // Compared one by one: a third kind, should Cedar ever have one, must not be read as one of these.
  if (kind === 'when') return compileCondition(body, scope)
  if (kind === 'unless') return compileCondition({ '!': { arg: body } }, scope)
  throw invalid(`the clause ${String(kind)}`)
}

function invalid(what: string): SekishoError {
  return new SekishoError('CONFIG_INVALID', `the compiler does not know ${what}`)
}
