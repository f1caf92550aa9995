/**
 * Dates as officials write them. Times are always those of Japan, whatever the terminal is set to.
 */
const ZONE = 'Asia/Tokyo'
const SHORT = new Intl.DateTimeFormat('ja-JP', {
  month: 'long',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZone: ZONE,
})
const ERA = new Intl.DateTimeFormat('ja-JP-u-ca-japanese', {
  era: 'long',
  year: 'numeric',
  month: 'long',
  day: 'numeric',
  timeZone: ZONE,
})
const YEAR = new Intl.DateTimeFormat('en', { year: 'numeric', timeZone: ZONE })
const CLOCK = new Intl.DateTimeFormat('ja-JP', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZone: ZONE,
})
const DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE })

/** 「11月22日 14:03」, for lists. */
export function shortTime(at: string): string {
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? at : SHORT.format(date)
}

/** 「令和8年（2026年）11月22日 14:03:09」, for records and print. */
export function fullTime(at: string): string {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return at
  return `${eraDate(date)} ${CLOCK.format(date)}`
}

/** 「令和8年（2026年）11月22日」. */
export function eraDate(date: Date): string {
  return ERA.format(date).replace('年', `年（${YEAR.format(date)}年）`)
}

/** 「2026-11-22」: the day it is in Japan. */
export function todayInJapan(): string {
  return DAY.format(new Date())
}

/** A calendar day `YYYY-MM-DD` as 「令和8年11月22日」, for lists. */
export function shortDay(day: string): string {
  const date = new Date(`${day}T00:00:00+09:00`)
  return Number.isNaN(date.getTime()) ? day : ERA.format(date)
}

/** A calendar day `YYYY-MM-DD` as 「令和8年（2026年）11月22日」. */
export function dayText(day: string): string {
  const date = new Date(`${day}T00:00:00+09:00`)
  return Number.isNaN(date.getTime()) ? day : eraDate(date)
}

/** Whole days from today to `until` in Japan; 0 is today, negative is over. */
export function daysLeft(until: string, now: Date): number {
  const last = until.length === 10 ? until : DAY.format(new Date(until))
  return Math.round((Date.parse(last) - Date.parse(DAY.format(now))) / 86_400_000)
}
