/**
 * 承認する: what waits for me, shown as it will be delivered, and my decision.
 */
import type { Town } from '@sekisho/core'
import { changesOf, previewFile, shownName } from '@sekisho/gates/file'
import { isSender, passageWords } from '@sekisho/passage'
import type { DecisionRefusal, Progress } from '@sekisho/passage'
import { findCrossingByNumber, listDecidedBy, listHeld } from '@sekisho/store'
import type { Blobs, HighTables, Store } from '@sekisho/store'
import type { ApprovalCard, Decision, Problem } from '../api.ts'
import type { SignedIn } from '../host/accounts.ts'
import { approversFor } from '../host/people.ts'
import { readBody, refuse } from '../host/web.ts'
import type { Web, WebContext } from '../host/web.ts'
import { SHA256 } from '../link/messages.ts'
import { oneOf, shape, text } from '../shape.ts'
import { progressOf } from './crossings.ts'
import type { Crossings } from './crossings.ts'

const LIST_MAX = 500

export interface ApprovalsOptions {
  readonly town: Town
  readonly store: Store<HighTables>
  readonly blobs: Blobs
  readonly crossings: Crossings
}

export const decision = shape<Decision>({
  decision: oneOf(['approve', 'return']),
  sha256: text(64, SHA256),
  destination: text(1000),
  purpose: text(1000),
  comment: text(2000),
})

export function addApprovals(app: Web, options: ApprovalsOptions): void {
  app.get('/api/approvals', async (context) => {
    const who = context.get('who')
    const decided = context.req.query('state') === 'decided'
    const rows = decided
      ? await listDecidedBy(options.store.db, who.person.id, LIST_MAX)
      : await listHeld(options.store.db, LIST_MAX)
    const cards = rows
      .map(progressOf)
      .filter((progress) => maySee(options, who, progress))
      .map((progress) => cardOf(options, who, progress))
    return context.json({ cards })
  })
  app.get('/api/approvals/:number', async (context) => {
    const progress = await shownTo(context, options)
    if (!progress) return refuse(context, 404, 'NOT-FOUND')
    return context.json(cardOf(options, context.get('who'), progress))
  })
  app.get('/api/approvals/:number/preview', async (context) => {
    const bytes = await bytesFor(context, options)
    if (!bytes) return refuse(context, 404, 'NOT-FOUND')
    return context.json(previewFile(bytes.bytes, bytes.type))
  })
  app.get('/api/approvals/:number/file', async (context) => {
    const bytes = await bytesFor(context, options)
    if (!bytes) return refuse(context, 404, 'NOT-FOUND')
    context.header('content-type', INLINE[bytes.type] ?? 'application/octet-stream')
    context.header('content-disposition', INLINE[bytes.type] ? 'inline' : 'attachment')
    return context.body(new Uint8Array(bytes.bytes))
  })
  app.post('/api/approvals/:number', (context) => decide(context, options))
}

/** Types that a page draws itself; everything else is only saved. */
const INLINE: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  bmp: 'image/bmp',
}

async function decide(context: WebContext, options: ApprovalsOptions): Promise<Response> {
  const who = context.get('who')
  const progress = await shownTo(context, options)
  if (!progress) return refuse(context, 404, 'NOT-FOUND')
  const input = await readBody(context, decision)
  if (!input) return refuse(context, 400, 'BODY-INVALID')
  const hindrance = cannotDecide(options, who, progress)
  if (hindrance) return context.json(problemOf(hindrance, progress), 403)
  const decider = { account: who.account, person: who.person.id, name: who.person.name }
  const { id } = progress.crossing
  const decided = await options.crossings.passage.decide(id, decider, input)
  if (!decided.ok)
    return context.json(problemOf(decided.reason, progress), STATUS[decided.reason] ?? 409)
  return context.json(cardOf(options, who, decided.progress))
}

const STATUS: Partial<Record<DecisionRefusal, 400 | 403>> = {
  'APPROVAL-SELF': 403,
  'APPROVAL-COMMENT-LONG': 400,
  'APPROVAL-COMMENT-MISSING': 400,
}

