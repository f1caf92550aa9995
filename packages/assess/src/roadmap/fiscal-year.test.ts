import { fiscalYear } from '@sekisho/core'
import { expect, it } from 'vitest'
import { compare, firstDay, fiscalYearName, halfYearOf, next } from './fiscal-year.ts'

it.each([
  ['2026-04-01', '令和8年度', 1],
  ['2026-09-30', '令和8年度', 1],
  ['2026-10-01', '令和8年度', 2],
  ['2027-03-31', '令和8年度', 2],
  ['2027-04-01', '令和9年度', 1],
  ['2019-05-01', '令和元年度', 1],
  ['2019-03-31', '平成30年度', 2],
])('%s is in %s, half %i', (day, name, half) => {
  expect(fiscalYearName(fiscalYear(day))).toBe(name)
  expect(halfYearOf(day).half).toBe(half)
})

it('half-years follow each other and begin on their first day', () => {
  let half = halfYearOf('2026-11-25')
  for (let count = 0; count < 10; count += 1) {
    const after = next(half)
    expect(compare(half, after)).toBeLessThan(0)
    expect(halfYearOf(firstDay(after))).toEqual(after)
    half = after
  }
})
