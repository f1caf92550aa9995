import { describe, expect, it } from 'vitest'
import { MAX_PLAN, readPlan } from './plan-file.ts'

const reasonsOf = (text: string): readonly string[] => {
  const read = readPlan(text)
  return read.ok ? [] : read.problems.map(({ reason, path }) => `${reason} ${path}`)
}

describe('a plan file', () => {
  it('may say nothing at all', () => {
    expect(readPlan('')).toMatchObject({ ok: true, plan: { renewals: [], never: [] } })
  })

  it('keeps every date as written', () => {
    const read = readPlan('renewals: [{ subject: systems.vdi, on: 2028-04-01 }]\ncapacity: 3')
    expect(read).toMatchObject({
      ok: true,
      plan: { capacity: 3, renewals: [{ subject: 'systems.vdi', on: '2028-04-01' }] },
    })
  })

  it.each([
    ['a mistyped key', 'renewal: []', 'PLAN-VALUE renewal'],
    ['a day that does not exist', 'start: 2027-02-29', 'PLAN-VALUE start'],
    ['no capacity', 'capacity: 0', 'PLAN-VALUE capacity'],
    ['a contract without its end', 'contracts: [{ subject: a }]', 'PLAN-VALUE contracts[0].ends'],
    ['a list instead of a plan', '- 1', 'PLAN-VALUE '],
    ['an alias', 'renewals: &a []\ncontracts: *a', 'PLAN-YAML '],
    ['text that is no YAML', 'a: [1', 'PLAN-YAML '],
    ['nesting beyond the stack', '['.repeat(30_000), 'PLAN-YAML '],
    ['a flood', '#'.repeat(MAX_PLAN + 1), 'PLAN-BIG '],
  ])('with %s is refused', (_, text, reason) => {
    expect(reasonsOf(text)).toEqual([reason])
  })
})
