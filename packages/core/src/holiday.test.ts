import { describe, expect, it } from 'vitest'
import { isHoliday, isWeekend } from './holiday.ts'

function holidaysOf(year: number): readonly string[] {
  const days = Array.from({ length: 366 }, (_, nth) =>
    new Date(Date.UTC(year, 0, 1 + nth)).toISOString().slice(0, 10),
  )
  return days.filter((day) => day.startsWith(String(year)) && isHoliday(day))
}

describe('a national holiday', () => {
  it('is every day of 2026 that the law makes one, the day between and the day in its place included', () => {
    expect(holidaysOf(2026).map((day) => day.slice(5))).toEqual([
      '01-01',
      '01-12',
      '02-11',
      '02-23',
      '03-20',
      '04-29',
      '05-03',
      '05-04',
      '05-05',
      '05-06',
      '07-20',
      '08-11',
      '09-21',
      '09-22',
      '09-23',
      '10-12',
      '11-03',
      '11-23',
    ])
  })

  it('is taken on the Monday when it falls on a Sunday', () => {
    expect(isHoliday('2025-02-24')).toBe(true)
    expect(isHoliday('2025-11-24')).toBe(true)
    expect(isHoliday('2027-03-22')).toBe(true)
    expect(isHoliday('2026-11-24')).toBe(false)
  })

  it('is not merely a day on which nobody works', () => {
    expect(isHoliday('2026-11-28')).toBe(false)
    expect(isWeekend('2026-11-28')).toBe(true)
    expect(isWeekend('2026-11-30')).toBe(false)
  })
})
