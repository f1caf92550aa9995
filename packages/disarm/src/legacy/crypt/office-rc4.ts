import { createHash } from 'node:crypto'
import { refuse } from '../../family.ts'
import { sliceAt, uint16At, uint32At } from '../reading.ts'
import { Rc4 } from './rc4.ts'

/** The key of each block of a stream, once a password was found to fit. */
export type BlockKey = (block: number) => Uint8Array

/** How a file says it is encrypted with RC4: `open` gives the keys, or undefined when the password does not fit. */
export interface Rc4Encryption {
  /** Bytes that the structure takes. */
  readonly size: number
  open(password: string): BlockKey | undefined
}

/**
 * Reads an EncryptionHeader of RC4: the 40-bit form ([MS-OFFCRYPTO] 2.3.6) or the CryptoAPI form (2.3.5), told apart by their
 * versions. Any other is ENCRYPTED: nobody here can open it.
 */
export function readRc4Encryption(bytes: Uint8Array): Rc4Encryption {
  const major = uint16At(bytes, 0)
  const minor = uint16At(bytes, 2)
  if (major === 1 && minor === 1) return readForty(bytes)
  if (minor === 2 && major >= 2 && major <= 4) return readCryptoApi(bytes)
  return refuse('ENCRYPTED')
}

/** Undoes a stream that changes its key every `blockSize` bytes, counted from its start. */
export function decryptBlocks(stream: Uint8Array, blockSize: number, key: BlockKey): Uint8Array {
  const output = new Uint8Array(stream.length)
  for (let at = 0, block = 0; at < stream.length; at += blockSize, block++) {
    output.set(new Rc4(key(block)).apply(stream.subarray(at, at + blockSize)), at)
  }
  return output
}

function readForty(bytes: Uint8Array): Rc4Encryption {
  const salt = sliceAt(bytes, 4, 16)
  const verifier = sliceAt(bytes, 20, 32)
  return {
    size: 52,
    open: (password) => {
      const inner = hash('md5', utf16(password)).subarray(0, 5)
      const mixed = Array.from({ length: 16 }, () => [inner, salt]).flat()
      const base = hash('md5', ...mixed).subarray(0, 5)
      const key: BlockKey = (block) => hash('md5', base, uint32(block))
      return fits('md5', key, verifier) ? key : undefined
    },
  }
}

const ALG_RC4 = 0x6801
const ALG_SHA1 = 0x8004

function readCryptoApi(bytes: Uint8Array): Rc4Encryption {
  const headerSize = uint32At(bytes, 8)
  const header = sliceAt(bytes, 12, headerSize)
  const algorithm = uint32At(header, 8)
  const hashing = uint32At(header, 12)
  if (algorithm !== ALG_RC4 || (hashing !== ALG_SHA1 && hashing !== 0)) refuse('ENCRYPTED')
  const bits = uint32At(header, 16) || 40
  if (bits % 8 !== 0 || bits < 40 || bits > 128) refuse('ENCRYPTED')
  const at = 12 + headerSize
  if (uint32At(bytes, at) !== 16) refuse('ENCRYPTED')
  const salt = sliceAt(bytes, at + 4, 16)
  const verifier = Buffer.concat([sliceAt(bytes, at + 20, 16), sliceAt(bytes, at + 40, 20)])
  return {
    size: at + 60,
    open: (password) => {
      const base = hash('sha1', salt, utf16(password))
      const key: BlockKey = (block) => sized(hash('sha1', base, uint32(block)), bits)
      return fits('sha1', key, verifier) ? key : undefined
    },
  }
}

/** A 40-bit key is filled up with zeros to 128 bits; the others are as long as they say. */
function sized(key: Uint8Array, bits: number): Uint8Array {
  if (bits !== 40) return key.subarray(0, bits / 8)
  const padded = new Uint8Array(16)
  padded.set(key.subarray(0, 5))
  return padded
}

function fits(algorithm: string, key: BlockKey, verifier: Uint8Array): boolean {
  const plain = new Rc4(key(0)).apply(verifier)
  return Buffer.compare(hash(algorithm, plain.subarray(0, 16)), plain.subarray(16)) === 0
}

function hash(algorithm: string, ...parts: Uint8Array[]): Uint8Array {
  const digest = createHash(algorithm)
  for (const part of parts) digest.update(part)
  return digest.digest()
}

function utf16(password: string): Uint8Array {
  return Buffer.from(password, 'utf16le')
}

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
