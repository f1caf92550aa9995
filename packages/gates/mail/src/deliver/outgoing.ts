/**
 * What the town asks of a message on its way out, before it leaves: whom outside it goes to, and how long it can be
 * taken back.
 */
import { domainOf } from './routes.ts'

export interface OutgoingRule {
  /** Domains of the town itself, exact. */
  readonly ownDomains: readonly string[]
  /** Minutes in which a message to the outside can be recalled; 0 for none. */
  readonly recallMinutes: number
}

export interface OutgoingPlan {
  /** Recipients outside, as written, for the sender and the approver to see. */
  readonly external: readonly string[]
  /** Milliseconds since 1970: from here on it may leave. */
  readonly releaseAt: number
}

/** The window is for what goes outside: mail within the town does not wait. */
export function outgoingPlan(
  recipients: readonly string[],
  rule: OutgoingRule,
  now: number,
): OutgoingPlan {
  const external = externalRecipients(recipients, rule.ownDomains)
  const window = external.length > 0 ? rule.recallMinutes * 60_000 : 0
  return { external, releaseAt: now + window }
}

/** Compared whole: `town.example.jp.attacker.example` and `xtown.example.jp` are outside. */
export function externalRecipients(
  recipients: readonly string[],
  ownDomains: readonly string[],
): readonly string[] {
  const own = new Set(ownDomains.map((domain) => domain.toLowerCase()))
  return recipients.filter((recipient) => !own.has(domainOf(recipient)))
}
