/**
 * What the browser itself has to refuse, in the same four lines the server uses.
 */
import type { Problem } from '@sekisho/server/api'
import { REASONS, fill } from './say.ts'
import type { ReasonId } from './say.ts'

/** A refusal that never reached the server, so it has no number for the help desk. */
export function localProblem(
  reason: ReasonId,
  what: string,
  values: Readonly<Record<string, string | number>> = {},
): Problem {
  const words = REASONS[reason]
  return {
    reason,
    what,
    why: fill(words.full, values),
    cure: fill(words.help, values),
    number: '',
    at: new Date().toISOString(),
  }
}

/** The short form of one of our own reasons, for lists; nothing for reasons the server gave. */
export function shortReason(reason: string): string | undefined {
  return isOurs(reason) ? REASONS[reason].short : undefined
}

function isOurs(reason: string): reason is ReasonId {
  return Object.hasOwn(REASONS, reason)
}
