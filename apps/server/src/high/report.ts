/**
 * 報告書一式: what `sekisho report` writes for a council or an auditor, as one file with the list of its SHA-256.
 */
import { createHash } from 'node:crypto'
import { EDITIONS } from '@sekisho/core'
import { INDEX_NAME, SET_ABOUT, SET_NAMES } from '@sekisho/report'
import type { ReportState, ReportWish } from '../api.ts'
import { attachment, ZIP } from '../host/attachment.ts'
import { problem } from '../host/problem.ts'
import { readBody, refuse } from '../host/web.ts'
import type { Web, WebContext } from '../host/web.ts'
import { oneOf, shape, text } from '../shape.ts'
import { dayFrom } from './asked.ts'
import { seesAll } from './evidence.ts'
import { reportId } from './reports.ts'
import type { ReportJob, Reports, ReportWork } from './reports.ts'
import { filesOf } from './roadmaps.ts'
import { subjectOf } from './subject.ts'
import type { InForce } from './subject.ts'
import type { Targets } from './targets.ts'

export interface ReportOptions extends InForce {
  /** Text of the declaration in force. */
  readonly text: string
  readonly targets: Targets
  readonly reports: Reports
}

/** Longest name of a folder, UTF-16 units. */
const NAME_MAX = 255
const ID = /^[0-9a-f]{64}$/u

const reportWish = shape<ReportWish>(
  { at: text(10), edition: oneOf(EDITIONS), target: text(NAME_MAX) },
  ['at', 'edition', 'target'],
)

/** Shown to and made for those who mend or audit the town. */
export function addReport(app: Web, options: ReportOptions): void {
  const { reports, targets } = options
  app.post('/api/report', async (context) => {
    if (!seesAll(context.get('who'))) return refuse(context, 403, 'NOT-YOUR-ROLE')
    const wish = await readBody(context, reportWish)
    const at = dayFrom(wish?.at)
    if (!wish || at === undefined) return refuse(context, 400, 'BODY-INVALID')
    const { target = '', edition = options.read.town.edition } = wish
    const found = target === '' ? undefined : await targets.read(target)
    if (target !== '' && !found) return refuse(context, 404, 'NOT-FOUND')
    const work: ReportWork = {
      town: options.text,
      subject: subjectOf(options, { at, edition }),
      ...(found && {
        way: { ...found, files: filesOf({ town: options.text, at, ...found }, target) },
      }),
    }
    const about = { at, edition, ...(found && { target }) }
    const job = reports.ask(reportId(work), work, about)
    return job ? context.json(stateOf(job)) : refuse(context, 503, 'TRY-LATER')
  })
  app.get('/api/report/:id', (context) => {
    if (!seesAll(context.get('who'))) return refuse(context, 403, 'NOT-YOUR-ROLE')
    const [id = '', ending] = context.req.param('id').split('.')
    const job = ID.test(id) ? reports.find(id) : undefined
    if (!job) return refuse(context, 404, 'REPORT-GONE')
    if (ending === undefined) return context.json(stateOf(job))
    return ending === 'zip' ? zipOf(context, job) : refuse(context, 404, 'NOT-FOUND')
  })
}

function zipOf(context: WebContext, { at, found }: ReportJob): Response {
  if (found?.state !== 'done') return refuse(context, 404, 'REPORT-GONE')
  return attachment(context, `report-${at}.zip`, ZIP, found.zip)
}

function stateOf({ id, began, progress, found, at, edition, target }: ReportJob): ReportState {
  const about = { id, at, edition, ...(target !== undefined && { target }) }
  if (found === undefined) {
    const seconds = Math.max(0, Math.round((Date.now() - began.getTime()) / 1000))
    return { ...about, state: 'working', seconds, ...(progress && { progress }) }
  }
  if (found.state === 'no-font') return { ...about, ...found, problem: problem('FONT-MISSING') }
  if (found.state !== 'done') return { ...about, ...found }
  const { zip, files, findings, way } = found
  return {
    ...about,
    state: 'done',
    findings,
    ...(way !== undefined && { way }),
    files: files.map(({ part, size, sha256 }) => ({
      name: SET_NAMES[part],
      about: SET_ABOUT[part],
      size,
      sha256,
    })),
    list: INDEX_NAME,
    zip: { size: zip.length, sha256: createHash('sha256').update(zip).digest('hex') },
  }
}
