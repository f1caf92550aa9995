/**
 * The same judge for hot paths: the same rule texts, compiled to closures when it is made instead of being evaluated by
 * the engine each time.
 */
import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import { SekishoError } from '@sekisho/core'
import type { Answer } from '@sekisho/core'
import type { Rule } from '@sekisho/guideline'
import { answerTo } from '../answering.ts'
import type { CheckedQuestion, QuestionShape } from '../facts.ts'
import { judgeWith } from '../judge.ts'
import type { Answering, Judge, JudgeOptions } from '../judge.ts'
import { policyOf } from '../policy.ts'
import type { RuleSet } from '../rule-set.ts'
import { compileProgram } from './program.ts'
import type { Program } from './program.ts'

/**
 * Makes a judge that gives the answers of `createJudge`, with the same digest, without asking the engine.
 *
 * @throws SekishoError CONFIG_INVALID when a rule is unsound, or says something that the compiler does not know
 *   (arithmetic, for example): such rules need `createJudge`.
 */
export function createCompiledJudge(options: JudgeOptions = {}): Judge {
  return judgeWith(options, compiledAnswers)
}

/** Whoever chooses the facts chooses how many different answers there are; beyond this many none is kept. */
const MAX_KEPT_ANSWERS = 10_000

/** A program with the answers it has given already. */
interface Compiled {
  readonly program: Program
  readonly answers: Map<string, Answer>
}

/** By question, edition and model. */
type Programs = ReadonlyMap<unknown, ReadonlyMap<unknown, ReadonlyMap<unknown, Compiled>>>

function compiledAnswers(rules: RuleSet, shapes: ReadonlyMap<string, QuestionShape>): Answering {
  const programs = compileAll(rules, shapes)
  let kept = 0
  return (checked) => {
    const { edition, model } = checked.facts
    const compiled = programs.get(checked.question)?.get(edition)?.get(model)
    if (!compiled) return answerTo(rules, checked, withoutProgram)
    const { program, answers } = compiled
    const signature = program.signature(checked)
    const known = answers.get(signature)
    if (known) return known
    const answer = answerTo(rules, checked, program.decide)
    if (kept < MAX_KEPT_ANSWERS) {
      answers.set(signature, answer)
      kept += 1
    }
    return answer
  }
}

function compileAll(rules: RuleSet, shapes: ReadonlyMap<string, QuestionShape>): Programs {
  const policyFor = policiesReadOnce()
  const { editions } = rules.guideline
  return new Map(
    [...shapes].map(([question, shape]) => [
      question,
      new Map(
        editions.map(({ id: edition, models }) => [
          edition,
          new Map(
            models.map((model) => {
              const about = { question, shape, town: { edition, model } }
              const program = compileProgram(rules, policyFor, about)
              return [model, { program, answers: new Map<string, Answer>() }]
            }),
          ),
        ]),
      ),
    ]),
  )
}

/** Cedar's reading of each rule, once, however many programs it belongs to. */
function policiesReadOnce(): (rule: Rule) => PolicyJson {
  const read = new Map<string, PolicyJson>()
  return ({ key, text }) => {
    const policy = read.get(key) ?? policyOf(key, text)
    read.set(key, policy)
    return policy
  }
}

/** An edition without this model is answered before any rule is asked; should a rule be asked after all, refuse. */
function withoutProgram({ question }: CheckedQuestion): never {
  throw new SekishoError('CONFIG_INVALID', `no program for ${question}`)
}
