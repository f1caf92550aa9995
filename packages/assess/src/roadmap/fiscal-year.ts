/** Halves of fiscal years. Days are `YYYY-MM-DD`. */
import { fiscalYear, fiscalYearLabel } from '@sekisho/core'
import type { IsoDate } from '@sekisho/core'

/** Half of a fiscal year: 上半期 April to September, 下半期 October to March. */
export interface HalfYear {
  /** Calendar year in which the fiscal year begins. */
  readonly year: number
  readonly half: 1 | 2
}

/** 令和8年度. */
export function fiscalYearName(year: number): string {
  return fiscalYearLabel(year) ?? `${year}年度`
}

export function halfYearOf(day: IsoDate): HalfYear {
  const month = Number(day.split('-')[1])
  return { year: fiscalYear(day), half: month >= 4 && month <= 9 ? 1 : 2 }
}

export const firstDay = ({ year, half }: HalfYear): IsoDate =>
  half === 1 ? `${pad(year)}-04-01` : `${pad(year)}-10-01`

export const next = ({ year, half }: HalfYear): HalfYear =>
  half === 1 ? { year, half: 2 } : { year: year + 1, half: 1 }

/** 0 when the same, negative when `a` is earlier. */
export const compare = (a: HalfYear, b: HalfYear): number => a.year - b.year || a.half - b.half

const pad = (year: number): string => String(year).padStart(4, '0')