type Hindrance = 'APPROVAL-SELF' | 'APPROVAL-NOT-APPROVER'

/** Why this person cannot decide this one. */
function cannotDecide(
  { town }: ApprovalsOptions,
  who: SignedIn,
  progress: Progress,
): Hindrance | undefined {
  if (isSender(progress, { account: who.account, person: who.person.id })) return 'APPROVAL-SELF'
  const approvers = approversFor(town, progress.crossing.sender.id, new Date())
  return approvers.some(({ id }) => id === who.person.id) ? undefined : 'APPROVAL-NOT-APPROVER'
}

/** Approvers see what they may decide, what they decided, and their own; nobody else sees any of it. */
function maySee(options: ApprovalsOptions, who: SignedIn, progress: Progress): boolean {
  const mine = [progress.approval?.approver.id, progress.ending?.actor].includes(who.person.id)
  const hindrance = cannotDecide(options, who, progress)
  return mine || !hindrance || (hindrance === 'APPROVAL-SELF' && isApprover(who))
}

function isApprover({ person }: SignedIn): boolean {
  return person.roles.includes('approver')
}

async function shownTo(
  context: WebContext,
  options: ApprovalsOptions,
): Promise<Progress | undefined> {
  const row = await findCrossingByNumber(options.store.db, context.req.param('number') ?? '')
  const progress = row && progressOf(row)
  // Only what was ever held has a card.
  if (!progress || progress.rounds === 0) return undefined
  return maySee(options, context.get('who'), progress) ? progress : undefined
}

/** The disarmed and verified bytes of a card, with the type the verifier gave them. */
async function bytesFor(
  context: WebContext,
  options: ApprovalsOptions,
): Promise<{ bytes: Buffer; type: string } | undefined> {
  const progress = await shownTo(context, options)
  const { cured, verified } = progress ?? {}
  if (!cured || !verified?.clean || !(await options.blobs.has(cured.sha256))) return undefined
  return { bytes: await options.blobs.get(cured.sha256), type: verified.type }
}

function cardOf(options: ApprovalsOptions, who: SignedIn, progress: Progress): ApprovalCard {
  const { crossing, cured, answer, approval, ending } = progress
  const report = cured?.report ?? NO_REPORT
  const hindrance = cannotDecide(options, who, progress)
  const decider = approval?.approver.id ?? (ending?.state === 'returned' ? ending.actor : undefined)
  const name = options.town.people.find((person) => person.id === decider)?.name ?? decider
  const comment = approval?.comment ?? ending?.comment
  return {
    id: crossing.id,
    number: crossing.number,
    from: { name: crossing.sender.name, department: crossing.sender.department },
    purpose: crossing.purpose,
    destination: progress.destination,
    fileName: crossing.fileName,
    outputName: cured?.outputName ?? '',
    size: crossing.size,
    outputSize: cured?.size ?? 0,
    report,
    ...changesOf(progress, options.town.macros),
    findings: answer?.findings.filter((finding) => finding.effect === 'hold') ?? [],
    sha256: cured?.sha256 ?? '',
    requestedAt: progress.heldSince ?? crossing.receivedAt,
    deadline: progress.deadline ?? '',
    state: progress.state,
    ...(name === undefined ? {} : { decidedBy: name }),
    ...(comment ? { comment } : {}),
    ...(hindrance ? { cannotDecide: problemOf(hindrance, progress).why } : {}),
  }
}

const NO_REPORT = {
  type: '',
  outputType: '',
  verdict: 'refused',
  removed: [],
  kept: [],
} as const

function problemOf(reason: DecisionRefusal | Hindrance, { crossing }: Progress): Problem {
  const words = passageWords(reason)
  const fill = (sentence = ''): string =>
    sentence.replaceAll('{file}', () => `「${shownName(crossing.fileName)}」`)
  return {
    reason,
    what: fill(words?.what),
    why: fill(words?.why),
    cure: fill(words?.cure),
    number: crossing.number,
    at: new Date().toISOString(),
  }
}
