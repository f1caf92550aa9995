import { chapterName, CONTROL_STATES, RISK_WORDS, SEVERITY_WORDS } from '@sekisho/assess'
import { STATE_WORDS, toDo } from '@sekisho/assess'
import type { AssessmentParts, ModelGap } from '@sekisho/assess'
import type { Finding } from '@sekisho/core'
import { tableSheet } from '../excel/table.ts'
import type { Sheet } from '../excel/workbook.ts'
import { BOOK, marked } from '../excel/words.ts'
import { filled } from '../filled.ts'
import { WORDS } from '../pdf/words.ts'
import { visible } from '../visible.ts'
import { mending } from './mending.ts'

const words = BOOK.assessment.summary
type Row = Readonly<Record<keyof typeof words.columns, string>>

/** What a section head reads first: how many, what to do first, what is due, what stays at risk. */
export function summarySheet(parts: AssessmentParts): Sheet {
  return tableSheet(words, { group: [18, 22], id: [10, 12], content: [40, 72], cure: [30, 54] }, [
    ...countRows(parts),
    ...modelRows(parts),
    ...firstRows(parts.gap),
    ...parts.gap.others.map(otherRow),
    ...parts.selfCheck.uncovered.map((chapter) =>
      line('uncovered', filled(BOOK.assessment.uncovered, { chapter, name: chapterName(chapter) })),
    ),
  ])
}

/** As many as leave the sheet on one page. */
const MOST_FIRST = 10

function firstRows(gap: ModelGap): readonly Row[] {
  const all = toDo(gap)
  if (all.length === 0) return [line('first', WORDS.summary.nothing)]
  const shown = all.slice(0, MOST_FIRST)
  const rows = shown.map((row) => ({
    ...line('first', `［${SEVERITY_WORDS[row.severity]}・${STATE_WORDS[row.state]}］${row.name}`),
    id: marked(row.control, row.verified),
    cure: mending(row.cure),
  }))
  return shown.length === all.length
    ? rows
    : [...rows, line('first', filled(words.first, { all: all.length, shown: shown.length }))]
}

function countRows({ gap, risk, calendar }: AssessmentParts): readonly Row[] {
  const { level } = RISK_WORDS
  return [
    line('states', countsText(gap.counts)),
    line('states', WORDS.summary['not-checked']),
    line('duties', filled(words.overdue, { count: calendar.overdue.length })),
    line('duties', filled(words.ahead, { count: calendar.duties.length })),
    line(
      'risk',
      (['high', 'middle', 'low'] as const)
        .map((one) => `${level[one]} ${filled(BOOK.count, { count: risk.counts[one] })}`)
        .join('　'),
    ),
    line('risk', RISK_WORDS.note),
  ]
}

function otherRow({ rule, verified, message, cure }: Finding): Row {
  return {
    ...line('others', visible(message)),
    id: marked(rule, verified),
    cure: mending(cure),
  }
}

const modelRows = ({ assessment }: AssessmentParts): readonly Row[] =>
  assessment.models
    .filter(({ own }) => !own)
    .map(({ model, counts }) =>
      line('models', filled(words.other, { model, counts: countsText(counts) })),
    )

/** 「実施 11件」, 「未実施 7件」 and so on, in one line. */
export function countsText(counts: ModelGap['counts']): string {
  return CONTROL_STATES.map(
    (state) => `${STATE_WORDS[state]} ${filled(BOOK.count, { count: counts[state] })}`,
  ).join('　')
}

const line = (group: keyof typeof words.groups, content: string): Row => ({
  group: words.groups[group],
  id: '',
  content,
  cure: '',
})
