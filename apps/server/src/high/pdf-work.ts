import { assessmentPdf, findFont, findingsPdf, openFont, roadmapPdf } from '@sekisho/report'
import { workApart } from '../host/work-apart.ts'
import type { PdfDrawn, PdfWork } from './pdf.ts'

workApart((work) => drawn(work as PdfWork))

async function drawn(work: PdfWork): Promise<PdfDrawn> {
  const file = await findFont()
  const opened = file && (await openFont(file))
  if (opened?.ok !== true) return { font: 'missing' }
  return { bytes: await documentOf(work, opened.font) }
}

function documentOf(work: PdfWork, font: Parameters<typeof findingsPdf>[2]): Promise<Uint8Array> {
  switch (work.kind) {
    case 'check':
      return findingsPdf(work.findings, work.subject, font)
    case 'self-check':
      return assessmentPdf(work.gap, work.subject, font)
    case 'roadmap':
      return roadmapPdf(work.roadmap, work.subject, font)
  }
}
