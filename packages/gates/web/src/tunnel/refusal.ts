/**
 * What a terminal is told when its request stays here. Browsers show their own page for a tunnel that was refused and never this one (they cannot know who wrote it); curl, updates and
 * plain HTTP see it, and a browser finds it again at the gate's own address (`latest-refusals.ts`).
 */
import type { Actor, Finding } from '@sekisho/core'
import words from '../../words/tunnel.json' with { type: 'json' }
import type { Refused } from './gatekeeper.ts'
import { refusalHtml } from './refusal-page.ts'

/** A fatal alert `access_denied` (RFC 8446 6.2): the browser says at once that the way is closed, instead of waiting. */
export const TLS_ACCESS_DENIED = Buffer.from([0x15, 3, 3, 0, 2, 2, 49])

/** The sentences of a reason of this room. */
export interface TunnelWords {
  readonly what: string
  readonly why: string
  readonly cure: string
  readonly who: string
}

const REASONS: Readonly<Record<string, TunnelWords>> = words.reasons

/** Reason ids of this room. */
export const TUNNEL_REASONS: readonly string[] = Object.keys(REASONS)

/** The sentences of a reason; those of a name that is not permitted for one that nobody knows. */
export function tunnelWords(reason: string): TunnelWords {
  return REASONS[reason] ?? words.unknown
}

/** Why, as a rule or this room says it. */
export type Why = Pick<Refused, 'reason' | 'finding'> & Partial<Pick<Refused, 'service'>>

/** What whoever answers knows beside the reason. */
export interface RefusalMore {
  /** Destination as asked for. */
  readonly target?: string
  /** When, as it is shown. */
  readonly at?: string
  /** Address of the form in which its use is applied for, filled in; without one there is no link. */
  readonly apply?: string
  /** Address at which the gate says it again. */
  readonly page?: string
  /** What those who may carry out a cure are called. */
  readonly who?: Readonly<Record<Actor, string>>
}

/** One refusal as it is told: rule, clause, sentence, cure, and who may do it. */
export interface ToldRefusal extends TunnelWords, Omit<RefusalMore, 'who'> {
  readonly number: string
  readonly reason: string
  readonly clause: string
  /** False when the wording of the clause could not be checked, or there is none. */
  readonly verified: boolean
}

export function toldRefusal({ reason, finding }: Why, number: string, more: RefusalMore = {}) {
  const { who: names, ...rest } = more
  const said = finding ? findingWords(finding) : tunnelWords(reason)
  return {
    ...rest,
    number,
    reason,
    clause: finding?.clause ?? words.ownClause,
    verified: finding?.verified ?? false,
    ...said,
    who: named(said.who, names),
  } satisfies ToldRefusal
}

function named(who: string, names: RefusalMore['who']): string {
  return Object.entries(names ?? {}).find(([actor]) => actor === who)?.[1] ?? ''
}

/** A refusal as a page, for a browser that asked in clear. */
export interface RefusalPage {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The refusal as a page that needs no script and nothing from elsewhere. */
export function refusalPage(refused: Why, number: string, more: RefusalMore = {}): RefusalPage {
  const { status, fields } = statusOf(refused.reason)
  const { headers, body } = refusalHtml(toldRefusal(refused, number, more))
  return { status, headers: { ...fields, ...headers }, body }
}

/** The refusal for a program that asked for JSON. */
export function refusalJson(refused: Why, number: string, more: RefusalMore = {}): RefusalPage {
  const { status, fields } = statusOf(refused.reason)
  const told = toldRefusal(refused, number, more)
  return {
    status,
    headers: {
      ...fields,
      'content-type': 'application/json; charset=utf-8',
      'x-content-type-options': 'nosniff',
    },
    body: `${JSON.stringify({ sekisho: '1', kind: 'CloudRefusal', ...told })}\n`,
  }
}

/** The refusal for a program inside a connection that is read (RFC 9457): the four lines under names of their own, and once more as one text for whoever shows no more than that. */
export function refusalProblem(refused: Why, number: string, more: RefusalMore = {}): RefusalPage {
  const { status, headers } = refusalJson(refused, number, more)
  const told = toldRefusal(refused, number, more)
  const { what, why, cure, who } = told
  const detail = [why, who === '' ? cure : `${cure}（${who}）`, `${words.number} ${number}`].join(
    '\n',
  )
  const problem = { type: 'about:blank', title: what, status, detail, ...told }
  return {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json; charset=utf-8' },
    body: `${JSON.stringify(problem)}\n`,
  }
}

/** What a browser calls a place that shows a page (Fetch, 3.2.7 of Fetch Metadata). */
const PAGE_PLACES: ReadonlySet<string> = new Set(['document', 'iframe', 'frame', 'embed', 'object'])

/** Whether the answer to a request is shown to a person as a page. Programs of pages get a form that they can read, and show its text themselves. */
export function showsPage(fields: readonly (readonly [name: string, value: string])[]): boolean {
  const value = (name: string): string | undefined => fields.find(([one]) => one === name)?.[1]
  const place = value('sec-fetch-dest')
  if (place !== undefined) return PAGE_PLACES.has(place)
  const accept = value('accept') ?? ''
  return /\btext\/html\b/iu.test(accept) || !/\bapplication\/(?:[\w.-]+\+)?json\b/iu.test(accept)
}

/** True when a client would rather read JSON than a page; a browser names `text/html`. */
export function wantsJson(accept: string | undefined): boolean {
  return /\bapplication\/json\b/iu.test(accept ?? '') && !/\btext\/html\b/iu.test(accept ?? '')
}

/** A whole answer with its status, as plain text or JSON. The number is what somebody reads out on the telephone. */
export function refusalAnswer(
  refused: Why,
  number: string,
  more: RefusalMore & { readonly accept?: string | undefined } = {},
): Buffer {
  const { accept, ...rest } = more
  if (wantsJson(accept)) return wholeAnswer(refused, refusalJson(refused, number, rest))
  const { status, fields } = statusOf(refused.reason)
  const headers = { 'content-type': 'text/plain; charset=utf-8', ...fields }
  return wholeAnswer(refused, { status, headers, body: textOf(toldRefusal(refused, number, rest)) })
}

/** The page as a whole answer, for a browser that is shown it inside a connection of its own. */
export function refusalPageAnswer(
  refused: Why,
  number: string,
  more: RefusalMore & { readonly accept?: string | undefined } = {},
): Buffer {
  const { accept, ...rest } = more
  const form = wantsJson(accept) ? refusalJson : refusalPage
  return wholeAnswer(refused, form(refused, number, rest))
}

function wholeAnswer({ reason }: Why, { status, headers, body }: RefusalPage): Buffer {
  const bytes = Buffer.from(body)
  const head = [
    `HTTP/1.1 ${status} ${statusOf(reason).name}`,
    ...Object.entries(headers).map(([field, value]) => `${field}: ${value}`),
    `Content-Length: ${bytes.length}`,
    'Connection: close',
  ]
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), bytes])
}

function textOf({ what, why, cure, who, number, reason, clause, page }: ToldRefusal): string {
  return [
    what,
    why,
    who === '' ? cure : `${cure}（${who}）`,
    `${words.number} ${number}`,
    `${words.rule} ${reason}　${clause}`,
    ...(page === undefined ? [] : [`${words.again} ${page}`]),
    '',
  ].join('\n')
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
  return { what: words.unknown.what, why: message, cure: cure.sentence, who: cure.who }
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
