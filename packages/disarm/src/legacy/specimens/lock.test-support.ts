import { createHash } from 'node:crypto'
import { Rc4 } from '../crypt/rc4.ts'
import { xorArray, xorKey, xorVerifier } from '../crypt/xor.ts'

/** How a document is locked, with the bytes that say so and a way to encrypt at a place of a stream. */
export interface Lock {
  /** EncryptionHeader of the RC4 forms; key and verifier of XOR. */
  readonly header: Buffer
  readonly xor?: Uint8Array
  /** RC4 key of a block. */
  readonly key: (block: number) => Uint8Array
}

const SALT = Buffer.alloc(16, 0x11)
const VERIFIER = Buffer.alloc(16, 0x22)

/** RC4 with 40 bits ([MS-OFFCRYPTO] 2.3.6). */
export function lockForty(password: string): Lock {
  const inner = md5(Buffer.from(password, 'utf16le')).subarray(0, 5)
  const base = md5(...Array.from({ length: 16 }, () => Buffer.concat([inner, SALT]))).subarray(0, 5)
  const key = (block: number): Uint8Array => md5(base, uint32(block))
  const sealed = new Rc4(key(0)).apply(Buffer.concat([VERIFIER, md5(VERIFIER)]))
  return { header: Buffer.concat([Buffer.of(1, 0, 1, 0), SALT, sealed]), key }
}

/** RC4 CryptoAPI ([MS-OFFCRYPTO] 2.3.5). */
export function lockCryptoApi(password: string, bits = 128): Lock {
  const base = sha1(SALT, Buffer.from(password, 'utf16le'))
  const key = (block: number): Uint8Array => {
    const hash = sha1(base, uint32(block)).subarray(0, bits / 8)
    return bits === 40 ? Buffer.concat([hash, Buffer.alloc(11)]) : hash
  }
  const sealed = new Rc4(key(0)).apply(Buffer.concat([VERIFIER, sha1(VERIFIER)]))
  const provider = Buffer.from('Provider\0', 'utf16le')
  const fields = [4, 0, 0x6801, 0x8004, bits, 1, 0, 0].map(uint32)
  const header = Buffer.concat([...fields, provider])
  const verifier = [uint32(16), SALT, sealed.subarray(0, 16), uint32(20), sealed.subarray(16)]
  const start = [Buffer.of(2, 0, 2, 0), uint32(4), uint32(header.length)]
  return { header: Buffer.concat([...start, header, ...verifier]), key }
}

/** XOR obfuscation ([MS-OFFCRYPTO] 2.3.7); the password as bytes of its time. */
export function lockXor(password: Uint8Array): Lock {
  const key = xorKey(password)
  const header = Buffer.alloc(4)
  header.writeUInt16LE(key, 0)
  header.writeUInt16LE(xorVerifier(password), 2)
  return { header, xor: xorArray(password, key), key: () => password }
}

/** A stream encrypted whole, with a new key every `blockSize` bytes. */
export function encryptBlocks(stream: Uint8Array, blockSize: number, lock: Lock): Buffer {
  const blocks = Array.from({ length: Math.ceil(stream.length / blockSize) }, (_, block) =>
    new Rc4(lock.key(block)).apply(stream.subarray(block * blockSize, (block + 1) * blockSize)),
  )
  return Buffer.concat(blocks)
}

export function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value >>> 0)
  return bytes
}

function md5(...parts: Uint8Array[]): Buffer {
  return createHash('md5').update(Buffer.concat(parts)).digest()
}

function sha1(...parts: Uint8Array[]): Buffer {
  return createHash('sha1').update(Buffer.concat(parts)).digest()
}
