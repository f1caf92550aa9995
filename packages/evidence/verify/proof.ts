/**
 * Checking a proof that one entry is in a log, or that one log is the beginning of another, with nothing but the proof
 * and the log's public key.
 */
import { consistent, hashLeaf, rootFromInclusion } from './merkle.ts'
import { readKey, readTreeHead } from './note.ts'
import { REASONS } from './words.ts'
import type { Reason } from './words.ts'

/** Longest path: no tree has more than 2^53 entries. */
const MAX_PATH = 64

/** An entry with its path to a signed checkpoint. Plain JSON. */
export interface InclusionProof {
  readonly index: number
  /** The leaf exactly as hashed: canonical JSON. */
  readonly entry: string
  /** Leaf hash, lower-case hex. */
  readonly leaf: string
  /** Sibling hashes from the leaf upwards, lower-case hex. */
  readonly path: readonly string[]
  /** The signed note. */
  readonly checkpoint: string
  /** Verifier key the proof claims. Compare it with one you got another way. */
  readonly key: string
}

/** RFC 6962 §2.1.2. */
export interface ConsistencyProof {
  readonly old: number
  readonly size: number
  /** Lower-case hex. */
  readonly path: readonly string[]
}

export type ProofCheck =
  | {
      readonly ok: true
      readonly origin: string
      readonly index: number
      readonly size: number
      /** `key-in-proof`: nobody vouched for the key, so this proves only that the proof agrees with itself. */
      readonly trust: 'given-key' | 'key-in-proof'
    }
  | { readonly ok: false; readonly reason: Reason; readonly message: string }

/** Checks an inclusion proof, which may come from anybody. Never throws. */
export function verifyProof(proof: InclusionProof, options: { key?: string } = {}): ProofCheck {
  if (!isInclusionProof(proof)) return failed('proof-form')
  const key = readKey((options.key ?? proof.key).trim())
  if (key === undefined) return failed('key-invalid')
  if (options.key !== undefined && options.key.trim() !== proof.key.trim())
    return failed('key-differs')
  const head = readTreeHead(proof.checkpoint, key)
  if (head === undefined) return failed('checkpoint-signature')
  const entry = Buffer.from(proof.entry)
  const leaf = hashLeaf(entry)
  const root = rootFromInclusion(leaf, proof.index, head.size, proof.path.map(fromHex))
  const right = root?.equals(head.root) === true && leaf.toString('hex') === proof.leaf
  if (!right) return failed('proof-wrong')
  const trust = options.key === undefined ? 'key-in-proof' : 'given-key'
  return { ok: true, origin: head.origin, index: proof.index, size: head.size, trust }
}

/** Whether the log of the newer checkpoint begins with exactly the log of the older one. Never throws. */
export function verifyConsistency(
  older: string,
  newer: string,
  proof: ConsistencyProof,
  keyText: string,
): boolean {
  const key = readKey(keyText.trim())
  if (key === undefined || !isPath(proof.path)) return false
  const heads = [readTreeHead(older, key), readTreeHead(newer, key)]
  const [old, now] = heads
  return old !== undefined && now !== undefined && consistent(old, now, proof.path.map(fromHex))
}

function isInclusionProof(proof: unknown): proof is InclusionProof {
  if (typeof proof !== 'object' || proof === null) return false
  const { index, entry, leaf, path, checkpoint, key }: Partial<Record<string, unknown>> = {
    ...proof,
  }
  const texts = [entry, leaf, checkpoint, key].every((text) => typeof text === 'string')
  return texts && Number.isSafeInteger(index) && Number(index) >= 0 && isPath(path)
}

function isPath(path: unknown): path is string[] {
  if (!Array.isArray(path) || path.length > MAX_PATH) return false
  return path.every((item) => typeof item === 'string' && /^[0-9a-f]{64}$/u.test(item))
}

function fromHex(text: string): Buffer {
  return Buffer.from(text, 'hex')
}

function failed(reason: Reason): ProofCheck {
  return { ok: false, reason, message: REASONS[reason] }
}
