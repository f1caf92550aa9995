import { CHAIN_KINDS, controlName, foundOf, mostOftenFound, SIZE_CLASSES } from '@sekisho/assess'
import type { Region, RegionOutcome, Summary } from '@sekisho/assess'
import type { CountCell, Sheet } from '../excel/workbook.ts'
import { filled } from '../filled.ts'
import { sizeName, WORDS } from './words.ts'

type Row = readonly CountCell[]

/** 要約: the whole, one number a line. */
export function summarySheet(summary: Summary): Sheet {
  const { columns } = WORDS
  return {
    name: WORDS.sheets.summary,
    columns: [
      { title: columns.group, width: [14, 20] },
      { title: columns.item, width: [30, 56] },
      { title: columns.count, width: [10, 18] },
      { title: columns.unit, width: [8, 10] },
      { title: columns.note, width: [20, 60] },
    ],
    rows: [
      ...bodyRows(summary),
      ...standingRows(summary.nation, summary.least),
      ...sizeRows(summary.nation),
      ...(summary.nation.outcome === undefined ? [] : mostRows(summary.nation.outcome)),
    ],
  }
}

function bodyRows({ at, nation, places, doubled, disagreeing }: Summary): readonly Row[] {
  const { groups, rows, unit } = WORDS
  const unknown = places.find(({ place }) => place === 'unknown')?.bodies ?? 0
  const count = (name: string, value: number, of: string, group = groups.bodies): Row => [
    group,
    name,
    value,
    of,
  ]
  return [
    [groups.bodies, rows.day, { date: at }],
    count(rows.read, nation.bodies, unit.bodies),
    count(rows.unread, nation.unread, unit.files),
    count(rows.unknown, unknown, unit.bodies),
    count(rows.doubled, doubled, unit.files),
    count(rows.disagreeing, disagreeing, unit.files),
    ...Object.entries(nation.models).map(([model, bodies]) =>
      count(model, bodies, unit.bodies, groups.models),
    ),
    ...Object.entries(nation.editions)
      .filter(([, bodies]) => bodies > 0)
      .map(([edition, bodies]) => count(edition, bodies, unit.bodies, groups.editions)),
  ]
}

function standingRows({ outcome }: Region, least: number): readonly Row[] {
  const { groups, rows, unit } = WORDS
  if (outcome === undefined)
    return [[groups.standing, filled(WORDS.tooFew, { least }), WORDS.withheld]]
  const { share, found, allMet, chains } = outcome
  return [
    [groups.standing, rows.allMet, allMet, unit.bodies],
    [groups.standing, rows.shareMedian, share.median, unit.percent],
    [groups.standing, rows.shareWorst, share.worst, unit.percent],
    [groups.standing, rows.foundMedian, found.median, unit.controls],
    [groups.standing, rows.foundWorst, found.worst, unit.controls],
    ...CHAIN_KINDS.map((kind): Row => {
      const note = filled(WORDS.chainCount, { ...chains[kind] })
      return [groups.chains, WORDS.chains[kind], chains[kind].bodies, unit.bodies, note]
    }),
  ]
}

function sizeRows({ sizes, outcome }: Region): readonly Row[] {
  return SIZE_CLASSES.map((_, size) => {
    const bodies = sizes[size]!
    const share = outcome?.shareBySize[size]
    const note = share === undefined ? WORDS.sizeFew : filled(WORDS.sizeShare, { share })
    return [
      WORDS.groups.sizes,
      sizeName(size),
      bodies,
      WORDS.unit.bodies,
      bodies === 0 ? undefined : note,
    ]
  })
}

const mostRows = (outcome: RegionOutcome): readonly Row[] =>
  mostOftenFound(outcome).map(({ control, asked, counts }) => [
    WORDS.groups.most,
    `${control} ${controlName(control)}`,
    foundOf(counts),
    WORDS.unit.bodies,
    filled(WORDS.mostNote, { asked, ...counts }),
  ])
