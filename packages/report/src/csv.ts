import type { Finding } from '@sekisho/core'
import words from '../words/findings.json' with { type: 'json' }
import { FINDING_COLUMNS, findingRow } from './finding-row.ts'

/** Findings as CSV (RFC 4180) that Excel opens with a double click: UTF-8 with BOM, CRLF, every value quoted. */
export function csv(findings: readonly Finding[]): string {
  const header = FINDING_COLUMNS.map((key) => words.columns[key][0]!)
  return csvText([header, ...findings.map(findingRow)])
}

/** Rows of texts as CSV. A value that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection). */
export function csvText(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map((row) => `${row.map(value).join(',')}\r\n`).join('')}`
}

const value = (text: string): string => `"${guarded(text).replaceAll('"', '""')}"`

const guarded = (text: string): string => (/^[=+\-@\t\r\n＝＋－＠]/u.test(text) ? `'${text}` : text)
