/**
 * The assessment of a town as a workbook: 要約, 自己点検, モデルごとの差, 移ると変わること, リスク, 暦, 説明.
 */
import type { AssessmentParts } from '@sekisho/assess'
import { eraText } from '../era.ts'
import { explanationSheet } from '../excel/explanation.ts'
import { writeWorkbook } from '../excel/workbook.ts'
import { BOOK } from '../excel/words.ts'
import { filled } from '../filled.ts'
import type { ReportSubject } from '../subject.ts'
import { visible } from '../visible.ts'
import { calendarSheet } from './calendar.ts'
import { modelsSheet } from './models.ts'
import { movesSheet } from './moves.ts'
import { riskSheet } from './risk.ts'
import { selfCheckSheet } from './self-check.ts'
import { summarySheet } from './summary.ts'

/** Bytes of an xlsx. The same parts and subject give the same bytes. */
export function assessmentWorkbook(parts: AssessmentParts, subject: ReportSubject): Uint8Array {
  const words = BOOK.assessment
  const { summary, selfCheck, models, moves, risk, calendar } = words
  return writeWorkbook({
    title: `${visible(subject.town)}　${words.title}`,
    made: filled(BOOK.made, { date: eraText(subject.made) }),
    sheets: [
      summarySheet(parts),
      selfCheckSheet(parts.selfCheck),
      modelsSheet(parts.assessment),
      movesSheet(parts.deltas),
      riskSheet(parts.risk),
      calendarSheet(parts.calendar),
      explanationSheet(subject, [summary, selfCheck, models, moves, risk, calendar]),
    ],
  })
}
