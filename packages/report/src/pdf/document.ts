/**
 * The A4 document: 表紙, 要約, 一覧, 根拠, 証明.
 */
import type { ModelGap, Roadmap } from '@sekisho/assess'
import type { Finding } from '@sekisho/core'
import type { Font } from 'fontkit'
import { bothCalendars, eraText } from '../era.ts'
import { filled } from '../filled.ts'
import type { ReportSubject, RoadmapSubject } from '../subject.ts'
import { visible } from '../visible.ts'
import { contentOfFindings, contentOfGap } from './content.ts'
import type { Chapter, Content, Fact, Step } from './content.ts'
import { contentOfRoadmap } from './roadmap-content.ts'
import { Sheet } from './sheet.ts'
import { WORDS } from './words.ts'

/** The findings of a check as an A4 PDF. `font` must be newly opened (`openFont`). */
export async function findingsPdf(
  findings: readonly Finding[],
  subject: ReportSubject,
  font: Font,
): Promise<Uint8Array> {
  return render(contentOfFindings(findings, subject), subject, font)
}

/** The self-check table of the town's model as an A4 PDF. `font` must be newly opened (`openFont`). */
export async function assessmentPdf(
  gap: ModelGap,
  subject: ReportSubject,
  font: Font,
): Promise<Uint8Array> {
  return render(contentOfGap(gap, subject), subject, font)
}

/** The steps of a roadmap by fiscal year as an A4 PDF. `font` must be newly opened (`openFont`). */
export async function roadmapPdf(
  found: Roadmap,
  subject: RoadmapSubject,
  font: Font,
): Promise<Uint8Array> {
  return render(contentOfRoadmap(found, subject), subject, font)
}

const SHORT_DIGEST = 16
const MOST_STEPS = 10

async function render(content: Content, subject: ReportSubject, font: Font): Promise<Uint8Array> {
  const title = `${WORDS.title[content.kind]}　${visible(subject.town)}`
  const { fileDigest, rulesDigest } = subject
  const digests = [fileDigest, rulesDigest, ...content.digests.map(([, digest]) => digest)]
  const sheet = await Sheet.open(font, {
    title,
    made: new Date(`${subject.made}T00:00:00+09:00`),
    subject: digests.join(' '),
  })
  cover(sheet, content, subject)
  summary(sheet, content)
  for (const one of content.chapters) chapter(sheet, one)
  grounds(sheet, content)
  proof(sheet, content, subject)
  const day = eraText(subject.made)
  return sheet.close(title, (page, pages) => filled(WORDS.footer, { page, pages, day }))
}

function cover(sheet: Sheet, { kind, facts }: Content, subject: ReportSubject): void {
  const words = WORDS.cover
  sheet.cover(WORDS.title[kind])
  const lines = [
    [words.town, subject.town],
    [words.model, subject.model],
    [words.edition, subject.edition],
    [words.at, bothCalendars(subject.at)],
    [words.made, bothCalendars(subject.made)],
    [words.file, subject.file],
    ...facts,
    [words.rules, subject.rulesDigest.slice(0, SHORT_DIGEST)],
    [words.version, subject.version],
  ]
  for (const [name, value] of lines) sheet.paragraph(`${name}　${value}`, 12)
  sheet.space(24)
  sheet.paragraph(words.about[kind])
}

/** One page: as many steps as fit, and how many there are. */
function summary(sheet: Sheet, { counts, steps, notes }: Content): void {
  const words = WORDS.summary
  sheet.chapter(WORDS.chapters.summary)
  sheet.table(counts.columns, counts.rows, 10)
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

function chapter(sheet: Sheet, { heading, tables, empty }: Chapter): void {
  sheet.chapter(heading)
  const full = tables.filter(({ rows }) => rows.length > 0)
  if (full.length === 0) sheet.paragraph(empty)
  for (const table of full) {
    if (table.heading !== undefined) sheet.heading(table.heading)
    sheet.table(table.columns, table.rows)
  }
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

function proof(sheet: Sheet, { digests, command }: Content, subject: ReportSubject): void {
  const words = WORDS.proof
  sheet.chapter(WORDS.chapters.proof)
  const all = [[words.town, subject.fileDigest], ...digests, [words.rules, subject.rulesDigest]]
  for (const [name, digest] of all as readonly Fact[]) {
    sheet.heading(name)
    sheet.paragraph(digest)
    sheet.space(8)
  }
  sheet.heading(words.how)
  for (const step of words.steps) sheet.paragraph(step)
  sheet.space(8)
  sheet.heading(words.command)
  sheet.paragraph(`${command} --at ${subject.at} --format pdf --out FILE`)
  sheet.space(8)
  sheet.paragraph(words.unsigned)
}
