import { describe, expect, test } from 'vitest'
import { eraDate, fiscalYear, fiscalYearDays, fiscalYearLabel } from './era.ts'

describe('a day in its era', () => {
  test.each([
    ['1912-07-29', '明治45年7月29日'],
    ['1912-07-30', '大正元年7月30日'],
    ['1926-12-24', '大正15年12月24日'],
    ['1926-12-25', '昭和元年12月25日'],
    ['1989-01-07', '昭和64年1月7日'],
    ['1989-01-08', '平成元年1月8日'],
    ['2019-04-30', '平成31年4月30日'],
    ['2019-05-01', '令和元年5月1日'],
    ['2019-12-31', '令和元年12月31日'],
    ['2020-01-01', '令和2年1月1日'],
    ['2026-04-01', '令和8年4月1日'],
    ['2028-02-29', '令和10年2月29日'],
  ])('%s is %s', (day, wanted) => expect(eraDate(day)).toBe(wanted))

  test('agrees with the calendar of the runtime on every day from 1926 to 2060', () => {
    const format = new Intl.DateTimeFormat('ja-JP-u-ca-japanese', {
      era: 'long',
      year: 'numeric',
      month: 'long',
      day: 'numeric',
      timeZone: 'UTC',
    })
    const wrong: string[] = []
    for (let time = Date.UTC(1926, 0, 1); time < Date.UTC(2061, 0, 1); time += 86_400_000) {
      const day = new Date(time).toISOString().slice(0, 10)
      if (eraDate(day) !== format.format(time)) wrong.push(day)
    }
    expect(wrong).toEqual([])
  })

  test.each(['2027-02-29', '2026-4-1', '', '1872-12-31', '令和8年'])('%j is no such day', (day) =>
    expect(eraDate(day)).toBeUndefined(),
  )
})

describe('the fiscal year', () => {
  test.each([
    ['2026-03-31', 2025, '令和7年度'],
    ['2026-04-01', 2026, '令和8年度'],
    ['2027-03-31', 2026, '令和8年度'],
    ['2027-04-01', 2027, '令和9年度'],
    ['2019-03-31', 2018, '平成30年度'],
    ['2019-04-01', 2019, '令和元年度'],
    ['2020-03-31', 2019, '令和元年度'],
    ['2020-04-01', 2020, '令和2年度'],
    ['1989-03-31', 1988, '昭和63年度'],
    ['1989-04-01', 1989, '平成元年度'],
  ])('%s is in %i, %s', (day, year, label) => {
    expect(fiscalYear(day)).toBe(year)
    expect(fiscalYearLabel(year)).toBe(label)
  })

  test('begins on 1 April and ends on 31 March', () => {
    expect(fiscalYearDays(2026)).toEqual({ from: '2026-04-01', until: '2027-03-31' })
  })
})
