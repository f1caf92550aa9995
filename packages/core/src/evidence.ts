/**
 * Evidence (証跡): what is recorded before anything takes effect.
 */

/** What happened. Closed on purpose: an unknown kind cannot be filtered for. */
export const EVIDENCE_KINDS = [
  'start',
  'sign-in',
  'sign-in-failed',
  'sign-out',
  'received',
  'answered',
  'disarmed',
  'verified',
  'refused',
  'held',
  'approved',
  'returned',
  'cancelled',
  'delivered',
  'taken',
  'decided',
  'changed',
  'probe',
  'failed',
  'heartbeat',
] as const
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number]

/** One entry. Serialised as canonical JSON (keys sorted), at most 65,535 bytes, as the log's leaf. */
export interface EvidenceEntry {
  readonly v: 1
  readonly kind: EvidenceKind
  /** ISO 8601 with offset, by the recording side's clock. */
  readonly at: string
  readonly side: 'low' | 'high'
  /** SHA-256 of the active model (town.yaml as parsed), lower-case hex. */
  readonly model: string
  /** Who: account id, or `system`. */
  readonly actor: string
  /** Crossing id and number, when it is about one. */
  readonly crossing?: string
  readonly number?: string
  /** Bounded details: rule ids, digests, counts, file name. No file content. */
  readonly detail: Readonly<Record<string, string | number | boolean | readonly string[]>>
}

/** Where an entry stands in the log once it is durable. */
export interface Receipt {
  readonly index: number
  /** Leaf hash, RFC 6962 §2.1, lower-case hex. */
  readonly leaf: string
}

/** The one thing a passage needs of a log. Resolves only when the entry survives a power cut. */
export interface EvidenceLog {
  /**
   * @param key idempotency key: appending the same key twice returns the first receipt and writes nothing.
   */
  append(key: string, entry: EvidenceEntry): Promise<Receipt>
}
