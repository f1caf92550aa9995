/**
 * Names and ports as a client writes them in CONNECT, Host, `:authority` and SNI. Every byte is attacker-controlled. The grammar is our own
 * and narrow: WHATWG `URL` turns `0x7f.1`, `2130706433` and full-width digits into addresses, and then two readers see two hosts.
 */
import { readRange } from '@sekisho/town'
import { decodeLabel } from './punycode.ts'

/** Longest host name without a trailing dot (RFC 1035 §2.3.4). */
const MAX_HOST = 253
const MAX_LABEL = 63

/** Why a host is not one that we compare. */
export type HostProblem =
  | 'empty'
  | 'too-long'
  | 'percent'
  | 'userinfo'
  | 'character'
  | 'label'
  | 'trailing-dot'
  | 'one-label'
  | 'punycode'
  | 'address-notation'
  | 'port'

/** What was read. `name` is lower case, of at least two labels, without a dot at its end. */
export type ReadHost =
  | { readonly form: 'name'; readonly host: string }
  | { readonly form: 'address'; readonly host: string }
  | { readonly form: 'unreadable'; readonly why: HostProblem }

export type ReadTarget =
  | { readonly form: 'name' | 'address'; readonly host: string; readonly port: number }
  | { readonly form: 'unreadable'; readonly why: HostProblem }

/**
 * Reads one host without a port. A trailing dot is not read: some servers answer `host.` from another site than `host`, and no program
 * that staff use writes one. Whatever ends in a number is an address or nothing (as WHATWG has it, but without its odd notations).
 */
export function readHost(text: string): ReadHost {
  if (text === '') return unreadable('empty')
  if (text.startsWith('[')) return readBracketed(text)
  const bad = badCharacter(text)
  if (bad !== undefined) return unreadable(bad)
  if (text.endsWith('.')) return unreadable('trailing-dot')
  if (text.length > MAX_HOST) return unreadable('too-long')
  const host = text.toLowerCase()
  const labels = host.split('.')
  const last = labels.at(-1)!
  if (/^(?:\d+|0x[0-9a-f]*)$/u.test(last)) return readDotted(host)
  if (!labels.every(isLabel)) return unreadable('label')
  if (labels.length < 2) return unreadable('one-label')
  const twins = labels.filter((label) => label.startsWith('xn--'))
  if (!twins.every((label) => decodeLabel(label) !== undefined)) return unreadable('punycode')
  return { form: 'name', host }
}

/**
 * Reads `host:port`, as CONNECT has it (RFC 9110 §9.3.6). Without a default port, a port must be written.
 *
 * @param assumed the port when none is written, for Host and `:authority`
 */
export function readTarget(text: string, assumed?: number): ReadTarget {
  const end = text.startsWith('[') ? text.indexOf(']') + 1 || -1 : text.indexOf(':')
  const cut = end === -1 ? text.length : end
  const host = readHost(text.slice(0, cut))
  if (host.form === 'unreadable') return host
  const rest = text.slice(cut)
  const port = rest === '' ? assumed : readPort(rest)
  return port === undefined ? unreadable('port') : { ...host, port }
}

/** `:443`. No sign, no leading zero, nothing behind it. */
function readPort(text: string): number | undefined {
  const port = /^:[1-9]\d{0,4}$/u.test(text) ? Number(text.slice(1)) : 0
  return port >= 1 && port <= 65_535 ? port : undefined
}

// Canonical dotted quads only: 0177.0.0.1, 0x7f.1 and 2130706433 are somebody's 127.0.0.1.
function readDotted(host: string): ReadHost {
  const range = readRange(host)
  return range?.family === 4 && !host.includes('/')
    ? { form: 'address', host }
    : unreadable('address-notation')
}

// Zone ids (fe80::1%25eth0) and addresses with dots in them (::ffff:127.0.0.1) are not read.
function readBracketed(text: string): ReadHost {
  const inner = /^\[([0-9A-Fa-f:]+)\]$/u.exec(text)?.[1]
  return inner !== undefined && readRange(inner)?.family === 6
    ? { form: 'address', host: inner.toLowerCase() }
    : unreadable('address-notation')
}

function badCharacter(text: string): HostProblem | undefined {
  if (text.includes('%')) return 'percent'
  if (text.includes('@')) return 'userinfo'
  return /^[A-Za-z0-9.-]+$/u.test(text) ? undefined : 'character'
}

const isLabel = (label: string): boolean =>
  label.length <= MAX_LABEL && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/u.test(label)

const unreadable = (why: HostProblem) => ({ form: 'unreadable', why }) as const
