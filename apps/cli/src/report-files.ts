/**
 * Everything a council or an auditor is given about one town, as bytes: nothing is written here.
 */
import { assess } from '@sekisho/assess'
import type { AssessOptions, Roadmap } from '@sekisho/assess'
import type { Finding, Model } from '@sekisho/core'
import { createJudge } from '@sekisho/judge'
import { assessmentPdf, assessmentWorkbook, findingsPdf, findingsWorkbook } from '@sekisho/report'
import { renderFindings, roadmapPdf, roadmapWorkbook } from '@sekisho/report'
import type { FontFile, ReportSubject, RoadmapSubject, SetFile, SetPart } from '@sekisho/report'
import { checkTown } from '@sekisho/town'
import { assessmentJson, readParts } from './commands/assess-parts.ts'
import { findingsAbout } from './findings-about.ts'
import { makePdf } from './pdf-file.ts'
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
  /** In the order in which they are read. Each is made when it is asked for, with a font of its own. */
  readonly files: readonly { readonly part: SetPart; readonly make: () => Promise<SetFile> }[]
}

type Make = () => Uint8Array | string | Promise<Uint8Array>

/** @throws UsageError when `to` cannot be compared with */
export function reportOf({ file, town, options, to, planned, font }: ReportWish): Report {
  const judge = createJudge()
  const assessment = assess(town.read, { ...options, judge })
  const { at, edition } = assessment
  const data = readParts(town.read, assessment, to)
  const subject = reportSubject(file, town, { at, edition })
  const { findings } = checkTown(town.read, { file, judge, at, edition })
  const result = findings.length === 0 ? 'pass' : 'refuse'
  const about = { file, version: subject.version, result } as const
  const parts: Partial<Record<SetPart, Make>> = {
    'findings-book': () =>
      findingsWorkbook(findings, about, findingsAbout(namesOf(subject), at, judge.digest)),
    'findings-paper': () => makePdf(font, (opened) => findingsPdf(findings, subject, opened)),
    'assessment-book': () => assessmentWorkbook(data, subject),
    'assessment-paper': () => makePdf(font, (opened) => assessmentPdf(data.gap, subject, opened)),
    'findings-sarif': () => renderFindings('sarif', findings, about),
    'assessment-json': () => assessmentJson(file, data),
    ...(planned !== undefined && {
      'roadmap-book': () => roadmapWorkbook(planned.roadmap, planned.subject),
      'roadmap-paper': () =>
        makePdf(font, (opened) => roadmapPdf(planned.roadmap, planned.subject, opened)),
    }),
  }
  const files = (Object.entries(parts) as [SetPart, Make][]).map(([part, make]) => ({
    part,
    make: async () => ({ part, bytes: bytesOf(await make()) }),
  }))
  return { subject, findings, files }
}

const namesOf = ({ town, model, edition }: ReportSubject) => ({ town, model, edition })

const bytesOf = (made: Uint8Array | string): Uint8Array =>
  typeof made === 'string' ? Buffer.from(made) : made
