import type { Finding } from '@sekisho/core'
import { csv } from './csv.ts'
import { junit } from './junit.ts'
import { sarif } from './sarif.ts'
import { text } from './text.ts'

export const FORMATS = ['text', 'json', 'sarif', 'junit', 'csv'] as const
export type Format = (typeof FORMATS)[number]

/** What the findings are about. */
export interface Subject {
  /** File as the person named it. */
  readonly file: string
  /** Version of this program. */
  readonly version: string
  /** Result of the whole, shown first. */
  readonly result: 'pass' | 'hold' | 'refuse'
  /** Colour for a terminal. */
  readonly colour?: boolean
  /** Facts worth repeating, e.g. edition and model. Written into JSON as they are. */
  readonly about?: Readonly<Record<string, string | number | boolean>>
}

/** One rendering of the findings as text, ending with a line feed. As a workbook: `findingsWorkbook`. */
export function renderFindings(
  format: Format,
  findings: readonly Finding[],
  subject: Subject,
): string {
  switch (format) {
    case 'text':
      return text(findings, subject)
    case 'json':
      return json(findings, subject)
    case 'sarif':
      return sarif(findings, subject)
    case 'junit':
      return junit(findings, subject)
    case 'csv':
      return csv(findings)
  }
}

function json(findings: readonly Finding[], subject: Subject): string {
  const body = {
    sekisho: '1',
    kind: 'Check',
    file: subject.file,
    result: subject.result,
    ...subject.about,
    findings: findings.map((finding) => ({ ...finding, reason: finding.rule })),
  }
  return `${JSON.stringify(body, undefined, 2)}\n`
}
