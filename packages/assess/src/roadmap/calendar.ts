import type { IsoDate } from '@sekisho/core'
import { compare, firstDay, halfYearOf, next, type HalfYear } from './fiscal-year.ts'

/** When each change may be made, and how many steps the staff can take. */
export interface Calendar {
  /** The first day of the plan. */
  readonly from: IsoDate
  /** Steps that the staff can take in one half-year; at least 1. */
  readonly capacity: number
  /** For each change. */
  readonly earliest: readonly (IsoDate | undefined)[]
  readonly latest: readonly (IsoDate | undefined)[]
}

/** How far the plan has come. For one set of changes an earlier moment is never worse, whatever follows. */
export interface Moment {
  readonly day: IsoDate
  /** Steps taken in the half-year of `day`. */
  readonly taken: number
}

export const start = ({ from }: Calendar): Moment => ({ day: from, taken: 0 })

/** The moment after making a change as early as may be; steps follow each other, so it is never before the one before. */
export function step(moment: Moment, change: number, calendar: Calendar): Moment {
  const earliest = calendar.earliest[change]
  const day = earliest !== undefined && earliest > moment.day ? earliest : moment.day
  const half = halfYearOf(day)
  const taken = isSame(half, halfYearOf(moment.day)) ? moment.taken : 0
  if (taken < calendar.capacity) return { day, taken: taken + 1 }
  return { day: firstDay(next(half)), taken: 1 }
}

export const isLate = ({ day }: Moment, change: number, { latest }: Calendar): boolean =>
  latest[change] !== undefined && latest[change] < day

export function isEarlier(a: Moment, b: Moment): boolean {
  const halves = compare(halfYearOf(a.day), halfYearOf(b.day))
  return halves < 0 || (halves === 0 && a.taken < b.taken)
}

const isSame = (a: HalfYear, b: HalfYear): boolean => compare(a, b) === 0
