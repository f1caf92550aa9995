import { expect, it } from 'vitest'
import { SendBudget } from './send-budget.ts'

it('counts what a person sends to a service in a day, and lets no byte more out', () => {
  const budget = new SendBudget(() => '2026-11-26')
  expect(budget.spend('s0001', 'exchange', 60, 100)).toBe(true)
  expect(budget.spend('s0001', 'exchange', 41, 100)).toBe(false)
  expect(budget.spend('s0001', 'exchange', 40, 100)).toBe(true)
  expect(budget.spend('s0002', 'exchange', 100, 100)).toBe(true)
  expect(budget.spend('s0001', 'teams', 100, 100)).toBe(true)
  expect(budget.sent('s0001', 'exchange')).toBe(100)
})

it('begins anew with the day, and not when the clock goes back', () => {
  let today = '2026-11-26'
  const budget = new SendBudget(() => today)
  budget.spend('s0001', 'exchange', 100, 100)
  today = '2026-11-25'
  expect(budget.spend('s0001', 'exchange', 1, 100)).toBe(false)
  today = '2026-11-27'
  expect(budget.spend('s0001', 'exchange', 100, 100)).toBe(true)
})

it('remembers what was sent before a start', () => {
  const before = { person: 's0001', service: 'exchange', bytes: 100 }
  const known = [
    { ...before, day: '2026-11-26' },
    { ...before, day: '2026-11-25' },
  ]
  expect(new SendBudget(() => '2026-11-26', known).sent('s0001', 'exchange')).toBe(100)
})

it('sends what it likes where the town set no limit', () => {
  const budget = new SendBudget(() => '2026-11-26')
  expect(budget.spend('s0001', 'exchange', 1e12, undefined)).toBe(true)
})
