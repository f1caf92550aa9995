/**
 * Mail to the outside on the pages: mine, with the way back; what waits for me; and for the IT officer, how it moves.
 */
import type { Town } from '@sekisho/core'
import { kindWords } from '@sekisho/gates/mail'
import type { Progress } from '@sekisho/passage'
import {
  findCrossingByNumber,
  listCrossingsOf,
  listDecidedBy,
  listHeld,
  listOpenCrossings,
} from '@sekisho/store'
import type { CrossingRow } from '@sekisho/store'
import type {
  OutgoingMail,
  OutgoingMailCard,
  OutgoingMailQueue,
  OutgoingMailState,
  Problem,
} from '../api.ts'
import type { SignedIn } from '../host/accounts.ts'
import { refuse } from '../host/web.ts'
import type { Web, WebContext } from '../host/web.ts'
import { progressOf } from './crossings.ts'
import { decideOn, decidedBy, hasDecided, hindranceOf, undecided } from './deciding.ts'
import type { Hindrance } from './deciding.ts'
import { SECTION } from './outward-letters.ts'
import type { OutwardRecord } from './outward-letters.ts'
import { outwardApprovers, wordsFor } from './outward-own-letters.ts'
import type { Fate } from './outward-fates.ts'
import type { Outward } from './outward.ts'

const LIST_MAX = 200

export interface OutwardPagesOptions {
  readonly town: Town
  readonly outward: Outward
}

interface Mail {
  readonly progress: Progress
  readonly record: OutwardRecord
}

export function addOutwardPages(app: Web, options: OutwardPagesOptions): void {
  const { outward } = options
  app.get('/api/mail-out', async (context) => {
    const rows = await Promise.all(
      senderIds(context.get('who')).map((id) => listCrossingsOf(outward.store.db, id, LIST_MAX)),
    )
    const mails = await loaded(options, rows.flat())
    const items = await Promise.all(mails.map((mail) => itemOf(options, mail)))
    return context.json({ items: items.toSorted((a, b) => (a.sentAt < b.sentAt ? 1 : -1)) })
  })
  app.post('/api/mail-out/:number/recall', (context) => recall(context, options))
  app.get('/api/mail-out/approvals', async (context) => {
    const who = context.get('who')
    const decided = context.req.query('state') === 'decided'
    const rows = decided
      ? await listDecidedBy(outward.store.db, who.person.id, LIST_MAX)
      : await listHeld(outward.store.db, LIST_MAX)
    const mails = await loaded(options, rows)
    const cards = mails
      .filter(({ progress }) => maySee(options, who, progress))
      .map((mail) => cardOf(options, who, mail))
    return context.json({ cards })
  })
  app.get('/api/mail-out/approvals/:number', async (context) => {
    const mail = await shownTo(context, options)
    if (!mail) return refuse(context, 404, 'NOT-FOUND')
    return context.json(cardOf(options, context.get('who'), mail))
  })
  app.post('/api/mail-out/approvals/:number', (context) => decide(context, options))
  app.get('/api/mail-out/queue', async (context) => {
    if (!context.get('who').person.roles.includes('it-officer'))
      return refuse(context, 403, 'NOT-YOUR-ROLE')
    return context.json(await queueOf(options))
  })
}

/** Mine, and those of my section's mailbox that name nobody. */
function senderIds({ person }: SignedIn): readonly string[] {
  return [person.id, `${SECTION}${person.department}`]
}

async function recall(context: WebContext, options: OutwardPagesOptions): Promise<Response> {
  const who = context.get('who')
  const mail = await byNumber(context, options)
  if (!mail || !senderIds(who).includes(mail.progress.crossing.sender.id))
    return refuse(context, 404, 'NOT-FOUND')
  const { id } = mail.progress.crossing
  const progress = await options.outward.mails.recall(id, who.person.id)
  const item = await itemOf(options, { ...mail, progress })
  // What has left stays left: the answer is how it really ended.
  return context.json(item, progress.state === 'cancelled' ? 200 : 409)
}

async function decide(context: WebContext, options: OutwardPagesOptions): Promise<Response> {
  const who = context.get('who')
  const mail = await shownTo(context, options)
  if (!mail) return refuse(context, 404, 'NOT-FOUND')
  const { id } = mail.progress.crossing
  return decideOn(context, mail.progress, {
    hindrance: cannotDecide(options, who, mail.progress),
    decide: (approver, input) => options.outward.mails.decide(id, approver, input),
    card: (progress) => cardOf(options, who, { ...mail, progress }),
  })
}

function cannotDecide(
  { town }: OutwardPagesOptions,
  who: SignedIn,
  progress: Progress,
): Hindrance | undefined {
  return hindranceOf(who, progress, outwardApprovers(town, progress.crossing.sender.id, new Date()))
}

/** Who may decide sees it, and who decided it; nobody else sees what others write. */
function maySee(options: OutwardPagesOptions, who: SignedIn, progress: Progress): boolean {
  return hasDecided(who, progress) || cannotDecide(options, who, progress) === undefined
}

