import { createDecipheriv, createHash, pbkdf2Sync } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import type { Context } from '../family.ts'
import { refuse } from '../family.ts'

/** Attributes of one encrypted member, as `element attribute`; `size` is that of the clear bytes. */
export type Encryption = Readonly<Record<string, string>>

/**
 * Opens a member with the password of the sender (ODF 1.2 part 3 §4.8): start key SHA-256, PBKDF2 with HMAC-SHA-1,
 * AES-256-CBC, raw deflate. Older files (Blowfish) and newer ones (Argon2, one package inside the other) and those for a key of
 * a person (OpenPGP) cannot be opened here: ENCRYPTED. A password that does not fit: PASSWORD-WRONG.
 */
export function decrypt(stored: Uint8Array, how: Encryption, context: Context): Uint8Array {
  const password = context.password
  if (password === undefined || !isKnown(how)) refuse('ENCRYPTED')
  const key = keyOf(password, how)
  const packed = decipher(stored, key, base64(how['algorithm initialisation-vector']))
  const expected = base64(how['encryption-data checksum'])
  const sum = createHash('sha256').update(packed.subarray(0, CHECKED_BYTES)).digest()
  if (!sum.equals(expected)) refuse('PASSWORD-WRONG')
  return expand(packed, context)
}

const CHECKED_BYTES = 1024
/** LibreOffice asks for 100,000 rounds; a hostile file asks for a billion. */
const MAX_ROUNDS = 1_000_000

function isKnown(how: Encryption): boolean {
  return (
    how['algorithm algorithm-name'] === 'http://www.w3.org/2001/04/xmlenc#aes256-cbc' &&
    how['start-key-generation start-key-generation-name'] ===
      'http://www.w3.org/2000/09/xmldsig#sha256' &&
    how['key-derivation key-derivation-name'] === 'PBKDF2' &&
    (how['key-derivation key-size'] ?? '32') === '32' &&
    (how['encryption-data checksum-type'] ?? '').endsWith('#sha256-1k') &&
    rounds(how) > 0 &&
    rounds(how) <= MAX_ROUNDS
  )
}

function rounds(how: Encryption): number {
  return Number.parseInt(how['key-derivation iteration-count'] ?? '0', 10) || 0
}

/** All members of a file share password and often salt; the key is costly. */
let last: { readonly id: string; readonly key: Uint8Array } | undefined

function keyOf(password: string, how: Encryption): Uint8Array {
  const salt = base64(how['key-derivation salt'])
  const start = createHash('sha256').update(password, 'utf8').digest()
  const id = `${start.toString('hex')} ${salt.toString('hex')} ${rounds(how)}`
  if (last?.id !== id) last = { id, key: pbkdf2Sync(start, salt, rounds(how), 32, 'sha1') }
  return last.key
}

function decipher(stored: Uint8Array, key: Uint8Array, iv: Uint8Array): Buffer {
  if (iv.length !== 16 || stored.length === 0 || stored.length % 16 !== 0) refuse('ODF-PKG')
  const cipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
  const clear = Buffer.concat([cipher.update(stored), cipher.final()])
  // XML Encryption §5.2: the last byte counts the bytes of padding.
  const padding = clear.at(-1) ?? 0
  return padding >= 1 && padding <= 16 ? clear.subarray(0, clear.length - padding) : clear
}

function expand(packed: Uint8Array, context: Context): Uint8Array {
  try {
    const bytes = inflateRawSync(packed, { maxOutputLength: context.remainingBytes })
    context.spend(bytes.length)
    return bytes
  } catch (error) {
    const large = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    return refuse(large ? 'ZIP-BOMB' : 'ODF-PKG')
  }
}

function base64(text: string | undefined): Buffer {
  return Buffer.from(text ?? '', 'base64')
}
