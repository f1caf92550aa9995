/**
 * Checks that rules are sound, before any of them decides anything.
 */
import { policySetTextToParts, policyToJson, validate } from '@cedar-policy/cedar-wasm/nodejs'
import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import { loadGuideline, needKey } from '@sekisho/guideline'
import type { Guideline, Rule } from '@sekisho/guideline'
import { readFact, readShapes } from './facts.ts'
import type { QuestionShape } from './facts.ts'
import { wordsComparedIn } from './literal.ts'
import { questionOf } from './policy.ts'
import type { TownRule } from './town-rule.ts'

/** One thing wrong with one rule. */
export interface RuleProblem {
  /** Key of the rule. */
  readonly rule: string
  readonly reason:
    | 'SYNTAX'
    | 'NOT-ONE-POLICY'
    | 'SCHEMA'
    | 'UNKNOWN-VALUE'
    | 'ANNOTATION'
    | 'NEED'
    | 'SCOPE'
    | 'PERMIT'
    | 'ID'
    | 'WORDS'
  /** For the engineer who reads it. */
  readonly message: string
}

/** Sentences of a town's rule are shown on cards of this size. */
const MAX_SENTENCE_CHARS = 200
const MAX_TEXT_CHARS = 10_000
const MAX_TOWN_RULES = 200
const ID = /^TOWN-[A-Z0-9-]{1,40}$/u
const CONTROL = /[\p{Cc}\p{Cf}]/u

let soundGuideline: readonly RuleProblem[] | undefined

/**
 * Checks the guideline's rules, and the town's own when given.
 *
 * @returns every problem found; empty when all are sound.
 */
export function validateRules(extra: readonly TownRule[] = []): readonly RuleProblem[] {
  const guideline = loadGuideline()
  const shapes = readShapes(guideline.schema)
  soundGuideline ??= checkGuideline(guideline, shapes)
  return [...soundGuideline, ...checkTownRules(guideline, shapes, extra)]
}

type Shapes = ReadonlyMap<string, QuestionShape>

function checkGuideline(guideline: Guideline, shapes: Shapes): RuleProblem[] {
  const { rules, schema } = guideline
  return [
    ...rules.flatMap((rule) => checkRule(guideline, shapes, rule)),
    ...checkSchema(schema, Object.fromEntries(rules.map((rule) => [rule.key, rule.text]))),
  ]
}

function checkRule(guideline: Guideline, shapes: Shapes, rule: Rule): RuleProblem[] {
  const read = readPolicy(rule.key, rule.text)
  if ('reason' in read) return [read]
  return [
    ...checkReading(rule, read),
    ...checkScope(rule.key, shapes, read),
    ...checkWords(rule.key, shapes, read),
    ...checkNeeds(guideline, shapes, rule),
  ]
}

/** One fault often causes the next: only the first kind found is told. */
function checkTownRules(
  guideline: Guideline,
  shapes: Shapes,
  extra: readonly TownRule[],
): RuleProblem[] {
  return firstFound(
    () => checkCount(extra),
    () => extra.flatMap(checkTownWords),
    () => extra.flatMap((rule) => checkTownScope(shapes, rule)),
    () =>
      checkSchema(guideline.schema, Object.fromEntries(extra.map(({ id, text }) => [id, text]))),
    () => extra.flatMap((rule) => checkTownValues(shapes, rule)),
  )
}

function checkTownScope(shapes: Shapes, { id, text }: TownRule): RuleProblem[] {
  const read = readPolicy(id, text)
  if ('reason' in read) return [read]
  if (read.effect !== 'forbid')
    return [problem(id, 'PERMIT', 'a town may forbid more, never permit more')]
  return checkScope(id, shapes, read)
}

function checkTownValues(shapes: Shapes, { id, text }: TownRule): RuleProblem[] {
  const read = readPolicy(id, text)
  return 'reason' in read ? [read] : checkWords(id, shapes, read)
}

function checkCount(extra: readonly TownRule[]): RuleProblem[] {
  if (extra.length > MAX_TOWN_RULES)
    return [problem('TOWN', 'ID', `more than ${MAX_TOWN_RULES} rules`)]
  const twice = new Set(extra.map(({ id }) => id)).size < extra.length
  return twice ? [problem('TOWN', 'ID', 'an id is used twice')] : []
}

