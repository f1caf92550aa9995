/**
 * Everything a council or an auditor is given about one town, as bytes: nothing is written here.
 */
import type { Roadmap } from '@sekisho/assess'
import type { Finding } from '@sekisho/core'
import { writeZip } from '@sekisho/disarm'
import { assessmentJson } from './assessment/json.ts'
import type { PartData } from './assessment/json.ts'
import { assessmentWorkbook } from './assessment/workbook.ts'
import { findingsWorkbook } from './excel/findings.ts'
import { findingsAbout } from './findings-about.ts'
import { renderFindings } from './findings.ts'
import { assessmentPdf, findingsPdf, roadmapPdf } from './pdf/document.ts'
import type { FontFile } from './pdf/font.ts'
import { makePdf } from './pdf/make.ts'
import { INDEX_NAME, reportIndex, SET_NAMES } from './report-set.ts'
import type { SetFile, SetPart } from './report-set.ts'
import { roadmapWorkbook } from './roadmap/workbook.ts'
import type { ReportSubject, RoadmapSubject } from './subject.ts'

/** What the set is made from: all of it of one day and one edition, those of `subject`. */
export interface SetWish {
  readonly subject: ReportSubject
  readonly findings: readonly Finding[]
  readonly data: PartData
  /** The way to another declaration, when one was asked for. */
  readonly planned?: { readonly roadmap: Roadmap; readonly subject: RoadmapSubject }
  readonly font: FontFile
}

/** In the order in which they are read. Each is made when it is asked for, with a font of its own. */
export type SetMakers = readonly {
  readonly part: SetPart
  /** @throws SekishoError CONFIG_INVALID when the font cannot be used */
  readonly make: () => Promise<SetFile>
}[]

type Make = () => Uint8Array | string | Promise<Uint8Array>

export function setMakers({ subject, findings, data, planned, font }: SetWish): SetMakers {
  const { file, version, at, rulesDigest } = subject
  const about = { file, version, result: findings.length === 0 ? 'pass' : 'refuse' } as const
  const parts: Partial<Record<SetPart, Make>> = {
    'findings-book': () =>
      findingsWorkbook(findings, about, findingsAbout(namesOf(subject), at, rulesDigest)),
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
  return (Object.entries(parts) as [SetPart, Make][]).map(([part, make]) => ({
    part,
    make: async () => ({ part, bytes: bytesOf(await make()) }),
  }))
}

/** The set and its list as one file. Unpacked into a folder, `sha256sum -c` takes the list as it is. The same set gives the same bytes. */
export function setZip(files: readonly SetFile[], subject: ReportSubject): Uint8Array {
  return writeZip([
    ...files.map(({ part, bytes }) => ({ name: SET_NAMES[part], bytes })),
    { name: INDEX_NAME, bytes: bytesOf(reportIndex(files, subject)) },
  ])
}

const namesOf = ({ town, model, edition }: ReportSubject) => ({ town, model, edition })

const bytesOf = (made: Uint8Array | string): Uint8Array =>
  typeof made === 'string' ? Buffer.from(made) : made
