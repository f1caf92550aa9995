/**
 * 報告書一式 that are being made, and the last ones that were. Kept in memory only.
 */
import { createHash } from 'node:crypto'
import type { Edition, IsoDate } from '@sekisho/core'
import type { NamedFile, ReportSubject, SetPart } from '@sekisho/report'
import { FONT_PLACES } from '@sekisho/report'
import { runApart } from '../host/apart.ts'
import { isRecord } from '../shape.ts'
import { Jobs } from './jobs.ts'
import type { Job, Progress, Run } from './jobs.ts'
import { ROADMAP_MS } from './roadmaps.ts'
import type { RoadmapProblem } from './roadmaps.ts'

/** What one set is made from. The same work gives the same bytes. */
export interface ReportWork {
  /** Text of the declaration in force. */
  readonly town: string
  readonly subject: ReportSubject
  /** A declaration that lies beside the town's: the way there goes into the set. */
  readonly way?: {
    readonly target: string
    readonly plan?: string
    readonly files: { readonly target: NamedFile; readonly plan?: NamedFile }
  }
}

/** One file of the set. */
export interface ReportFile {
  readonly part: SetPart
  readonly size: number
  /** Lower-case hex. */
  readonly sha256: string
}

export type ReportFound =
  | {
      readonly state: 'done'
      readonly zip: Uint8Array
      readonly files: readonly ReportFile[]
      readonly findings: number
      /** What became of the way, as a sentence. */
      readonly way?: string
    }
  | { readonly state: 'unreadable'; readonly problems: readonly RoadmapProblem[] }
  /** This machine has no font for Japanese. */
  | { readonly state: 'no-font' }

/** What a set is about, for its page and its name. */
export interface ReportAbout {
  readonly at: IsoDate
  readonly edition: Edition
  /** Name of the folder of the target. */
  readonly target?: string
}

export type ReportJob = Job<ReportFound> & ReportAbout
export type Reports = Jobs<ReportWork, ReportFound, ReportAbout>

/** Longest time for one set, ms: the way, and eight documents. */
const REPORT_MS = ROADMAP_MS + 180_000
const HEAP_MB = 1024

export function createReports(run: Run<ReportWork, ReportFound> = makeApart): Reports {
  return new Jobs(run, { waiting: 3, kept: 4 })
}

/** Lower-case hex. */
export function reportId(work: ReportWork): string {
  return createHash('sha256').update(JSON.stringify(work)).digest('hex')
}

function makeApart(work: ReportWork, tell: (progress: Progress) => void): Promise<ReportFound> {
  return runApart(new URL('./report-work.ts', import.meta.url), work, {
    check: (value) => (isFound(value) ? value : undefined),
    isProgress: (value) => {
      if (!isProgress(value)) return false
      tell({ done: value.done, all: value.all })
      return true
    },
    timeoutMs: REPORT_MS,
    heapMb: HEAP_MB,
    reads: FONT_PLACES.map(({ path }) => path),
    what: 'reporting',
  })
}

/** Our own program speaks; only that it spoke at all is asked. */
function isFound(value: unknown): value is ReportFound {
  return isRecord(value) && typeof value['state'] === 'string'
}

function isProgress(value: unknown): value is Progress {
  return isRecord(value) && typeof value['done'] === 'number' && typeof value['all'] === 'number'
}
