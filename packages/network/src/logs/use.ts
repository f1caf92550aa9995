import type { AddressRange } from '../declared/ranges.ts'

/** One connection that a log tells of. Everything in it was chosen by whoever connected: it is text to be shown, never to be trusted. */
export interface Use {
  /** Seconds since 1970; none when the line does not say it. */
  readonly at?: number
  /** Who asked, as far as the log knows: of a proxy the machine behind it. */
  readonly source?: AddressRange
  /** Who was reached. */
  readonly target?: AddressRange
  /** The name that was asked for, when it was a name. */
  readonly name?: string
  /** Number of the IP protocol. */
  readonly protocol: number
  readonly port?: number
  readonly sourcePort?: number
  readonly ended: 'passed' | 'denied' | 'unknown'
  /** Bytes that the source sent, and got, where the log counts them. */
  readonly up?: number
  readonly down?: number
  /**
   * `proxy`: the firewall saw the proxy ask, not the source. `proxy-below`: it saw a proxy ask the proxy above it, `target`, at a port that the log does not
   * say; `port` is of the name.
   */
  readonly seenBy: 'proxy' | 'proxy-below' | 'firewall'
}

/** Characters of a line; longer ones are not read. */
export const LONGEST_LINE = 16 * 1024
/** As logs write them in English. */
export const MONTHS: readonly string[] = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
]
/** RFC 1035: a name has at most 253 characters. */
export const LONGEST_NAME = 253

/** A whole number up to `most`, written in digits; `undefined` when it is none. */
export const numberUpTo = (text: string | undefined, most: number): number | undefined =>
  text !== undefined && /^\d{1,5}$/u.test(text) && Number(text) <= most ? Number(text) : undefined

/** A count of bytes, written in digits. */
export const bytesOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/u.test(text) ? Number(text) : undefined

/** `2026-11-25T12:00:00` by a clock of a zone `+0900`, in seconds since 1970; `undefined` when it is no such time. */
export function seconds(clock: string, zone: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/u.test(clock)) return undefined
  const at = Date.parse(`${clock}${zone.slice(0, 3)}:${zone.slice(3)}`) / 1000
  return Number.isNaN(at) ? undefined : at
}

/** Whether a text can be the name of a host; an address is none. */
export const isName = (text: string): boolean =>
  text.length <= LONGEST_NAME && /^[\w-]+(?:\.[\w-]+)*\.[a-z-][\w-]*\.?$/iu.test(text)
