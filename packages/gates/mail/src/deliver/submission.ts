/**
 * What may enter the queue. The message was judged and rebuilt before; this is the last look before SMTP.
 */
import type { MailOutReason } from './words.ts'

export interface Submission {
  /** Unique for ever. Submitting the same id again, e.g. after a crash, makes no second message. */
  readonly id: string
  /** Address for bounces; empty for the null sender. */
  readonly sender: string
  readonly recipients: readonly string[]
  /** The whole message, seven-bit, every line ended by CR LF. */
  readonly bytes: Uint8Array
  /** Milliseconds since 1970: until here it can be recalled. */
  readonly releaseAt?: number
  /**
   * Whether the sender is told when it cannot be delivered. `nobody` for mail from the internet, whose sender anyone
   * can forge: a bounce would be sent to a stranger (backscatter).
   */
  readonly telling: 'sender' | 'nobody'
}

export const MAIL_LIMITS = {
  recipients: 500,
  bytes: 100 * 1024 * 1024,
  /** RFC 5321 §4.5.3.1.6, with its CR LF. */
  line: 1_000,
} as const

/** Why it may not enter, or its Message-ID. */
export type Checked =
  | { readonly ok: true; readonly messageId: string }
  | { readonly ok: false; readonly reason: MailOutReason; readonly recipients: readonly string[] }

export function checkSubmission({ sender, recipients, bytes }: Submission): Checked {
  const wrong = recipients.filter((recipient) => !isMailbox(recipient))
  if (sender !== '' && !isMailbox(sender)) wrong.push(sender)
  if (wrong.length > 0 || recipients.length === 0) return no('MAIL-OUT-ADDRESS', wrong)
  if (recipients.length > MAIL_LIMITS.recipients) return no('MAIL-OUT-TOO-MANY')
  if (bytes.length > MAIL_LIMITS.bytes) return no('MAIL-OUT-TOO-LARGE')
  const messageId = hasCleanLines(bytes) ? messageIdOf(bytes) : undefined
  return messageId === undefined ? no('MAIL-OUT-FORM') : { ok: true, messageId }
}

function no(reason: MailOutReason, recipients: readonly string[] = []): Checked {
  return { ok: false, reason, recipients }
}

/**
 * An address as it may stand in MAIL FROM or RCPT TO: what an attacker writes there must not end the command or begin
 * another (RFC 5321 §4.1.2, without quotes, comments, source routes and address literals).
 */
const MAILBOX =
  /^(?=.{3,254}$)[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?\.){0,20}[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/u

export function isMailbox(address: string): boolean {
  return MAILBOX.test(address)
}

/**
 * Only CR LF ends a line, no NUL, no byte above 127, no line too long, and the last line is ended. A bare CR or LF is
 * how a second message is smuggled past a next hop that takes it for the end of a line.
 */
function hasCleanLines(bytes: Uint8Array): boolean {
  let start = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!
    if (byte > 0x7f || byte === 0) return false
    if (byte === 0x0a && bytes[at - 1] !== 0x0d) return false
    if (byte === 0x0d && bytes[at + 1] !== 0x0a) return false
    if (byte !== 0x0a) continue
    if (at + 1 - start > MAIL_LIMITS.line) return false
    start = at + 1
  }
  return bytes.length > 0 && start === bytes.length
}

/** The header of a message with clean lines, up to the empty line. */
export function headerOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = buffer.indexOf('\r\n\r\n')
  return buffer.subarray(0, end < 0 ? buffer.length : end + 2).toString('latin1')
}

/** The one Message-ID. Without it a message that came twice could not be told from two messages. */
function messageIdOf(bytes: Uint8Array): string | undefined {
  const all = [...headerOf(bytes).matchAll(/^Message-ID:[ \t]*(?:\r\n[ \t]+)?(.*?)[ \t]*\r\n/gimu)]
  const id = all[0]?.[1] ?? ''
  return all.length === 1 && /^<[!-;=?-~]{1,250}>$/u.test(id) ? id : undefined
}
