/** Numbers at a place in hostile bytes. Reading past the end is the refusal IMG-DECODE, never `undefined`. */
import { refuse } from '../family.ts'

/** The byte at `at`. */
export function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? refuse('IMG-DECODE')
}

/** 16 bits, high byte first (PNG, JPEG). */
export function bigEndian16(bytes: Uint8Array, at: number): number {
  return (byteAt(bytes, at) << 8) | byteAt(bytes, at + 1)
}

/** 32 bits without sign, high byte first. */
export function bigEndian32(bytes: Uint8Array, at: number): number {
  return bigEndian16(bytes, at) * 0x10000 + bigEndian16(bytes, at + 2)
}

/** 16 bits, low byte first (GIF). */
export function littleEndian16(bytes: Uint8Array, at: number): number {
  return byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8)
}

/** 32 bits without sign, low byte first. */
export function littleEndian32(bytes: Uint8Array, at: number): number {
  return littleEndian16(bytes, at) + littleEndian16(bytes, at + 2) * 0x10000
}

/** `length` bytes from `at`, or the refusal IMG-DECODE when they are not all there. */
export function slice(bytes: Uint8Array, at: number, length: number): Uint8Array {
  if (length < 0 || at + length > bytes.length) refuse('IMG-DECODE')
  return bytes.subarray(at, at + length)
}

/** True when the ASCII `text` stands at `at`. */
export function startsWith(bytes: Uint8Array, text: string, at = 0): boolean {
  if (at + text.length > bytes.length) return false
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false
  return true
}
