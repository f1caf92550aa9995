/**
 * 承認する: what waits for me, shown as it will be delivered, and my decision.
 */
import type { Town } from '@sekisho/core'
import { changesOf, previewFile } from '@sekisho/gates/file'
import type { Progress } from '@sekisho/passage'
import { findCrossingByNumber, listDecidedBy, listHeld } from '@sekisho/store'
import type { Blobs, HighTables, Store } from '@sekisho/store'
import type { ApprovalCard } from '../api.ts'
import type { SignedIn } from '../host/accounts.ts'
import { approversFor } from '../host/people.ts'
import { refuse } from '../host/web.ts'
import type { Web, WebContext } from '../host/web.ts'
import { progressOf } from './crossings.ts'
import type { Crossings } from './crossings.ts'
import { decideOn, decidedBy, hasDecided, hindranceOf, undecided } from './deciding.ts'
import type { Hindrance } from './deciding.ts'

const LIST_MAX = 500

export interface ApprovalsOptions {
  readonly town: Town
  readonly store: Store<HighTables>
  readonly blobs: Blobs
  readonly crossings: Crossings
}

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
  const { id } = progress.crossing
  return decideOn(context, progress, {
    hindrance: cannotDecide(options, who, progress),
    decide: (approver, input) => options.crossings.passage.decide(id, approver, input),
    card: (now) => cardOf(options, who, now),
  })
}

/** Why this person cannot decide this one. */
function cannotDecide(
  { town }: ApprovalsOptions,
  who: SignedIn,
  progress: Progress,
): Hindrance | undefined {
  return hindranceOf(who, progress, approversFor(town, progress.crossing.sender.id, new Date()))
}

/** Approvers see what they may decide, what they decided, and their own; nobody else sees any of it. */
function maySee(options: ApprovalsOptions, who: SignedIn, progress: Progress): boolean {
  const hindrance = cannotDecide(options, who, progress)
  return (
    hasDecided(who, progress) || !hindrance || (hindrance === 'APPROVAL-SELF' && isApprover(who))
  )
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
  const { crossing, cured, answer } = progress
  const report = cured?.report ?? NO_REPORT
  const hindrance = cannotDecide(options, who, progress)
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
    ...decidedBy(progress, options.town.people),
    ...(hindrance ? { cannotDecide: undecided(hindrance, progress).why } : {}),
  }
}

const NO_REPORT = {
  type: '',
  outputType: '',
  verdict: 'refused',
  removed: [],
  kept: [],
} as const
