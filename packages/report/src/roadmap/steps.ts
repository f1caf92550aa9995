import { HALF_WORDS, waitsFor } from '@sekisho/assess'
import type { Roadmap, Step } from '@sekisho/assess'
import type { Finding } from '@sekisho/core'
import { westernText } from '../era.ts'
import { tableSheet } from '../excel/table.ts'
import type { Cell, Sheet } from '../excel/workbook.ts'
import { BOOK, marked } from '../excel/words.ts'
import { filled } from '../filled.ts'
import { firstOf } from '../first-of.ts'
import { visible } from '../visible.ts'

const words = BOOK.roadmap.steps

/** Every step in order: when, what, why, what it waits for. */
export function stepsSheet({ steps }: Roadmap): Sheet {
  return tableSheet(
    words,
    {
      number: [7, 7],
      period: [11, 12],
      day: [18, 18],
      western: [16, 16],
      name: [20, 26],
      changes: [26, 38],
      reasons: [22, 30],
      waits: [9, 12],
      vanish: [11, 12],
      appear: [11, 12],
      care: [18, 26],
      after: [12, 18],
    },
    steps.map(rowOf),
  )
}

function rowOf(step: Step): Readonly<Record<keyof typeof words.columns, Cell>> {
  const { number, fiscalYear, half, day, name } = step
  return {
    number: String(number),
    period: filled(words.period, { year: fiscalYear, half: HALF_WORDS[half] }),
    day: { date: day },
    western: westernText(day),
    name: visible(name),
    changes: changeTexts(step).join('\n'),
    reasons: reasonTexts(step).join('\n'),
    waits: waitsText(step),
    vanish: idsOf(step.vanish),
    appear: idsOf(step.appear),
    care: careTexts(step).join('\n'),
    after: afterText(step),
  }
}

/** More than this of one kind are counted: the sheet of changes has them all. */
const MOST = 6
const MOST_WAITS = 20

/** What changes in the declaration, the first of it. */
export const changeTexts = ({ changes }: Step): readonly string[] =>
  firstOf(changes.map(visible), MOST)

/** Numbers of the steps before. */
export const waitsText = (step: Step): string =>
  firstOf(waitsFor(step).map(String), MOST_WAITS).join(BOOK.dot)

/** Why then and not before. */
export const reasonTexts = ({ reasons }: Step): readonly string[] =>
  reasons.map(({ sentence }) => visible(sentence))

/** Each rule once. */
export const idsOf = (findings: readonly Finding[]): string =>
  [...new Set(findings.map(({ rule, verified }) => marked(rule, verified)))].join(BOOK.comma)

/** Whom it may disturb, and which papers must be there. */
export function careTexts({ services, controls }: Step): readonly string[] {
  const papers = controls.map(({ control, paper }) =>
    filled(words.control, { control, paper: paper ?? words.noPaper }),
  )
  return [
    ...(services.length === 0 ? [] : [filled(words.services, { names: listed(services) })]),
    ...(papers.length === 0 ? [] : [filled(words.controls, { names: listed(papers) })]),
  ].map(visible)
}

const listed = (names: readonly string[]): string => firstOf(names, MOST).join(BOOK.comma)

/** What the check finds after it. */
export const afterText = ({ after: { findings, beyond } }: Step): string =>
  [
    filled(words.findings, { count: findings }),
    ...(beyond > 0 ? [filled(words.beyond, { count: beyond })] : []),
  ].join('\n')
