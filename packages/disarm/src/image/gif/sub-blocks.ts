import { refuse } from '../../family.ts'
import { byteAt, slice } from '../reading.ts'

const MAX_SUB_BLOCK = 255

/** Data of a chain of sub-blocks (GIF89a §15), joined, and the offset behind its terminator. */
export interface SubBlocks {
  readonly data: Uint8Array
  readonly end: number
}

export function readSubBlocks(bytes: Uint8Array, from: number): SubBlocks {
  const end = chainEnd(bytes, from)
  const data = new Uint8Array(end - from)
  let size = 0
  for (let at = from; bytes[at] !== 0; at += bytes[at]! + 1) {
    data.set(slice(bytes, at + 1, bytes[at]!), size)
    size += bytes[at]!
  }
  return { data: data.subarray(0, size), end }
}

function chainEnd(bytes: Uint8Array, from: number): number {
  let at = from
  while (byteAt(bytes, at) !== 0) at += bytes[at]! + 1
  return at < bytes.length ? at + 1 : refuse('IMG-DECODE')
}

/** The chain of sub-blocks for `data`, with its terminator. */
export function writeSubBlocks(data: Uint8Array): Uint8Array {
  const chain = new Uint8Array(data.length + Math.ceil(data.length / MAX_SUB_BLOCK) + 1)
  let size = 0
  for (let at = 0; at < data.length; at += MAX_SUB_BLOCK) {
    const block = data.subarray(at, at + MAX_SUB_BLOCK)
    chain[size++] = block.length
    chain.set(block, size)
    size += block.length
  }
  return chain
}
