/**
 * What the document says, before anything is drawn: the same ids and sentences as text and JSON.
 */
import { controlName, CONTROL_STATES, SEVERITY_WORDS, STATE_WORDS, toDo } from '@sekisho/assess'
import type { ControlRow, ModelGap } from '@sekisho/assess'
import type { Cure, Finding, Severity } from '@sekisho/core'
import { explainRule } from '@sekisho/guideline'
import findingWords from '../../words/findings.json' with { type: 'json' }
import { filled } from '../filled.ts'
import type { ReportSubject } from '../subject.ts'
import { visible } from '../visible.ts'
import type { Column } from './sheet.ts'
import { WORDS } from './words.ts'

/** One thing to do first. */
export interface Step {
  readonly id: string
  readonly state: string
  readonly sentence: string
  readonly cure: string
}
/** Where one id comes from. */
export interface Ground {
  readonly id: string
  readonly clause: string
  readonly edition: string
  readonly verified: boolean
}
export interface Table {
  readonly heading?: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly string[])[]
}
/** A chapter of tables, and what it says when all of them are empty. */
export interface Chapter {
  readonly heading: string
  readonly tables: readonly Table[]
  readonly empty: string
}
export type Fact = readonly [name: string, value: string]
export interface Content {
  readonly kind: keyof typeof WORDS.title
  /** On the cover, after what every document says of itself. */
  readonly facts: readonly Fact[]
  readonly counts: Table
  readonly steps: readonly Step[]
  /** Sentences about what the counts do not say. */
  readonly notes: readonly string[]
  readonly chapters: readonly Chapter[]
  readonly grounds: readonly Ground[]
  /** Digests of what it rests on, beside the declaration and the rules. */
  readonly digests: readonly Fact[]
  /** What to call to make it again, without day and format. */
  readonly command: string
}

const SEVERITIES: readonly Severity[] = ['statutory', 'required', 'advisory']

/** The findings of `sekisho check`. */
export function contentOfFindings(
  findings: readonly Finding[],
  { file, edition }: ReportSubject,
): Content {
  const rows = findings.map(findingRow)
  const urgent = findings.toSorted(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
  )
  const grounds = findings.map(groundOf)
  return {
    kind: 'check',
    facts: [],
    counts: countsTable(
      SEVERITIES.map((severity) => [
        severityWord(severity),
        findings.filter((finding) => finding.severity === severity).length,
      ]),
    ),
    steps: urgent.map(findingRow),
    notes: [WORDS.summary['only-found'], ...unverifiedNote(findings)],
    chapters: [rowsChapter(WORDS.table.severity, rows)],
    grounds: distinct(grounds),
    digests: [],
    command: `sekisho check ${file} --edition ${edition}`,
  }
}

/** The table of controls of `sekisho assess`, and the findings beyond it. */
export function contentOfGap(gap: ModelGap, { file, edition }: ReportSubject): Content {
  return {
    kind: 'assess',
    facts: [],
    counts: countsTable(CONTROL_STATES.map((state) => [stateWord(state), gap.counts[state]])),
    steps: toDo(gap).map(controlStep),
    notes: [
      WORDS.summary['not-checked'],
      ...(gap.others.length === 0
        ? []
        : [filled(WORDS.summary.others, { count: gap.others.length })]),
      ...unverifiedNote([...gap.rows, ...gap.others]),
    ],
    chapters: [
      rowsChapter(WORDS.table.state, [
        ...gap.rows.map(controlRow),
        ...gap.others.map((finding) => ({
          ...findingRow(finding),
          state: `${WORDS.marks.unmet} ${WORDS.table.finding}`,
        })),
      ]),
    ],
    grounds: distinct([
      ...gap.rows.map(({ control, clause, findings, verified }) => ({
        id: control,
        clause,
        edition: findings[0]?.edition ?? edition,
        verified,
      })),
      ...gap.others.map(groundOf),
    ]),
    digests: [],
    command: `sekisho assess ${file} --edition ${edition}`,
  }
}

const countsTable = (counts: readonly (readonly [state: string, count: number])[]): Table => ({
  columns: [
    { head: WORDS.summary.state, part: 0.7 },
    { head: WORDS.summary.count, part: 0.3 },
  ],
  rows: counts.map(([state, count]) => [state, String(count)]),
})

/** One row of the table. */
interface Row extends Step {
  readonly name: string
}

function rowsChapter(state: string, rows: readonly Row[]): Chapter {
  const words = WORDS.table
  return {
    heading: WORDS.chapters.table,
    empty: words.empty,
    tables: [
      {
        columns: [
          { head: words.id, part: 0.1 },
          { head: words.name, part: 0.2 },
          { head: state, part: 0.13 },
          { head: words.sentence, part: 0.31 },
          { head: words.cure, part: 0.26 },
        ],
        rows: rows.map((row) => [row.id, row.name, row.state, row.sentence, row.cure]),
      },
    ],
  }
}

const stateWord = (state: ControlRow['state']): string =>
  `${WORDS.marks[state]} ${STATE_WORDS[state]}`
export const severityWord = (severity: Severity): string =>
  `${WORDS.marks[severity]} ${SEVERITY_WORDS[severity]}`
const marked = (id: string, verified: boolean): string => (verified ? id : `${id}※`)

function controlStep({ control, verified, state, severity, name, cure }: ControlRow): Step {
  return {
    id: marked(control, verified),
    state: `${severityWord(severity)}・${stateWord(state)}`,
    sentence: name,
    cure: cureText(cure),
  }
}

function controlRow(row: ControlRow): Row {
  const { control, verified, state, name, why, findings, cure } = row
  const first = findings[0]
  const more = findings.length - 1
  return {
    id: marked(control, verified),
    name,
    state: stateWord(state),
    sentence: [
      why,
      ...(first === undefined ? [] : [sentenceOf(first)]),
      ...(more > 0 ? [filled(WORDS.table.more, { count: more })] : []),
    ].join('\n'),
    cure: cureText(cure),
  }
}

function findingRow(finding: Finding): Row {
  const { rule, verified, severity, cure } = finding
  return {
    id: marked(rule, verified),
    name: nameOf(rule),
    state: severityWord(severity),
    sentence: sentenceOf(finding),
    cure: cureText(cure),
  }
}

/** A line feed of a declaration is no line feed of ours. */
function sentenceOf({ message, line }: Finding): string {
  const sentence = visible(message)
  return line === undefined ? sentence : `${sentence}（${filled(WORDS.table.place, { line })}）`
}

const cureText = (cure: Cure | undefined): string =>
  cure === undefined ? '' : `${visible(cure.sentence)}（${findingWords.who[cure.who]}）`

/** What a rule is called: a control's name, or the heading of its sentence. */
function nameOf(rule: string): string {
  const name = controlName(rule)
  return name === rule ? (explainRule(rule)?.parts[0]?.ja.short ?? '') : name
}

export const groundOf = ({ rule, clause, edition, verified }: Finding): Ground => ({
  id: rule,
  clause,
  edition,
  verified,
})

/** Each ground once, by id. */
export function distinct(grounds: readonly Ground[]): readonly Ground[] {
  const known = new Map(grounds.map((ground) => [JSON.stringify(ground), ground]))
  return [...known.values()].toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
}

/** How many rest on rules that were not checked against the guideline itself. */
export function unverifiedNote(rows: readonly { readonly verified: boolean }[]): readonly string[] {
  const count = rows.filter(({ verified }) => !verified).length
  return count === 0 ? [] : [filled(WORDS.summary.unverified, { count })]
}
