import {
  CHAIN_KINDS,
  CONTROL_STATES,
  prefectureName,
  STATE_WORDS,
  standingOf,
} from '@sekisho/assess'
import type { BodyResult } from '@sekisho/assess'
import type { CountCell, Column, Sheet } from '../excel/workbook.ts'
import { visible } from '../visible.ts'
import { WORDS } from './words.ts'

/** 団体: a line for each body by name. Only where names were asked for. */
export function bodiesSheet(bodies: readonly BodyResult[]): Sheet {
  return { name: WORDS.sheets.bodies, columns: COLUMNS, rows: bodies.map(bodyCells) }
}

const number = (title: string): Column => ({ title, width: [8, 8] })

const COLUMNS: readonly Column[] = [
  { title: WORDS.columns.place, width: [11, 14] },
  { title: WORDS.columns.townCode, width: [10, 10] },
  { title: WORDS.columns.town, width: [14, 24] },
  { title: WORDS.columns.model, width: [8, 8] },
  { title: WORDS.columns.edition, width: [8, 8] },
  number(WORDS.columns.staff),
  number(WORDS.columns.share),
  number(WORDS.columns.found),
  ...CONTROL_STATES.map((state) => number(STATE_WORDS[state])),
  ...CHAIN_KINDS.map((kind) => number(WORDS.chainsShort[kind])),
  { title: WORDS.columns.file, width: [14, 24] },
  { title: WORDS.columns.doubtful, width: [9, 14] },
]

function bodyCells(body: BodyResult): readonly CountCell[] {
  const { share, found, counts } = standingOf(body)
  return [
    body.prefecture === undefined ? WORDS.places.unknown : prefectureName(body.prefecture),
    body.code,
    body.name,
    body.model,
    body.edition,
    body.staff,
    share,
    found,
    ...CONTROL_STATES.map((state) => counts[state]),
    ...CHAIN_KINDS.map((kind) => body.chains[kind]),
    // Names stay as they are written; a file's name may hold what a declaration may not.
    visible(body.file),
    body.disagrees ? WORDS.disagrees : '',
  ]
}
