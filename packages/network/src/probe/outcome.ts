import type { Expectation } from './expect.ts'
import type { Question } from './question.ts'
import type { Sighting } from './sighting.ts'

/** A question with all that is known about its answer. */
export interface Outcome {
  readonly question: Question
  /** What the declaration says. */
  readonly declared: Expectation
  /** What the text says, as `prove` reads it; `undefined` where nobody can tell, or no text was read. */
  readonly model: boolean | undefined
  /** What really happened. */
  readonly sighting: Sighting
  /** Shown in the same run: nothing but the firewall could have stopped it. */
  readonly controlled: boolean
}

/**
 * - `PROBE-OPEN`: came, and should have been stopped
 * - `PROBE-SHUT`: did not come or was not answered, and should have been
 * - `PROBE-UNPROVEN`: nothing came, and nothing shows that it was the firewall
 * - `PROBE-MODEL`: as declared, and yet not as the text was read: the reading is wrong
 */
export type OutcomeReason = 'PROBE-OPEN' | 'PROBE-SHUT' | 'PROBE-UNPROVEN' | 'PROBE-MODEL'

/** What is to be said of an outcome; `undefined` when everything agrees. */
export function judge({
  declared,
  model,
  sighting,
  controlled,
}: Outcome): OutcomeReason | undefined {
  const came = sighting === 'answered' || sighting === 'arrived'
  if (came && !declared.passes) return 'PROBE-OPEN'
  // A sender that never sent, or a target of which nobody knows whether it listens, proves nothing either way.
  if (!came && (sighting !== 'stopped' || !controlled)) return 'PROBE-UNPROVEN'
  if (declared.passes && sighting !== 'answered') return 'PROBE-SHUT'
  if (model !== undefined && model !== declared.passes) return 'PROBE-MODEL'
  return undefined
}
