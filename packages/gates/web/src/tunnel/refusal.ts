/**
 * What a terminal is told when its request stays here. Browsers show their own page for a tunnel that was refused and never this one (they cannot know who wrote it); curl, updates and
 * plain HTTP see it.
 */
import type { Finding } from '@sekisho/core'
import words from '../../words/tunnel.json' with { type: 'json' }
import { escaped } from './escaped.ts'
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

/** A refusal as a page, for a browser that asked in clear. */
export interface RefusalPage {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * The four lines as a page. Nothing of the request is in it: what an attacker wrote into an address is not shown under the town's name.
 *
 * @param apply address of the form in which its use is applied for; without one there is no link
 */
export function refusalPage(
  refused: Pick<Refused, 'reason' | 'finding'>,
  number: string,
  apply?: string,
): RefusalPage {
  const { status, fields } = statusOf(refused.reason)
  const [what = '', ...lines] = linesOf(refused, number).map(escaped)
  const link = apply === undefined ? '' : `<p><a href="${escaped(apply)}">${words.apply}</a></p>`
  return {
    status,
    headers: {
      ...fields,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    },
    body: `<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><title>${words.title}</title></head>
<body><h1>${what}</h1>${lines.map((line) => `<p>${line}</p>`).join('')}${link}</body></html>
`,
  }
}

/** A whole answer with its status. The number is what somebody reads out on the telephone. */
export function refusalAnswer(
  refused: Pick<Refused, 'reason' | 'finding'>,
  number: string,
): Buffer {
  const body = Buffer.from(`${linesOf(refused, number).join('\n')}\n`)
  const { status, name, fields } = statusOf(refused.reason)
  const head = [
    `HTTP/1.1 ${status} ${name}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${body.length}`,
    ...Object.entries(fields).map(([field, value]) => `${field}: ${value}`),
    'Connection: close',
  ]
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body])
}

function linesOf(
  { reason, finding }: Pick<Refused, 'reason' | 'finding'>,
  number: string,
): readonly string[] {
  const { what, why, cure } = finding ? findingWords(finding) : tunnelWords(reason)
  return [what, why, cure, `${words.number}${number}`, `${words.reason}${reason}`]
}

function statusOf(reason: string) {
  const [status, name] = STATUS[reason] ?? [403, 'Forbidden']
  const fields: Readonly<Record<string, string>> = {
    // RFC 9209: which proxy says so, and why.
    'Proxy-Status': `sekisho; error=http_request_denied; details="${reason}"`,
    ...(status === 407 && { 'Proxy-Authenticate': 'Basic realm="sekisho", charset="UTF-8"' }),
    'Cache-Control': 'no-store',
  }
  return { status, name, fields }
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
  'WEB-BODY': [413, 'Content Too Large'],
  'WEB-UNREACHABLE': [502, 'Bad Gateway'],
  'WEB-WHO': [407, 'Proxy Authentication Required'],
  'WEB-CLOSED': [503, 'Service Unavailable'],
}
