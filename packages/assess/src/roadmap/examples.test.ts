import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { checkTown, readTown, runTownTests } from '@sekisho/town'
import { readPlan } from './plan-file.ts'

const text = (path: string): string =>
  readFileSync(new URL(`../../../../examples/${path}`, import.meta.url), 'utf8')

it.each([
  ['kasumi-alpha-prime', 'α′', '2027-06-30'],
  ['kasumi-beta-prime', 'β′', '2028-03-30'],
])('%s is a target worth reaching: %s, nothing to mend, every test green', (name, model, at) => {
  const read = readTown(text(`${name}/target.yaml`))
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('\n'))
  expect(read.town.model).toBe(model)
  expect(checkTown(read, { at }).findings).toEqual([])
  expect(runTownTests(read.town).filter(({ green }) => !green)).toEqual([])
})

it('the plan of the example can be read', () => {
  expect(readPlan(text('kasumi-beta-prime/plan.yaml'))).toMatchObject({ ok: true })
})
