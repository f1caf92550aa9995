/**
 * A leaf: one evidence entry with its place and its idempotency key, as the bytes that are hashed.
 */
import { EVIDENCE_KINDS, SekishoError } from '@sekisho/core'
import type { EvidenceEntry } from '@sekisho/core'
import { canonicalJson } from './canonical.ts'

/** Longest leaf: the length in an entry bundle is a uint16 (C2SP tlog-tiles, "Log entries"). */
export const MAX_LEAF_BYTES = 65_535
/** Longest idempotency key, in UTF-16 units. */
export const MAX_KEY_LENGTH = 512

export interface Leaf {
  /** Index in the log. Inside the hash, so that a moved entry names the place it was taken from. */
  readonly seq: number
  /**
   * Entries the log had before the commit this one belongs to: the size of a checkpoint. It makes the history of
   * checkpoints complete: a note left out of it would be missed.
   */
  readonly base: number
  readonly key: string
  readonly entry: EvidenceEntry
}

/** Bytes of a leaf, in UTF-8. Throws BUG when the entry is malformed or too long. */
export function leafBytes({ seq, base, key, entry }: Leaf): Buffer {
  const bytes = Buffer.from(canonicalJson({ base, entry, key, seq, v: 1 }))
  if (bytes.length > MAX_LEAF_BYTES)
    throw new SekishoError('BUG', `an evidence entry of ${bytes.length} bytes is too long`)
  return bytes
}

/** Reads a leaf back; `undefined` when it was not written by {@link leafBytes}. */
export function readLeaf(bytes: Uint8Array): Leaf | undefined {
  const value = parse(bytes)
  return isLeaf(value)
    ? { seq: value.seq, base: value.base, key: value.key, entry: value.entry }
    : undefined
}

/** Refuses what a caller must not append, before it is given a place. Throws BUG. */
export function checkAppend(key: string, entry: EvidenceEntry): void {
  if (key === '' || key.length > MAX_KEY_LENGTH || !key.isWellFormed())
    throw new SekishoError('BUG', 'an evidence key must have 1 to 512 characters')
  if (entry.v !== 1 || !EVIDENCE_KINDS.includes(entry.kind))
    throw new SekishoError('BUG', `unknown kind of evidence: ${entry.kind}`)
  const far = Number.MAX_SAFE_INTEGER
  leafBytes({ seq: far, base: far, key, entry })
}

/** Whose bytes were signed by this log were checked when they were appended; here only the frame matters. */
function isLeaf(value: unknown): value is Leaf {
  if (typeof value !== 'object' || value === null) return false
  if (!('v' in value && 'seq' in value && 'base' in value && 'key' in value && 'entry' in value))
    return false
  const { v, seq, base, key, entry } = value
  const placed = typeof seq === 'number' && typeof base === 'number'
  const framed = v === 1 && placed && typeof key === 'string'
  return framed && typeof entry === 'object' && entry !== null
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}
