/**
 * Facts in, answer out.
 */
import { SekishoError } from '@sekisho/core'
import type { Answer, Question } from '@sekisho/core'
import { answerTo, invalid, ruleError, townOf } from './answering.ts'
import type { Asked, Verdict } from './answering.ts'
import { decide } from './engine.ts'
import { foreignClassIn, readQuestion, readShapes } from './facts.ts'
import type { CheckedQuestion, QuestionShape } from './facts.ts'
import { smallestChange } from './mend.ts'
import type { FactChange, Placed } from './mend.ts'
import { policiesFor, readRuleSet } from './rule-set.ts'
import type { RuleSet } from './rule-set.ts'
import type { TownRule } from './town-rule.ts'
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
   * The smallest change of facts, out of those that the speaking rules name, after which the answer is `pass`.
   *
   * @param placed How changed facts arrive where they are put; see `mendForm`.
   * @returns an empty list when it passes already, `undefined` when no change of facts that the rules name would do.
   */
  mend(question: Question, placed?: Placed): readonly FactChange[] | undefined
}

/**
 * Makes a judge.
 *
 * @throws SekishoError CONFIG_INVALID when a rule is unsound (`validateRules` says which and why): a boundary whose
 *   rules cannot be trusted must not start.
 */
export function createJudge(options: JudgeOptions = {}): Judge {
  return judgeWith(options, (rules) => {
    const byEngine = (checked: CheckedQuestion, asked: Asked): Verdict =>
      engineVerdict(rules, checked, asked)
    return (checked) => answerTo(rules, checked, byEngine)
  })
}

/** Answers a question whose facts have been checked. */
export type Answering = (checked: CheckedQuestion) => Answer

/**
 * Makes a judge that checks facts and then answers as `answering` does.
 *
 * @throws SekishoError CONFIG_INVALID when a rule is unsound, and whatever `answering` throws over the rules.
 */
export function judgeWith(
  { extraRules = [] }: JudgeOptions,
  answering: (rules: RuleSet, shapes: ReadonlyMap<string, QuestionShape>) => Answering,
): Judge {
  const [problem] = validateRules(extraRules)
  if (problem) throw new SekishoError('CONFIG_INVALID', `${problem.rule}: ${problem.message}`)
  const rules = readRuleSet(extraRules)
  const shapes = readShapes(rules.guideline.schema)
  const answer = answering(rules, shapes)
  const ask = (question: Question): Answer => {
    try {
      const checked = readQuestion(shapes, question)
      if (!('problems' in checked)) return answer(checked)
      const { problems } = checked
      return invalid(rules, problems, foreignClassIn(question, problems))
    } catch {
      // A getter of a hostile caller, or the engine itself, threw.
      return ruleError(rules, ['engine'])
    }
  }
  return Object.freeze({
    digest: rules.digest,
    ask,
    mend: (question: Question, placed?: Placed) => smallestChange(ask, rules, question, placed),
  })
}

/**
 * The policies are chosen by question, edition and model before Cedar is asked: a rule of another edition cannot
 * speak, and the engine does not spend its time on rules of other questions.
 */
function engineVerdict(rules: RuleSet, checked: CheckedQuestion, asked: Asked): Verdict {
  const { guideline, digest } = rules
  const { question } = checked
  const town = townOf(checked)
  return decide(
    { name: digest, text: guideline.schema },
    {
      name: `${digest} ${question} ${town.edition} ${town.model} ${asked}`,
      policies: () => policiesFor(rules, question, town, asked),
    },
    checked,
  )
}
