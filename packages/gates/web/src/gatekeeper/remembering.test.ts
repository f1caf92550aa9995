import type { Answer, Question } from '@sekisho/core'
import { createCompiledJudge } from '@sekisho/judge'
import { expect, it } from 'vitest'
import { remembering } from './remembering.ts'

const question = (facts: object): Question => ({ question: 'web-destination', facts }) as Question

it('asks the judge once for the same facts, and again for any other', () => {
  const asked: Question[] = []
  const judge = remembering({
    ask: (one) => {
      asked.push(one)
      return {
        result: 'refuse',
        findings: [],
        determining: [String(asked.length)],
      } as unknown as Answer
    },
  })
  const first = judge.ask(question({ serverName: 'same' }))
  expect(judge.ask(question({ serverName: 'same' }))).toBe(first)
  expect(judge.ask(question({ serverName: 'other' }))).not.toBe(first)
  for (let other = 0; other < 5_000; other += 1) judge.ask(question({ other }))
  expect(judge.ask(question({ serverName: 'same' }))).toEqual({ ...first, determining: ['5003'] })
})

it('is given answers that nobody can change for the next', () => {
  const answer = createCompiledJudge().ask(question({}))
  expect(Object.isFrozen(answer)).toBe(true)
  expect(Object.isFrozen(answer.findings)).toBe(true)
})
