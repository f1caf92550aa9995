/** 年度: April to March, counted in 令和 (令和元年度 began on 2019-05-01, within 2019). Days are `YYYY-MM-DD`. */
import type { IsoDate } from '@sekisho/core'

/** Half of a fiscal year: 上半期 April to September, 下半期 October to March. */
export interface HalfYear {
  /** Calendar year in which the fiscal year begins. */
  readonly year: number
  readonly half: 1 | 2
}

/** The year in which the fiscal year of a day begins: 2027-03-31 belongs to 2026. */
export function fiscalYear(day: IsoDate): number {
  const [year = 0, month = 1] = day.split('-').map(Number)
  return month >= 4 ? year : year - 1
}

/** 令和8年度; a year before 令和 is written in our calendar only. */
export function fiscalYearName(year: number): string {
  if (year < 2019) return `${year}年度`
  return year === 2019 ? '令和元年度' : `令和${year - 2018}年度`
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
