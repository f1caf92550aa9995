/**
 * The keeper of one change: makes it, proves it, and brings the former rules back unless somebody confirms in time. It runs as a process of its own in a session
 * of its own, so that it outlives the command that started it, the terminal and the line that terminal hangs on.
 */
import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Finding } from '@sekisho/core'
import {
  applyRefusal,
  isApplied,
  loadKernel,
  planDigest,
  planId,
  prepareApply,
  readKernel,
  readListing,
  readPlan,
} from '@sekisho/network'
import type { Plan } from '@sekisho/network'
import { troubleSentence } from '../trouble.ts'
import { record, recordLate } from './evidence.ts'
import type { Happened } from './evidence.ts'
import { takeTurn } from './one-at-a-time.ts'
import { bootId, decide, readDecision, removePending, writePending } from './pending.ts'
import type { Decision, Pending } from './pending.ts'
import { keyOf, settle, settleAbandoned } from './settle.ts'
import type { Settled } from './settle.ts'

/** What the keeper is given on its input. */
export interface Job {
  readonly folder: string
  readonly actor: string
  readonly seconds: number
  /** The plan's file, whole, after `refusePlan` was asked. */
  readonly plan: string
}

/** What the keeper says, one line of JSON each. */
export type Said =
  | { readonly said: 'refused'; readonly finding: Finding }
  | { readonly said: 'applied' }
  | { readonly said: 'settled'; readonly how: Settled }

/** How often it looks for a decision, ms. */
const LOOK_MS = 100

await keep(JSON.parse(await input()))

async function keep({ folder, actor, seconds, plan: file }: Job): Promise<void> {
  // The line that is lost must not take the way back with it.
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT'] as const) process.on(signal, () => undefined)
  // Whoever asked may be gone; that is no reason to stop.
  process.stdout.on('error', () => undefined)
  const turn = await takeTurn()
  if (!turn) return say({ said: 'refused', finding: applyRefusal('NET-APPLY-BUSY', {}) })
  // The last that a machine short of memory ends. Only root may ask for that.
  await writeFile('/proc/self/oom_score_adj', '-1000').catch(() => undefined)
  const made = await change(folder, actor, seconds, file)
  if ('finding' in made) say({ said: 'refused', finding: made.finding })
  else {
    say({ said: 'applied' })
    const decision = await decided(folder, made)
    say({ said: 'settled', how: await settle(folder, made, decision.what, decision.why) })
  }
  turn.end()
}

/** Makes the change: the record first, the way back on disk, then one transaction, then the proof. */
async function change(
  folder: string,
  actor: string,
  seconds: number,
  file: string,
): Promise<Pending | { readonly finding: Finding }> {
  const left = await leftBehind(folder)
  if (left) return { finding: left }
  const read = readPlan(file)
  if (!read.ok) return read
  const { plan } = read
  const held = await readKernel()
  if (!held.ok) return { finding: applyRefusal(held.reason, { says: held.says }) }
  const ready = await prepareApply(plan, held)
  if (!ready.ok) return ready
  const pending: Pending = {
    id: planId(plan),
    model: plan.town.digest,
    actor,
    boot: await bootId(),
    since: new Date().toISOString(),
    seconds,
    keeper: process.pid,
    scope: plan.scope,
    before: plan.before.digest,
    after: plan.after.digest,
    formerly: ready.formerly,
    back: ready.back,
    plan: file,
  }
  try {
    await record(folder, keyOf(pending, 'planned'), {
      ...step(pending, 'planned'),
      detail: { ...step(pending, 'planned').detail, ...digestsOf(plan) },
    })
    await writePending(folder, pending)
  } catch (error) {
    return { finding: applyRefusal('NET-APPLY-NO-EVIDENCE', { says: troubleSentence(error) }) }
  }
  const says = await loadKernel(ready.load)
  if (says !== undefined) {
    await recordLate(folder, keyOf(pending, 'not-taken'), step(pending, 'not-taken'))
    await removePending(folder, pending)
    return { finding: applyRefusal('NET-APPLY-NOT-TAKEN', { says }) }
  }
  return (await proved(plan)) ? applied(folder, pending) : unproved(folder, pending)
}

/** What somebody who died left is ended first. A folder that cannot be read may hold a way back: nothing is changed then. */
async function leftBehind(folder: string): Promise<Finding | undefined> {
  try {
    const ended = await settleAbandoned(folder)
    return ended === 'stuck' ? applyRefusal('NET-APPLY-STUCK', {}) : undefined
  } catch (error) {
    return applyRefusal('NET-APPLY-NO-EVIDENCE', { says: troubleSentence(error) })
  }
}

async function proved(plan: Plan): Promise<boolean> {
  const held = await readListing()
  return held.ok && isApplied(plan, held.listing)
}

async function applied(folder: string, pending: Pending): Promise<Pending> {
  await recordLate(folder, keyOf(pending, 'applied'), step(pending, 'applied'))
  return pending
}

async function unproved(folder: string, pending: Pending): Promise<{ readonly finding: Finding }> {
  await settle(folder, pending, await decide(folder, pending.id, 'return'), 'unproved')
  return { finding: applyRefusal('NET-APPLY-UNPROVED', {}) }
}

/** Waits for a decision, as long as it may take; then decides itself. A clock that is set back or forth changes nothing. */
async function decided(
  folder: string,
  { id, seconds }: Pending,
): Promise<{ readonly what: Decision; readonly why: 'time' | 'asked' }> {
  const ending = new AbortController()
  // Whoever ends the keeper ends the waiting, not the way back.
  process.on('SIGTERM', () => ending.abort())
  const began = performance.now()
  while (!ending.signal.aborted && performance.now() - began < seconds * 1_000) {
    const what = await readDecision(folder, id)
    if (what !== undefined) return { what, why: 'asked' }
    await sleep(LOOK_MS)
  }
  return { what: await decide(folder, id, 'return'), why: 'time' }
}

/** Which plan it was, exactly: whoever holds the file can show that it was this one. */
function digestsOf(plan: Plan): Happened['detail'] {
  return { digest: planDigest(plan), text: plan.textDigest, rules: plan.rules, day: plan.at }
}

function step(pending: Pending, name: 'planned' | 'applied' | 'not-taken'): Happened {
  const { id, model, actor, before, after, seconds } = pending
  return {
    kind: name === 'not-taken' ? 'failed' : 'changed',
    model,
    actor,
    detail: { what: 'firewall', step: name, plan: id, before, after, seconds },
  }
}

function say(said: Said): void {
  process.stdout.write(`${JSON.stringify(said)}\n`)
}

async function input(): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of process.stdin) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}
