import type { Answer, Question } from '@sekisho/core'
import { createJudge } from '@sekisho/judge'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { checkTown } from './check.ts'
import { DAY, fileText } from './corpus.test-support.ts'
import { readTownValue } from './read.ts'
import { nameOf, weakenings } from './walk.test-support.ts'

const TOWNS = {
  alpha: 'packages/town/templates/alpha.yaml',
  'alpha-prime': 'corpus/town/walk/alpha-prime.yaml',
  beta: 'corpus/town/walk/beta.yaml',
  'beta-prime': 'corpus/town/walk/beta-prime.yaml',
}
const real = createJudge()
const answers = new Map<string, Answer>()
// One weakening changes few questions.
const judge = {
  ask: (question: Question): Answer => {
    const key = JSON.stringify(question)
    const answer = answers.get(key) ?? real.ask(question)
    answers.set(key, answer)
    return answer
  },
}

type Declaration = Parameters<typeof weakenings>[0]

/** What a check says, by rule and by the name of the place; nothing when the file is refused as a whole. */
function saidOf(declaration: Declaration): readonly string[] {
  const read = readTownValue(declaration)
  if (!read.ok) return []
  return checkTown(read, { at: DAY, judge }).findings.map(
    ({ rule, path = '' }) => `${rule} ${nameOf(declaration, keysOf(path))}`,
  )
}

const keysOf = (path: string): (string | number)[] =>
  path.split(/[.[\]]/u).flatMap((key) => (key === '' ? [] : /^\d+$/u.test(key) ? Number(key) : key))

describe('every protection of a good town, taken away one at a time', () => {
  test.each(Object.entries(TOWNS))('%s turns exactly its rows red', (name, file) => {
    const declaration = parse(fileText(file)) as Declaration
    expect(saidOf(declaration)).toEqual([])
    const red = weakenings(declaration)
      .map(({ what, value }) => [what, saidOf(value)] as const)
      .filter(([, said]) => said.length > 0)
    expect(Object.fromEntries(red)).toEqual(
      JSON.parse(fileText(`corpus/town/walk/${name}.expect.json`)),
    )
  })
})
