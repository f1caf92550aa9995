/**
 * 点検 to take along: the findings and the self-check as files, for the same day and edition as on the screen.
 */
import { assess, partsOf } from '@sekisho/assess'
import { loadGuideline } from '@sekisho/guideline'
import { assessmentWorkbook, findingsWorkbook, roadmapWorkbook } from '@sekisho/report'
import { checkTown } from '@sekisho/town'
import { attachment, PDF, XLSX } from '../host/attachment.ts'
import { oneAtATime } from '../host/one-at-a-time.ts'
import { refuse } from '../host/web.ts'
import type { Web, WebContext } from '../host/web.ts'
import { dayOf, editionOf } from './asked.ts'
import { seesAll } from './evidence.ts'
import { makePdf } from './pdf.ts'
import type { PdfWork } from './pdf.ts'
import type { Roadmaps } from './roadmaps.ts'
import { subjectOf, VERSION } from './subject.ts'
import type { As, InForce } from './subject.ts'

export interface DownloadsOptions extends InForce {
  readonly roadmaps: Roadmaps
  /** Makes the document; `undefined` when this machine has no font for it. */
  readonly pdf?: (work: PdfWork) => Promise<Uint8Array | undefined>
}

export function addDownloads(app: Web, options: DownloadsOptions): void {
  const { read, judge, roadmaps, pdf = makePdf } = options
  const { town } = read
  const alone = oneAtATime()
  const asked = (context: WebContext, answer: (as: As) => Response | Promise<Response>) => {
    if (!seesAll(context.get('who'))) return refuse(context, 403, 'NOT-YOUR-ROLE')
    const at = dayOf(context)
    if (at === undefined) return refuse(context, 400, 'BODY-INVALID')
    return answer({ at, edition: editionOf(context) ?? town.edition })
  }
  const asPdf = (context: WebContext, name: string, work: PdfWork) =>
    // One after another: each takes a core and the whole font.
    alone('pdf', async () => {
      const bytes = await pdf(work)
      return bytes ? attachment(context, name, PDF, bytes) : refuse(context, 503, 'FONT-MISSING')
    })
  app.get('/api/check.xlsx', (context) =>
    asked(context, (as) => {
      const workbook = workbookOfFindings(options, as)
      return attachment(context, `check-${as.at}.xlsx`, XLSX, workbook)
    }),
  )
  app.get('/api/check.pdf', (context) =>
    asked(context, (as) =>
      asPdf(context, `check-${as.at}.pdf`, {
        kind: 'check',
        findings: checkTown(read, { judge, ...as }).findings,
        subject: subjectOf(options, as),
      }),
    ),
  )
  app.get('/api/self-check.xlsx', (context) =>
    asked(context, (as) => {
      const parts = partsOf(town, assess(read, { judge, ...as }))
      const workbook = assessmentWorkbook(parts, subjectOf(options, as))
      return attachment(context, `self-check-${as.at}.xlsx`, XLSX, workbook)
    }),
  )
  app.get('/api/self-check.pdf', (context) =>
    asked(context, (as) => {
      const [gap] = assess(read, { judge, ...as }).models
      if (!gap) return refuse(context, 404, 'NOT-FOUND')
      const subject = subjectOf(options, as)
      return asPdf(context, `self-check-${as.at}.pdf`, { kind: 'self-check', gap, subject })
    }),
  )
  app.get('/api/roadmap/made/:file', (context) => {
    if (!seesAll(context.get('who'))) return refuse(context, 403, 'NOT-YOUR-ROLE')
    const [, id = '', kind] = MADE.exec(context.req.param('file')) ?? []
    const { found, files } = roadmaps.find(id) ?? {}
    if (found?.state !== 'done' || !files) return refuse(context, 404, 'TARGET-GONE')
    const { roadmap } = found
    const subject = { ...subjectOf(options, { at: roadmap.at, edition: town.edition }), ...files }
    const name = `roadmap-${roadmap.at}.${kind}`
    return kind === 'pdf'
      ? asPdf(context, name, { kind: 'roadmap', roadmap, subject })
      : attachment(context, name, XLSX, roadmapWorkbook(roadmap, subject))
  })
}

/** A way that was computed, by its number, as one of two files. */
const MADE = /^([0-9a-f]{64})\.(xlsx|pdf)$/u

function workbookOfFindings(
  { read, judge, file }: DownloadsOptions,
  { at, edition }: As,
): Uint8Array {
  const { result, findings } = checkTown(read, { judge, at, edition })
  const name = loadGuideline().editions.find(({ id }) => id === edition)?.name
  return findingsWorkbook(
    findings,
    { file, version: VERSION, result },
    {
      date: at,
      town: read.town.name,
      model: read.town.model,
      edition: name === undefined ? edition : `${edition}（${name}）`,
      rules: judge.digest,
    },
  )
}
