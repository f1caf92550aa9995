/**
 * Password hashing: scrypt (RFC 7914) by the runtime, off the main thread.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** About 64 MB and a tenth of a second per attempt: what a guesser pays too. */
const COST = { N: 65_536, r: 8, p: 1, maxmem: 128 * 1024 * 1024 }
const KEY_BYTES = 32

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt)
  return `scrypt:${COST.N}:${salt.toString('base64')}:${key.toString('base64')}`
}

export async function verifyPassword(given: {
  readonly hash: string
  readonly password: string
}): Promise<boolean> {
  const [scheme, cost, salt = '', key = ''] = given.hash.split(':')
  if (scheme !== 'scrypt' || cost !== String(COST.N)) return false
  const expected = Buffer.from(key, 'base64')
  const actual = await derive(given.password, Buffer.from(salt, 'base64'))
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // One password typed on two machines may come in two Unicode forms (RFC 8265 §4.2).
    scrypt(password.normalize('NFC'), salt, KEY_BYTES, COST, (error, key) => {
      if (error) reject(error)
      else resolve(key)
    })
  })
}
