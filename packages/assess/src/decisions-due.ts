/**
 * Recorded decisions that come back by themselves: a date among their facts has passed or is near.
 */
import { isDay } from '@sekisho/core'
import type { EvidenceEntry, IsoDate } from '@sekisho/core'
import { formOf } from '@sekisho/guideline'
import { daysAfter } from './days.ts'

/** How many days ahead a decision comes back. Ours: no publication we read states it. */
export const COMES_BACK_DAYS = 60

/** What of a record of kind `decided` is needed. */
export type DecidedRow = Pick<EvidenceEntry, 'number' | 'detail'>

/** One date of one decision. */
export interface DueDecision {
  readonly number: string
  readonly question: string
  /** Title of the question. */
  readonly title: string
  /** As it was written: hostile text. */
  readonly subject: string
  /** What the date is, in words. */
  readonly label: string
  readonly date: IsoDate
  /** The date has passed. On the day itself it has not. */
  readonly overdue: boolean
}

/**
 * The decisions to look at again, by date. A decision that was replaced does not come back, nor one that stopped what was asked: nothing of it runs out.
 * Only facts count that the question's form marks as a day to come back on.
 *
 * @param replaced Numbers of the decisions that a later one replaced.
 */
export function decisionsDue(
  rows: readonly DecidedRow[],
  replaced: ReadonlySet<string>,
  at: IsoDate,
): readonly DueDecision[] {
  const until = daysAfter(at, COMES_BACK_DAYS)
  return rows
    .filter(({ number, detail }) => !replaced.has(number ?? '') && detail['result'] !== 'refuse')
    .flatMap((row) => datesOf(row, at))
    .filter(({ date }) => date <= until)
    .toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
}

/** Numbers of the decisions that another of these replaces. */
export function replacedBy(rows: readonly DecidedRow[]): ReadonlySet<string> {
  return new Set(
    rows.flatMap(({ detail: { supersedes } }) =>
      typeof supersedes === 'string' ? [supersedes] : [],
    ),
  )
}

function datesOf({ number = '', detail }: DecidedRow, at: IsoDate): readonly DueDecision[] {
  const form = typeof detail['question'] === 'string' ? formOf(detail['question']) : undefined
  const facts = factsOf(detail['facts'])
  if (form === undefined) return []
  return form.facts
    .filter(({ day }) => day === 'comes-back')
    .flatMap(({ name, label }) => {
      const date = facts[name]
      if (typeof date !== 'string' || !isDay(date)) return []
      return [
        {
          number,
          question: form.question,
          title: form.title,
          subject: typeof detail['subject'] === 'string' ? detail['subject'] : '',
          label,
          date,
          overdue: date < at,
        },
      ]
    })
}

/** Recorded as JSON; a log of another hand may hold anything there. */
function factsOf(text: unknown): Readonly<Record<string, unknown>> {
  if (typeof text !== 'string') return {}
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
