import { describe, expect, it } from 'vitest'
import { daysLeft, eraDate, fullTime, shortTime } from './dates.ts'

describe('dates', () => {
  it.each([
    ['2019-04-30T12:00:00+09:00', '平成31年（2019年）4月30日'],
    ['2019-05-01T00:00:00+09:00', '令和元年（2019年）5月1日'],
    ['2026-11-22T14:03:09+09:00', '令和8年（2026年）11月22日'],
  ])('%s is %s', (at, words) => {
    expect(eraDate(new Date(at))).toBe(words)
  })

  it('are those of Japan whatever the terminal is set to', () => {
    expect(shortTime('2026-11-22T15:30:00Z')).toBe('11月23日 00:30')
    expect(fullTime('2026-11-22T15:30:05Z')).toBe('令和8年（2026年）11月23日 00:30:05')
  })

  it('shows what it cannot read instead of hiding it', () => {
    expect(shortTime('いつか')).toBe('いつか')
  })

  it.each([
    ['2026-11-22', 0],
    ['2026-11-22T23:59:59+09:00', 0],
    ['2026-11-21', -1],
    ['2026-12-01', 9],
    ['2027-03-01', 99],
  ])('counts days in Japan: until %s it is %i', (until, days) => {
    expect(daysLeft(until, new Date('2026-11-22T23:30:00+09:00'))).toBe(days)
  })
})