function checkTownWords(rule: TownRule): RuleProblem[] {
  if (!ID.test(rule.id)) return [problem('TOWN', 'ID', 'the id must be TOWN- and A-Z, 0-9, -')]
  if (rule.text.length > MAX_TEXT_CHARS) return [problem(rule.id, 'SYNTAX', 'the text is too long')]
  return [rule.message, rule.cure, rule.clause ?? '-']
    .filter((text) => text === '' || text.length > MAX_SENTENCE_CHARS || CONTROL.test(text))
    .map(() => problem(rule.id, 'WORDS', 'a sentence is empty, too long or has control characters'))
}

/** Cedar's own reading, of exactly one policy. */
function readPolicy(key: string, text: string): PolicyJson | RuleProblem {
  const parts = policySetTextToParts(text)
  if (parts.type === 'failure')
    return problem(key, 'SYNTAX', parts.errors.map((error) => error.message).join('; '))
  const [policy] = parts.policies
  if (policy === undefined || parts.policies.length !== 1 || parts.policy_templates.length > 0)
    return problem(key, 'NOT-ONE-POLICY', 'a rule is exactly one policy')
  const json = policyToJson(policy)
  return json.type === 'success' ? json.json : problem(key, 'SYNTAX', 'the policy cannot be read')
}

/** The guideline package reads annotations without Cedar: both must have read the same. */
function checkReading(rule: Rule, policy: PolicyJson): RuleProblem[] {
  const { annotations = {}, effect } = policy
  const same =
    effect === rule.kind &&
    questionOf(policy) === rule.question &&
    annotations['id'] === rule.id &&
    annotations['part'] === rule.part &&
    annotations['clause'] === rule.clause &&
    annotations['verified'] === String(rule.verified) &&
    (rule.kind === 'permit' ||
      (annotations['effect'] === rule.effect &&
        annotations['who'] === rule.who &&
        annotations['gate'] === rule.gate))
  return same ? [] : [problem(rule.key, 'ANNOTATION', 'the annotations are read in two ways')]
}

/** The scope names one question and nothing else: a rule bound to one asker would never fire for another. */
function checkScope(key: string, shapes: Shapes, policy: PolicyJson): RuleProblem[] {
  const known = shapes.has(questionOf(policy) ?? '')
  return known && policy.principal.op === 'All' && policy.resource.op === 'All'
    ? []
    : [problem(key, 'SCOPE', 'the scope must be one known question and nothing else')]
}

function checkWords(key: string, shapes: Shapes, policy: PolicyJson): RuleProblem[] {
  const shape = shapes.get(questionOf(policy) ?? '')
  return wordsComparedIn(policy)
    .filter(({ fact, word }) => !shape || !mayBe(shape, fact, word))
    .map(({ fact, word }) => problem(key, 'UNKNOWN-VALUE', `${fact} is never "${word}"`))
}

function firstFound(...checks: readonly (() => RuleProblem[])[]): RuleProblem[] {
  for (const check of checks) {
    const found = check()
    if (found.length > 0) return found
  }
  return []
}

function mayBe(shape: QuestionShape, fact: string, word: string): boolean {
  const values = shape.get(fact)
  return values !== undefined && 'values' in values && values.values.includes(word)
}

/** Cedar's strict type check. A warning, such as a policy that can never apply, counts as a problem. */
function checkSchema(schema: string, policies: Record<string, string>): RuleProblem[] {
  const answer = validate({ schema, policies: { staticPolicies: policies } })
  if (answer.type === 'failure')
    return [problem('*', 'SCHEMA', answer.errors.map((error) => error.message).join('; '))]
  return [...answer.validationErrors, ...answer.validationWarnings].map(({ policyId, error }) =>
    problem(policyId, 'SCHEMA', [error.message, error.help ?? ''].join(' ').trim()),
  )
}

/** What a rule says would mend it must be facts of its own question, and have names in both languages when listed. */
function checkNeeds({ sentences }: Guideline, shapes: Shapes, rule: Rule): RuleProblem[] {
  const shape = shapes.get(rule.question)
  return rule.needs.flatMap((need) => {
    const fact = shape?.get(need.fact)
    if (!fact || readFact(fact, need.value) === undefined)
      return [problem(rule.key, 'NEED', `${need.fact} cannot be ${String(need.value)}`)]
    const unnamed = [sentences.ja, sentences.en].some(
      ({ rules, missing }) =>
        rules.get(rule.key)?.cure.includes('{missing}') && !missing.has(needKey(need)),
    )
    return unnamed ? [problem(rule.key, 'WORDS', `${needKey(need)} has no name`)] : []
  })
}

function problem(rule: string, reason: RuleProblem['reason'], message: string): RuleProblem {
  return { rule, reason, message }
}
