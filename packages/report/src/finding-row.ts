import type { Finding } from '@sekisho/core'
import { said } from './said.ts'
import words from '../words/findings.json' with { type: 'json' }

/** Columns of findings in a table, in the order in which an official reads them. */
export const FINDING_COLUMNS = [
  'rule',
  'severity',
  'verified',
  'place',
  'message',
  'clause',
  'cure',
  'who',
  'line',
] as const

/** One finding as texts, in the order of `FINDING_COLUMNS`. Nothing in them is changed: names stay as they are written. */
export function findingRow(finding: Finding): readonly string[] {
  return [
    finding.rule,
    words.severity[finding.severity],
    finding.verified ? words.yes : words.no,
    finding.path ?? '',
    said(finding),
    `${finding.clause}（${finding.edition}）`,
    finding.cure.sentence,
    words.who[finding.cure.who],
    finding.line === undefined ? '' : String(finding.line),
  ]
}
