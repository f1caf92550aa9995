/**
 * How much one peer may ask of the mail gate. Everything here is asked by a stranger on the internet.
 */
import { SekishoError } from '@sekisho/core'

export interface MailLimits {
  /** Bytes of one message, announced as SIZE (RFC 1870). */
  readonly messageBytes: number
  /** Recipients of one message; RFC 5321 4.5.3.1.8 asks for 100 at least. */
  readonly recipients: number
  /** Bytes of one line without its CRLF. RFC 5322 2.1.1 says 998; senders of long HTML lines exist and are let in. */
  readonly lineBytes: number
  /** Bytes of the whole header. */
  readonly headerBytes: number
  /** Fields of the header. */
  readonly headerFields: number
  /** `Received` fields; more is a loop. RFC 5321 6.3 asks for 100 at least. */
  readonly hops: number
  /** Bytes of one command line. RFC 5321 4.5.3.1.4 says 512; extensions add to it. */
  readonly commandBytes: number
  /** Commands without a message accepted between them. */
  readonly commands: number
  /** Unknown recipients in one connection; more is somebody trying names. */
  readonly unknownRecipients: number
  /** Connections at once, from everyone together. */
  readonly connections: number
  /** Connections at once from one address. */
  readonly connectionsPerAddress: number
  /** Messages within a minute from one address. */
  readonly messagesPerMinute: number
  /** Milliseconds of silence. RFC 5321 4.5.3.2.7 says five minutes. */
  readonly idleMs: number
  /** Milliseconds of one connection, however busy: who sends a byte a second holds a place no longer than this. */
  readonly connectionMs: number
}

export const MAIL_LIMITS: MailLimits = {
  messageBytes: 25 * 1024 * 1024,
  recipients: 100,
  lineBytes: 65_536,
  headerBytes: 256 * 1024,
  headerFields: 1_000,
  hops: 100,
  commandBytes: 2_048,
  commands: 300,
  unknownRecipients: 10,
  connections: 200,
  connectionsPerAddress: 40,
  messagesPerMinute: 600,
  idleMs: 5 * 60_000,
  connectionMs: 30 * 60_000,
}

/** Limits with those of the town over the usual ones. @throws CONFIG_INVALID for one that is not a whole number above zero */
export function mailLimits(own: Partial<MailLimits> = {}): MailLimits {
  const limits = { ...MAIL_LIMITS, ...own }
  for (const [name, value] of Object.entries(limits)) {
    if (!(name in MAIL_LIMITS)) throw new SekishoError('CONFIG_INVALID', `no such limit: ${name}`)
    if (!Number.isSafeInteger(value) || value < 1)
      throw new SekishoError('CONFIG_INVALID', `${name} is not a whole number above zero`)
  }
  return limits
}
