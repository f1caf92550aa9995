import type { EvidenceEntry } from '@sekisho/core'

export interface EvidenceRow {
  readonly index: number
  readonly entry: EvidenceEntry
  /** The entry in one Japanese sentence. */
  readonly sentence: string
}

export interface EvidencePage {
  readonly rows: readonly EvidenceRow[]
  readonly page: number
  readonly pages: number
  readonly total: number
  /** Size and root of the log now. */
  readonly checkpoint: string
}

/** Enough to verify one entry without this server. */
export interface EvidenceProof {
  readonly index: number
  /** base64 of the leaf bytes. */
  readonly entry: string
  readonly leaf: string
  /** Audit path, RFC 6962 §2.1.1, hex, leaf side first. */
  readonly path: readonly string[]
  /** Signed note. */
  readonly checkpoint: string
  /** Verifier key, C2SP signed-note. */
  readonly key: string
}
