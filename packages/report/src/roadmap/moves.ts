import { SEVERITY_WORDS } from '@sekisho/assess'
import type { Roadmap, Step } from '@sekisho/assess'
import type { Finding } from '@sekisho/core'
import { tableSheet } from '../excel/table.ts'
import type { Cell, Sheet } from '../excel/workbook.ts'
import { BOOK, marked } from '../excel/words.ts'
import { visible } from '../visible.ts'

const words = BOOK.roadmap.moves
type Row = Readonly<Record<keyof typeof words.columns, Cell>>

/** Every finding that goes or comes, with the step after which it does. */
export function movesSheet({ steps }: Roadmap): Sheet {
  return tableSheet(
    words,
    {
      number: [7, 7],
      day: [18, 18],
      move: [8, 8],
      rule: [10, 12],
      severity: [8, 8],
      message: [40, 64],
      clause: [24, 40],
    },
    steps.flatMap((step) => [
      ...step.vanish.map((finding) => rowOf(step, 'vanish', finding)),
      ...step.appear.map((finding) => rowOf(step, 'appear', finding)),
    ]),
  )
}

function rowOf(
  { number, day }: Step,
  move: 'vanish' | 'appear',
  { rule, verified, severity, message, clause, edition }: Finding,
): Row {
  return {
    number: String(number),
    day: { date: day },
    move: words[move],
    rule: marked(rule, verified),
    severity: SEVERITY_WORDS[severity],
    message: visible(message),
    clause: `${clause}（${edition}）`,
  }
}
