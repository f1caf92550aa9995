import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Context } from '../../family.ts'
import { refuse } from '../../family.ts'
import { readTree } from '../../xml/tree.ts'
import type { XmlElement } from '../../xml/read.ts'
import { spin } from './spin.ts'
import { sized } from './standard.ts'

/** [MS-OFFCRYPTO] 2.3.4.10: spinCount MUST NOT be greater. Office writes 100,000. */
const MAX_SPINS = 10_000_000
/** The package is encrypted in pieces, each with a vector of its own (2.3.4.15). */
const SEGMENT = 4096

/**
 * Agile encryption of Office 2010 and later ([MS-OFFCRYPTO] 2.3.4.10 to 2.3.4.15): AES in CBC mode, SHA-1 to SHA-512. The answer tries one
 * password; it gives undefined when it does not fit. A package that was changed behind its seal is OLE-CFB.
 * @param info XML of the EncryptionInfo stream
 */
export function readAgile(
  info: Uint8Array,
  encrypted: Uint8Array,
  context: Context,
): (password: string) => Uint8Array | undefined {
  const root = readTree(info)
  const data = cipherOf(child(root, 'keyData') ?? refuse('ENCRYPTED'))
  const lock = child(root, 'keyEncryptors', 'keyEncryptor', 'encryptedKey') ?? refuse('ENCRYPTED')
  const seal = child(root, 'dataIntegrity')
  const cipher = cipherOf(lock)
  const spins = Number(attribute(lock, 'spinCount'))
  if (!Number.isInteger(spins) || spins < 0 || spins > MAX_SPINS) refuse('LIMIT-TIME')
  return (password) => {
    const first = digest(cipher.hash, cipher.salt, Buffer.from(password, 'utf16le'))
    const base = spin(cipher.hash, first, spins, () => context.checkTime())
    const open = (name: string, block: readonly number[]) =>
      unlock(cipher, derive(cipher, base, block), cipher.salt, base64(lock, name))
    const input = open('encryptedVerifierHashInput', VERIFIER_INPUT).subarray(0, cipher.saltSize)
    const value = open('encryptedVerifierHashValue', VERIFIER_VALUE)
    if (!startsWith(value, digest(cipher.hash, input))) return undefined
    const key = open('encryptedKeyValue', KEY_VALUE).subarray(0, data.keyBytes)
    if (seal) checkSeal(data, key, seal, encrypted)
    return decryptSegments(data, key, encrypted)
  }
}

/** Block keys of 2.3.4.12 to 2.3.4.14. */
const VERIFIER_INPUT = [0xfe, 0xa7, 0xd2, 0x76, 0x3b, 0x4b, 0x9e, 0x79]
const VERIFIER_VALUE = [0xd7, 0xaa, 0x0f, 0x6d, 0x30, 0x61, 0x34, 0x4e]
const KEY_VALUE = [0x14, 0x6e, 0x0b, 0xe7, 0xab, 0xac, 0xd0, 0xd6]
const SEAL_KEY = [0x5f, 0xb2, 0xad, 0x01, 0x0c, 0xb9, 0xe1, 0xf6]
const SEAL_VALUE = [0xa0, 0x67, 0x7f, 0x02, 0xb2, 0x2c, 0x84, 0x33]

interface Cipher {
  readonly hash: string
  readonly keyBytes: number
  readonly saltSize: number
  readonly salt: Uint8Array
}

const HASHES: ReadonlyMap<string, string> = new Map([
  ['SHA1', 'sha1'],
  ['SHA-1', 'sha1'],
  ['SHA256', 'sha256'],
  ['SHA384', 'sha384'],
  ['SHA512', 'sha512'],
])
const AES_BLOCK = 16

