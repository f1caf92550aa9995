import type { Finding, Town } from '@sekisho/core'
import type { Declared } from '../declared/permit.ts'
import { readNftables } from '../dialects/nftables/read.ts'
import { leftOutFindings } from '../prove/findings.ts'
import { boxBreaches } from '../prove/invariants.ts'
import { breachFindings } from '../prove/breach-findings.ts'
import { wiringOf } from '../prove/wiring.ts'
import { lastingFindings, proveLasting } from '../prove/lasting.ts'
import { refusal } from './refusal.ts'

/** How what a kernel holds stands to the declaration. */
export interface Drift {
  /** Empty: it does exactly what is declared. Otherwise each with a packet, and what helps. */
  readonly findings: readonly Finding[]
  /** Flows that are past their day and closed by the rules themselves, of which the rules still speak. */
  readonly expired: readonly Finding[]
}

/**
 * Compares what a kernel holds with what is declared for the day.
 *
 * @param at the instant, in seconds since 1970: rules may hold until a time
 */
export function driftOf(town: Town, declared: Declared, listing: unknown, at: number): Drift {
  const filter = readNftables(listing, { at })
  // Without a hook the kernel forwards everything: the most that can happen, said in plain words.
  if (filter.hooks.length === 0 && filter.unread.length === 0) {
    return { findings: [refusal('NET-GONE', {})], expired: [] }
  }
  const lasting = proveLasting(declared, filter, (turn) => readNftables(listing, { at: turn }))
  const spoken = JSON.stringify(listing)
  const expired = declared.leftOut.filter(
    ({ flow, reason }) =>
      reason === 'NET-EXPIRED' && spoken.includes(`"comment":${JSON.stringify(flow.id)}`),
  )
  // What is forwarded is compared with the declaration; of the firewall itself nothing is declared, and what holds for every town must hold.
  const own = breachFindings(town, declared, filter, boxBreaches(wiringOf(town), filter))
  const findings = [...lastingFindings(town, lasting), ...own]
  return { findings, expired: leftOutFindings(town, expired) }
}
