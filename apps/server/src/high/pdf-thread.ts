import { parentPort, workerData } from 'node:worker_threads'
import { assessmentPdf, findFont, findingsPdf, openFont } from '@sekisho/report'
import type { PdfDrawn, PdfWork } from './pdf.ts'

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread of Node.js has no origin
parentPort?.postMessage(await drawn(workerData as PdfWork))

async function drawn(work: PdfWork): Promise<PdfDrawn> {
  const file = await findFont()
  const opened = file && (await openFont(file))
  if (opened?.ok !== true) return { font: 'missing' }
  const { font } = opened
  return {
    bytes:
      work.kind === 'check'
        ? await findingsPdf(work.findings, work.subject, font)
        : await assessmentPdf(work.gap, work.subject, font),
  }
}
