import { randomBytes } from 'node:crypto'

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'

/** An unguessable id of 26 characters, 130 bits: a URL that cannot be found by trying. */
export function newId(): string {
  return Array.from(randomBytes(26), (byte) => BASE32[byte & 31]).join('')
}
