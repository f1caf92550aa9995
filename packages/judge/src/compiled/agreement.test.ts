import { isDeepStrictEqual } from 'node:util'
import type { Answer, Question } from '@sekisho/core'
import { loadGuideline } from '@sekisho/guideline'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asQuestion, combinations, goldenCases, matrices } from '../corpus.test-support.ts'
import type { GoldenCase } from '../corpus.test-support.ts'
import { readShapes } from '../facts.ts'
import { createJudge } from '../judge.ts'
import { createCompiledJudge } from './compiled-judge.ts'
import { townRules } from './policies.test-support.ts'
import { anyRequest } from './requests.test-support.ts'

/** `SEKISHO_AGREEMENT_REQUESTS=1000000` for a long run. */
const REQUESTS = Number(process.env['SEKISHO_AGREEMENT_REQUESTS'] ?? 20_000)
/** The engine needs a quarter of a millisecond for one; a busy machine several times that. */
const TIMEOUT = 60_000 + REQUESTS * 3

const shapes = readShapes(loadGuideline().schema)
const extraRules = townRules(shapes, 4)
const pairs = [
  { title: 'the rules of the guideline', options: {}, share: 0.7 },
  { title: "a town's own rules besides", options: { extraRules }, share: 0.3 },
].map(({ title, options, share }) => ({
  title,
  requests: Math.ceil(REQUESTS * share),
  engine: createJudge(options),
  compiled: createCompiledJudge(options),
}))

for (const { title, requests, engine, compiled } of pairs)
  describe(`the compiled judge and the engine agree: ${title}`, () => {
    it('on every golden case', () => {
      for (const { question, facts } of goldenCases()) {
        const asked = asQuestion(question, facts)
        expect(compiled.ask(asked)).toEqual(engine.ask(asked))
      }
    })

    it('on how to mend a case of each file', () => {
      for (const { question, facts } of onePerFile()) {
        const asked = asQuestion(question, facts)
        expect(compiled.mend(asked)).toEqual(engine.mend(asked))
      }
    })

    it('on the matrix of crossings and the table of places', () => {
      for (const matrix of matrices()) {
        const questions = combinations(matrix).map((facts) => asQuestion(matrix.question, facts))
        expect(questions.map((asked) => compiled.ask(asked))).toEqual(
          questions.map((asked) => engine.ask(asked)),
        )
      }
    })

    it(`on ${requests} random requests, valid and broken`, { timeout: TIMEOUT }, () => {
      const seen = new Map<string, number>()
      const agrees = fc.property(anyRequest(shapes), (make) => {
        const answer = compiled.ask(make() as Question)
        count(seen, `${answer.basis} ${answer.result}`)
        return isDeepStrictEqual(answer, engine.ask(make() as Question)) && isFrozen(answer)
      })
      expect(fc.check(agrees, { numRuns: requests }).counterexample).toBeNull()
      // Agreement on refusals only would show little.
      expect([...seen.keys()].toSorted()).toEqual([
        'error refuse',
        'forbidden hold',
        'forbidden refuse',
        'not-permitted refuse',
        'permitted pass',
      ])
      for (const times of seen.values()) expect(times).toBeGreaterThan(requests / 200)
    })

    it('carries the same digest', () => {
      expect(compiled.digest).toBe(engine.digest)
      expect(Object.isFrozen(compiled)).toBe(true)
    })
  })

describe('answers that were kept', () => {
  it('do not mix up what is missing', () => {
    for (const { question, facts } of onePerFile())
      for (const name of Object.keys(facts)) {
        const changed = { ...facts, [name]: facts[name] !== true }
        const asked = asQuestion(question, typeof facts[name] === 'boolean' ? changed : facts)
        expect(pairs[0]?.compiled.ask(asked)).toEqual(pairs[0]?.engine.ask(asked))
      }
  })

  it('are the same object, so that nothing is built twice', () => {
    const { question, facts } = goldenCases().find(({ expect: { result } }) => result === 'pass')!
    const judge = createCompiledJudge()
    const ask = (): Answer => judge.ask(asQuestion(question, { ...facts }))
    expect(ask()).toBe(ask())
  })
})

function onePerFile(): readonly GoldenCase[] {
  return [...new Map(goldenCases().map((golden) => [golden.file, golden])).values()]
}

function count(seen: Map<string, number>, what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1)
}

function isFrozen(answer: Answer): boolean {
  const { findings } = answer
  return [answer, findings, ...findings, ...findings.map(({ cure }) => cure)].every((part) =>
    Object.isFrozen(part),
  )
}
