/**
 * The file gate: a file on its way, as facts for the judge.
 */
import type { CrossingFacts, Edition, MacroException, Model, ZoneKind } from '@sekisho/core'
import { isActive } from '@sekisho/disarm'
import type { Gate, Progress } from '@sekisho/passage'

/** What the town says about this gate. */
export interface FileGateOptions {
  readonly model: Model
  readonly edition: Edition
  readonly fromZone: ZoneKind
  readonly toZone: ZoneKind
  readonly approval: CrossingFacts['approvalPolicy']
  /** Macros that may stay, as the town lists them. */
  readonly macros: readonly MacroException[]
  /** Today in Japan, `YYYY-MM-DD`: an exception that ended while a person was asked has ended. */
  readonly today: () => string
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
      macrosKept: macrosIn(progress).length,
      macroException: macrosIn(progress).every((sha256) =>
        macrosInForce(options.macros, options.today()).includes(sha256),
      ),
      approved,
      hasPurpose: progress.crossing.purpose.trim() !== '',
      // What only other gates have.
      attachmentsRemoved: false,
      textOnly: false,
      redirectionOff: false,
      encrypted: false,
      outwardApproval: 'external',
      label: 'known',
      myNumbers: 0,
      personalRows: 0,
      mediaException: false,
    }),
  }
}

/** Types that hold macros. */
const WITH_MACROS = new Set('docm dotm xlsm xltm pptm potm ppsm'.split(' '))

/**
 * Digests of the macros that this side's own verifier found; the low side's word is not asked. One that no list can have (an empty text) where the type
 * says that there is a macro and nobody says which.
 */
export function macrosIn({ verified }: Progress): readonly string[] {
  if (!verified?.clean) return []
  return verified.macros ?? (WITH_MACROS.has(verified.type) ? [''] : [])
}

/** Digests of the macros whose exception holds on that day. */
export function macrosInForce(macros: readonly MacroException[], day: string): readonly string[] {
  return macros.filter(({ from, until }) => from <= day && day <= until).map(({ sha256 }) => sha256)
}

/** How many things that run code or reach out were taken out. */
function activeRemoved({ cured }: Progress): number {
  const active = cured?.report.removed.filter(({ rule }) => isActive(rule)) ?? []
  return active.reduce((sum, { count }) => sum + count, 0)
}
