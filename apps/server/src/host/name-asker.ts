/**
 * Questions to DNS about who sent a mail, asked outside for a side that can open no connection itself. It says which name; where the question goes, what
 * kind it may be and how many wait at once is decided here.
 */
import { Resolver } from 'node:dns/promises'
import { errorCode } from '@sekisho/core'

/** What SPF, DKIM and DMARC need to know. Anything else is asked of nobody. */
export const RECORD_TYPES = ['A', 'AAAA', 'MX', 'TXT', 'PTR'] as const
export type RecordType = (typeof RECORD_TYPES)[number]

/** An answer in the form of `node:dns`, or the code of what went wrong. */
export type NameAnswer =
  | { readonly ok: true; readonly records: unknown }
  | { readonly ok: false; readonly code: string }

export interface NameAsker {
  ask(name: string, type: string): Promise<NameAnswer>
}

export interface NameAskerOptions {
  /** Addresses of name servers, with a port if need be; empty: nobody is asked. `undefined`: those of this machine. */
  readonly servers: readonly string[] | undefined
  /** Milliseconds, monotonic. */
  readonly clock?: () => number
  /** Asked in place of DNS, in tests. */
  readonly resolve?: (name: string, type: RecordType) => Promise<unknown>
}

/** Questions under way. An attacker who owns the low side must not make a flood of this machine. */
const MOST_AT_ONCE = 64
/** Questions in a row that nobody answered, after which nobody is asked for a while: each mail would wait for its own silence. */
const SILENT_AFTER = 4
const SILENT_MS = 30_000
/** Bytes of one answer, as JSON. */
const ANSWER_MAX = 64 * 1024
const NAME = /^(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?$/u
const NO_ANSWER = { ok: false, code: 'ETIMEOUT' } as const
/** What DNS says when it was there and knows of nothing. */
const KNOWS_NOTHING: ReadonlySet<unknown> = new Set(['ENOTFOUND', 'ENODATA'])

export function nameAsker({
  servers,
  clock = () => performance.now(),
  resolve,
}: NameAskerOptions): NameAsker {
  const ask = resolve ?? resolverOf(servers)
  let waiting = 0
  let unanswered = 0
  let silentUntil = 0
  return {
    async ask(name, type) {
      const kind = RECORD_TYPES.find((one) => one === type)
      if (!ask || kind === undefined || !NAME.test(name)) return { ok: false, code: 'ENOTFOUND' }
      if (waiting >= MOST_AT_ONCE || clock() < silentUntil) return NO_ANSWER
      waiting += 1
      try {
        const records = await ask(name, kind)
        unanswered = 0
        const fits = JSON.stringify(records).length <= ANSWER_MAX
        return fits ? { ok: true, records } : { ok: false, code: 'EBADRESP' }
      } catch (error) {
        const code = errorCode(error)
        if (KNOWS_NOTHING.has(code)) {
          unanswered = 0
          return { ok: false, code: String(code) }
        }
        unanswered += 1
        if (unanswered >= SILENT_AFTER) silentUntil = clock() + SILENT_MS
        return NO_ANSWER
      } finally {
        waiting -= 1
      }
    },
  }
}

function resolverOf(
  servers: readonly string[] | undefined,
): ((name: string, type: RecordType) => Promise<unknown>) | undefined {
  if (servers?.length === 0) return undefined
  const resolver = new Resolver({ timeout: 2_000, tries: 2 })
  if (servers) resolver.setServers(servers)
  return (name, type) => resolver.resolve(name, type)
}
