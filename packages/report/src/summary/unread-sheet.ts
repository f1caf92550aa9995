import type { Summary } from '@sekisho/assess'
import type { CountCell, Column, Sheet } from '../excel/workbook.ts'
import { visible } from '../visible.ts'
import { placeName, reasonText, WORDS } from './words.ts'

/** 読めなかった宣言: how many and why; which, where names were asked for. Always there, also when it says that there are none. */
export function unreadSheet({ unread, named }: Summary): Sheet {
  const { columns } = WORDS
  const rows = named === undefined ? countRows(unread) : fileRows(named.unread)
  const nothing = [WORDS.noUnread]
  return {
    name: WORDS.sheets.unread,
    columns: named === undefined ? COUNTS : [...FILES, { title: columns.meaning, width: [30, 70] }],
    rows: rows.length === 0 ? [nothing] : rows,
  }
}

const COUNTS: readonly Column[] = [
  { title: WORDS.columns.place, width: [14, 30] },
  { title: WORDS.columns.reason, width: [20, 30] },
  { title: WORDS.columns.files, width: [8, 8] },
  { title: WORDS.columns.meaning, width: [30, 70] },
]

const FILES: readonly Column[] = [
  { title: WORDS.columns.file, width: [20, 50] },
  { title: WORDS.columns.line, width: [8, 8] },
  { title: WORDS.columns.reason, width: [20, 30] },
]

const countRows = (unread: Summary['unread']): readonly (readonly CountCell[])[] =>
  unread.map(({ place, reason, files }) => [placeName(place), reason, files, reasonText(reason)])

const fileRows = (
  files: NonNullable<Summary['named']>['unread'],
): readonly (readonly CountCell[])[] =>
  files.map(({ file, line, reason, message }) => [visible(file), line, reason, visible(message)])
