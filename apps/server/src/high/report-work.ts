/** Makes one set for a council or an auditor, in a process of its own. */
import { createHash } from 'node:crypto'
import { assess, outcomeSentence, partsOf } from '@sekisho/assess'
import { createCompiledJudge } from '@sekisho/judge'
import { findFont, setMakers, setZip } from '@sekisho/report'
import type { SetFile, SetMakers, SetWish } from '@sekisho/report'
import { checkTown, readTown } from '@sekisho/town'
import type { TownReading } from '@sekisho/town'
import { workApart } from '../host/work-apart.ts'
import type { Progress } from './jobs.ts'
import { planned, unreadable } from './planned.ts'
import type { ReportFound, ReportWork } from './reports.ts'
import type { RoadmapProblem } from './roadmaps.ts'

workApart((work, say) => made(work as ReportWork, say))

async function made(work: ReportWork, say: (progress: Progress) => void): Promise<ReportFound> {
  const { subject } = work
  const font = await findFont()
  if (font === undefined) return { state: 'no-font' }
  const read = readTown(work.town)
  if (!read.ok) return unreadable('town', read.problems)
  const way = wayOf(work)
  if (way !== undefined && 'problems' in way) return { state: 'unreadable', ...way }
  const { findings, data } = judged(read, subject)
  const makers = setMakers({ subject, findings, data, font, ...(way && { planned: way }) })
  const files = await makeAll(makers, say)
  return {
    state: 'done',
    zip: setZip(files, subject),
    files: files.map(({ part, bytes }) => ({ part, size: bytes.length, sha256: sha256(bytes) })),
    findings: findings.length,
    ...(way && { way: outcomeSentence(way.roadmap) }),
  }
}

function judged(read: TownReading, { at, edition, file }: SetWish['subject']) {
  const judge = createCompiledJudge()
  const { findings } = checkTown(read, { file, judge, at, edition })
  return { findings, data: partsOf(read.town, assess(read, { at, edition, judge })) }
}

type Way =
  | NonNullable<SetWish['planned']>
  | { readonly problems: readonly RoadmapProblem[] }
  | undefined

function wayOf({ town, subject, way }: ReportWork): Way {
  if (way === undefined) return undefined
  const { target, plan, files } = way
  const found = planned({ town, target, at: subject.at, ...(plan !== undefined && { plan }) })
  if (found.state === 'unreadable') return { problems: found.problems }
  const { roadmap } = found
  return { roadmap, subject: { ...subject, at: roadmap.at, ...files } }
}

async function makeAll(
  makers: SetMakers,
  say: (progress: Progress) => void,
): Promise<readonly SetFile[]> {
  const files: SetFile[] = []
  for (const { make } of makers) {
    say({ done: files.length, all: makers.length })
    // oxlint-disable-next-line no-await-in-loop -- one document and its font in memory at a time
    files.push(await make())
  }
  return files
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
