import { readFile } from 'node:fs/promises'
import type { Finding } from '@sekisho/core'
import { applyRefusal, declare, driftOf, readListing } from '@sekisho/network'
import type { Drift } from '@sekisho/network'
import { modelDigest, readTown, todayInJapan } from '@sekisho/town'
import { takeTurn } from './one-at-a-time.ts'
import { readPending } from './pending.ts'
import { settleAbandoned } from './settle.ts'
import { noteUseIn } from './use-file.ts'

/** One look at the kernel and the declaration. */
export interface Look {
  /** `same`: nothing changed since the last look, so what was said then still holds. */
  readonly kind: 'same' | 'equal' | 'drift' | 'blind'
  /** Digest of the declaration, as far as it could be read. */
  readonly model: string
  /** Digest of what the kernel holds, as far as it could be read. */
  readonly ruleset: string
  readonly day: string
  readonly findings: readonly Finding[]
  readonly expired: readonly Finding[]
}

/** How often the counters are looked at, ms: when a flow was last used is known to that. */
const USE_MS = 10 * 60_000

/** Longest stretch without a proof, ms: the rules themselves can hold until an hour of the day. */
const PROVE_AGAIN_MS = 60_000

/**
 * Looks again and again. What is the same to the last rule, in the same declaration, on the same day, was proved already; everything else is proved anew.
 *
 * @param now the clock
 * @param actor who watches, for the log
 */
export function createWatch(
  file: string,
  folder: string,
  now: () => Date,
  actor: string,
): () => Promise<Look> {
  let last = ''
  let counted = -Infinity
  let proved = 0
  return async () => {
    await returnAbandoned(folder)
    const day = todayInJapan(now())
    const text = await readFile(file, 'utf8').catch(() => '')
    const held = await readListing()
    const read = readTown(text)
    const model = read.ok ? modelDigest(read.town) : ''
    const ruleset = held.ok ? held.digest : ''
    if (held.ok && read.ok && now().getTime() - counted >= USE_MS) {
      counted = now().getTime()
      // Whoever cannot write here is told so with the drift; the looking goes on.
      await noteUseIn(folder, held.listing, now(), { model, actor }).catch(() => undefined)
    }
    const seen = [day, model, ruleset].join(' ')
    if (seen === last && held.ok && read.ok && now().getTime() - proved < PROVE_AGAIN_MS) {
      return { kind: 'same', model, ruleset, day, findings: [], expired: [] }
    }
    last = seen
    proved = now().getTime()
    const base = { model, ruleset, day, expired: [] }
    if (!read.ok) {
      return { ...base, kind: 'blind', findings: [applyRefusal('NET-DRIFT-NO-TOWN', { file })] }
    }
    if (!held.ok) {
      const finding = applyRefusal(held.reason, { says: held.says })
      return { ...base, kind: 'blind', findings: [finding] }
    }
    const declared = declare(read.town, { at: day })
    const seconds = Math.floor(now().getTime() / 1_000)
    const drift: Drift = driftOf(read.town, declared, held.listing, seconds)
    return { ...base, ...drift, kind: drift.findings.length === 0 ? 'equal' : 'drift' }
  }
}

/** A change whose keeper died would stay for ever: whoever watches brings the former rules back. */
async function returnAbandoned(folder: string): Promise<void> {
  // The turn is taken only when there is something to settle: a plan that is to be applied must not find it taken.
  if (!(await readPending(folder))) return
  const turn = await takeTurn()
  if (!turn) return
  try {
    await settleAbandoned(folder)
  } finally {
    turn.end()
  }
}
