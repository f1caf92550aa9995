/**
 * One file of the spool: the message as it came, then what is known about it, then how long both are.
 * One file and one rename, so that there is never a message without its envelope.
 */
import { createHash } from 'node:crypto'
import { SekishoError } from '@sekisho/core'
import type { SpooledMail } from './spool.ts'

const MAGIC = Buffer.from('SKMAIL01')
const DIGEST_BYTES = 32
/** Magic, length of the message (8), length of the description (4), SHA-256 of the description. */
export const FOOTER_BYTES = MAGIC.length + 8 + 4 + DIGEST_BYTES
/** A description holds up to the recipients and results of one message. */
export const MAX_DESCRIPTION_BYTES = 1024 * 1024

/** What stands behind the message. */
export function encodeEnd(mail: SpooledMail): Buffer {
  const description = Buffer.from(JSON.stringify(mail))
  if (description.length > MAX_DESCRIPTION_BYTES)
    throw new SekishoError('BUG', 'a description of mail is larger than its limits allow')
  const lengths = Buffer.alloc(12)
  lengths.writeBigUInt64BE(BigInt(mail.size), 0)
  lengths.writeUInt32BE(description.length, 8)
  return Buffer.concat([description, MAGIC, lengths, digestOf(description)])
}

/** Where the description is, read from the last bytes of a file; `undefined` when the file is not whole. */
export function decodeFooter(
  footer: Uint8Array,
  fileBytes: number,
): { readonly messageBytes: number; readonly descriptionBytes: number } | undefined {
  const bytes = Buffer.from(footer)
  if (bytes.length !== FOOTER_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return
  const messageBytes = Number(bytes.readBigUInt64BE(MAGIC.length))
  const descriptionBytes = bytes.readUInt32BE(MAGIC.length + 8)
  if (descriptionBytes > MAX_DESCRIPTION_BYTES) return
  if (messageBytes + descriptionBytes + FOOTER_BYTES !== fileBytes) return
  return { messageBytes, descriptionBytes }
}

/** The description, when it is what was written; `undefined` otherwise. */
export function decodeDescription(
  description: Uint8Array,
  footer: Uint8Array,
): SpooledMail | undefined {
  const written = Buffer.from(footer).subarray(FOOTER_BYTES - DIGEST_BYTES)
  if (!digestOf(description).equals(written)) return
  return JSON.parse(Buffer.from(description).toString('utf8')) as SpooledMail
}

function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}
