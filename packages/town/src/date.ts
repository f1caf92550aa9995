import { isDay } from '@sekisho/core'
import type { IsoDate } from '@sekisho/core'

export { isDay as isDate }

/** The same day one year earlier; 29 February becomes 28 February. */
export function yearBefore(day: IsoDate): IsoDate {
  return monthsBefore(day, 12)
}

/** The same day some months earlier; a day that month does not have becomes its last. */
export function monthsBefore(day: IsoDate, months: number): IsoDate {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const count = Math.max(0, year * 12 + month - 1 - months)
  const start = `${pad(Math.floor(count / 12), 4)}-${pad((count % 12) + 1, 2)}`
  const same = [date, 30, 29, 28].find((one) => one <= date && isDay(`${start}-${pad(one, 2)}`))
  return `${start}-${pad(same ?? 28, 2)}`
}

/** The day some days later. */
export function daysAfter(day: IsoDate, days: number): IsoDate {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}

/** Days from one day to another; negative when the other comes first. */
export function daysBetween(from: IsoDate, to: IsoDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY)
}

const DAY = 86_400_000

const pad = (value: number, length: number): string => String(value).padStart(length, '0')

/** Today in Japan, where the towns are. */
export function todayInJapan(now: Date): IsoDate {
  const number = Math.floor((now.getTime() + AHEAD) / DAY)
  if (number !== last.number) last = { number, day: JAPAN.format(now) }
  return last.day
}

/** Japan is nine hours ahead all year round, so one look at the calendar is enough for a day: a gate asks for each piece that it sends. */
const AHEAD = 9 * 3_600_000
let last = { number: Number.NaN, day: '' }

// Made once: making one costs more than a hundred uses.
const JAPAN = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo' })
