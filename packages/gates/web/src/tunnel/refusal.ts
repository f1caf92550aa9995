/**
 * What a terminal is told when its request stays here. Browsers show their own page for a tunnel that was refused and never this one (they cannot know who wrote it); curl, updates and
 * plain HTTP see it.
 */
import type { Finding } from '@sekisho/core'
import words from '../../words/tunnel.json' with { type: 'json' }
import type { Refused } from './gatekeeper.ts'

/** A fatal alert `access_denied` (RFC 8446 6.2): the browser says at once that the way is closed, instead of waiting. */
export const TLS_ACCESS_DENIED = Buffer.from([0x15, 3, 3, 0, 2, 2, 49])

/** The four lines of a refusal. */
export interface TunnelWords {
  readonly what: string
  readonly why: string
  readonly cure: string
}

const REASONS: Readonly<Record<string, TunnelWords>> = words.reasons

/** Reason ids of this room. */
export const TUNNEL_REASONS: readonly string[] = Object.keys(REASONS)

/** The sentences of a reason; those of a name that is not permitted for one that nobody knows. */
export function tunnelWords(reason: string): TunnelWords {
  return REASONS[reason] ?? words.unknown
}

/** A whole answer with its status. The number is what somebody reads out on the telephone. */
export function refusalAnswer(
  { reason, finding }: Pick<Refused, 'reason' | 'finding'>,
  number: string,
): Buffer {
  const { what, why, cure } = finding ? findingWords(finding) : tunnelWords(reason)
  const lines = [what, why, cure, `${words.number}${number}`, `${words.reason}${reason}`]
  const body = Buffer.from(`${lines.join('\n')}\n`)
  const [status, name] = STATUS[reason] ?? [403, 'Forbidden']
  const head = [
    `HTTP/1.1 ${status} ${name}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${body.length}`,
    // RFC 9209: which proxy says so, and why.
    `Proxy-Status: sekisho; error=http_request_denied; details="${reason}"`,
    ...(status === 407 ? ['Proxy-Authenticate: Basic realm="sekisho", charset="UTF-8"'] : []),
    'Cache-Control: no-store',
    'Connection: close',
  ]
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body])
}

function findingWords({ message, cure }: Finding): TunnelWords {
  return { what: words.unknown.what, why: message, cure: cure.sentence }
}

const STATUS: Readonly<Record<string, readonly [number, string]>> = {
  'HEAD-LONG': [431, 'Request Header Fields Too Large'],
  'HEAD-LINE-END': [400, 'Bad Request'],
  'HEAD-LINE': [400, 'Bad Request'],
  'HEAD-FIELD': [400, 'Bad Request'],
  'HEAD-TWICE': [400, 'Bad Request'],
  'HEAD-BODY': [400, 'Bad Request'],
  'WEB-METHOD': [405, 'Method Not Allowed'],
  'WEB-WHO': [407, 'Proxy Authentication Required'],
  'WEB-CLOSED': [503, 'Service Unavailable'],
}
