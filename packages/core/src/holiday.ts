/** National holidays of Japan (国民の祝日に関する法律), from the year 2022 on; the two years before had laws of their own. */
import type { IsoDate } from './town.ts'

/** True on a national holiday, on the day taken in its place (振替休日, 3条2項), and on a day between two of them (3条3項). */
export function isHoliday(day: IsoDate): boolean {
  if (isNamed(day)) return true
  if (isNamed(shift(day, -1)) && isNamed(shift(day, 1))) return true
  // The next day that is no holiday itself, after one that fell on a Sunday.
  for (let before = shift(day, -1); isNamed(before); before = shift(before, -1))
    if (weekday(before) === SUNDAY) return true
  return false
}

/** Saturdays and Sundays. */
export function isWeekend(day: IsoDate): boolean {
  return [SUNDAY, SATURDAY].includes(weekday(day))
}

const [SUNDAY, MONDAY, SATURDAY] = [0, 1, 6]

/** Month and date. */
const FIXED: ReadonlySet<string> = new Set([
  '01-01',
  '02-11',
  '02-23',
  '04-29',
  '05-03',
  '05-04',
  '05-05',
  '08-11',
  '11-03',
  '11-23',
])

/** Month to which Monday of it. */
const MONDAYS: ReadonlyMap<number, number> = new Map([
  [1, 2],
  [7, 3],
  [9, 3],
  [10, 2],
])

function isNamed(day: IsoDate): boolean {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  if (FIXED.has(day.slice(5))) return true
  if (weekday(day) === MONDAY && MONDAYS.get(month) === Math.ceil(date / 7)) return true
  return (month === 3 || month === 9) && date === equinox(year, month)
}

/**
 * The day the observatory announces a year before, by the usual approximation; good until 2099 unless the law or the sky changes.
 */
function equinox(year: number, month: 3 | 9): number {
  const first = month === 3 ? 20.8431 : 23.2488
  return Math.floor(first + 0.242_194 * (year - 1980)) - Math.floor((year - 1980) / 4)
}

const weekday = (day: IsoDate): number => new Date(`${day}T00:00:00Z`).getUTCDay()

function shift(day: IsoDate, days: number): IsoDate {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}
