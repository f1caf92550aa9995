/**
 * Which controls a question is about. Nothing is read out of the rules here: the judge is asked the same question with everything a rule needs turned to the
 * worst, and what it then says is what this question could have found.
 */
import type { Finding, Question } from '@sekisho/core'
import { loadGuideline, type Forbid, type Need } from '@sekisho/guideline'
import type { Asks } from '@sekisho/town'

/** What one question could have found: one finding per part of a rule. */
export type Concerns = readonly Concern[]

export interface Concern {
  readonly rule: Forbid
  /** As it would be said if the rule were not met. */
  readonly finding: Finding
}

/** Questions remembered before all are forgotten: a process that serves many towns must not grow for ever. */
const MAX_KEPT = 50_000

type Facts = Readonly<Record<string, unknown>>

/** Asks for the concerns of each question once. */
export function concernsWith(judge: Asks): (question: Question) => Concerns {
  const known = new Map<string, Concerns>()
  const { rules: all, controls } = loadGuideline()
  // A town may write down thousands of contracts: rules that are no row of the table are not asked about.
  const rows = new Set(controls.map(({ id }) => id))
  const own = all.filter(isForbid).filter(({ id }) => rows.has(id))
  const byQuestion = Map.groupBy(own, (rule) => rule.question)
  return (question) => {
    const key = JSON.stringify(question)
    const before = known.get(key)
    if (before !== undefined) return before
    const rules = byQuestion.get(question.question) ?? []
    const concerns = rules.flatMap((rule) => concernOf(rule, question, judge))
    if (known.size >= MAX_KEPT) known.clear()
    known.set(key, concerns)
    return concerns
  }
}

const isForbid = (rule: { readonly kind: string }): rule is Forbid => rule.kind === 'forbid'

function concernOf(rule: Forbid, question: Question, judge: Asks): readonly Concern[] {
  const facts: Record<string, unknown> = { ...(question.facts as unknown as Facts) }
  for (const need of rule.needs) facts[need.fact] = unlike(need)
  const { findings } = judge.ask({ ...question, facts } as unknown as Question)
  const finding = findings.find((one) => one.rule === rule.id && one.clause === rule.clause)
  return finding === undefined ? [] : [{ rule, finding }]
}

/** A value with which the need is not met. */
function unlike({ comparison, value }: Need): unknown {
  if (typeof value === 'boolean') return !value
  if (typeof value === 'number') return comparison === 'at-least' ? value - 1 : value + 1
  return 'none'
}
