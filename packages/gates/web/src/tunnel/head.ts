/**
 * The head of a request to a proxy (RFC 9112 2–5), in the strict form only. What two readers could read differently is not mended here but turned away: an attacker's
 * way past a proxy is a head that the proxy and the next server do not read alike.
 */

/** Most bytes of a head, its last empty line included. */
export const HEAD_MAX = 8192
/** How long a head may be. */
export interface HeadLimits {
  /** Most bytes, its last empty line included. */
  readonly bytes: number
  /** Most fields. */
  readonly fields: number
  /** Most characters of the target, and of a field's value as far as `bytes` allows. */
  readonly target: number
}

const PROXY_HEAD: HeadLimits = { bytes: HEAD_MAX, fields: 64, target: 4096 }
/** For requests inside a connection: the sign-in of a large service sends cookies and addresses of many kilobytes. */
export const INSIDE_HEAD: HeadLimits = { bytes: 65_536, fields: 128, target: 16_384 }

export interface RequestHead {
  /** As sent; methods are case-sensitive (RFC 9110 9.1). */
  readonly method: string
  /** Request target as sent: `host:port` for CONNECT, an absolute URI otherwise. */
  readonly target: string
  readonly version: '1.0' | '1.1'
  /** Names in lower case, in order. */
  readonly fields: readonly (readonly [name: string, value: string])[]
}

/** Why a head is none. */
export type HeadFault =
  | 'HEAD-LONG'
  | 'HEAD-LINE-END'
  | 'HEAD-LINE'
  | 'HEAD-FIELD'
  | 'HEAD-TWICE'
  | 'HEAD-BODY'

export type HeadReading =
  | { readonly kind: 'more' }
  /** `length` bytes of the input are the head; what follows belongs to the tunnel or the body. */
  | { readonly kind: 'head'; readonly head: RequestHead; readonly length: number }
  | { readonly kind: 'fault'; readonly fault: HeadFault }

/** Reads a head from the start of a connection. Total: any bytes give an answer. */
export function readHead(bytes: Buffer, limits: HeadLimits = PROXY_HEAD): HeadReading {
  const end = bytes.indexOf('\r\n\r\n')
  const seen = end === -1 ? bytes : bytes.subarray(0, end + 4)
  if (seen.length > limits.bytes) return fault('HEAD-LONG')
  const text = seen.toString('latin1')
  if (end === -1) return LONE_LINE_END.test(text) ? fault('HEAD-LINE-END') : { kind: 'more' }
  const lines = text.slice(0, -4).split('\r\n')
  if (lines.some((line) => LINE_END.test(line))) return fault('HEAD-LINE-END')
  return headOf(lines, seen.length, limits)
}

function headOf(lines: readonly string[], length: number, limits: HeadLimits): HeadReading {
  const [first = '', ...rest] = lines
  const line = REQUEST_LINE.exec(first)
  if (!line) return fault('HEAD-LINE')
  const [, method = '', target = '', minor] = line
  if (target.length > limits.target) return fault('HEAD-LINE')
  if (rest.length > limits.fields) return fault('HEAD-LONG')
  const fields: [string, string][] = []
  for (const one of rest) {
    const field = FIELD.exec(one)
    if (!field) return fault('HEAD-FIELD')
    fields.push([(field[1] ?? '').toLowerCase(), field[2] ?? ''])
  }
  const wrong = contradiction(method, fields)
  if (wrong) return fault(wrong)
  const head = { method, target, version: minor === '0' ? '1.0' : '1.1', fields } as const
  return { kind: 'head', head, length }
}

/** Fields of which there may be one: with two of them, each server picks its own. */
const ONCE: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'proxy-authorization',
  'content-type',
  'expect',
])

function contradiction(
  method: string,
  fields: readonly (readonly [string, string])[],
): HeadFault | undefined {
  const once: string[] = []
  for (const [name] of fields) {
    if (!ONCE.has(name)) continue
    if (once.includes(name)) return 'HEAD-TWICE'
    once.push(name)
  }
  const length = once.includes('content-length')
  const coded = once.includes('transfer-encoding')
  // Both is the oldest way to smuggle; a CONNECT has no body at all (RFC 9110 9.3.6).
  return (length && coded) || (method === 'CONNECT' && (length || coded)) ? 'HEAD-BODY' : undefined
}

/** The value of a field that may be there once; `undefined` when it is not. */
export function fieldOf({ fields }: RequestHead, name: string): string | undefined {
  return fields.find(([one]) => one === name)?.[1]
}

const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,24}) ([!-~]+) HTTP\/1\.([01])$/
/** No space before the colon, no folded line, no control character but a tab inside. */
const FIELD =
  /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}):[\t ]*([!-~\u0080-\u00ff](?:[\t -~\u0080-\u00ff]*[!-~\u0080-\u00ff])?|)[\t ]*$/
// oxlint-disable-next-line no-control-regex -- these are what it looks for
const LINE_END = /[\r\n\u0000]/
// oxlint-disable-next-line no-control-regex -- as above
const LONE_LINE_END = /\u0000|(?:^|[^\r])\n|\r(?=[^\n])/

function fault(reason: HeadFault): HeadReading {
  return { kind: 'fault', fault: reason }
}
