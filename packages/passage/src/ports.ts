/**
 * What the passage needs of the world. Everything comes in by the door: disk, network, clock.
 */
import type {
  Answer,
  CleanVerdict,
  CrossingFacts,
  CrossingKind,
  EvidenceEntry,
  EvidenceLog,
  GateCure,
  Question,
} from '@sekisho/core'
import type { Cured, Progress } from './progress.ts'

/** The adapter of one protocol: its view of a crossing, as facts for the judge. */
export interface Gate {
  readonly kind: CrossingKind
  /** Facts now. `approved` is the passage's own finding, never the gate's. */
  facts(progress: Progress, approved: boolean): CrossingFacts
  /** When it may be delivered at the earliest, ISO 8601: until then its sender can take it back. */
  notBefore?(progress: Progress): string
  /** It goes as it came: the rules of this gate ask for no cure, so there is nothing to verify. Never for what comes from the low side. */
  readonly unchanged?: true
}

export interface Ports {
  readonly gate: Gate
  readonly judge: { ask(question: Question): Answer }
  /** `read` lets the log arbitrate: the outcome recorded first stands. */
  readonly log: EvidenceLog & { read(index: number): EvidenceEntry | Promise<EvidenceEntry> }
  /**
   * Has the low side perform a cure, and brings the new bytes to this side, checked against their digest.
   *
   * @throws SekishoError LINK_DOWN when the low side does not answer; any other throw ends the crossing.
   */
  readonly cure: (progress: Progress, cure: Exclude<GateCure, 'verify'>) => Promise<Cured>
  /** Re-reads the new bytes, as they lie on this side, with other code than made them. */
  readonly verify: (progress: Progress) => Promise<CleanVerdict>
  readonly store: {
    load(id: string): Promise<Progress | undefined>
    /** Durable when resolved. */
    save(progress: Progress): Promise<void>
  }
  /** Puts the bytes in the inbox. Idempotent per crossing, durable when resolved. Called only after the record. */
  readonly deliver: (progress: Progress) => Promise<void>
  readonly clock: () => Date
  /** SHA-256 of the active model, lower-case hex. */
  readonly model: string
  readonly limits?: Partial<Limits>
}

export interface Limits {
  /** Days a held crossing waits for a person before it goes back. */
  readonly holdDays: number
  /** Hours an approval is good for. */
  readonly approvalHours: number
}

export const LIMITS: Limits = { holdDays: 30, approvalHours: 24 }

/**
 * The limits in force.
 *
 * @throws RangeError when a limit is not a positive whole number: a bad limit is never a silent default.
 */
export function limitsOf(ports: Pick<Ports, 'limits'>): Limits {
  const limits = { ...LIMITS, ...ports.limits }
  for (const [name, value] of Object.entries(limits))
    if (!Number.isInteger(value) || value < 1) throw new RangeError(`${name}: ${String(value)}`)
  return limits
}
