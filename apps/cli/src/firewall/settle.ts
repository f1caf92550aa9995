import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { writeDurably } from '@sekisho/evidence'
import { loadKernel, readListing, readPlan, scopeDigest, transactionOf } from '@sekisho/network'
import { recordLate } from './evidence.ts'
import type { Happened } from './evidence.ts'
import { bootId, decide, readPending, removePending } from './pending.ts'
import type { Decision, Pending } from './pending.ts'

/** How a change ended. `stuck`: the former rules did not come back; it is tried again by whoever comes next. */
export type Settled = 'confirmed' | 'returned' | 'restarted' | 'stuck'

/** Times the way back is tried, and ms between. */
const TRIES = 5
const AGAIN_MS = 1_000

/** What was left by somebody who died is settled by the next who has the turn: unconfirmed, it returns. */
export async function settleAbandoned(folder: string): Promise<Settled | undefined> {
  const pending = await readPending(folder)
  if (!pending) return undefined
  return settle(folder, pending, await decide(folder, pending.id, 'return'), 'abandoned')
}

/**
 * Carries out what was decided about a change. Only whoever has the turn calls it; called again after a death in the middle it ends the same way.
 *
 * @param why for the log: why it returns
 */
export async function settle(
  folder: string,
  pending: Pending,
  decision: Decision,
  why: 'time' | 'asked' | 'abandoned' | 'unproved',
): Promise<Settled> {
  const ended = decision === 'confirm' ? await keep(folder, pending) : await goBack(pending)
  await recordLate(folder, keyOf(pending, ended), happened(pending, ended, why))
  if (ended !== 'stuck') await removePending(folder, pending)
  return ended
}

/** From now on these are the former rules, and what the machine loads when it starts. */
async function keep(folder: string, { plan }: Pending): Promise<Settled> {
  const read = readPlan(plan)
  if (!read.ok) return 'stuck'
  const text = transactionOf(read.plan.text, read.plan.scope)
  const files = [
    { path: join(folder, 'in-force.plan'), bytes: Buffer.from(plan) },
    { path: join(folder, 'in-force.nft'), bytes: Buffer.from(text) },
  ]
  await writeDurably(files, folder)
  return 'confirmed'
}

async function goBack(pending: Pending): Promise<Settled> {
  // The change died with the kernel it was made in; what was loaded at the start was never touched.
  if ((await bootId()) !== pending.boot) return 'restarted'
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (tries > 0) await sleep(AGAIN_MS)
    if (await isBack(pending)) return 'returned'
    await loadKernel(pending.back)
    if (await isBack(pending)) return 'returned'
  }
  return 'stuck'
}

/** What others changed meanwhile in tables of their own is theirs. */
async function isBack({ scope, formerly }: Pending): Promise<boolean> {
  const held = await readListing()
  return held.ok && scopeDigest(held.listing, scope) === formerly
}

/** Names one step of one change in the log. */
export const keyOf = ({ id, since }: Pick<Pending, 'id' | 'since'>, step: string): string =>
  `firewall:${id}:${since}:${step}`

function happened(pending: Pending, ended: Settled, why: string): Happened {
  const { id, model, actor, before, after } = pending
  return {
    kind: ended === 'stuck' ? 'failed' : 'changed',
    model,
    actor,
    detail: {
      what: 'firewall',
      step: ended,
      plan: id,
      before,
      after,
      ...(ended !== 'confirmed' && { why }),
    },
  }
}
