import { CONTROL_STATES, controlName, STATE_WORDS } from '@sekisho/assess'
import type { ControlCount, RegionOutcome, Summary } from '@sekisho/assess'
import type { CountCell, Column, Sheet } from '../excel/workbook.ts'
import { placeName, WORDS } from './words.ts'

/** 対策: every control of the table, over all bodies. */
export function controlsSheet({ nation }: Summary): Sheet {
  return {
    name: WORDS.sheets.controls,
    columns: COLUMNS,
    rows: nation.outcome?.controls.map(controlCells) ?? [],
  }
}

/** 都道府県の対策: the same for each place that is shown by itself, to be filtered. */
export function controlsByPlaceSheet({ places, few }: Summary): Sheet {
  const rows = (
    name: string,
    outcome: RegionOutcome | undefined,
  ): readonly (readonly CountCell[])[] =>
    outcome?.controls.map((count) => [name, ...controlCells(count)]) ?? []
  return {
    name: WORDS.sheets.byPlace,
    columns: [{ title: WORDS.columns.place, width: [14, 24] }, ...COLUMNS],
    rows: [
      ...places.flatMap(({ place, outcome }) => rows(placeName(place), outcome)),
      ...rows(WORDS.places.few, few),
    ],
  }
}

const COLUMNS: readonly Column[] = [
  { title: WORDS.columns.code, width: [9, 9] },
  { title: WORDS.columns.control, width: [36, 68] },
  { title: WORDS.columns.asked, width: [9, 9] },
  ...CONTROL_STATES.map((state): Column => ({ title: STATE_WORDS[state], width: [9, 9] })),
  { title: WORDS.columns.share, width: [9, 9] },
]

function controlCells({ control, asked, counts }: ControlCount): readonly CountCell[] {
  const share = asked === 0 ? '' : counts && Math.floor((100 * counts.met) / asked)
  return [
    control,
    controlName(control),
    asked,
    ...CONTROL_STATES.map((state) => (counts === undefined ? WORDS.withheld : counts[state])),
    share ?? WORDS.withheld,
  ]
}
