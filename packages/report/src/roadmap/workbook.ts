/**
 * The way to another declaration as a workbook: 要約, 手順, 変わること, 指摘の動き, 妨げ, 説明.
 */
import type { Roadmap } from '@sekisho/assess'
import { eraText } from '../era.ts'
import { explanationSheet } from '../excel/explanation.ts'
import { writeWorkbook } from '../excel/workbook.ts'
import { BOOK } from '../excel/words.ts'
import { filled } from '../filled.ts'
import type { RoadmapSubject } from '../subject.ts'
import { visible } from '../visible.ts'
import { changesSheet } from './changes.ts'
import { movesSheet } from './moves.ts'
import { obstaclesSheet } from './obstacles.ts'
import { stepsSheet } from './steps.ts'
import { summarySheet } from './summary.ts'

/** Bytes of an xlsx. The same roadmap and subject give the same bytes. */
export function roadmapWorkbook(found: Roadmap, subject: RoadmapSubject): Uint8Array {
  const { roadmap: words, facts } = BOOK
  const { target, plan } = subject
  const files = [
    [facts.target, visible(target.file)],
    [facts.targetDigest, target.fileDigest],
    ...(plan === undefined
      ? []
      : ([
          [facts.plan, visible(plan.file)],
          [facts.planDigest, plan.fileDigest],
        ] as const)),
  ] as const
  return writeWorkbook({
    title: `${visible(subject.town)}　${words.title}`,
    made: filled(BOOK.made, { date: eraText(subject.made) }),
    sheets: [
      summarySheet(found),
      stepsSheet(found),
      changesSheet(found),
      movesSheet(found),
      obstaclesSheet(found),
      explanationSheet(
        subject,
        [words.summary, words.steps, words.changes, words.moves, words.obstacles],
        files,
      ),
    ],
  })
}
