/**
 * Answers and findings.
 */
import type { Actor, Answer, Basis, Edition, FactValue, Finding, Result } from '@sekisho/core'
import { needKey } from '@sekisho/guideline'
import type { Need, OwnReason, Permit, Sentences } from '@sekisho/guideline'
import type { CheckedQuestion } from './facts.ts'
import type { WordedForbid } from './town-rule.ts'

/** Stands in a cure for the list of what is still missing. */
const MISSING = '{missing}'
const OWN_CLAUSE = '関所の決まり（ガイドラインの条項ではありません）'

/** Everything passed: the permits that let it. */
export function passed(permits: readonly string[]): Answer {
  return answer('pass', 'permitted', [], permits)
}

/** One or more forbids spoke. */
export function forbidden(
  result: 'hold' | 'refuse',
  findings: readonly Finding[],
  errors: readonly string[] = [],
): Answer {
  return answer(result, 'forbidden', findings, idsOf(findings), errors)
}

/** No permit spoke, whatever the forbids say. */
export function notPermitted(findings: readonly Finding[]): Answer {
  return answer('refuse', 'not-permitted', findings, idsOf(findings))
}

/** The question could not be judged. */
export function unjudged(finding: Finding, errors: readonly string[]): Answer {
  return answer('refuse', 'error', [finding], [finding.rule], errors)
}

/** A rule's finding, with the facts that are still missing named in the cure. */
export function ruleFinding(
  rule: WordedForbid,
  facts: CheckedQuestion['facts'],
  sentences: Sentences,
): Finding {
  return {
    rule: rule.id,
    clause: rule.clause,
    edition: rule.edition,
    verified: rule.verified,
    severity: rule.severity,
    effect: rule.effect,
    message: rule.message,
    cure: {
      sentence: rule.cure.replace(MISSING, () => missingList(rule.needs, facts, sentences)),
      who: rule.who,
      ...(rule.gate === undefined ? {} : { gate: rule.gate }),
    },
  }
}

/** The needs that a rule's finding depends on: nothing else of the facts is in it. */
export function needsNamed(rule: WordedForbid): readonly Need[] {
  return rule.cure.includes(MISSING) ? rule.needs : []
}

/** A finding of the judge itself. */
export function ownFinding(
  reason: OwnReason,
  sentences: Sentences,
  options: {
    readonly edition?: Edition
    readonly way?: Permit
    readonly who?: Actor
    readonly missing?: string
  } = {},
): Finding {
  const words = sentences.reasons[reason]
  const way = options.way && sentences.rules.get(options.way.key)
  return {
    rule: reason,
    clause: OWN_CLAUSE,
    edition: options.edition ?? 'R8.3',
    verified: false,
    severity: 'required',
    effect: 'refuse',
    message: words.message,
    cure: {
      sentence: (way?.cure ?? words.cure).replace(MISSING, () => options.missing ?? ''),
      who: options.who ?? 'it-officer',
    },
  }
}

/** True when the facts already have what the rule needs. */
export function isMet(need: Need, value: FactValue | undefined): boolean {
  if (need.comparison === 'at-least')
    return typeof value === 'number' && value >= Number(need.value)
  return value === need.value
}

function missingList(
  needs: readonly Need[],
  facts: CheckedQuestion['facts'],
  sentences: Sentences,
): string {
  return needs
    .filter((need) => !isMet(need, facts[need.fact]))
    .map((need) => sentences.missing.get(needKey(need)) ?? need.fact)
    .join(sentences.listMark)
}

function answer(
  result: Result,
  basis: Basis,
  findings: readonly Finding[],
  determining: readonly string[],
  errors: readonly string[] = [],
): Answer {
  // The engine gives no stable order, and what is recorded must not depend on it.
  return freeze({
    result,
    basis,
    findings: findings.toSorted((a, b) => (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0)),
    determining: [...new Set(determining)].toSorted(),
    errors: errors.toSorted(),
  })
}

function idsOf(findings: readonly Finding[]): string[] {
  return findings.map((finding) => finding.rule)
}

function freeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  for (const inner of Object.values(value)) freeze(inner)
  return Object.freeze(value)
}
