import type { Roadmap } from '@sekisho/assess'
import { tableSheet } from '../excel/table.ts'
import type { Cell, Sheet } from '../excel/workbook.ts'
import { BOOK } from '../excel/words.ts'
import { firstOf } from '../first-of.ts'
import { visible } from '../visible.ts'

const words = BOOK.roadmap.obstacles
type Row = Readonly<Record<keyof typeof words.columns, Cell>>

/** Dates that are not kept, and changes that wait for each other. */
export function obstaclesSheet({ conflicts, blocks }: Roadmap): Sheet {
  const rows: readonly Row[] = [
    ...conflicts.map(({ kind, day, step, rule, sentence }) => ({
      kind: words.kinds[kind],
      day: { date: day },
      number: step === undefined ? undefined : String(step),
      rule,
      content: visible(sentence),
      together: undefined,
    })),
    ...blocks.map(({ finding, sentence, together }) => ({
      ...NOTHING,
      kind: words.kinds.block,
      rule: finding?.rule,
      content: visible(sentence),
      together: firstOf(together.map(visible), MOST).join('\n'),
    })),
  ]
  return tableSheet(
    words,
    {
      kind: [18, 20],
      day: [18, 18],
      number: [7, 7],
      rule: [10, 12],
      content: [40, 70],
      together: [20, 40],
    },
    rows.length === 0 ? [{ ...NOTHING, content: words.none }] : rows,
  )
}

/** Changes named in one cell. */
const MOST = 6

const NOTHING: Row = {
  kind: undefined,
  day: undefined,
  number: undefined,
  rule: undefined,
  content: undefined,
  together: undefined,
}
