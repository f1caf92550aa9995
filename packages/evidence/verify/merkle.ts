/**
 * RFC 6962 hashing and proof checking, written apart from the log's own: a mistake there must not be repeated here.
 */
import { hash } from 'node:crypto'

/** Root of the empty tree. RFC 6962 §2.1. */
export const EMPTY_TREE: Buffer = hash('sha256', '', 'buffer')

/** RFC 6962 §2.1: SHA-256(0x00 || entry). */
export function hashLeaf(entry: Buffer): Buffer {
  return hash('sha256', Buffer.concat([Buffer.of(0), entry]), 'buffer')
}

/** RFC 6962 §2.1: SHA-256(0x01 || left || right). */
export function hashChildren(left: Buffer, right: Buffer): Buffer {
  return hash('sha256', Buffer.concat([Buffer.of(1), left, right]), 'buffer')
}

/** The growing tree as its complete subtrees, largest first: enough for the root at every size on the way. */
export class CompactRange {
  readonly #subtrees: { readonly leaves: number; readonly hash: Buffer }[] = []

  push(leaf: Buffer): void {
    let node = { leaves: 1, hash: leaf }
    for (
      let last = this.#subtrees.at(-1);
      last?.leaves === node.leaves;
      last = this.#subtrees.at(-1)
    ) {
      node = { leaves: node.leaves * 2, hash: hashChildren(last.hash, node.hash) }
      this.#subtrees.pop()
    }
    this.#subtrees.push(node)
  }

  root(): Buffer {
    const hashes = this.#subtrees.map((subtree) => subtree.hash)
    return hashes.length === 0
      ? EMPTY_TREE
      : hashes.reduceRight((right, left) => hashChildren(left, right))
  }
}

/** Root that an inclusion path leads to, or `undefined` when its length does not fit. RFC 9162 §2.1.3.2. */
export function rootFromInclusion(
  leaf: Buffer,
  index: number,
  size: number,
  path: readonly Buffer[],
): Buffer | undefined {
  if (index >= size) return undefined
  let [fn, sn, root] = [index, size - 1, leaf]
  for (const sibling of path) {
    if (sn === 0) return undefined
    if (isOdd(fn) || fn === sn) {
      root = hashChildren(sibling, root)
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)]
    } else root = hashChildren(root, sibling)
    ;[fn, sn] = [half(fn), half(sn)]
  }
  return sn === 0 ? root : undefined
}

/** Whether a consistency path joins two roots. RFC 9162 §2.1.4.2. */
export function consistent(
  older: { readonly size: number; readonly root: Buffer },
  newer: { readonly size: number; readonly root: Buffer },
  path: readonly Buffer[],
): boolean {
  if (older.size > newer.size) return false
  if (older.size === newer.size) return path.length === 0 && older.root.equals(newer.root)
  if (older.size === 0) return path.length === 0 && older.root.equals(EMPTY_TREE)
  const whole = Number.isInteger(Math.log2(older.size))
  const [first, ...rest] = whole ? [older.root, ...path] : path
  if (first === undefined) return false
  const roots = joinRoots(older.size, newer.size, first, rest)
  return roots !== undefined && roots.old.equals(older.root) && roots.new.equals(newer.root)
}

function joinRoots(
  older: number,
  newer: number,
  first: Buffer,
  path: readonly Buffer[],
): { old: Buffer; new: Buffer } | undefined {
  let [fn, sn] = [older - 1, newer - 1]
  while (isOdd(fn)) [fn, sn] = [half(fn), half(sn)]
  let [fr, sr] = [first, first]
  for (const node of path) {
    if (sn === 0) return undefined
    if (isOdd(fn) || fn === sn) {
      fr = hashChildren(node, fr)
      sr = hashChildren(node, sr)
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)]
    } else sr = hashChildren(sr, node)
    ;[fn, sn] = [half(fn), half(sn)]
  }
  return sn === 0 ? { old: fr, new: sr } : undefined
}

// Sizes may exceed 32 bits, where `>>` and `&` would cut them.
function half(value: number): number {
  return Math.floor(value / 2)
}

function isOdd(value: number): boolean {
  return value % 2 === 1
}
