/**
 * Where each recipient lives. One mail becomes up to three, and none of them is treated by the rules of another.
 */
import { domainOf, fits } from '../deliver/routes.ts'
import type { OutwardRoute } from './route.ts'

/** `lgwan`: another government, inside LGWAN. `own`: the town itself. */
export const DIRECTIONS = ['internet', 'lgwan', 'own'] as const
export type Direction = (typeof DIRECTIONS)[number]

export type SortedRecipients = Readonly<Record<Direction, readonly string[]>>

/**
 * What is in no list is outside: a domain that is like ours, or below ours, is somebody else's until the town says otherwise.
 */
export function sortRecipients(
  recipients: readonly string[],
  { ownDomains, lgwanDomains }: Pick<OutwardRoute, 'ownDomains' | 'lgwanDomains'>,
): SortedRecipients {
  const own = new Set(ownDomains.map((domain) => domain.toLowerCase()))
  const sorted: Record<Direction, string[]> = { internet: [], lgwan: [], own: [] }
  for (const recipient of new Set(recipients)) {
    const domain = domainOf(recipient)
    const inside = lgwanDomains.some((wanted) => fits(domain, wanted.toLowerCase()))
    sorted[own.has(domain) ? 'own' : inside ? 'lgwan' : 'internet'].push(recipient)
  }
  return sorted
}
