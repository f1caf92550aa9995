/**
 * 自己点検表: the table of controls by chapter, as the person in charge fills it in once a year, computed.
 */
import type { Cure, IsoDate, Severity } from '@sekisho/core'
import { CONTROL_STATES } from './control-row.ts'
import type { ControlRow, ControlState, Paper } from './control-row.ts'
import { countsOf, type ModelGap } from './gap.ts'
import { BASIS_WORDS, CHAPTER_NUMBERS, chapterName, STATE_WORDS } from './words.ts'

/** One line of the table. */
export interface SelfCheckRow {
  /** Chapter and control, e.g. `3 ZN-01`. */
  readonly key: string
  readonly control: string
  /** As in `ControlRow`. */
  readonly example?: string
  readonly name: string
  readonly state: ControlState
  /** 「実施」, 「未確認」, … */
  readonly stateWord: string
  readonly severity: Severity
  readonly verified: boolean
  /** What was looked at: papers with their days, or how many things of the declaration. Empty when nothing was. */
  readonly evidence: string
  /** Whether the newest paper still stands on the day: `none` when there is no paper. */
  readonly freshness: 'in-date' | 'out-of-date' | 'no-limit' | 'none'
  readonly why: string
  /** Where the guideline says it. */
  readonly clause: string
  readonly cure?: Cure
}

export interface SelfCheckChapter {
  readonly chapter: number
  readonly name: string
  /** Empty for a chapter of which the table has no control: that says nothing about the chapter. */
  readonly rows: readonly SelfCheckRow[]
  readonly counts: Readonly<Record<ControlState, number>>
}

export interface SelfCheck {
  readonly at: IsoDate
  readonly chapters: readonly SelfCheckChapter[]
  /** Chapters without a row: nobody checked them here. */
  readonly uncovered: readonly number[]
  /** Asked rows, and how many of them are met. Rows that were not checked stand in `asked` and not in `met`. */
  readonly asked: number
  readonly met: number
}

/** The self-check table of one model's gap. */
export function selfCheckOf(gap: ModelGap, at: IsoDate): SelfCheck {
  const chapters = CHAPTER_NUMBERS.map((chapter) => {
    const own = gap.rows.filter((row) => row.chapter === chapter)
    return Object.freeze({
      chapter,
      name: chapterName(chapter),
      rows: own.map((row) => lineOf(row, at)),
      counts: countsOf(own),
    })
  })
  return Object.freeze({
    at,
    chapters,
    uncovered: chapters.filter(({ rows }) => rows.length === 0).map(({ chapter }) => chapter),
    asked: CONTROL_STATES.filter((state) => state !== 'not-asked').reduce(
      (sum, state) => sum + gap.counts[state],
      0,
    ),
    met: gap.counts.met,
  })
}

function lineOf(row: ControlRow, at: IsoDate): SelfCheckRow {
  const { chapter, control, example, name, state, severity, verified, why, clause, cure } = row
  return Object.freeze({
    key: `${chapter} ${control}`,
    control,
    ...(example !== undefined && { example }),
    name,
    state,
    stateWord: STATE_WORDS[state],
    severity,
    verified,
    evidence: evidenceOf(row),
    freshness: freshnessOf(row.papers, at),
    why,
    clause,
    ...(cure !== undefined && { cure }),
  })
}

function evidenceOf({ basis, asked, papers, state }: ControlRow): string {
  if (state === 'not-asked' || basis === undefined) return ''
  const titles = papers.map(({ title, date }) => `${title}（${date}）`)
  if (basis === 'paper') return titles.join('、')
  return [`${BASIS_WORDS.configuration}（${asked}か所）`, ...titles].join('、')
}

function freshnessOf(papers: readonly Paper[], at: IsoDate): SelfCheckRow['freshness'] {
  if (papers.length === 0) return 'none'
  const limits = papers.flatMap(({ until }) => (until === undefined ? [] : [until]))
  if (limits.length === 0) return 'no-limit'
  return limits.every((until) => at <= until) ? 'in-date' : 'out-of-date'
}
