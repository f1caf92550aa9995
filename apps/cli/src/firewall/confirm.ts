import { setTimeout as sleep } from 'node:timers/promises'
import type { Finding } from '@sekisho/core'
import { applyRefusal, readListing, rulesetDigest } from '@sekisho/network'
import { takeTurn } from './one-at-a-time.ts'
import { bootId, decide, readPending } from './pending.ts'
import type { Decision, Pending } from './pending.ts'
import { settle, settleAbandoned } from './settle.ts'

const LOOK_MS = 50

/**
 * Decides about the change that waits, and waits until that is carried out.
 *
 * @returns why not, when it is not done
 */
export async function answerPending(
  folder: string,
  id: string,
  wanted: Decision,
): Promise<Finding | undefined> {
  const pending = await readPending(folder)
  if (pending?.id !== id) return applyRefusal('NET-CONFIRM-UNKNOWN', { id })
  if (await isOver(folder, pending)) return applyRefusal('NET-CONFIRM-LATE', { id })
  if (wanted === 'confirm' && !(await isStill(pending))) {
    return applyRefusal('NET-CONFIRM-DIFFERS', {})
  }
  const decision = await decide(folder, id, wanted)
  await carriedOut(folder, pending, decision)
  return decision === wanted ? undefined : applyRefusal('NET-CONFIRM-LATE', { id })
}

/** The kernel holds what was made and proved, to the last rule: nobody confirms what somebody else put in its place. */
async function isStill({ after }: Pending): Promise<boolean> {
  const held = await readListing()
  return held.ok && rulesetDigest(held.listing) === after
}

/** A keeper that died cannot say that the time is over; then the clock does, and the change returns. */
async function isOver(folder: string, pending: Pending): Promise<boolean> {
  const turn = await takeTurn()
  if (!turn) return false
  const until = Date.parse(pending.since) + pending.seconds * 1_000
  const over = Date.now() >= until || (await bootId()) !== pending.boot
  if (over) await settleAbandoned(folder)
  turn.end()
  return over
}

/** The keeper carries it out; when it is dead, we do. */
async function carriedOut(folder: string, pending: Pending, decision: Decision): Promise<void> {
  while ((await readPending(folder))?.since === pending.since) {
    const turn = await takeTurn()
    if (turn) {
      if ((await readPending(folder))?.since === pending.since) {
        await settle(folder, pending, decision, 'asked')
      }
      turn.end()
      return
    }
    await sleep(LOOK_MS)
  }
}
