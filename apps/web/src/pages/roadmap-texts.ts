/** Days and amounts of the planner, as officials write them. */
import { shortDay } from '../ui/dates.ts'
import { safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'

/** A sentence of the planner: its days as officials write them, and what cannot be seen made visible. */
export function withDays(sentence: string): string {
  return safeName(sentence).replaceAll(/\d{4}-\d{2}-\d{2}/gu, shortDay)
}

/** 「約32時間増えます」. */
export function minutesText(minutes: number): string {
  const hours = Math.round(Math.abs(minutes) / 60).toLocaleString('ja-JP')
  return say(minutes < 0 ? 'models.less' : 'models.more', { hours })
}
