/**
 * Mail on its way out of the LGWAN side, as facts for the judge.
 */
import type { CrossingFacts, ZoneKind } from '@sekisho/core'
import type { Gate, Progress } from '@sekisho/passage'
import type { Outgoing } from './examine.ts'
import type { OutwardRoute } from './route.ts'

export interface OutwardGateOptions {
  readonly route: OutwardRoute
  readonly fromZone: ZoneKind
  readonly toZone: ZoneKind
  /** What was read of a mail when it came in; kept beside it, for it is read once. */
  readonly read: (id: string) => Outgoing
}

/** The gate to the internet. */
export function outwardGate(options: OutwardGateOptions): Gate {
  const { route } = options
  return {
    kind: 'mail-body',
    facts: (progress, approved) => ({
      ...factsOf(options, progress, approved),
      toZone: options.toZone,
    }),
    // From the approval on, when there was one: nobody takes back what still waits for a person by a clock that already ran.
    notBefore({ crossing, approval }) {
      const from = Date.parse(approval?.at ?? crossing.receivedAt)
      return new Date(from + route.delayMinutes * 60_000).toISOString()
    },
  }
}

/** The gate to another government inside LGWAN, and to the town itself: no border of the town is crossed, and nothing is stripped or held back. */
export function insideGate(options: OutwardGateOptions): Gate {
  return {
    kind: 'mail-body',
    facts: (progress, approved) => ({
      ...factsOf(options, progress, approved),
      toZone: options.fromZone,
    }),
    unchanged: true,
  }
}

function factsOf(
  { route, fromZone, read }: OutwardGateOptions,
  progress: Progress,
  approved: boolean,
): Omit<CrossingFacts, 'toZone'> {
  const { crossing, cured, verified } = progress
  const { label, personal, encrypted } = read(crossing.id)
  return {
    model: route.model,
    edition: route.edition,
    kind: 'mail-body',
    fromZone,
    level: label.level,
    disarm: cured?.report.verdict ?? 'none',
    verified: verified?.clean ?? false,
    approved,
    hasPurpose: crossing.purpose.trim() !== '',
    encrypted,
    outwardApproval: route.approval,
    label: label.state,
    myNumbers: personal.myNumbers,
    personalRows: personal.rows,
    // What only other gates have.
    approvalPolicy: 'always',
    activeRemoved: 0,
    macrosKept: 0,
    macroException: false,
    attachmentsRemoved: false,
    textOnly: false,
    redirectionOff: false,
    mediaException: false,
  }
}
