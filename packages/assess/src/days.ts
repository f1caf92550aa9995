import type { IsoDate } from '@sekisho/core'
import { daysAfter, monthsBefore } from '@sekisho/town'

export { daysAfter }

/** The same day some months later; a day that month does not have becomes its last. */
export function monthsAfter(day: IsoDate, months: number): IsoDate {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year, month + months, 0))
  last.setUTCDate(Math.min(date, last.getUTCDate()))
  return iso(last)
}

/**
 * The last day on which a paper of this day is no older than so many months, as the check counts: it looks back from a day, and after 28 February of a leap
 * year that is not the same as counting on from the paper.
 */
export function lastFreshDay(paper: IsoDate, months: number): IsoDate {
  let day = monthsAfter(paper, months)
  while (monthsBefore(daysAfter(day, 1), months) <= paper) day = daysAfter(day, 1)
  return day
}

const iso = (date: Date): IsoDate => date.toISOString().slice(0, 10)
