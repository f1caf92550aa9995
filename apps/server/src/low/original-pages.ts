/**
 * 原本を見る: the routes of the low side for the sealed originals of mails.
 */
import { attachment } from '../host/attachment.ts'
import type { NewOriginalRequest, OriginalDecision, OriginalRequestView } from '../api.ts'
import { departmentName, personOf } from '../host/people.ts'
import type { Reason } from '../host/problem.ts'
import { readBody, refuse } from '../host/web.ts'
import type { Web, WebContext } from '../host/web.ts'
import { ID, SHA256 } from '../link/messages.ts'
import { oneOf, shape, text } from '../shape.ts'
import type { Person, Town } from '@sekisho/core'
import { COMMENT_MAX, REASON_MAX } from './originals.ts'
import type { OriginalRequest, Originals } from './originals.ts'

const MAIL = 'application/octet-stream'

const newRequest = shape<NewOriginalRequest>({
  number: text(40),
  reason: text(REASON_MAX * 4),
})

const decision = shape<OriginalDecision>({
  decision: oneOf(['approve', 'return']),
  sha256: text(64, SHA256),
  reason: text(REASON_MAX),
  comment: text(COMMENT_MAX * 4),
})

export interface OriginalPagesOptions {
  readonly town: Town
  readonly originals: Originals
}

export function addOriginals(app: Web, options: OriginalPagesOptions): void {
  const { originals } = options
  app.get('/api/originals', async (context) => {
    const { person } = context.get('who')
    const requests = await originals.list(person)
    return context.json({ requests: requests.map((one) => viewOf(one, person, options)) })
  })
  app.post('/api/originals', async (context) => {
    const wanted = await readBody(context, newRequest)
    if (!wanted) return refuse(context, 400, 'BODY-INVALID')
    const { person } = context.get('who')
    const asked = await originals.ask(person, wanted.number, wanted.reason)
    if (!asked.ok) return refused(context, asked.reason)
    return context.json(viewOf(asked.request, person, options))
  })
  app.post('/api/originals/:id/decision', async (context) => {
    const id = context.req.param('id')
    const input = await readBody(context, decision)
    if (!input || !ID.test(id)) return refuse(context, 400, 'BODY-INVALID')
    const { person } = context.get('who')
    const decided = await originals.decide(person, id, input)
    if (!decided.ok) return refused(context, decided.reason)
    return context.json(viewOf(decided.request, person, options))
  })
  // Not a GET: a browser or a proxy that fetches ahead must not use up the one time.
  app.post('/api/originals/:id/file', async (context) => {
    const id = context.req.param('id')
    if (!ID.test(id)) return refuse(context, 404, 'NOT-FOUND')
    const taken = await originals.take(context.get('who').person, id)
    if (!taken.ok) return refused(context, taken.reason)
    return attachment(context, `${taken.number}.eml`, MAIL, taken.bytes)
  })
}

const STATUS: Partial<Record<Reason, 400 | 403 | 404 | 410>> = {
  'ORIGINAL-NO-MAIL': 404,
  'ORIGINAL-GONE': 410,
  'ORIGINAL-REASON': 400,
  'ORIGINAL-COMMENT': 400,
  'ORIGINAL-SELF': 403,
  'ORIGINAL-NOT-APPROVER': 403,
}

function refused(context: WebContext, reason: Reason): Response {
  return refuse(context, STATUS[reason] ?? 409, reason)
}

function viewOf(
  { row, mail, transfer }: OriginalRequest,
  reader: Person,
  { town, originals }: OriginalPagesOptions,
): OriginalRequestView {
  const asker = personOf(town, row.person)
  const open = originals.isOpen(row)
  const ended = STATES.find((state) => state === row.state) ?? 'lapsed'
  const gone = transfer.shredded > 0
  const stuck = gone || !open
  const overdue = (ended === 'waiting' || ended === 'approved') && stuck
  return {
    id: row.id,
    number: row.number,
    sha256: row.sha256,
    size: transfer.size,
    from: mail.from,
    to: mail.recipients,
    receivedAt: transfer.created_at,
    person: asker?.name ?? row.person,
    department: asker ? departmentName(town, asker) : '',
    mine: row.person === reader.id,
    reason: row.reason,
    askedAt: row.asked_at,
    state: overdue ? 'lapsed' : ended,
    until: row.until,
    decidedBy: personOf(town, row.decided_by)?.name ?? row.decided_by,
    comment: row.comment,
    mayDecide: !overdue && ended === 'waiting' && originals.mayDecide(reader, row),
    gone,
    ...(transfer.shred_at === null ? {} : { keptUntil: transfer.shred_at }),
  }
}

const STATES = ['waiting', 'approved', 'returned', 'taken', 'lapsed'] as const
