/**
 * What the document of a roadmap says: the steps by fiscal year, what stands in the way, and where each id comes from.
 */
import { outcomeSentence, stepsByYear } from '@sekisho/assess'
import type { Roadmap, Step as RoadmapStep } from '@sekisho/assess'
import { bothCalendars, eraText } from '../era.ts'
import { BOOK } from '../excel/words.ts'
import { filled } from '../filled.ts'
import {
  afterText,
  careTexts,
  changeTexts,
  idsOf,
  reasonTexts,
  waitsText,
} from '../roadmap/steps.ts'
import { obstacleTexts, sideText } from '../roadmap/summary.ts'
import type { RoadmapSubject } from '../subject.ts'
import { visible } from '../visible.ts'
import { distinct, groundOf, unverifiedNote } from './content.ts'
import type { Chapter, Content, Fact, Step, Table } from './content.ts'
import { WORDS } from './words.ts'

const { roadmap: book } = BOOK
const words = WORDS.table

export function contentOfRoadmap(found: Roadmap, subject: RoadmapSubject): Content {
  const { file, target, plan } = subject
  const findings = found.steps.flatMap(({ vanish, appear }) => [...vanish, ...appear])
  const all = [...findings, ...found.today.findings, ...found.target.findings]
  const grounds = distinct(all.map(groundOf))
  return {
    kind: 'roadmap',
    facts: files(WORDS.cover, subject, (one) => one.file),
    counts: yearsTable(found),
    steps: found.steps.map(firstStep),
    notes: [
      outcomeSentence(found),
      `${book.summary.groups.from}　${sideText(found.today, found.at)}`,
      `${book.summary.groups.to}　${sideText(found.target, found.target.at)}`,
      ...obstaclesNote(found),
      ...unverifiedNote(grounds),
    ],
    chapters: [stepsChapter(found), ...obstaclesChapter(found)],
    grounds,
    digests: files(WORDS.proof, subject, (one) => one.fileDigest),
    command: [
      `sekisho roadmap ${file} ${target.file}`,
      ...(plan === undefined ? [] : [`--plan ${plan.file}`]),
    ].join(' '),
  }
}

/** Target and plan under their names. */
function files(
  names: { readonly target: string; readonly plan: string },
  { target, plan }: RoadmapSubject,
  value: (file: RoadmapSubject['target']) => string,
): readonly Fact[] {
  return [
    [names.target, value(target)],
    ...(plan === undefined ? [] : [[names.plan, value(plan)] as const]),
  ]
}

function yearsTable(found: Roadmap): Table {
  const { year, period, steps, findings } = WORDS.summary
  return {
    columns: [
      { head: year, part: 0.2 },
      { head: steps, part: 0.15 },
      { head: period, part: 0.45 },
      { head: findings, part: 0.2 },
    ],
    rows: stepsByYear(found).map(([name, own]) => [
      name,
      filled(BOOK.count, { count: own.length }),
      [...new Set([own[0]!.day, own.at(-1)!.day])].map(eraText).join('～'),
      filled(BOOK.count, { count: own.at(-1)!.after.findings }),
    ]),
  }
}

const firstStep = (step: RoadmapStep): Step => ({
  id: String(step.number),
  state: eraText(step.day),
  sentence: visible(step.name),
  cure: '',
})

function obstaclesNote(found: Roadmap): readonly string[] {
  const count = obstacleTexts(found).length
  return count === 0 ? [] : [filled(WORDS.summary.obstacles, { count })]
}

function stepsChapter(found: Roadmap): Chapter {
  return {
    heading: WORDS.chapters.table,
    empty: words.noSteps,
    tables: stepsByYear(found).map(([heading, steps]) => ({
      heading,
      columns: [
        { head: words.step, part: 0.06 },
        { head: words.day, part: 0.19 },
        { head: words.what, part: 0.36 },
        { head: words.why, part: 0.23 },
        { head: words.effect, part: 0.16 },
      ],
      rows: steps.map(rowOf),
    })),
  }
}

function rowOf(step: RoadmapStep): readonly string[] {
  const waits = waitsText(step)
  const [vanish, appear] = [idsOf(step.vanish), idsOf(step.appear)]
  return [
    String(step.number),
    bothCalendars(step.day),
    [visible(step.name), ...changeTexts(step), ...careTexts(step)].join('\n'),
    [...reasonTexts(step), ...(waits === '' ? [] : [filled(words.waits, { steps: waits })])].join(
      '\n',
    ),
    [
      ...(vanish === '' ? [] : [filled(words.vanish, { rules: vanish })]),
      ...(appear === '' ? [] : [filled(words.appear, { rules: appear })]),
      afterText(step),
    ].join('\n'),
  ]
}

function obstaclesChapter(found: Roadmap): readonly Chapter[] {
  const rows = obstacleTexts(found).map((text) => [text])
  if (rows.length === 0) return []
  const { content } = book.obstacles.columns
  return [
    {
      heading: WORDS.chapters.obstacles,
      empty: '',
      tables: [{ columns: [{ head: content[0]!, part: 1 }], rows }],
    },
  ]
}
