import type { Finding } from '@sekisho/core'
import words from '../../words/findings.json' with { type: 'json' }
import { bothCalendars, eraText } from '../era.ts'
import { FINDING_COLUMNS, findingRow } from '../finding-row.ts'
import type { Subject } from '../findings.ts'
import { writeWorkbook } from './workbook.ts'
import type { Column, Sheet } from './workbook.ts'

/** What a workbook says beside the findings, so that a print of it stands alone. */
export interface FindingsAbout {
  /** Day of the check, `YYYY-MM-DD`. */
  readonly date: string
  readonly town?: string
  readonly model?: string
  /** Name of the edition of the guideline that was asked, e.g. `R8.3（令和8年3月版）`. */
  readonly edition?: string
  /** SHA-256 of the rule set that was asked. */
  readonly rules?: string
}

/** The findings as an Excel workbook (xlsx): 指摘 with a row for each, and 説明 with what each column means and what was checked. */
export function findingsWorkbook(
  findings: readonly Finding[],
  subject: Subject,
  about: FindingsAbout,
): Uint8Array {
  const title = [about.town, words.title].filter((one) => one !== undefined).join('　')
  return writeWorkbook({
    title,
    made: words.made.replace('{date}', eraText(about.date)),
    sheets: [findingsSheet(findings), aboutSheet(findings, subject, about)],
  })
}

const WIDTHS: Readonly<Record<(typeof FINDING_COLUMNS)[number], Column['width']>> = {
  rule: [10, 12],
  severity: [8, 8],
  verified: [14, 14],
  place: [14, 24],
  message: [30, 48],
  clause: [18, 28],
  cure: [30, 48],
  who: [10, 12],
  line: [6, 8],
}

function findingsSheet(findings: readonly Finding[]): Sheet {
  return {
    name: words.sheet,
    columns: FINDING_COLUMNS.map((key) => ({ title: words.columns[key][0]!, width: WIDTHS[key] })),
    rows: findings.map(findingRow),
  }
}

function aboutSheet(
  findings: readonly Finding[],
  { file, version, result }: Subject,
  { date, town, model, edition, rules }: FindingsAbout,
): Sheet {
  const unverified = findings.filter((finding) => !finding.verified).length
  const facts: Readonly<Record<keyof typeof words.facts, string | undefined>> = {
    town,
    file,
    date: bothCalendars(date),
    model,
    edition,
    rules,
    version,
    count: counted(findings.length),
    unverified: counted(unverified),
    result: words.result[result],
  }
  const known = Object.entries(facts).filter((fact) => fact[1] !== undefined)
  return {
    name: words.about,
    columns: [
      { title: words.item, width: [20, 40] },
      { title: words.meaning, width: [40, 80] },
    ],
    rows: [
      ...known.map(([key, value]) => [words.facts[key as keyof typeof facts], value]),
      ...FINDING_COLUMNS.map((key) => words.columns[key]),
    ],
  }
}

const counted = (count: number): string => words.counted.replace('{count}', String(count))
