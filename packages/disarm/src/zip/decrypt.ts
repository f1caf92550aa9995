import { createCipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto'
import { encodeCp932 } from './cp932.ts'

/** How a member is encrypted, as its records say. */
export type ZipEncryption =
  /** PKWARE's old cipher (APPNOTE 6.1). `checks`: the bytes of which the decrypted header must end in one. */
  | { readonly kind: 'traditional'; readonly checks: readonly number[] }
  /** WinZip AES (AE-1, AE-2). `strength`: 1, 2, 3 for 128, 192, 256 bits. */
  | { readonly kind: 'aes'; readonly strength: number; readonly checksCrc: boolean }
  /** PKWARE's strong encryption, masked names, or what nobody knows. */
  | { readonly kind: 'unknown' }

/** A typed password as bytes, as the programs of the world wrote it: UTF-8 (macOS, Linux, AES) and CP932 (Windows in Japan). */
export function passwordForms(password: string): Uint8Array[] {
  const utf8 = Buffer.from(password, 'utf8')
  const japanese = encodeCp932(password)
  return japanese && Buffer.compare(japanese, utf8) !== 0 ? [utf8, japanese] : [utf8]
}

/**
 * The packed bytes of a member, or undefined when the password does not fit. The old cipher can tell with one byte only: a wrong
 * password in 256 gets through, and is found by the checksum.
 */
export function decryptMember(
  stored: Uint8Array,
  encryption: ZipEncryption,
  password: Uint8Array,
): Uint8Array | undefined {
  if (encryption.kind === 'traditional') {
    return decryptTraditional(stored, encryption.checks, password)
  }
  return encryption.kind === 'aes' ? decryptAes(stored, encryption.strength, password) : undefined
}

const HEADER = 12

function decryptTraditional(
  stored: Uint8Array,
  checks: readonly number[],
  password: Uint8Array,
): Uint8Array | undefined {
  if (stored.length < HEADER) return undefined
  const cipher = new Traditional(password)
  const head = cipher.apply(stored.subarray(0, HEADER))
  return checks.includes(head[HEADER - 1]!) ? cipher.apply(stored.subarray(HEADER)) : undefined
}

/** Three keys that every plain byte stirs (APPNOTE 6.1.5). */
class Traditional {
  #a = 0x12345678
  #b = 0x23456789
  #c = 0x34567890

  constructor(password: Uint8Array) {
    for (const byte of password) this.#stir(byte)
  }

  apply(bytes: Uint8Array): Uint8Array {
    const output = new Uint8Array(bytes.length)
    for (let at = 0; at < bytes.length; at++) {
      const word = this.#c | 2
      const plain = bytes[at]! ^ ((Math.imul(word & 0xffff, (word ^ 1) & 0xffff) >>> 8) & 0xff)
      output[at] = plain
      this.#stir(plain)
    }
    return output
  }

  #stir(byte: number): void {
    this.#a = (CRC_TABLE[(this.#a ^ byte) & 0xff]! ^ (this.#a >>> 8)) >>> 0
    this.#b = (Math.imul(this.#b + (this.#a & 0xff), 134_775_813) + 1) >>> 0
    this.#c = (CRC_TABLE[(this.#c ^ (this.#b >>> 24)) & 0xff]! ^ (this.#c >>> 8)) >>> 0
  }
}

const CRC_TABLE: Uint32Array = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

const VERIFIER = 2
const SEAL = 10
const ROUNDS = 1000

/** Salt, two bytes to check the password, data in counter mode, ten bytes of HMAC-SHA1 (WinZip AES specification, II and III). */
function decryptAes(
  stored: Uint8Array,
  strength: number,
  password: Uint8Array,
): Uint8Array | undefined {
  const keyBytes = 8 + strength * 8
  const saltBytes = keyBytes / 2
  if (stored.length < saltBytes + VERIFIER + SEAL) return undefined
  const salt = stored.subarray(0, saltBytes)
  const derived = pbkdf2Sync(password, salt, ROUNDS, keyBytes * 2 + VERIFIER, 'sha1')
  const verifier = stored.subarray(saltBytes, saltBytes + VERIFIER)
  if (!timingSafeEqual(derived.subarray(keyBytes * 2), verifier)) return undefined
  const data = stored.subarray(saltBytes + VERIFIER, stored.length - SEAL)
  const seal = createHmac('sha1', derived.subarray(keyBytes, keyBytes * 2))
    .update(data)
    .digest()
  if (!timingSafeEqual(seal.subarray(0, SEAL), stored.subarray(stored.length - SEAL))) {
    return undefined
  }
  return counterMode(data, derived.subarray(0, keyBytes))
}

const BLOCK = 16
const BLOCKS_AT_ONCE = 4096

/** WinZip counts from 1 and lowest byte first, OpenSSL highest first: so the key stream is made here, block by block. */
function counterMode(data: Uint8Array, key: Uint8Array): Uint8Array {
  const cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null)
  cipher.setAutoPadding(false)
  const output = new Uint8Array(data.length)
  const counters = Buffer.alloc(BLOCK * BLOCKS_AT_ONCE)
  let counter = 1
  for (let at = 0; at < data.length; at += counters.length) {
    for (let block = 0; block < BLOCKS_AT_ONCE; block++) {
      counters.writeUInt32LE(counter++, block * BLOCK)
    }
    const stream = cipher.update(counters)
    const end = Math.min(data.length, at + stream.length)
    for (let i = at; i < end; i++) output[i] = data[i]! ^ stream[i - at]!
  }
  return output
}
