import type { EvidenceProof } from '@sekisho/server/api'
import { readCheckpoint, readKey, readNote, signedBy } from './checkpoint.ts'
import type { Checkpoint, VerifierKey } from './checkpoint.ts'
import { fromBase64, fromHex, leafHash, rootFrom, sameBytes } from './tree.ts'
import type { Bytes } from './tree.ts'

/** `yes` proven, `no` disproven, `unknown` this browser cannot tell. */
export type Verdict = 'yes' | 'no' | 'unknown'

export interface CheckedEntry {
  /** The entry's bytes hash to the leaf. */
  readonly leaf: Verdict
  /** The leaf is in the tree whose root the checkpoint states. */
  readonly path: Verdict
  /** The checkpoint is signed by the key. */
  readonly signature: Verdict
  readonly checkpoint?: Checkpoint
  readonly key?: VerifierKey
  /** The entry's text, taken from the proven bytes and from nowhere else. */
  readonly text?: string
}

/**
 * Checks one entry against the log's signed root without trusting the server: every step is computed here.
 *
 * @param asked the entry somebody opened; a good proof of another entry proves nothing about this one.
 */
export async function verifyEntry(proof: EvidenceProof, asked: number): Promise<CheckedEntry> {
  if (!('subtle' in crypto)) return { leaf: 'unknown', path: 'unknown', signature: 'unknown' }
  const note = readNote(proof.checkpoint)
  const checkpoint = note === undefined ? undefined : readCheckpoint(note.text)
  const key = await readKey(proof.key)
  const entry = fromBase64(proof.entry)
  const leaf = entry === undefined ? undefined : await leafHash(entry)
  const leafVerdict = leaf !== undefined && sameHex(leaf, proof.leaf) ? 'yes' : 'no'
  return {
    leaf: leafVerdict,
    path: leafVerdict === 'yes' ? await pathVerdict(proof, asked, leaf, checkpoint) : 'no',
    signature: await signatureVerdict(proof.checkpoint, checkpoint, key),
    ...(checkpoint !== undefined && { checkpoint }),
    ...(key !== undefined && { key }),
    ...(entry !== undefined && { text: new TextDecoder().decode(entry) }),
  }
}

async function pathVerdict(
  proof: EvidenceProof,
  asked: number,
  leaf: Bytes | undefined,
  checkpoint: Checkpoint | undefined,
): Promise<Verdict> {
  const path = proof.path.map(fromHex)
  if (leaf === undefined || checkpoint === undefined || path.some((node) => node === undefined))
    return 'no'
  if (proof.index !== asked) return 'no'
  const nodes = path.filter((node) => node !== undefined)
  const root = await rootFrom(leaf, proof.index, checkpoint.size, nodes)
  return root !== undefined && sameBytes(root, checkpoint.root) ? 'yes' : 'no'
}

async function signatureVerdict(
  note: string,
  checkpoint: Checkpoint | undefined,
  key: VerifierKey | undefined,
): Promise<Verdict> {
  if (checkpoint === undefined || key === undefined || key.name !== checkpoint.origin) return 'no'
  try {
    return (await signedBy(note, key)) ? 'yes' : 'no'
  } catch {
    return 'unknown'
  }
}

function sameHex(bytes: Bytes, hex: string): boolean {
  const other = fromHex(hex)
  return other !== undefined && sameBytes(bytes, other)
}
