/**
 * The rules of one question under one edition and model, ready to be asked.
 */
import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import { SekishoError } from '@sekisho/core'
import type { Need, Rule } from '@sekisho/guideline'
import { isMet, needsNamed } from '../answer.ts'
import { nearestWay } from '../answering.ts'
import type { Decide, TownModel, Verdict } from '../answering.ts'
import type { CheckedQuestion, QuestionShape } from '../facts.ts'
import { rulesFor } from '../rule-set.ts'
import type { RuleSet } from '../rule-set.ts'
import type { Scope } from './expression.ts'
import { compilePolicy } from './policy.ts'

type Facts = CheckedQuestion['facts']

export interface Program {
  readonly decide: Decide
  /**
   * Everything of the facts that the answer depends on: which rules fire, which needs named in their cures are met, and
   * where no permit speaks, the nearest way. Equal signatures of one program mean equal answers.
   */
  signature(checked: CheckedQuestion): string
}

/** What a program is about. */
export interface Subject {
  readonly question: string
  readonly shape: QuestionShape
  readonly town: TownModel
}

interface CompiledRule {
  readonly key: string
  /** One character, unique among the permits or the forbids of the program. */
  readonly mark: string
  readonly fires: (facts: Facts) => boolean
  /** Needs that the words of its finding depend on. */
  readonly needs: readonly Need[]
}

/** Marks begin above the stroke between the parts of a signature and the digits that say whether needs are met. */
const FIRST_MARK = 0x1_00
const NO_ERRORS: readonly string[] = []

/**
 * Compiles a program.
 *
 * @param policyOf Cedar's reading of a rule.
 * @throws SekishoError CONFIG_INVALID when a policy says something that the compiler does not know.
 */
export function compileProgram(
  rules: RuleSet,
  policyOf: (rule: Rule) => PolicyJson,
  subject: Subject,
): Program {
  const { permits, forbids } = compileRules(rules, policyOf, subject)
  return {
    decide: ({ facts }, asked) => verdict(permits, asked === 'all' ? forbids : [], facts),
    signature: (checked) => {
      const permitted = marks(permits, checked.facts)
      const fired = `${permitted}/${marks(forbids, checked.facts)}`
      return permitted === '' ? `${fired}/${nearestWay(rules, checked)?.key ?? ''}` : fired
    },
  }
}

function compileRules(
  rules: RuleSet,
  policyOf: (rule: Rule) => PolicyJson,
  { question, shape, town }: Subject,
): Record<'permits' | 'forbids', readonly CompiledRule[]> {
  const scope: Scope = { shape, known: new Map(Object.entries(town)) }
  const compile = (rule: Rule, index: number, needs: readonly Need[]): CompiledRule[] => {
    const fires = compileRule(rule, policyOf(rule), scope)
    const mark = String.fromCharCode(FIRST_MARK + index)
    return fires ? [{ key: rule.key, mark, fires, needs }] : []
  }
  const { permits, forbids } = rulesFor(rules, question, town)
  return {
    permits: permits.flatMap((rule, index) => compile(rule, index, [])),
    forbids: forbids.flatMap((rule, index) => compile(rule, index, needsNamed(rule))),
  }
}

/** Nothing when edition and model have decided already that the rule never fires. */
function compileRule(
  rule: Rule,
  policy: PolicyJson,
  scope: Scope,
): CompiledRule['fires'] | undefined {
  try {
    const condition = compilePolicy(policy, rule, scope)
    if (typeof condition === 'function') return condition
    return condition ? () => true : undefined
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'it cannot be compiled'
    throw new SekishoError('CONFIG_INVALID', `${rule.key}: ${why}`, { cause })
  }
}

function verdict(
  permits: readonly CompiledRule[],
  forbids: readonly CompiledRule[],
  facts: Facts,
): Verdict {
  const stopping = firing(forbids, facts)
  if (stopping.length > 0) return { allowed: false, fired: stopping, errors: NO_ERRORS }
  const allowing = firing(permits, facts)
  return { allowed: allowing.length > 0, fired: allowing, errors: NO_ERRORS }
}

function firing(rules: readonly CompiledRule[], facts: Facts): readonly string[] {
  return rules.filter(({ fires }) => fires(facts)).map(({ key }) => key)
}

function marks(rules: readonly CompiledRule[], facts: Facts): string {
  let all = ''
  for (const { fires, mark, needs } of rules)
    if (fires(facts)) all += needs.length === 0 ? mark : mark + met(needs, facts)
  return all
}

function met(needs: readonly Need[], facts: Facts): string {
  let all = ''
  for (const need of needs) all += isMet(need, facts[need.fact]) ? '1' : '0'
  return all
}
