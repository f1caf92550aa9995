/**
 * Japanese eras (元号) and fiscal years (会計年度, 1 April to 31 March: 地方自治法 第208条).
 */
import type { IsoDate } from './town.ts'

export interface Era {
  readonly name: string
  /** 「R」 of 「R8.4.1」. */
  readonly letter: string
  /** First day of the era. */
  readonly from: IsoDate
}

/** Newest first. Before 1873 the calendar was another one, so 明治 begins here with its sixth year. */
export const ERAS: readonly Era[] = [
  { name: '令和', letter: 'R', from: '2019-05-01' },
  { name: '平成', letter: 'H', from: '1989-01-08' },
  { name: '昭和', letter: 'S', from: '1926-12-25' },
  { name: '大正', letter: 'T', from: '1912-07-30' },
  { name: '明治', letter: 'M', from: '1873-01-01' },
]
const FIRST_YEAR_OF_MEIJI = 1868

/**
 * The day as officials write it: 「令和8年4月1日」, 「令和元年5月1日」.
 *
 * @returns `undefined` for what is not a day of the calendar, and for days before 1873.
 */
export function eraDate(day: IsoDate): string | undefined {
  const year = eraYear(day)
  if (year === undefined) return undefined
  const [, month, date] = day.split('-').map(Number)
  return `${year}${month}月${date}日`
}

/** The first calendar year of the fiscal year a day belongs to: 2026 for 2026-04-01 to 2027-03-31. */
export function fiscalYear(day: IsoDate): number {
  const [year = 0, month = 1] = day.split('-').map(Number)
  return month >= 4 ? year : year - 1
}

/**
 * The fiscal year as officials write it: 「令和8年度」.
 *
 * A year in which the era changed carries the later era when the change came before the end of December: the year from 2019-04-01 is 令和元年度, also
 * for its April, and the year from 1988-04-01 is 昭和63年度.
 *
 * @returns `undefined` before 明治6年度.
 */
export function fiscalYearLabel(year: number): string | undefined {
  const label = eraYear(`${String(year).padStart(4, '0')}-12-31`)
  return label === undefined ? undefined : `${label}度`
}

/** First and last day of a fiscal year. */
export function fiscalYearDays(year: number): { readonly from: IsoDate; readonly until: IsoDate } {
  const text = (value: number): string => String(value).padStart(4, '0')
  return { from: `${text(year)}-04-01`, until: `${text(year + 1)}-03-31` }
}

/** 「令和8年」, 「令和元年」. */
function eraYear(day: IsoDate): string | undefined {
  if (!isDay(day)) return undefined
  const era = ERAS.find(({ from }) => from <= day)
  if (era === undefined) return undefined
  const first = era.name === '明治' ? FIRST_YEAR_OF_MEIJI : Number(era.from.slice(0, 4))
  const year = Number(day.slice(0, 4)) - first + 1
  return `${era.name}${year === 1 ? '元' : year}年`
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
