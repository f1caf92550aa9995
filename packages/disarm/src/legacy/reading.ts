import { refuse } from '../family.ts'

/** Numbers of records, little-endian. Beyond the end: OLE-CFB, because what must be there is not. */

export function uint8At(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? refuse('OLE-CFB')
}

export function uint16At(bytes: Uint8Array, at: number): number {
  return uint8At(bytes, at) | (uint8At(bytes, at + 1) << 8)
}

export function uint32At(bytes: Uint8Array, at: number): number {
  return uint16At(bytes, at) + uint16At(bytes, at + 2) * 0x10000
}

/** Exactly `length` bytes, not a copy. */
export function sliceAt(bytes: Uint8Array, at: number, length: number): Uint8Array {
  return at >= 0 && at + length <= bytes.length
    ? bytes.subarray(at, at + length)
    : refuse('OLE-CFB')
}
