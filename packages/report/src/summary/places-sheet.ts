import { MODELS } from '@sekisho/core'
import { CHAIN_KINDS } from '@sekisho/assess'
import type { Region, RegionOutcome, Summary } from '@sekisho/assess'
import type { CountCell, Column, Sheet } from '../excel/workbook.ts'
import { filled } from '../filled.ts'
import { placeCode, placeName, WORDS } from './words.ts'

/** 都道府県: a line for each with a declaration, then the whole. */
export function placesSheet({ places, few, nation }: Summary): Sheet {
  return {
    name: WORDS.sheets.places,
    columns: [
      { title: WORDS.columns.code, width: [8, 8] },
      { title: WORDS.columns.place, width: [14, 24] },
      ...NUMBERS.map((title): Column => ({ title, width: [9, 9] })),
    ],
    rows: [
      ...places.map(({ place, ...region }) => [
        placeCode(place),
        placeName(place),
        ...regionCells(region),
      ]),
      ...(few === undefined ? [] : [['', WORDS.places.few, few.bodies, '', ...outcomeCells(few)]]),
      ['', WORDS.places.nation, ...regionCells(nation)],
    ],
  }
}

const NUMBERS: readonly string[] = [
  WORDS.columns.bodies,
  WORDS.columns.unread,
  ...MODELS,
  WORDS.columns.shareMedian,
  WORDS.columns.shareWorst,
  WORDS.columns.foundMedian,
  WORDS.columns.foundWorst,
  WORDS.columns.allMet,
  ...CHAIN_KINDS.map((kind) => filled(WORDS.columns.chains, { kind: WORDS.chainsShort[kind] })),
]

const regionCells = ({ bodies, unread, outcome }: Region): readonly CountCell[] => [
  bodies,
  unread,
  ...outcomeCells(outcome),
]

function outcomeCells(outcome: RegionOutcome | undefined): readonly CountCell[] {
  if (outcome === undefined) return NUMBERS.slice(2).map(() => WORDS.withheld)
  const { models, share, found, allMet, chains } = outcome
  return [
    ...MODELS.map((model) => models[model]),
    share.median,
    share.worst,
    found.median,
    found.worst,
    allMet,
    ...CHAIN_KINDS.map((kind) => chains[kind].bodies),
  ]
}
