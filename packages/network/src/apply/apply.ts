import type { Finding } from '@sekisho/core'
import { readTown } from '@sekisho/town'
import { noon } from '../declared/day.ts'
import { declare } from '../declared/declare.ts'
import { loadNftables } from '../dialects/nftables/load.ts'
import { readNftables } from '../dialects/nftables/read.ts'
import { proveLasting } from '../prove/lasting.ts'
import type { Held } from './kernel.ts'
import type { Plan } from './plan.ts'
import { refusal } from './refusal.ts'
import { rulesetDigest } from './ruleset.ts'
import { afterwards, scopeDigest, transactionOf, wayBack } from './transaction.ts'

/** A change that may be made: what is loaded, and the way back, tried. */
export interface Ready {
  readonly load: string
  readonly back: string
  /** Digest of the part that is replaced, as it is now. */
  readonly formerly: string
}

/**
 * Whether a plan may be carried out on what the kernel holds: it was made from exactly this, leads to exactly what it says, that is what is declared, and
 * there is a way back. `refusePlan` has been asked before.
 */
export async function prepareApply(
  plan: Plan,
  held: Held,
): Promise<({ readonly ok: true } & Ready) | { readonly ok: false; readonly finding: Finding }> {
  const refuse = (finding: Finding) => ({ ok: false, finding }) as const
  if (held.digest !== plan.before.digest) return refuse(refusal('NET-PLAN-MOVED', {}))
  const loaded = await loadNftables(plan.text)
  if (!loaded.ok) return refuse(refusal(loaded.reason, { says: loaded.says }))
  // What the plan says of its own end is not believed: it is made and proved again here.
  const after = afterwards(held.listing, loaded.listing, plan.scope)
  if (!isApplied(plan, after)) return refuse(refusal('NET-PLAN-UNPROVED', {}))
  const back = await wayBack(held, plan.scope)
  const formerly = scopeDigest(held.listing, plan.scope)
  if (back === undefined || formerly === undefined) {
    return refuse(refusal('NET-APPLY-NO-WAY-BACK', {}))
  }
  return { ok: true, load: transactionOf(plan.text, plan.scope), back, formerly }
}

/** A listing is what a plan leads to: the same digest, and equal to the declaration over every packet. */
export function isApplied(plan: Plan, listing: unknown): boolean {
  const read = readTown(plan.town.text)
  if (!read.ok || rulesetDigest(listing) !== plan.after.digest) return false
  const readAt = (at: number) => readNftables(listing, { at })
  const declared = declare(read.town, { at: plan.at })
  return proveLasting(declared, readAt(noon(plan.at)), readAt).proof.kind === 'equal'
}
