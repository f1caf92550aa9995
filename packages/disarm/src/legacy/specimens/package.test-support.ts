import { createCipheriv, createHash, createHmac } from 'node:crypto'
import { writeCompoundFile } from '../../cfb/index.ts'
import { uint32 } from './lock.test-support.ts'

export interface AgileOptions {
  readonly hash?: 'SHA1' | 'SHA256' | 'SHA384' | 'SHA512'
  readonly bits?: 128 | 192 | 256
  readonly spins?: number
  /** What the file says about its rounds, if that is not the truth. */
  readonly saidSpins?: string
  /** A changed byte behind the seal. */
  readonly damage?: boolean
}

const SALT = Buffer.alloc(16, 0x33)
const DATA_SALT = Buffer.alloc(16, 0x44)

/** An Office package under agile encryption ([MS-OFFCRYPTO] 2.3.4.10). */
export function agilePackage(
  plain: Uint8Array,
  password: string,
  { hash = 'SHA512', bits = 256, spins = 100, saidSpins, damage = false }: AgileOptions = {},
): Uint8Array {
  const algorithm = hash.toLowerCase()
  const digest = (...parts: Uint8Array[]): Buffer =>
    createHash(algorithm).update(Buffer.concat(parts)).digest()
  const fitted = (bytes: Buffer, length: number): Buffer =>
    Buffer.concat([bytes, Buffer.alloc(64, 0x36)]).subarray(0, length)
  const seal = (key: Buffer, iv: Buffer, bytes: Uint8Array): Buffer => {
    const cipher = createCipheriv(`aes-${bits}-cbc`, key, fitted(iv, 16))
    cipher.setAutoPadding(false)
    return cipher.update(Buffer.concat([bytes, Buffer.alloc((16 - (bytes.length % 16)) % 16)]))
  }
  let base = digest(SALT, Buffer.from(password, 'utf16le'))
  for (let i = 0; i < spins; i++) base = digest(uint32(i), base)
  const locked = (block: string, bytes: Uint8Array): string =>
    seal(fitted(digest(base, Buffer.from(block, 'hex')), bits / 8), SALT, bytes).toString('base64')
  const key = Buffer.alloc(bits / 8, 0x55)
  const segments: Buffer[] = []
  for (let at = 0, i = 0; at < plain.length; at += 4096, i++) {
    segments.push(seal(key, digest(DATA_SALT, uint32(i)), plain.subarray(at, at + 4096)))
  }
  const sealedPackage = Buffer.concat([uint32(plain.length), uint32(0), ...segments])
  const secret = Buffer.alloc(digest().length, 0x66)
  const value = createHmac(algorithm, secret).update(sealedPackage).digest()
  const integrity = (block: string, bytes: Uint8Array): string =>
    seal(key, digest(DATA_SALT, Buffer.from(block, 'hex')), bytes).toString('base64')
  if (damage) sealedPackage[20] = sealedPackage[20]! ^ 1
  const input = Buffer.alloc(16, 0x77)
  const cipher = `blockSize="16" keyBits="${bits}" hashSize="${digest().length}" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm="${hash}"`
  const info = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<encryption xmlns="http://schemas.microsoft.com/office/2006/encryption" xmlns:p="http://schemas.microsoft.com/office/2006/keyEncryptor/password"><keyData saltSize="16" ${cipher} saltValue="${DATA_SALT.toString('base64')}"/><dataIntegrity encryptedHmacKey="${integrity('5fb2ad010cb9e1f6', secret)}" encryptedHmacValue="${integrity('a0677f02b22c8433', value)}"/><keyEncryptors><keyEncryptor uri="http://schemas.microsoft.com/office/2006/keyEncryptor/password"><p:encryptedKey spinCount="${saidSpins ?? spins}" saltSize="16" ${cipher} saltValue="${SALT.toString('base64')}" encryptedVerifierHashInput="${locked('fea7d2763b4b9e79', input)}" encryptedVerifierHashValue="${locked('d7aa0f6d3061344e', digest(input))}" encryptedKeyValue="${locked('146e0be7abacd0d6', key)}"/></keyEncryptor></keyEncryptors></encryption>`
  const head = Buffer.from([4, 0, 4, 0, 0x40, 0, 0, 0])
  return encryptedFile(Buffer.concat([head, Buffer.from(info)]), sealedPackage)
}

/** The same under standard encryption of Office 2007 (2.3.4.5): SHA-1, AES-128, ECB. */
export function standardPackage(plain: Uint8Array, password: string): Uint8Array {
  const sha1 = (...parts: Uint8Array[]): Buffer =>
    createHash('sha1').update(Buffer.concat(parts)).digest()
  let hash = sha1(SALT, Buffer.from(password, 'utf16le'))
  for (let i = 0; i < 50_000; i++) hash = sha1(uint32(i), hash)
  hash = sha1(hash, uint32(0))
  const block = Buffer.alloc(64, 0x36)
  hash.forEach((byte, index) => (block[index] = byte ^ 0x36))
  const key = sha1(block).subarray(0, 16)
  const seal = (bytes: Uint8Array): Buffer => {
    const cipher = createCipheriv('aes-128-ecb', key, null)
    cipher.setAutoPadding(false)
    return cipher.update(Buffer.concat([bytes, Buffer.alloc((16 - (bytes.length % 16)) % 16)]))
  }
  const verifier = Buffer.alloc(16, 0x77)
  const header = Buffer.concat([
    ...[0x24, 0, 0x660e, 0x8004, 128, 0x18, 0, 0].map(uint32),
    Buffer.from('Provider\0', 'utf16le'),
  ])
  const info = Buffer.concat([
    Buffer.from([3, 0, 2, 0]),
    uint32(0x24),
    uint32(header.length),
    header,
    uint32(16),
    SALT,
    seal(verifier),
    uint32(20),
    seal(sha1(verifier)),
  ])
  return encryptedFile(info, Buffer.concat([uint32(plain.length), uint32(0), seal(plain)]))
}

export function encryptedFile(info: Uint8Array, sealedPackage: Uint8Array): Uint8Array {
  return writeCompoundFile({
    streams: [
      { path: 'EncryptionInfo', bytes: info },
      { path: 'EncryptedPackage', bytes: sealedPackage },
    ],
  })
}
