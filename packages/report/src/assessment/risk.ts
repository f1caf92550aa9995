import { RISK_WORDS } from '@sekisho/assess'
import type { RiskAssessment, RiskRow } from '@sekisho/assess'
import { tableSheet } from '../excel/table.ts'
import type { Sheet } from '../excel/workbook.ts'
import { BOOK, marked } from '../excel/words.ts'
import { filled } from '../filled.ts'
import { firstOf } from '../first-of.ts'
import { visible } from '../visible.ts'

const words = BOOK.assessment.risk
/** A path over more things than this is cut: the declaration has them all. */
const MOST_OVER = 5

/** Every risk that stays, largest first. */
export function riskSheet({ rows }: RiskAssessment): Sheet {
  return tableSheet(
    words,
    {
      level: [8, 8],
      residual: [9, 9],
      inherent: [9, 9],
      threat: [18, 26],
      asset: [20, 30],
      path: [14, 16],
      over: [18, 30],
      lowering: [16, 18],
      missing: [12, 18],
      owner: [10, 16],
      id: [20, 32],
    },
    rows.map(rowOf),
  )
}

function rowOf(row: RiskRow): Readonly<Record<keyof typeof words.columns, string>> {
  const { id, threatName, assetName, path, over, inherent, residual, owner } = row
  return {
    level: RISK_WORDS.level[residual.level],
    residual: filled(words.points, { points: residual.points }),
    inherent: filled(words.points, { points: inherent.points }),
    threat: threatName,
    asset: visible(assetName),
    path: RISK_WORDS.paths[path],
    over: visible(firstOf(over, MOST_OVER).join(BOOK.comma)),
    lowering: row.lowering.join(BOOK.comma) || words.none,
    missing: row.missing.join(BOOK.comma) || words.none,
    owner: visible(owner),
    id: marked(visible(id), false),
  }
}
