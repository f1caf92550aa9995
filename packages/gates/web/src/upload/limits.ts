/** How much may be sent at once, by use. What only signs in has no reason to send more than a few fields. */
import type { CloudPattern } from '@sekisho/core'

const KIBIBYTE = 1_024
const MEBIBYTE = 1_024 * KIBIBYTE

/** Bytes of one body, as it comes and with its coding taken away. */
export const SENT_BYTES: Readonly<Record<CloudPattern, number>> = {
  updates: 64 * KIBIBYTE,
  licence: 256 * KIBIBYTE,
  'sign-in': 256 * KIBIBYTE,
  communication: 50 * MEBIBYTE,
  'outside-files': 100 * MEBIBYTE,
}

/** Of path and query. Sign-in by SAML or OAuth writes some thousand letters there. */
export const ADDRESS_BYTES = 8_192
/** Of all header fields: two cookies and a token are some thousand. */
export const FIELD_BYTES = 32_768

/** Bytes in the data of one request that are written as letters and are neither words nor a file: tokens and signatures. More could be anything, enciphered. */
export const OPAQUE_BYTES = 16 * KIBIBYTE

/** A token may begin like a file by chance; a file is longer. */
export const SMALLEST_FILE = 128

/** Words written as letters inside words written as letters, … A sign-in that comes back carries a token (JSON) in a state (JSON) in a form: five. */
export const ENCODED_DEPTH = 6
