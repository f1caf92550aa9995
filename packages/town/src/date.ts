import type { IsoDate } from '@sekisho/core'

/** True for a day that exists, written `YYYY-MM-DD`: 2026-02-29 is not one. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/** The same day one year earlier; 29 February becomes 28 February. */
export function yearBefore(day: IsoDate): IsoDate {
  const year = String(Number(day.slice(0, 4)) - 1).padStart(4, '0')
  const same = `${year}${day.slice(4)}`
  return isDate(same) ? same : `${year}-02-28`
}

/** Today in Japan, where the towns are. */
export function todayInJapan(now: Date): IsoDate {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo' }).format(now)
}
