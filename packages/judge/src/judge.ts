/**
 * Facts in, answer out.
 */
import { SekishoError } from '@sekisho/core'
import type { Actor, Answer, Edition, Model, Question } from '@sekisho/core'
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
import { decide } from './engine.ts'
import type { Verdict } from './engine.ts'
import { readQuestion, readShapes } from './facts.ts'
import type { CheckedQuestion } from './facts.ts'
import { smallestChange } from './mend.ts'
import type { FactChange } from './mend.ts'
import { policiesFor, readRuleSet } from './rule-set.ts'
import type { RuleSet } from './rule-set.ts'
import type { TownRule, WordedForbid } from './town-rule.ts'
import { validateRules } from './validate.ts'

export interface JudgeOptions {
  /** The town's own rules. They may add, never relax. */
  readonly extraRules?: readonly TownRule[]
}

/** Answers questions. Pure: the same facts and rules always give the same answer. */
export interface Judge {
  /** SHA-256 of the rule set, lower-case hex: recorded with what was decided by it. */
  readonly digest: string
  /**
   * Answers. Never throws, whatever it is given: what cannot be judged is refused with basis `error`.
   */
  ask(question: Question): Answer
  /**
   * The smallest change of facts, out of those the rules name, after which the answer is `pass`.
   *
   * @returns an empty list when it passes already, `undefined` when no change of facts that the rules name would do.
   */
  mend(question: Question): readonly FactChange[] | undefined
}

/**
 * Makes a judge.
 *
 * @throws SekishoError CONFIG_INVALID when a rule is unsound (`validateRules` says which and why): a boundary whose
 *   rules cannot be trusted must not start.
 */
export function createJudge({ extraRules = [] }: JudgeOptions = {}): Judge {
  const [problem] = validateRules(extraRules)
  if (problem) throw new SekishoError('CONFIG_INVALID', `${problem.rule}: ${problem.message}`)
  const rules = readRuleSet(extraRules)
  const shapes = readShapes(rules.guideline.schema)
  const ask = (question: Question): Answer => {
    try {
      const checked = readQuestion(shapes, question)
      return 'problems' in checked ? invalid(rules, checked.problems) : judge(rules, checked)
    } catch {
      // A getter of a hostile caller, or the engine itself, threw.
      return ruleError(rules, ['engine'])
    }
  }
  return Object.freeze({
    digest: rules.digest,
    ask,
    mend: (question: Question) => smallestChange(ask, rules, question),
  })
}

function judge(rules: RuleSet, checked: CheckedQuestion): Answer {
  const town = townOf(checked)
  if (!modelExists(rules, town)) return unknownModel(rules, town.edition)
  const verdict = decideWith(rules, checked, 'all')
  if (verdict.errors.length > 0) return ruleError(rules, verdict.errors)
  if (verdict.allowed) return passed(idsOf(rules.permits, verdict.fired))
  const fired = verdict.fired.flatMap((key) => rules.forbids.get(key) ?? [])
  if (fired.length === 0) return unpermitted(rules, checked)
  if (fired.some((rule) => rule.effect === 'refuse'))
    return stopped('refuse', rules, checked, fired)
  return held(rules, checked, fired)
}

/** A hold is offered to a person only if approval would really let it pass: some permit must speak for it. */
function held(rules: RuleSet, checked: CheckedQuestion, fired: readonly WordedForbid[]): Answer {
  const verdict = decideWith(rules, checked, 'permits-only')
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

function invalid(rules: RuleSet, problems: readonly string[]): Answer {
  const finding = ownFinding('FACTS-INVALID', rules.guideline.sentences.ja)
  return unjudged(
    finding,
    problems.map((name) => `FACTS-INVALID ${name}`),
  )
}

function ruleError(rules: RuleSet, keys: readonly string[]): Answer {
  const finding = ownFinding('RULE-ERROR', rules.guideline.sentences.ja)
  return unjudged(
    finding,
    keys.map((key) => `RULE-ERROR ${key}`),
  )
}

function unknownModel(rules: RuleSet, edition: Edition): Answer {
  return notPermitted([ownFinding('MODEL-EDITION', rules.guideline.sentences.ja, { edition })])
}

/** The policies are chosen by edition and model before Cedar is asked: a rule of another edition cannot speak. */
function decideWith(
  rules: RuleSet,
  checked: CheckedQuestion,
  which: 'all' | 'permits-only',
): Verdict {
  const { guideline, digest } = rules
  const town = townOf(checked)
  return decide(
    { name: digest, text: guideline.schema },
    {
      name: `${digest} ${town.edition} ${town.model} ${which}`,
      policies: () => policiesFor(rules, town, which),
    },
    checked,
  )
}

/** The schema has limited both to their lists. */
function townOf({ facts }: CheckedQuestion): { readonly edition: Edition; readonly model: Model } {
  return { edition: facts['edition'] as Edition, model: facts['model'] as Model }
}

function modelExists(
  { guideline }: RuleSet,
  { edition, model }: { readonly edition: Edition; readonly model: Model },
): boolean {
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
 */
function nearestWay(rules: RuleSet, { question, facts }: CheckedQuestion): Permit | undefined {
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
