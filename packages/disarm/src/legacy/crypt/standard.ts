import { createDecipheriv, createHash } from 'node:crypto'
import { refuse } from '../../family.ts'
import { sliceAt, uint32At } from '../reading.ts'
import { spin } from './spin.ts'

/** AES-128, -192, -256 by their AlgID. */
const KEY_BITS: ReadonlyMap<number, number> = new Map([
  [0x660e, 128],
  [0x660f, 192],
  [0x6610, 256],
])
const SPINS = 50_000

/**
 * Standard encryption of Office 2007 ([MS-OFFCRYPTO] 2.3.4.5 to 2.3.4.9): SHA-1, AES in ECB mode. The answer tries one password; it gives
 * undefined when it does not fit.
 */
export function readStandard(
  info: Uint8Array,
  encrypted: Uint8Array,
): (password: string) => Uint8Array | undefined {
  const headerSize = uint32At(info, 8)
  const header = sliceAt(info, 12, headerSize)
  const bits = KEY_BITS.get(uint32At(header, 8)) ?? refuse('ENCRYPTED')
  const verifier = sliceAt(info, 12 + headerSize, info.length - 12 - headerSize)
  if (uint32At(verifier, 0) !== 16 || uint32At(verifier, 36) !== 20) refuse('ENCRYPTED')
  const salt = sliceAt(verifier, 4, 16)
  const check = sliceAt(verifier, 20, 16)
  const digest = sliceAt(verifier, 40, 32)
  return (password) => {
    const key = keyOf(password, salt, bits)
    const expected = createHash('sha1').update(undo(check, key)).digest()
    if (!expected.equals(undo(digest, key).subarray(0, 20))) return undefined
    return sized(encrypted, undo(encrypted.subarray(8, wholeBlocks(encrypted.length)), key))
  }
}

function wholeBlocks(length: number): number {
  return 8 + Math.max(0, length - 8 - ((length - 8) % 16))
}

/** The package's first eight bytes are its size; what follows is padded. */
export function sized(encrypted: Uint8Array, plain: Uint8Array): Uint8Array {
  const size = uint32At(encrypted, 0) + uint32At(encrypted, 4) * 2 ** 32
  return size <= plain.length ? plain.subarray(0, size) : refuse('OLE-CFB')
}

function undo(bytes: Uint8Array, key: Uint8Array): Buffer {
  const decipher = createDecipheriv(`aes-${key.length * 8}-ecb`, key, null)
  decipher.setAutoPadding(false)
  return Buffer.concat([decipher.update(bytes), decipher.final()])
}

function keyOf(password: string, salt: Uint8Array, bits: number): Uint8Array {
  const hash = spin('sha1', sha1(salt, Buffer.from(password, 'utf16le')), SPINS)
  const final = sha1(hash, Buffer.alloc(4))
  const mixed = [0x36, 0x5c].map((fill) => {
    const block = Buffer.alloc(64, fill)
    final.forEach((byte, index) => (block[index] = byte ^ fill))
    return sha1(block)
  })
  return Buffer.concat(mixed).subarray(0, bits / 8)
}

function sha1(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha1')
  for (const part of parts) hash.update(part)
  return hash.digest()
}
