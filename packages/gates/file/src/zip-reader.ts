/**
 * Reads the one form of zip that the disarmer writes, for showing a page of it. Anything else is `undefined`.
 * Bounded: a preview may fail, it may not hang or grow.
 */
import { inflateRawSync } from 'node:zlib'

const END = 0x06054b50
const CENTRAL = 0x02014b50
const END_SIZE = 22
const CENTRAL_SIZE = 46
const LOCAL_SIZE = 30

export interface ZipReader {
  readonly names: readonly string[]
  /** The entry's bytes, or `undefined` when it is not there or larger than `max`. */
  read(name: string, max: number): Uint8Array | undefined
}

interface Entry {
  readonly method: number
  readonly packed: number
  readonly size: number
  readonly offset: number
}

export function readZip(bytes: Uint8Array): ZipReader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = bytes.length - END_SIZE
  if (end < 0 || view.getUint32(end, true) !== END) return undefined
  const entries = new Map<string, Entry>()
  let at = view.getUint32(end + 16, true)
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    if (at + CENTRAL_SIZE > end || view.getUint32(at, true) !== CENTRAL) return undefined
    const length = view.getUint16(at + 28, true)
    const name = new TextDecoder().decode(
      bytes.subarray(at + CENTRAL_SIZE, at + CENTRAL_SIZE + length),
    )
    entries.set(name, {
      method: view.getUint16(at + 10, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    })
    at += CENTRAL_SIZE + length
  }
  return {
    names: [...entries.keys()],
    read(name, max) {
      const entry = entries.get(name)
      return entry && entry.size <= max ? unpack(bytes, entry, name) : undefined
    },
  }
}

function unpack(bytes: Uint8Array, entry: Entry, name: string): Uint8Array | undefined {
  const from = entry.offset + LOCAL_SIZE + new TextEncoder().encode(name).length
  const packed = bytes.subarray(from, from + entry.packed)
  if (entry.method === 0) return packed
  if (entry.method !== 8 || entry.size === 0) return entry.size === 0 ? new Uint8Array() : undefined
  try {
    return inflateRawSync(packed, { maxOutputLength: entry.size })
  } catch {
    return undefined
  }
}
