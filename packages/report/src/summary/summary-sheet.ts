import { CHAIN_KINDS, controlName, foundOf, mostOftenFound, SIZE_CLASSES } from '@sekisho/assess'
import type { RegionOutcome, Summary } from '@sekisho/assess'
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
      { title: columns.item, width: [30, 68] },
      { title: columns.count, width: [10, 18] },
      { title: columns.unit, width: [8, 10] },
      { title: columns.note, width: [20, 80] },
    ],
    rows: [...bodyRows(summary), ...outcomeRows(summary)],
  }
}

function bodyRows({ at, nation, places, doubled, disagreeing }: Summary): readonly Row[] {
  const { groups, rows, unit } = WORDS
  const unknown = places.find(({ place }) => place === 'unknown')?.bodies ?? 0
  const count = (name: string, value: number, of: string): Row => [groups.bodies, name, value, of]
  return [
    [groups.bodies, rows.day, { date: at }],
    count(rows.read, nation.bodies, unit.bodies),
    count(rows.unread, nation.unread, unit.files),
    count(rows.unknown, unknown, unit.bodies),
    count(rows.doubled, doubled, unit.files),
    count(rows.disagreeing, disagreeing, unit.files),
  ]
}

function outcomeRows({ nation: { outcome }, least }: Summary): readonly Row[] {
  if (outcome === undefined)
    return [[WORDS.groups.standing, filled(WORDS.tooFew, { least }), WORDS.withheld]]
  return [...standingRows(outcome), ...sizeRows(outcome), ...mostRows(outcome)]
}

function standingRows(outcome: RegionOutcome): readonly Row[] {
  const { groups, rows, unit } = WORDS
  const { models, editions, share, found, allMet, chains } = outcome
  return [
    ...Object.entries(models).map(([model, bodies]): Row => [
      groups.models,
      model,
      bodies,
      unit.bodies,
    ]),
    ...Object.entries(editions)
      .filter(([, bodies]) => bodies > 0)
      .map(([edition, bodies]): Row => [groups.editions, edition, bodies, unit.bodies]),
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

function sizeRows({ sizes, shareBySize }: RegionOutcome): readonly Row[] {
  return SIZE_CLASSES.map((_, size) => {
    const bodies = sizes[size]!
    const share = shareBySize[size]
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
