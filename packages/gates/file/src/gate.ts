/**
 * The file gate: a file on its way, as facts for the judge.
 */
import type { CrossingFacts, Edition, Model, ZoneKind } from '@sekisho/core'
import { isActive } from '@sekisho/disarm'
import type { Gate, Progress } from '@sekisho/passage'

/** What the town says about this gate. */
export interface FileGateOptions {
  readonly model: Model
  readonly edition: Edition
  readonly fromZone: ZoneKind
  readonly toZone: ZoneKind
  readonly approval: CrossingFacts['approvalPolicy']
}

/** The gate of one declared file route. */
export function fileGate(options: FileGateOptions): Gate {
  const { model, edition, fromZone, toZone, approval } = options
  return {
    kind: 'file',
    facts: (progress, approved) => ({
      model,
      edition,
      kind: 'file',
      fromZone,
      toZone,
      level: progress.crossing.level,
      disarm: progress.cured?.report.verdict ?? 'none',
      verified: progress.verified?.clean ?? false,
      activeRemoved: activeRemoved(progress),
      approvalPolicy: approval,
      approved,
      hasPurpose: progress.crossing.purpose.trim() !== '',
      // What only other gates have.
      attachmentsRemoved: false,
      textOnly: false,
      redirectionOff: false,
      encrypted: false,
      mediaException: false,
    }),
  }
}

/** How many things that run code or reach out were taken out. */
function activeRemoved({ cured }: Progress): number {
  const active = cured?.report.removed.filter(({ rule }) => isActive(rule)) ?? []
  return active.reduce((sum, { count }) => sum + count, 0)
}
