/**
 * The one passage that everything which crosses takes, whatever gate it came through:
 *
 *   receive → ask → cure → ask again → (hold for a person) → record → deliver
 *
 * Ask before act, record before deliver, fail closed. Driven by the high side; every step may be cut short by
 * kill -9 and is then taken up again from what is on disk.
 */
import { SekishoError } from '@sekisho/core'
import type { Answer, EvidenceEntry, GateCure } from '@sekisho/core'
import { approvalHolds, approvalOf, refuseDecision } from './approval.ts'
import type { Approver, DecisionInput, DecisionRefusal } from './approval.ts'
import { limitsOf } from './ports.ts'
import type { Ports } from './ports.ts'
import { ENDINGS, isFinal } from './progress.ts'
import type { Ending, Progress } from './progress.ts'
import {
  answerDetail,
  answerKey,
  curedDetail,
  endingDetail,
  receivedDetail,
  record,
} from './record.ts'

export interface Passage {
  /** Takes a new crossing in. The same crossing twice is one crossing. */
  receive(progress: Progress): Promise<Progress>
  /**
   * Takes a crossing as far as it goes now: to its end, or to a person.
   *
   * @throws SekishoError when nothing can be recorded or the line is cut. Nothing was delivered; call again.
   */
  pass(id: string): Promise<Progress>
  /** A person decides on a held crossing. */
  decide(id: string, approver: Approver, input: DecisionInput): Promise<Decided>
  /** The sender takes it back. Too late when an outcome is already recorded: then that outcome stands. */
  cancel(id: string, actor: string): Promise<Progress>
  /** The host knows a reason why it may not cross, e.g. that nobody of that name works here. */
  refuse(id: string, reason: string): Promise<Progress>
}

export type Decided =
  | { readonly ok: true; readonly progress: Progress }
  | { readonly ok: false; readonly reason: DecisionRefusal; readonly progress: Progress }

export function createPassage(ports: Ports): Passage {
  limitsOf(ports)
  const alone = oneAtATime()
  return {
    receive: (progress) => alone(progress.crossing.id, () => receive(ports, progress)),
    pass: (id) => alone(id, () => pass(ports, id)),
    decide: (id, approver, input) => alone(id, () => decide(ports, id, approver, input)),
    cancel: (id, actor) =>
      alone(id, () => stop(ports, id, ending(ports, 'cancelled', 'CANCELLED', actor))),
    refuse: (id, reason) => alone(id, () => stop(ports, id, refusal(ports, reason))),
  }
}

async function pass(ports: Ports, id: string): Promise<Progress> {
  let progress = await load(ports, id)
  if (isFinal(progress)) return progress
  if (progress.ending) return end(ports, progress, progress.ending)
  try {
    let answer = await ask(ports, progress)
    for (let cure = nextCure(answer, progress); cure; cure = nextCure(answer, progress)) {
      progress = await perform(ports, progress, cure)
      answer = await ask(ports, progress)
    }
    progress = { ...progress, answer }
    if (answer.result === 'refuse')
      return await end(ports, progress, refusal(ports, reasonOf(progress)))
    if (answer.result === 'hold') return await hold(ports, progress)
    const notBefore = ports.gate.notBefore?.(progress)
    if (notBefore !== undefined && ports.clock().getTime() < Date.parse(notBefore))
      return await wait(ports, progress, notBefore)
    return await end(ports, progress, ending(ports, 'delivered', ''))
  } catch (error) {
    return fail(ports, progress, error)
  }
}

/** Step 1: it exists once the log says so. */
async function receive(ports: Ports, incoming: Progress): Promise<Progress> {
  const known = await ports.store.load(incoming.crossing.id)
  if (known) return known
  await record(ports, incoming, 'received', 'received', receivedDetail(incoming))
  await ports.store.save(incoming)
  return incoming
}

/** Steps 2 and 4: the judge answers, and the answer is on disk before anybody acts on it. */
async function ask(ports: Ports, progress: Progress): Promise<Answer> {
  const facts = ports.gate.facts(progress, approvalHolds(progress, ports.clock()))
  const answer = ports.judge.ask({ question: 'cross', facts })
  await record(ports, progress, `answered:${answerKey(answer)}`, 'answered', answerDetail(answer))
  return answer
}

/**
 * The next cure a gate can perform by itself. None when the answer is not a refusal, when one finding needs a
 * person, or when the cure was tried already: a cure that did not help is not tried for ever.
 */
