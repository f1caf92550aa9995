import type { Summary } from '@sekisho/assess'
import { bothCalendars, eraText } from '../era.ts'
import { writeWorkbook } from '../excel/workbook.ts'
import type { Sheet } from '../excel/workbook.ts'
import { filled } from '../filled.ts'
import { bodiesSheet } from './bodies-sheet.ts'
import { controlsByPlaceSheet, controlsSheet } from './controls-sheet.ts'
import { placesSheet } from './places-sheet.ts'
import { summarySheet } from './summary-sheet.ts'
import { unreadSheet } from './unread-sheet.ts'
import { WORDS } from './words.ts'

/** What a summary says beside its numbers, so that a print of it stands alone. */
export interface SummaryAbout {
  /** Version of Sekisho. */
  readonly version: string
  /** SHA-256 of the rule set that was asked. */
  readonly rules: string
  /** Name of the edition when all bodies were asked by one, and not each by its own. */
  readonly edition?: string
}

/**
 * A summary as an Excel workbook (xlsx). It names no body unless the summary does; then each page says that it is confidential.
 */
export function summaryWorkbook(summary: Summary, about: SummaryAbout): Uint8Array {
  const { named } = summary
  return writeWorkbook({
    title: named === undefined ? WORDS.title : `${WORDS.confidential}　${WORDS.title}`,
    made: filled(WORDS.made, { date: eraText(summary.at) }),
    sheets: [
      summarySheet(summary),
      placesSheet(summary),
      controlsSheet(summary),
      controlsByPlaceSheet(summary),
      ...(named === undefined ? [] : [bodiesSheet(named.bodies)]),
      unreadSheet(summary),
      aboutSheet(summary, about),
    ],
  })
}

function aboutSheet(
  { at, least, nation, named }: Summary,
  { version, rules, edition }: SummaryAbout,
): Sheet {
  const { about, columns } = WORDS
  const files = filled(WORDS.fileCount, { read: nation.bodies, unread: nation.unread })
  const hiding = WORDS.hiding.map((row) => row.map((text) => filled(text, { least })))
  return {
    name: WORDS.sheets.about,
    columns: [
      { title: columns.item, width: [20, 40] },
      { title: columns.meaning, width: [40, 90] },
    ],
    rows: [
      [about.day, bothCalendars(at)],
      [about.edition, edition ?? about.ownEdition],
      [about.data, files],
      [about.rules, rules],
      [about.version, version],
      ...(named === undefined ? hiding : WORDS.named),
      ...WORDS.notes,
    ],
  }
}
