import { outcomeSentence, stepsByYear } from '@sekisho/assess'
import type { Roadmap } from '@sekisho/assess'
import { bothCalendars, eraText } from '../era.ts'
import { tableSheet } from '../excel/table.ts'
import type { Sheet } from '../excel/workbook.ts'
import { BOOK, marked } from '../excel/words.ts'
import { filled } from '../filled.ts'
import { visible } from '../visible.ts'

const words = BOOK.roadmap.summary
type Row = Readonly<Record<keyof typeof words.columns, string>>

/** From where to where, how it ended, how much in which year, and what stands in the way. */
export function summarySheet(found: Roadmap): Sheet {
  const { steps, capacity } = found
  return tableSheet(words, { group: [20, 24], content: [60, 110] }, [
    line('from', sideText(found.today, found.at)),
    line('to', sideText(found.target, found.target.at)),
    line('outcome', outcomeSentence(found)),
    line('steps', filled(words.steps, { count: steps.length, capacity })),
    ...yearTexts(found).map((text) => line('year', text)),
    ...orNone(obstacleTexts(found), words.noObstacle).map((text) => line('obstacle', text)),
    ...orNone(leftTexts(found), words.noLeft).map((text) => line('left', text)),
  ])
}

/** The model, how many findings, on which day. */
export const sideText = (
  { model, findings }: Pick<Roadmap['target'], 'model' | 'findings'>,
  day: string,
): string => filled(words.side, { model, count: findings.length, day: bothCalendars(day) })

/** One line for each fiscal year. */
export const yearTexts = (found: Roadmap): readonly string[] =>
  stepsByYear(found).map(([year, steps]) =>
    filled(words.year, {
      year,
      count: steps.length,
      first: eraText(steps[0]!.day),
      last: eraText(steps.at(-1)!.day),
      findings: steps.at(-1)!.after.findings,
    }),
  )

/** Dates that are not kept, and why there is no order. */
export const obstacleTexts = ({ conflicts, blocks }: Roadmap): readonly string[] =>
  [...conflicts, ...blocks].map(({ sentence }) => visible(sentence))

const leftTexts = ({ target }: Roadmap): readonly string[] =>
  target.findings.map(
    ({ rule, verified, message }) => `${marked(rule, verified)}　${visible(message)}`,
  )

const orNone = (texts: readonly string[], none: string): readonly string[] =>
  texts.length === 0 ? [none] : texts

const line = (group: keyof typeof words.groups, content: string): Row => ({
  group: words.groups[group],
  content,
})
