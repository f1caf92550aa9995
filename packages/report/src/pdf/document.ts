/**
 * The A4 document: 表紙, 要約, 一覧, 根拠, 証明.
 */
import type { ModelGap } from '@sekisho/assess'
import { eraDate } from '@sekisho/core'
import type { Finding, IsoDate } from '@sekisho/core'
import type { Font } from 'fontkit'
import { filled } from '../filled.ts'
import type { ReportSubject } from '../subject.ts'
import { visible } from '../visible.ts'
import { contentOfFindings, contentOfGap } from './content.ts'
import type { Content, Step } from './content.ts'
import { Sheet } from './sheet.ts'
import { WORDS } from './words.ts'

/** The findings of a check as an A4 PDF. `font` must be newly opened (`openFont`). */
export async function findingsPdf(
  findings: readonly Finding[],
  subject: ReportSubject,
  font: Font,
): Promise<Uint8Array> {
  return render(contentOfFindings(findings), subject, font)
}

/** The self-check table of the town's model as an A4 PDF. `font` must be newly opened (`openFont`). */
export async function assessmentPdf(
  gap: ModelGap,
  subject: ReportSubject,
  font: Font,
): Promise<Uint8Array> {
  return render(contentOfGap(gap, subject.edition), subject, font)
}

const SHORT_DIGEST = 16
const MOST_STEPS = 10

async function render(content: Content, subject: ReportSubject, font: Font): Promise<Uint8Array> {
  const title = `${WORDS.title[content.kind]}　${visible(subject.town)}`
  const sheet = await Sheet.open(font, {
    title,
    made: new Date(`${subject.made}T00:00:00+09:00`),
    subject: `${subject.fileDigest} ${subject.rulesDigest}`,
  })
  cover(sheet, content, subject)
  summary(sheet, content)
  table(sheet, content)
  grounds(sheet, content)
  proof(sheet, content, subject)
  const day = eraDate(subject.made) ?? subject.made
  return sheet.close(title, (page, pages) => filled(WORDS.footer, { page, pages, day }))
}

/** 「令和8年11月25日（2026年）」. */
function bothYears(day: IsoDate): string {
  const era = eraDate(day)
  return era === undefined ? day : `${era}（${Number(day.slice(0, 4))}年）`
}

function cover(sheet: Sheet, { kind }: Content, subject: ReportSubject): void {
  const words = WORDS.cover
  sheet.cover(WORDS.title[kind])
  const lines = [
    [words.town, subject.town],
    [words.model, subject.model],
    [words.edition, subject.edition],
    [words.at, bothYears(subject.at)],
    [words.made, bothYears(subject.made)],
    [words.file, subject.file],
    [words.rules, subject.rulesDigest.slice(0, SHORT_DIGEST)],
    [words.version, subject.version],
  ]
  for (const [name, value] of lines) sheet.paragraph(`${name}　${value}`, 12)
  sheet.space(24)
  sheet.paragraph(words.about)
}

/** One page: as many steps as fit, and how many there are. */
function summary(sheet: Sheet, { counts, steps, notes }: Content): void {
  const words = WORDS.summary
  sheet.chapter(WORDS.chapters.summary)
  sheet.table(
    [
      { head: words.state, part: 0.7 },
      { head: words.count, part: 0.3 },
    ],
    counts.map(([state, count]) => [state, String(count)]),
    10,
  )
  for (const note of notes) sheet.paragraph(note)
  sheet.space(8)
  if (steps.length === 0) {
    sheet.heading(words.nothing)
    return
  }
  const shown = fitting(sheet, steps)
  sheet.heading(filled(words.first, { all: steps.length, shown: shown.length }))
  for (const step of shown) {
    for (const line of stepLines(step)) sheet.paragraph(line, STEP_SIZE)
    sheet.space(STEP_GAP)
  }
}

const STEP_SIZE = 9.5
const STEP_GAP = 4
const HEADING_ROOM = 30

const stepLines = ({ id, state, sentence, cure }: Step): readonly string[] => [
  `${id}　${state}　${sentence}`,
  ...(cure === '' ? [] : [`　${WORDS.table.cure}　${cure}`]),
]

function fitting(sheet: Sheet, steps: readonly Step[]): readonly Step[] {
  let left = sheet.left - HEADING_ROOM
  const fits = steps.slice(0, MOST_STEPS).map((step) => {
    const height = stepLines(step).reduce((sum, line) => sum + sheet.heightOf(line, STEP_SIZE), 0)
    left -= height + STEP_GAP
    return left >= 0
  })
  const end = fits.indexOf(false)
  return steps.slice(0, end === -1 ? MOST_STEPS : end)
}

function table(sheet: Sheet, { kind, rows }: Content): void {
  const words = WORDS.table
  sheet.chapter(WORDS.chapters.table)
  if (rows.length === 0) {
    sheet.paragraph(words.empty)
    return
  }
  sheet.table(
    [
      { head: words.id, part: 0.1 },
      { head: words.name, part: 0.2 },
      { head: kind === 'assess' ? words.state : words.severity, part: 0.13 },
      { head: words.sentence, part: 0.31 },
      { head: words.cure, part: 0.26 },
    ],
    rows.map(({ id, name, state, sentence, cure }) => [id, name, state, sentence, cure]),
  )
}

function grounds(sheet: Sheet, content: Content): void {
  const words = WORDS.grounds
  sheet.chapter(WORDS.chapters.grounds)
  sheet.paragraph(words.note)
  sheet.space(6)
  if (content.grounds.length === 0) {
    sheet.paragraph(WORDS.table.empty)
    return
  }
  sheet.table(
    [
      { head: words.id, part: 0.15 },
      { head: words.clause, part: 0.59 },
      { head: words.edition, part: 0.12 },
      { head: words.verified, part: 0.14 },
    ],
    content.grounds.map(({ id, clause, edition, verified }) => [
      id,
      clause,
      edition,
      verified ? words.yes : words.no,
    ]),
  )
}

function proof(sheet: Sheet, { kind }: Content, subject: ReportSubject): void {
  const words = WORDS.proof
  sheet.chapter(WORDS.chapters.proof)
  sheet.heading(words.town)
  sheet.paragraph(subject.fileDigest)
  sheet.space(8)
  sheet.heading(words.rules)
  sheet.paragraph(subject.rulesDigest)
  sheet.space(8)
  sheet.heading(words.how)
  for (const step of words.steps) sheet.paragraph(step)
  sheet.space(8)
  sheet.heading(words.command)
  sheet.paragraph(
    `sekisho ${kind} ${subject.file} --at ${subject.at} --edition ${subject.edition} --format pdf --out FILE`,
  )
  sheet.space(8)
  sheet.paragraph(words.unsigned)
}
