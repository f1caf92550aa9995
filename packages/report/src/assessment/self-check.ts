import { FRESHNESS_WORDS, SEVERITY_WORDS } from '@sekisho/assess'
import type { SelfCheck, SelfCheckChapter, SelfCheckRow } from '@sekisho/assess'
import { tableSheet } from '../excel/table.ts'
import type { Cell, Sheet } from '../excel/workbook.ts'
import { BOOK, marked } from '../excel/words.ts'
import { filled } from '../filled.ts'
import { visible } from '../visible.ts'
import { mending } from './mending.ts'

const words = BOOK.assessment.selfCheck
type Row = Readonly<Record<keyof typeof words.columns, Cell>>

/** 自己点検表. The number of the example sentence goes as deep as a published passage says it: we have not read the guideline's own text, and do not guess. */
export function selfCheckSheet({ chapters }: SelfCheck): Sheet {
  return tableSheet(
    words,
    {
      chapter: [14, 16],
      id: [9, 11],
      example: [13, 13],
      name: [22, 26],
      state: [9, 9],
      severity: [8, 8],
      evidence: [20, 28],
      why: [20, 24],
      cure: [24, 30],
      clause: [18, 26],
    },
    chapters.flatMap((chapter) =>
      chapter.rows.length === 0
        ? [emptyRow(chapter)]
        : chapter.rows.map((row) => rowOf(chapter, row)),
    ),
  )
}

function rowOf({ chapter, name }: SelfCheckChapter, row: SelfCheckRow): Row {
  const fresh = FRESHNESS_WORDS[row.freshness]
  return {
    chapter: `${chapter} ${name}`,
    id: marked(row.control, row.verified),
    example: row.example,
    name: row.name,
    state: row.stateWord,
    severity: SEVERITY_WORDS[row.severity],
    evidence: [
      visible(row.evidence),
      ...(fresh === '' ? [] : [filled(words.papers, { fresh })]),
    ].join('\n'),
    why: row.why,
    cure: mending(row.cure),
    clause: row.clause,
  }
}

/** A chapter without a control says so itself: an absent line would read as nothing to do. */
const emptyRow = ({ chapter, name }: SelfCheckChapter): Row => ({
  chapter: `${chapter} ${name}`,
  id: undefined,
  example: undefined,
  name: undefined,
  state: undefined,
  severity: undefined,
  evidence: undefined,
  why: filled(BOOK.assessment.uncovered, { chapter, name }),
  cure: undefined,
  clause: undefined,
})
