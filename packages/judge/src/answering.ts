/**
 * From a verdict on the rules to the answer a person reads. Whoever gives the verdict, the answer is built here.
 */
import type { Actor, Answer, ClassMismatch, Edition, Model } from '@sekisho/core'
import type { Need, Permit } from '@sekisho/guideline'
import {
  forbidden,
  isMet,
  notPermitted,
  ownFinding,
  passed,
  ruleFinding,
  unjudged,
} from './answer.ts'
import type { CheckedQuestion } from './facts.ts'
import type { RuleSet } from './rule-set.ts'
import type { WordedForbid } from './town-rule.ts'

/** What the rules say. */
export interface Verdict {
  readonly allowed: boolean
  /** Keys of the rules that determined it, in no stable order: permits when allowed, forbids when one fired. */
  readonly fired: readonly string[]
  /**
   * Keys of policies that could not be evaluated, or `request` when the request itself was not accepted. Cedar skips
   * a policy it cannot evaluate and goes on: a forbid lost that way would let a hostile file through, so whoever reads
   * a verdict must look here first.
   */
  readonly errors: readonly string[]
}

/** Which rules are asked: `permits-only` leaves every forbid out. */
export type Asked = 'all' | 'permits-only'

/** A way to a verdict. The question's edition and model exist together in the guideline. */
export type Decide = (checked: CheckedQuestion, asked: Asked) => Verdict

/** What of a town decides which rules belong to it. */
export interface TownModel {
  readonly edition: Edition
  readonly model: Model
}

/** The answer to a checked question, by the verdict of `decide`. */
export function answerTo(rules: RuleSet, checked: CheckedQuestion, decide: Decide): Answer {
  const town = townOf(checked)
  if (!modelExists(rules, town)) return unknownModel(rules, town.edition)
  const verdict = decide(checked, 'all')
  if (verdict.errors.length > 0) return ruleError(rules, verdict.errors)
  if (verdict.allowed) return passed(idsOf(rules.permits, verdict.fired))
  const fired = verdict.fired.flatMap((key) => rules.forbids.get(key) ?? [])
  if (fired.length === 0) return unpermitted(rules, checked)
  if (fired.some((rule) => rule.effect === 'refuse'))
    return stopped('refuse', rules, checked, fired)
  return held(rules, checked, fired, decide)
}

/**
 * The answer to a question whose facts are missing or out of their lists.
 *
 * @param mismatch A class of another scheme among them: then the cure is known, and what it may mean is named.
 */
export function invalid(
  rules: RuleSet,
  problems: readonly string[],
  mismatch?: ClassMismatch,
): Answer {
  const { ja } = rules.guideline.sentences
  const reason = mismatch?.reason ?? 'FACTS-INVALID'
  const missing = mismatch && { missing: mismatch.candidates.join(ja.listMark) }
  return unjudged(
    ownFinding(reason, ja, missing),
    problems.map((name) => `${reason} ${name}`),
  )
}

/** The answer when rules could not be evaluated. */
export function ruleError(rules: RuleSet, keys: readonly string[]): Answer {
  const finding = ownFinding('RULE-ERROR', rules.guideline.sentences.ja)
  return unjudged(
    finding,
    keys.map((key) => `RULE-ERROR ${key}`),
  )
}

/** The schema has limited both to their lists. */
export function townOf({ facts }: CheckedQuestion): TownModel {
  return { edition: facts['edition'] as Edition, model: facts['model'] as Model }
}

/** A hold is offered to a person only if approval would really let it pass: some permit must speak for it. */
function held(
  rules: RuleSet,
  checked: CheckedQuestion,
  fired: readonly WordedForbid[],
  decide: Decide,
): Answer {
  const verdict = decide(checked, 'permits-only')
  if (verdict.errors.length > 0) return ruleError(rules, verdict.errors)
  return verdict.allowed ? stopped('hold', rules, checked, fired) : unpermitted(rules, checked)
}

function stopped(
  result: 'hold' | 'refuse',
  rules: RuleSet,
  { facts }: CheckedQuestion,
  fired: readonly WordedForbid[],
): Answer {
  const { ja } = rules.guideline.sentences
  return forbidden(
    result,
    fired.map((rule) => ruleFinding(rule, facts, ja)),
  )
}

function unpermitted(rules: RuleSet, checked: CheckedQuestion): Answer {
  const way = nearestWay(rules, checked)
  return notPermitted([
    ownFinding('NOT-PERMITTED', rules.guideline.sentences.ja, {
      edition: townOf(checked).edition,
      who: whoMayChange(checked),
      ...(way ? { way } : {}),
    }),
  ])
}

function unknownModel(rules: RuleSet, edition: Edition): Answer {
  return notPermitted([ownFinding('MODEL-EDITION', rules.guideline.sentences.ja, { edition })])
}

function modelExists({ guideline }: RuleSet, { edition, model }: TownModel): boolean {
  return guideline.editions.some((known) => known.id === edition && known.models.includes(model))
}

function idsOf(permits: readonly Permit[], keys: readonly string[]): string[] {
  return permits.filter((permit) => keys.includes(permit.key)).map((permit) => permit.id)
}

/** A crossing can take another way; what is declared is the IT officer's to change. */
function whoMayChange({ question }: CheckedQuestion): Actor {
  return question === 'cross' ? 'clerk' : 'it-officer'
}

/**
 * The permitted way that differs least from what was asked, one of the same kind first. A way is never suggested that
 * moves something into or out of the My Number zone: there the honest answer is to ask the IT officer.
 *
 * Beside the rules that fired and the needs named in their cures, this is all that an answer takes from the facts.
 */
export function nearestWay(
  rules: RuleSet,
  { question, facts }: CheckedQuestion,
): Permit | undefined {
  const ways = rules.permits.filter((permit) => permit.question === question)
  if (ways.length === 1) return ways[0]
  return ways
    .map((way) => ({ way, changes: way.needs.filter((need) => !isMet(need, facts[need.fact])) }))
    .filter(({ changes }) =>
      changes.every((need) => need.value !== 'mynumber' && facts[need.fact] !== 'mynumber'),
    )
    .toSorted((a, b) => detour(a.changes) - detour(b.changes))[0]?.way
}

/** Another kind of crossing is a longer way round than any other change. */
function detour(changes: readonly Need[]): number {
  return changes.length + (changes.some((need) => need.fact === 'kind') ? 100 : 0)
}