async function shownTo(
  context: WebContext,
  options: OutwardPagesOptions,
): Promise<Mail | undefined> {
  const mail = await byNumber(context, options)
  if (!mail || mail.progress.rounds === 0) return undefined
  return maySee(options, context.get('who'), mail.progress) ? mail : undefined
}

async function byNumber(
  context: WebContext,
  { outward }: OutwardPagesOptions,
): Promise<Mail | undefined> {
  const number = context.req.param('number') ?? ''
  const row = await findCrossingByNumber(outward.store.db, number)
  return row && outward.mails.find(row.id)
}

async function loaded(
  { outward }: OutwardPagesOptions,
  rows: readonly CrossingRow[],
): Promise<readonly Mail[]> {
  const mails = await Promise.all(rows.map(({ id }) => outward.mails.find(id)))
  return mails.filter((mail) => mail !== undefined)
}

// --- what is shown

async function itemOf(
  { outward, town }: OutwardPagesOptions,
  { progress, record }: Mail,
): Promise<OutgoingMail> {
  const { crossing, ending, notBefore } = progress
  const fates = await outward.fates.of(crossing.id)
  const state = stateOf(progress, record, fates)
  const held = state === 'held'
  const approvers = outwardApprovers(town, crossing.sender.id, new Date())
  return {
    number: crossing.number,
    subject: crossing.fileName,
    from: record.outgoing.sender.address,
    sentAt: crossing.receivedAt,
    direction: record.direction,
    recipients: record.recipients.map((address) => {
      const fate = fates.find((one) => one.address === address)
      return fate ? { address, state: fate.state, reply: fate.reply } : { address }
    }),
    state,
    mayRecall: state === 'waiting' || held || state === 'checking',
    ...(state === 'waiting' && notBefore !== undefined ? { leavesAt: notBefore } : {}),
    ...(held ? { approvers: approvers.map(({ name }) => name) } : {}),
    ...(ending && state !== 'recalled' && ending.reason !== ''
      ? { problem: notSent(progress, ending.reason) }
      : {}),
  }
}

function stateOf(
  { state, notBefore }: Progress,
  { direction, recipients }: OutwardRecord,
  fates: readonly Fate[],
): OutgoingMailState {
  if (state === 'held' || state === 'refused' || state === 'returned') return state
  if (state === 'cancelled') return 'recalled'
  if (state !== 'delivered') return notBefore === undefined ? 'checking' : 'waiting'
  if (direction !== 'internet') return 'handed-on'
  if (fates.some((one) => one.state === 'failed' || one.state === 'expired')) return 'came-back'
  const sent = fates.filter((one) => one.state === 'sent').length
  return sent >= recipients.length ? 'sent' : 'leaving'
}

function notSent(progress: Progress, reason: string): Problem {
  const { number } = progress.crossing
  return { reason, ...wordsFor(reason, progress), number, at: progress.ending?.at ?? '' }
}

function cardOf(
  options: OutwardPagesOptions,
  who: SignedIn,
  { progress, record }: Mail,
): OutgoingMailCard {
  const { crossing, cured, answer } = progress
  const { outgoing } = record
  const hindrance = cannotDecide(options, who, progress)
  return {
    number: crossing.number,
    from: {
      name: crossing.sender.name,
      department: crossing.sender.department,
      address: outgoing.sender.address,
      writerUnknown: outgoing.person === undefined,
    },
    subject: crossing.fileName,
    purpose: crossing.purpose,
    destination: progress.destination,
    external: record.recipients,
    level: outgoing.label.level,
    labels: outgoing.label.found.map(({ place, label }) => ({ place, label })),
    personalRows: outgoing.personal.rows,
    attachments: outgoing.files.map((file) => ({ ...file, type: kindWords(file.type, file.name) })),
    text: shownText(outgoing.text),
    removed: cured?.report.removed ?? [],
    kept: cured?.report.kept ?? [],
    findings: answer?.findings.filter(({ effect }) => effect === 'hold') ?? [],
    sha256: cured?.sha256 ?? '',
    size: cured?.size ?? 0,
    requestedAt: progress.heldSince ?? crossing.receivedAt,
    deadline: progress.deadline ?? '',
    state: progress.state,
    ...decidedBy(progress, options.town.people),
    ...(hindrance ? { cannotDecide: undecided(hindrance, progress).why } : {}),
  }
}

/** Nothing that hides or reorders what an approver reads. */
function shownText(text: string): string {
  return text.replaceAll(/[^\P{C}\n\t]/gu, '')
}

async function queueOf({ outward }: OutwardPagesOptions): Promise<OutgoingMailQueue> {
  const open = (await listOpenCrossings(outward.store.db)).map(progressOf)
  const held = open.filter(({ state }) => state === 'held')
  const waiting = open.filter(({ state, notBefore }) => state !== 'held' && notBefore !== undefined)
  return {
    oldest: open.map(({ crossing }) => crossing.receivedAt).toSorted()[0] ?? '',
    spooled: outward.spooled(),
    checking: open.length - held.length - waiting.length,
    held: held.length,
    oldestHeld: held.map(({ heldSince }) => heldSince ?? '').toSorted()[0] ?? '',
    waiting: waiting.length,
    toBring: await outward.mails.toCarryOn(),
  }
}
