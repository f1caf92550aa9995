/**
 * The Merkle tree of RFC 6962 §2.1: hashes, inclusion paths and consistency paths over any source of subtree hashes.
 */
import { hash } from 'node:crypto'

/** Bytes of one SHA-256 hash. */
export const HASH_BYTES = 32

// Different first bytes for leaves and nodes: without them a node could be presented as an entry (second preimage).
const LEAF_PREFIX = Buffer.of(0x00)
const NODE_PREFIX = Buffer.of(0x01)

/** Root of the tree without entries: SHA-256 of nothing. RFC 6962 §2.1. */
export const EMPTY_ROOT: Buffer = hash('sha256', '', 'buffer')

/** Gives the hash of the complete subtree over entries `[index·2^height, (index+1)·2^height)`. */
export type SubtreeReader = (height: number, index: number) => Promise<Buffer>

/** Leaf hash of one entry. RFC 6962 §2.1. */
export function leafHash(entry: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([LEAF_PREFIX, entry]), 'buffer')
}

/** Hash of an inner node. RFC 6962 §2.1. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([NODE_PREFIX, left, right]), 'buffer')
}

/** Merkle tree hash over hashes of equal, complete subtrees. RFC 6962 §2.1. */
export function treeHash(hashes: readonly Buffer[]): Buffer {
  const [first] = hashes
  if (first === undefined) return EMPTY_ROOT
  if (hashes.length === 1) return first
  const split = largestPowerBelow(hashes.length)
  return nodeHash(treeHash(hashes.slice(0, split)), treeHash(hashes.slice(split)))
}

/** Root of the tree over the first `size` entries. */
export async function rootHash(read: SubtreeReader, size: number): Promise<Buffer> {
  return size === 0 ? EMPTY_ROOT : rangeHash(read, 0, size)
}

/** PATH(index, D[size]), from the leaf upwards. RFC 6962 §2.1.1. Needs `0 <= index < size`. */
export async function inclusionPath(
  read: SubtreeReader,
  index: number,
  size: number,
): Promise<Buffer[]> {
  const path: Buffer[] = []
  let [from, to] = [0, size]
  while (to - from > 1) {
    const split = from + largestPowerBelow(to - from)
    const left = index < split
    path.push(await (left ? rangeHash(read, split, to) : rangeHash(read, from, split)))
    if (left) to = split
    else from = split
  }
  return path.toReversed()
}

/** PROOF(old, D[size]). RFC 6962 §2.1.2. Needs `0 < old <= size`; empty when they are equal. */
export async function consistencyPath(
  read: SubtreeReader,
  old: number,
  size: number,
): Promise<Buffer[]> {
  const path: Buffer[] = []
  let [from, to] = [0, size]
  while (old < to) {
    const split = from + largestPowerBelow(to - from)
    const left = old <= split
    path.push(await (left ? rangeHash(read, split, to) : rangeHash(read, from, split)))
    if (left) to = split
    else from = split
  }
  // The old root itself is left out when the old tree is one complete subtree at the very left.
  if (from !== 0) path.push(await rangeHash(read, from, to))
  return path.toReversed()
}

async function rangeHash(read: SubtreeReader, from: number, to: number): Promise<Buffer> {
  const count = to - from
  const height = Math.log2(count)
  if (Number.isInteger(height)) return read(height, from / count)
  const split = from + largestPowerBelow(count)
  return nodeHash(await rangeHash(read, from, split), await rangeHash(read, split, to))
}

/** Largest power of two smaller than `count`, which is at least 2. */
function largestPowerBelow(count: number): number {
  let power = 1
  while (power * 2 < count) power *= 2
  return power
}
