/**
 * What went wrong on the way to a next hop, as a reason id. Text of the peer is hostile: bounded, one line, ASCII.
 */
import type { MailOutReason } from './words.ts'

export interface Fault {
  readonly reason: MailOutReason
  /** Trying again is no use: 5xx. */
  readonly permanent: boolean
  /** What the peer said, or empty. */
  readonly reply: string
  /** Enhanced status code, RFC 3463: the peer's own, or what fits. */
  readonly status: string
}

export const TLS_FAULT: Fault = {
  reason: 'MAIL-OUT-TLS',
  permanent: false,
  reply: '',
  status: '4.7.5',
}

/** No conversation came about. Never the fault of a message, so never permanent. */
export function sessionFault(error: unknown): Fault {
  const { code, original, reply, number } = detailsOf(error)
  const temporary = (reason: MailOutReason, status: string): Fault => ({
    reason,
    permanent: false,
    reply,
    status,
  })
  if (code === 'ETLS' || /CERT|TLS|SSL|VERIFY|EPROTO/u.test(original))
    return { ...TLS_FAULT, reply }
  if (number > 0) return temporary('MAIL-OUT-HOP-BUSY', '4.3.2')
  if (code === 'ETIMEDOUT') return temporary('MAIL-OUT-HOP-SILENT', '4.4.2')
  return temporary('MAIL-OUT-HOP-DOWN', '4.4.1')
}

/** A message was not taken. */
export interface TransactionFault {
  readonly fault: Fault
  /** The peer itself answered, or was never asked: it is certain that it has nothing. */
  readonly answered: boolean
  /** The conversation can go on. */
  readonly goesOn: boolean
}

export function transactionFault(
  error: unknown,
  held: 'store' | 'recalled' | undefined,
): TransactionFault {
  if (held !== undefined)
    return {
      fault: own(`MAIL-OUT-${held === 'store' ? 'STORE' : 'RECALLED'}`, '4.3.0'),
      answered: true,
      goesOn: false,
    }
  const { code, number } = detailsOf(error)
  // An answer that is no answer to this, e.g. 354 at the end, says nothing about what the peer has.
  const fits = number === 0 || number >= 400
  const answered = fits && (code === 'EENVELOPE' || code === 'EMESSAGE')
  if (answered) return { fault: replyFault(error), answered, goesOn: number !== 421 }
  if (code === 'ETIMEDOUT')
    return { fault: own('MAIL-OUT-HOP-SILENT', '4.4.2'), answered, goesOn: false }
  return { fault: own('MAIL-OUT-LOST', '4.4.2'), answered, goesOn: false }
}

function own(reason: MailOutReason, status: string): Fault {
  return { reason, permanent: false, reply: '', status }
}

/** What a reply of the peer means (RFC 5321 §4.2.1: 4xx is for now, 5xx for good). */
export function replyFault(error: unknown): Fault {
  const { command, reply, number } = detailsOf(error)
  // Without a number it was never sent: larger than the peer said it takes.
  const permanent = number === 0 || number >= 500
  const status = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})(?: |$)/u.exec(reply)?.[1]
  const fitting = status?.[0] === (permanent ? '5' : '4') ? status : undefined
  const said = { permanent, reply, status: fitting ?? `${permanent ? 5 : 4}.0.0` }
  if (number === 0) return { ...said, reason: 'MAIL-OUT-TOO-LARGE', status: '5.3.4' }
  if (!permanent)
    return { ...said, reason: number === 421 ? 'MAIL-OUT-HOP-BUSY' : 'MAIL-OUT-LATER' }
  if (fitting === '5.3.4' || fitting === '5.2.3' || (number === 552 && command !== 'RCPT TO'))
    return { ...said, reason: 'MAIL-OUT-TOO-LARGE' }
  return { ...said, reason: command === 'RCPT TO' ? 'MAIL-OUT-NO-RECIPIENT' : 'MAIL-OUT-REFUSED' }
}

/** The faults of single recipients, when every one of them was turned down. */
export function rejectedErrors(error: unknown): readonly unknown[] {
  const all = error instanceof Error && 'rejectedErrors' in error ? error.rejectedErrors : undefined
  return Array.isArray(all) ? all : []
}

interface Details {
  readonly code: string
  readonly original: string
  readonly command: string
  readonly reply: string
  /** 0 when the peer said none. */
  readonly number: number
}

function detailsOf(error: unknown): Details {
  const fields: Record<string, unknown> = error instanceof Error ? { ...error } : {}
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '')
  const number = fields['responseCode']
  return {
    code: text('code'),
    original: text('originalCode'),
    command: text('command'),
    reply: shownReply(text('response')),
    number: typeof number === 'number' ? number : 0,
  }
}

const MAX_REPLY = 200

/** One line of visible ASCII, so that it can stand in a log and in a bounce. */
function shownReply(reply: string): string {
  return reply
    .replaceAll(/[^ -~]+/gu, ' ')
    .slice(0, MAX_REPLY)
    .trim()
}