function nextCure(answer: Answer, progress: Progress): GateCure | undefined {
  if (answer.result !== 'refuse') return undefined
  const cures = answer.findings
    .filter((finding) => finding.effect === 'refuse')
    .map((finding) => finding.cure.gate)
  if (cures.length === 0 || cures.includes(undefined)) return undefined
  const left = cures.filter((cure) => (cure === 'verify' ? !progress.verified : !progress.cured))
  // Verifying is always last: it reads what the others made.
  return left.find((cure) => cure !== 'verify') ?? (progress.cured ? left[0] : undefined)
}

/** Step 3: the low side transforms, or this side re-reads. The result is recorded and kept. */
async function perform(ports: Ports, progress: Progress, cure: GateCure): Promise<Progress> {
  if (cure === 'verify') return verify(ports, progress)
  const curing: Progress = { ...progress, state: 'curing', step: 'cure' }
  await ports.store.save(curing)
  const cured = await ports.cure(curing, cure)
  // Trap: a worker that says "clean" and hands over nothing (anchors §7, 1).
  if (cured.report.verdict !== 'refused' && (cured.size === 0 || cured.sha256 === ''))
    throw new SekishoError('WORKER_FAILED', 'a cure without output')
  const next: Progress = { ...curing, cured, step: 'ask-again' }
  await record(ports, next, `disarmed:${short(cured.sha256)}`, 'disarmed', curedDetail(next))
  await ports.store.save(next)
  return next
}

async function verify(ports: Ports, progress: Progress): Promise<Progress> {
  const verified = await ports.verify(progress)
  const next: Progress = { ...progress, verified, step: 'ask-again' }
  const key = `verified:${short(next.cured?.sha256)}:${String(verified.clean)}`
  await record(ports, next, key, 'verified', {
    clean: verified.clean,
    type: verified.type,
    outputName: next.cured?.outputName ?? '',
    outputSha256: next.cured?.sha256 ?? '',
    ...(verified.clean ? {} : { reason: verified.reason, where: verified.where }),
  })
  await ports.store.save(next)
  return next
}

/** Other bytes are another entry. */
function short(sha256 = ''): string {
  return sha256.slice(0, 16)
}

/** Step 5: a person must look. It goes back by itself when nobody does in time. */
async function hold(ports: Ports, progress: Progress): Promise<Progress> {
  const now = ports.clock()
  if (progress.state === 'held' && !progress.approval) {
    if (now.getTime() < Date.parse(progress.deadline ?? '')) return progress
    return end(ports, progress, ending(ports, 'returned', 'HOLD-DEADLINE'))
  }
  // An approval that no longer covers what would be delivered is void, and asked for anew.
  const { approval: voided, ...rest } = progress
  const deadline = new Date(now.getTime() + limitsOf(ports).holdDays * 86_400_000).toISOString()
  const rounds = progress.rounds + 1
  const held: Progress = {
    ...rest,
    state: 'held',
    step: 'hold',
    rounds,
    deadline,
    heldSince: now.toISOString(),
  }
  await record(ports, held, `held:${rounds}`, 'held', {
    rules: held.answer?.determining ?? [],
    deadline,
    outputSha256: held.cured?.sha256 ?? '',
    ...(voided ? { reason: 'APPROVAL-VOID', approver: voided.approver.id } : {}),
  })
  await ports.store.save(held)
  return held
}

/** Nobody need decide any more, but its sender may still take it back: the outcome is not recorded before its time. */
async function wait(ports: Ports, progress: Progress, notBefore: string): Promise<Progress> {
  const waiting: Progress = { ...progress, state: 'received', step: 'record', notBefore }
  await ports.store.save(waiting)
  return waiting
}

async function decide(
  ports: Ports,
  id: string,
  approver: Approver,
  input: DecisionInput,
): Promise<Decided> {
  const progress = await load(ports, id)
  const reason = refuseDecision(progress, approver, input)
  if (reason) return { ok: false, reason, progress }
  if (input.decision === 'return') {
    const back = ending(ports, 'returned', 'RETURNED', approver.person, input.comment)
    return { ok: true, progress: await end(ports, progress, back) }
  }
  const now = ports.clock()
  const approval = approvalOf(progress, approver, input, now, limitsOf(ports).approvalHours)
  await record(
    ports,
    progress,
    `approved:${progress.rounds}:${approver.person}`,
    'approved',
    { ...approval, approver: approver.person, outputSha256: approval.sha256 },
    approver.person,
  )
  await ports.store.save({ ...progress, approval })
  return { ok: true, progress: await pass(ports, id) }
}

/** Ends it from outside; an outcome that was already decided is carried out instead. */
async function stop(ports: Ports, id: string, wanted: Ending): Promise<Progress> {
  const progress = await load(ports, id)
  return isFinal(progress) ? progress : end(ports, progress, progress.ending ?? wanted)
}

/**
 * Steps 6 and 7: record, then deliver. One key for every outcome, so that there is one outcome: whichever the log
 * took first stands, also when a crash, a cancellation or an expired approval would now say otherwise.
 */
