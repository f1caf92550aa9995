import type { Calendar, Duty } from '@sekisho/assess'
import findingWords from '../../words/findings.json' with { type: 'json' }
import { westernText } from '../era.ts'
import { tableSheet } from '../excel/table.ts'
import type { Cell, Sheet } from '../excel/workbook.ts'
import { BOOK, WHO } from '../excel/words.ts'
import { visible } from '../visible.ts'

const words = BOOK.assessment.calendar

/** What was due and what falls due, day by day. */
export function calendarSheet({ duties, overdue }: Calendar): Sheet {
  return tableSheet(
    words,
    {
      date: [18, 18],
      western: [16, 16],
      year: [11, 12],
      state: [13, 14],
      sentence: [40, 64],
      who: [10, 12],
      about: [10, 14],
      place: [16, 30],
      verified: [12, 12],
    },
    [
      ...overdue.map((duty) => rowOf(duty, words.overdue)),
      ...duties.map((duty) => rowOf(duty, words.ahead)),
    ],
  )
}

function rowOf(duty: Duty, state: string): Readonly<Record<keyof typeof words.columns, Cell>> {
  const { date, fiscalYear, sentence, who, about, path, verified } = duty
  return {
    date: { date },
    western: westernText(date),
    year: fiscalYear,
    state,
    sentence: visible(sentence),
    who: WHO[who],
    about,
    place: path,
    verified: verified ? findingWords.yes : findingWords.no,
  }
}
