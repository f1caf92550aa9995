/**
 * What the set for a council or an auditor is made from, read from the files that were named.
 */
import { assess } from '@sekisho/assess'
import type { AssessOptions, Roadmap } from '@sekisho/assess'
import type { Finding, Model } from '@sekisho/core'
import { createJudge } from '@sekisho/judge'
import { setMakers } from '@sekisho/report'
import type { FontFile, ReportSubject, RoadmapSubject, SetMakers } from '@sekisho/report'
import { checkTown } from '@sekisho/town'
import { readParts } from './commands/assess-parts.ts'
import { reportSubject } from './report-subject.ts'
import type { TownFile } from './town-file.ts'

export interface ReportWish {
  readonly file: string
  readonly town: Extract<TownFile, { ok: true }>
  readonly options: AssessOptions
  readonly to: Model | undefined
  readonly planned: { readonly roadmap: Roadmap; readonly subject: RoadmapSubject } | undefined
  readonly font: FontFile
}

export interface Report {
  readonly subject: ReportSubject
  readonly findings: readonly Finding[]
  readonly files: SetMakers
}

/** @throws UsageError when `to` cannot be compared with */
export function reportOf({ file, town, options, to, planned, font }: ReportWish): Report {
  const judge = createJudge()
  const assessment = assess(town.read, { ...options, judge })
  const { at, edition } = assessment
  const data = readParts(town.read, assessment, to)
  const subject = reportSubject(file, town, { at, edition })
  const { findings } = checkTown(town.read, { file, judge, at, edition })
  const files = setMakers({ subject, findings, data, font, ...(planned && { planned }) })
  return { subject, findings, files }
}