async function end(ports: Ports, progress: Progress, wanted: Ending): Promise<Progress> {
  const intent = deliverable(ports, progress, wanted)
  const ready: Progress = { ...progress, ending: intent, step: 'record' }
  await ports.store.save(ready)
  const receipt = await record(
    ports,
    ready,
    'outcome',
    intent.state,
    endingDetail(ready, intent),
    intent.actor,
  )
  const ended = asRecorded(ready, intent, await ports.log.read(receipt.index))
  if (ended.state === 'delivered') await ports.deliver({ ...ready, step: 'deliver' })
  const final: Progress = {
    ...ready,
    ending: ended,
    state: ended.state,
    step: ended.state === 'delivered' ? 'deliver' : progress.step,
    finishedAt: ended.at,
  }
  await ports.store.save(final)
  return final
}

/** An approval is looked at once more, at the last moment before the record. */
function deliverable(ports: Ports, progress: Progress, wanted: Ending): Ending {
  if (wanted.state !== 'delivered') return wanted
  const clean = progress.cured?.sha256 && (ports.gate.unchanged ?? progress.verified?.clean)
  if (!clean) return refusal(ports, 'NOT-VERIFIED')
  if (progress.approval && !approvalHolds(progress, ports.clock()))
    return ending(ports, 'returned', 'APPROVAL-EXPIRED')
  return wanted
}

/** The log is the truth. Bytes other than the recorded ones are never delivered. */
function asRecorded(progress: Progress, intent: Ending, entry: EvidenceEntry): Ending {
  const state = ENDINGS.find((one) => one === entry.kind)
  if (!state) throw new SekishoError('LOG_CORRUPT', `outcome of kind ${entry.kind}`)
  const { outputSha256, reason, comment } = entry.detail
  if (state === 'delivered' && outputSha256 !== progress.cured?.sha256)
    throw new SekishoError('LOG_CORRUPT', 'the recorded bytes are not these bytes')
  if (state === intent.state) return { ...intent, at: entry.at }
  return { state, reason: text(reason), comment: text(comment), actor: entry.actor, at: entry.at }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Codes after which trying again can help: nothing was recorded, so nothing was done. */
const LATER: ReadonlySet<string> = new Set([
  'LINK_DOWN',
  'STORE_UNAVAILABLE',
  'STORE_FULL',
  'STORE_CORRUPT',
  'LOG_CORRUPT',
])

/**
 * A throw becomes a recorded refusal. When even that cannot be written down, the error goes on to the host, which
 * tries again later; until then nothing is delivered.
 */
async function fail(ports: Ports, progress: Progress, error: unknown): Promise<Progress> {
  const code = error instanceof SekishoError ? error.code : 'BUG'
  if (LATER.has(code)) throw error
  const now = await load(ports, progress.crossing.id)
  if (now.ending) throw error
  const reason = code === 'TIMEOUT' ? 'LIMIT-TIME' : 'PASSAGE-FAILED'
  await record(ports, now, 'failed', 'failed', { code, step: now.step, reason })
  return end(ports, now, refusal(ports, reason))
}

/** Reason id for the person: what disarming or verifying said, else the first rule that refused. */
function reasonOf({ answer, cured, verified }: Progress): string {
  if (cured?.report.verdict === 'refused') return cured.report.reason ?? 'DISARM-REFUSED'
  if (verified && !verified.clean) return 'VERIFY-REFUSED'
  const refusing = answer?.findings.filter((finding) => finding.effect === 'refuse') ?? []
  // What a gate would have cured by itself is not what stopped it.
  const stopped = refusing.find((finding) => finding.cure.gate === undefined) ?? refusing[0]
  return stopped?.rule ?? answer?.determining[0] ?? 'NOT-PERMITTED'
}

function refusal(ports: Ports, reason: string): Ending {
  return ending(ports, 'refused', reason)
}

function ending(
  ports: Ports,
  state: Ending['state'],
  reason: string,
  actor = 'system',
  comment = '',
): Ending {
  return { state, reason, actor, comment, at: ports.clock().toISOString() }
}

async function load(ports: Ports, id: string): Promise<Progress> {
  const progress = await ports.store.load(id)
  if (!progress) throw new SekishoError('NOT_FOUND', `crossing ${id}`)
  return progress
}

/** Runs what concerns one crossing one after another; different crossings do not wait for each other. */
function oneAtATime(): <T>(id: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>()
  return async (id, work) => {
    const before = last.get(id) ?? Promise.resolve()
    const mine = before.then(work, work)
    last.set(id, mine)
    try {
      return await mine
    } finally {
      if (last.get(id) === mine) last.delete(id)
    }
  }
}
