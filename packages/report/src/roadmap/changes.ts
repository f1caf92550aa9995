import type { Roadmap } from '@sekisho/assess'
import { tableSheet } from '../excel/table.ts'
import type { Sheet } from '../excel/workbook.ts'
import { BOOK } from '../excel/words.ts'
import { visible } from '../visible.ts'

/** Every change of the declaration, with the step that makes it. */
export function changesSheet({ steps }: Roadmap): Sheet {
  return tableSheet(
    BOOK.roadmap.changes,
    { number: [7, 7], day: [18, 18], name: [30, 50], change: [50, 90] },
    steps.flatMap(({ number, day, name, changes }) =>
      changes.map((change) => ({
        number: String(number),
        day: { date: day },
        name: visible(name),
        change: visible(change),
      })),
    ),
  )
}