function cipherOf(element: XmlElement): Cipher {
  const hash = HASHES.get(attribute(element, 'hashAlgorithm')) ?? refuse('ENCRYPTED')
  const keyBits = Number(attribute(element, 'keyBits'))
  const known =
    attribute(element, 'cipherAlgorithm') === 'AES' &&
    attribute(element, 'cipherChaining') === 'ChainingModeCBC' &&
    attribute(element, 'blockSize') === String(AES_BLOCK) &&
    [128, 192, 256].includes(keyBits)
  if (!known) refuse('ENCRYPTED')
  const salt = base64(element, 'saltValue')
  const saltSize = Number(attribute(element, 'saltSize'))
  if (salt.length !== saltSize || saltSize < 1 || saltSize > 65_536) refuse('OLE-CFB')
  return { hash, keyBytes: keyBits / 8, saltSize, salt }
}

function derive({ hash, keyBytes }: Cipher, base: Uint8Array, block: readonly number[]): Buffer {
  return fitted(digest(hash, base, Uint8Array.from(block)), keyBytes)
}

/** Cut, or filled up with 0x36. */
function fitted(bytes: Buffer, length: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(Math.max(0, length - bytes.length), 0x36)]).subarray(
    0,
    length,
  )
}

function unlock(cipher: Cipher, key: Uint8Array, vector: Uint8Array, bytes: Uint8Array): Buffer {
  const whole = bytes.subarray(0, bytes.length - (bytes.length % AES_BLOCK))
  const iv = fitted(Buffer.from(vector), AES_BLOCK)
  const decipher = createDecipheriv(`aes-${cipher.keyBytes * 8}-cbc`, key, iv)
  decipher.setAutoPadding(false)
  return Buffer.concat([decipher.update(whole), decipher.final()])
}

/** 2.3.4.14: an HMAC over the whole encrypted stream. */
function checkSeal(cipher: Cipher, key: Uint8Array, seal: XmlElement, encrypted: Uint8Array): void {
  const open = (name: string, block: readonly number[]) =>
    unlock(
      cipher,
      key,
      digest(cipher.hash, cipher.salt, Uint8Array.from(block)),
      base64(seal, name),
    )
  const length = digest(cipher.hash).length
  const secret = open('encryptedHmacKey', SEAL_KEY).subarray(0, length)
  const value = createHmac(cipher.hash, secret).update(encrypted).digest()
  if (!startsWith(open('encryptedHmacValue', SEAL_VALUE), value)) refuse('OLE-CFB')
}

function decryptSegments(cipher: Cipher, key: Uint8Array, encrypted: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  const index = Buffer.alloc(4)
  for (let at = 8, segment = 0; at < encrypted.length; at += SEGMENT, segment++) {
    index.writeUInt32LE(segment)
    const vector = digest(cipher.hash, cipher.salt, index)
    parts.push(unlock(cipher, key, vector, encrypted.subarray(at, at + SEGMENT)))
  }
  return sized(encrypted, Buffer.concat(parts))
}

function digest(hash: string, ...parts: Uint8Array[]): Buffer {
  const state = createHash(hash)
  for (const part of parts) state.update(part)
  return state.digest()
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return bytes.length >= start.length && timingSafeEqual(bytes.subarray(0, start.length), start)
}

function child(element: XmlElement, ...names: readonly string[]): XmlElement | undefined {
  let found: XmlElement | undefined = element
  for (const name of names) {
    found = found?.children.find(
      (one): one is XmlElement => typeof one !== 'string' && one.local === name && isPassword(one),
    )
  }
  return found
}

const PASSWORD = 'http://schemas.microsoft.com/office/2006/keyEncryptor/password'

/** A package may also be locked with certificates; those keys are nobody's here. */
function isPassword(element: XmlElement): boolean {
  return element.local !== 'keyEncryptor' || attribute(element, 'uri') === PASSWORD
}

function attribute(element: XmlElement, name: string): string {
  return element.attributes.find(({ local, uri }) => local === name && uri === '')?.value ?? ''
}

function base64(element: XmlElement, name: string): Uint8Array {
  return Buffer.from(attribute(element, name), 'base64')
}
