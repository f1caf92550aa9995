/** Documents on A4. Drawn apart: opening the font alone would keep everybody waiting. */
import type { ModelGap, Roadmap } from '@sekisho/assess'
import type { Finding } from '@sekisho/core'
import type { ReportSubject, RoadmapSubject } from '@sekisho/report'
import { FONT_PLACES } from '@sekisho/report'
import { runApart } from '../host/apart.ts'
import { isRecord } from '../shape.ts'

/** What a document is drawn from. */
export type PdfWork =
  | {
      readonly kind: 'check'
      readonly findings: readonly Finding[]
      readonly subject: ReportSubject
    }
  | { readonly kind: 'self-check'; readonly gap: ModelGap; readonly subject: ReportSubject }
  | { readonly kind: 'roadmap'; readonly roadmap: Roadmap; readonly subject: RoadmapSubject }

/** What comes of it: the document, or that this machine has no usable font. */
export type PdfDrawn = { readonly bytes: Uint8Array } | { readonly font: 'missing' }

/** Longest time for one document, ms. */
const PDF_MS = 60_000
const HEAP_MB = 1024

/**
 * @returns `undefined` when this machine has no font for it
 * @throws SekishoError TIMEOUT, WORKER_FAILED
 */
export async function makePdf(work: PdfWork): Promise<Uint8Array | undefined> {
  const drawn = await runApart(new URL('./pdf-work.ts', import.meta.url), work, {
    check: drawnOf,
    timeoutMs: PDF_MS,
    heapMb: HEAP_MB,
    reads: FONT_PLACES.map(({ path }) => path),
    what: 'drawing',
  })
  return 'bytes' in drawn ? drawn.bytes : undefined
}

function drawnOf(value: unknown): PdfDrawn | undefined {
  if (!isRecord(value)) return undefined
  const { bytes, font } = value
  if (bytes instanceof Uint8Array) return { bytes }
  return font === 'missing' ? { font } : undefined
}
