/** What was seen of an answer, as facts; the rules of the guideline answer. */
import type { Answer, DisarmReport, Town, WebDownloadFacts } from '@sekisho/core'
import { isActive } from '@sekisho/disarm'
import type { Asks } from '../destination/judge-destination.ts'

export interface DownloadSeen {
  readonly pattern: WebDownloadFacts['pattern']
  readonly form: WebDownloadFacts['form']
  readonly arrival: WebDownloadFacts['arrival']
  /** Absent before it was disarmed. */
  readonly report?: DisarmReport
  readonly verified: boolean
}

export interface DownloadTerms {
  readonly town: Pick<Town, 'model' | 'edition'>
  readonly approvalPolicy: WebDownloadFacts['approvalPolicy']
}

export function downloadFacts(
  { pattern, form, arrival, report, verified }: DownloadSeen,
  { town, approvalPolicy }: DownloadTerms,
): WebDownloadFacts {
  return {
    ...town,
    pattern,
    form,
    arrival,
    disarm: report?.verdict ?? 'none',
    verified,
    activeRemoved: activeIn(report),
    approvalPolicy,
  }
}

const activeIn = (report: DisarmReport | undefined): number =>
  (report?.removed ?? [])
    .filter(({ rule }) => isActive(rule))
    .reduce((sum, { count }) => sum + count, 0)

export const judgeDownload = (judge: Asks, facts: WebDownloadFacts): Answer =>
  judge.ask({ question: 'web-download', facts })
