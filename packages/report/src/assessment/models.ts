import { STATE_WORDS } from '@sekisho/assess'
import type { Assessment, ControlRow, ModelGap } from '@sekisho/assess'
import type { Sheet } from '../excel/workbook.ts'
import { BOOK, marked } from '../excel/words.ts'
import { filled } from '../filled.ts'

const words = BOOK.assessment.models

/** Every control with its state in each model, and in words what differs from today's. */
export function modelsSheet({ models }: Assessment): Sheet {
  const own = models[0]!
  const others = models.slice(1)
  const { id, name, change } = words.columns
  return {
    name: words.name,
    columns: [
      { title: id[0]!, width: [10, 12] },
      { title: name[0]!, width: [30, 48] },
      { title: filled(words.own, { model: own.model }), width: [12, 14] },
      ...others.map(({ model }) => ({ title: model, width: [12, 14] as const })),
      { title: change[0]!, width: [30, 44] },
    ],
    rows: own.rows.map((row, index) => [
      marked(row.control, row.verified),
      row.name,
      STATE_WORDS[row.state],
      ...others.map(({ rows }) => STATE_WORDS[rows[index]!.state]),
      changesOf(row, others, index),
    ]),
  }
}

function changesOf(row: ControlRow, others: readonly ModelGap[], index: number): string {
  const isAsked = ({ state }: ControlRow): boolean => state !== 'not-asked'
  const where = (test: (other: ControlRow) => boolean): string =>
    others
      .filter(({ rows }) => test(rows[index]!))
      .map(({ model }) => model)
      .join(BOOK.dot)
  const told = [
    [words.gained, where((other) => !isAsked(row) && isAsked(other))],
    [words.lost, where((other) => isAsked(row) && !isAsked(other))],
    [words.altered, where((other) => isAsked(row) && isAsked(other) && row.state !== other.state)],
  ] as const
  return told
    .filter(([, models]) => models !== '')
    .map(([sentence, models]) => filled(sentence, { models }))
    .join('\n')
}
