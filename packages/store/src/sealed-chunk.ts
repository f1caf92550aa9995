/**
 * AES-256-GCM with everything bound into it that an attacker on the disk could rearrange.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

export const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** Bytes that sealing adds. */
export const SEAL_BYTES = NONCE_BYTES + TAG_BYTES

/**
 * Nonce, ciphertext, tag. The nonce is random: after a crash the same place may be sealed again with other bytes, and
 * a counter would then use one nonce twice.
 *
 * @param context what the bytes are and where they stand; must be the same to open them
 */
export function seal(key: Uint8Array, context: string, bytes: Uint8Array): Buffer {
  return Buffer.concat(sealedParts(key, context, bytes))
}

/** The same in its parts, for whoever writes them one behind the other: a large file is not copied once more. */
export function sealedParts(key: Uint8Array, context: string, bytes: Uint8Array): Buffer[] {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(context))
  return [nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]
}

/** The bytes, or `undefined` when key, context or any byte differs. */
export function unseal(key: Uint8Array, context: string, sealed: Buffer): Buffer | undefined {
  if (sealed.length < SEAL_BYTES) return undefined
  const tag = sealed.subarray(sealed.length - TAG_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  })
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(tag)
  const bytes = decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES))
  try {
    // Checks the tag. No byte comes out here: in this mode none is held back (NIST SP 800-38D).
    decipher.final()
    return bytes
  } catch {
    return undefined
  }
}
