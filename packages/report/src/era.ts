/**
 * Days as officials write them, and as they are read from a workbook.
 */
import { ERAS, eraDate } from '@sekisho/core'

/** The Gregorian calendar came into force on this day (太政官布告第337号, 明治5年); before it were other months. */
const SOLAR = '1873-01-01'
/** 明治 began five years before the days that can be written in it. */
const FIRST_YEAR_OF_MEIJI = 1868

/** `2026-11-25` → 令和8年11月25日; the first year is 元年. A day before 1873 stays as it is. */
export function eraText(day: string): string {
  return eraDate(day) ?? day
}

/** `2026-11-25` → 令和8年11月25日（2026年11月25日）. */
export function bothCalendars(day: string): string {
  return `${eraText(day)}（${westernText(day)}）`
}

/** `2026-11-25` → 2026年11月25日. */
export function westernText(day: string): string {
  const [year, month, date] = day.split('-').map(Number)
  return `${year}年${month}月${date}日`
}

/** What reading a day gave: the day, or why it is none. `era`: the day is not in the era that is named. */
export type ReadDay =
  | { readonly ok: true; readonly day: string }
  | { readonly ok: false; readonly reason: 'form' | 'calendar' | 'era' }

/**
 * Reads a day as officials write it: 令和8年4月1日, 令和元年5月1日, R8.4.1, R08/04/01, 2026年4月1日, 2026/4/1, 2026.4.1, 2026-04-01, in half-width or
 * full-width characters. A year of two digits without an era could be either: it is not guessed.
 */
export function readDay(text: string): ReadDay {
  const plain = text.normalize('NFKC').replace(/\s/gu, '')
  const match =
    /^(?:(令和|平成|昭和|大正|明治|[RHSTM])(元|\d{1,2})|(\d{4}))(?:年|[./-])(\d{1,2})(?:月|[./-])(\d{1,2})日?$/iu.exec(
      plain,
    )
  if (!match) return { ok: false, reason: 'form' }
  const [, name, count, gregorian, month, date] = match
  const era = ERAS.findIndex((one) => one.name === name || one.letter === name?.toUpperCase())
  const year =
    gregorian === undefined
      ? firstYear(era) + (count === '元' ? 1 : Number(count)) - 1
      : Number(gregorian)
  const day = [year, month, date]
    .map((one, index) => String(one).padStart(index ? 2 : 4, '0'))
    .join('-')
  if (!exists(day) || count === '0' || count === '00') return { ok: false, reason: 'calendar' }
  if (gregorian === undefined && !within(day, era)) return { ok: false, reason: 'era' }
  return { ok: true, day }
}

function exists(day: string): boolean {
  const time = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day)
}

function firstYear(era: number): number {
  const { name, from } = ERAS[era]!
  return name === '明治' ? FIRST_YEAR_OF_MEIJI : Number(from.slice(0, 4))
}

function within(day: string, era: number): boolean {
  const next = ERAS[era - 1]?.from
  return day >= ERAS[era]!.from && day >= SOLAR && (next === undefined || day < next)
}
