/**
 * Workbooks that were brought, and what each would change. Kept in memory only; the declaration in force is never written here.
 */
import { createHash } from 'node:crypto'
import { createPool } from '@sekisho/disarm'
import type { Scan } from '@sekisho/disarm'
import { MAX_WORKBOOK_BYTES, rebuildWorkbook, refusedWorkbook } from '@sekisho/report'
import type { ImportPreview, RebuiltWorkbook } from '@sekisho/report'
import { runApart } from '../host/apart.ts'
import { isRecord } from '../shape.ts'
import { Jobs } from './jobs.ts'
import type { Job, Run } from './jobs.ts'
import type { ReadingBox } from '../host/reading-box.ts'

/** A workbook as somebody gave it. */
export interface ImportWork {
  readonly bytes: Uint8Array
  readonly name: string
  /** Entries that a sheet lacks shall go. */
  readonly remove: boolean
}

/** What the page says of it beside what it would change. */
export interface ImportAbout {
  readonly name: string
  readonly remove: boolean
}

export type ImportFound = { readonly state: 'done'; readonly preview: ImportPreview }
export type ImportJob = Job<ImportFound> & ImportAbout
export type Imports = Jobs<ImportWork, ImportFound, ImportAbout>

/** Longest time for one preview once the workbook is rebuilt, ms. */
const PREVIEW_MS = 120_000
const HEAP_MB = 1024

export interface ImportsOptions {
  /** The independent verifier, asked about a workbook once it is rebuilt. */
  readonly verify: ReadingBox['verify']
  /** Virus scanner, asked about a workbook before and after it is rebuilt; its silence refuses the workbook. Default: none. */
  readonly scan?: Scan
  /** What makes a preview; only tests replace it. */
  readonly run?: Run<ImportWork, ImportFound>
}

/** @param text of the declaration in force */
export function createImports(text: string, { verify, scan, run }: ImportsOptions): Imports {
  return new Jobs(run ?? ((work) => previewed(work, text, { verify, ...(scan && { scan }) })), {
    waiting: 3,
    kept: 6,
    // The scanner may be back, and the machine less busy.
    again: (found) => found.state === 'stopped' || !found.preview.ok,
  })
}

/** Lower-case hex. The same workbook under another name is another job: the name is shown. */
export function importId({ bytes, name, remove }: ImportWork): string {
  const hash = createHash('sha256').update(JSON.stringify([name, remove]))
  return hash.update(bytes).digest('hex')
}

async function previewed(
  { bytes, name, remove }: ImportWork,
  text: string,
  { verify, scan }: Omit<ImportsOptions, 'run'>,
): Promise<ImportFound> {
  const rebuilt = await verified(await rebuiltFrom(bytes, name, scan), verify)
  if (!rebuilt.ok) return { state: 'done', preview: rebuilt }
  const preview = await runApart(
    new URL('./import-work.ts', import.meta.url),
    { rebuilt, text, remove },
    {
      check: (value) => (isPreview(value) ? value : undefined),
      timeoutMs: PREVIEW_MS,
      heapMb: HEAP_MB,
      what: 'importing',
    },
  )
  return { state: 'done', preview }
}

/** In a box that is thrown away after this one workbook. */
async function rebuiltFrom(bytes: Uint8Array, name: string, scan?: Scan): Promise<RebuiltWorkbook> {
  const pool = createPool({
    size: 1,
    filesPerWorker: 1,
    limits: { inputBytes: MAX_WORKBOOK_BYTES },
    ...(scan && { scan }),
  })
  try {
    return await rebuildWorkbook(bytes, name, pool)
  } finally {
    await pool.close()
  }
}

/** By other code than rebuilt it: nothing that the verifier does not know is read on this side. */
async function verified(
  rebuilt: RebuiltWorkbook,
  verify: ReadingBox['verify'],
): Promise<RebuiltWorkbook> {
  if (!rebuilt.ok) return rebuilt
  const { clean, type } = await verify(rebuilt.output, 'xlsx')
  return clean && type === 'xlsx' ? rebuilt : refusedWorkbook('ENG-CRASH')
}

/** Our own program speaks; only that it spoke at all is asked. */
function isPreview(value: unknown): value is ImportPreview {
  return isRecord(value) && typeof value['ok'] === 'boolean'
}
