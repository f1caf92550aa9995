import { refuse } from '../../family.ts'
import { byteAt, slice } from '../reading.ts'

const MAX_SUB_BLOCK = 255

/** Data of a chain of sub-blocks (GIF89a §15), joined, and the offset behind its terminator. */
export interface SubBlocks {
  readonly data: Uint8Array
  readonly end: number
}

/** As `readSubBlocks` of a file that may end inside the chain: then all there is, and the end of the file. */
export function readPixelBlocks(bytes: Uint8Array, from: number): SubBlocks & { cut: boolean } {
  let at = from
  while (at < bytes.length && bytes[at] !== 0) at += bytes[at]! + 1
  if (at < bytes.length) return { ...readSubBlocks(bytes, from), cut: false }
  const rest = Buffer.concat([bytes.subarray(from), new Uint8Array(at - bytes.length + 1)])
  const { data } = readSubBlocks(rest, 0)
  return { data: data.subarray(0, data.length - (at - bytes.length)), end: bytes.length, cut: true }
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
