/** Values of options → spans of a field. `undefined` when a value is not understood. */
import { readRange } from '@sekisho/town'
import { inGroups } from '../masks.ts'
import { addressKey, beginning, between, only } from '../../space/field.ts'
import type { Span } from '../../space/field.ts'
import { ICMP_NAMES, ICMPV6_NAMES, PROTOCOL_NUMBERS, SERVICE_PORTS } from './names.ts'
import type { Family } from './saved.ts'

const BITS = { 4: 32, 6: 128 } as const
/** `IFNAMSIZ` less its zero. */
const LONGEST_NAME = 15

/** `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, several with commas: any of them. The kernel cuts off what stands behind the mask. */
export function addressSpans(text: string, family: Family): readonly Span[] | undefined {
  const spans = text.split(',').map((one) => maskedSpan(one, family))
  return spans.every((span) => span !== undefined) ? spans : undefined
}

function maskedSpan(text: string, family: Family): Span | undefined {
  const [address, mask, ...rest] = text.split('/')
  const first = numberOf(address ?? '', family)
  const length = mask === undefined ? BITS[family] : maskLength(mask, family)
  if (rest.length > 0 || first === undefined || length === undefined) return undefined
  const size = 1n << BigInt(BITS[family] - length)
  const start = first - (first % size)
  return between(addressKey(family, start), addressKey(family, start + size - 1n))
}

export function numberOf(text: string, family: Family): bigint | undefined {
  const range = text.includes('/') ? undefined : readRange(inGroups(text))
  return range?.family === family ? range.first : undefined
}

function maskLength(mask: string, family: Family): number | undefined {
  if (/^\d{1,3}$/u.test(mask)) return Number(mask) <= BITS[family] ? Number(mask) : undefined
  const bits = numberOf(mask, family)?.toString(2).padStart(BITS[family], '0')
  // A mask with holes is no block.
  return bits !== undefined && /^1*0*$/u.test(bits) ? bits.replaceAll('0', '').length : undefined
}

/** `a-b` of `--src-range`. */
export function rangeSpans(text: string, family: Family): readonly Span[] | undefined {
  const [from, to, ...rest] = text.split('-')
  const first = numberOf(from ?? '', family)
  const last = to === undefined ? first : numberOf(to, family)
  if (rest.length > 0 || first === undefined || last === undefined || first > last) return undefined
  return [between(addressKey(family, first), addressKey(family, last))]
}

/** `eth0`, or `eth+` for all that begin so. */
export function interfaceSpans(text: string): readonly Span[] | undefined {
  if (text === '' || text.length > LONGEST_NAME || /[\s/]/u.test(text)) return undefined
  return [text.endsWith('+') ? beginning(text.slice(0, -1)) : only(text)]
}

/** @returns an empty list for `all` */
export function protocolSpans(text: string): readonly Span[] | undefined {
  const word = text.toLowerCase()
  const number = /^\d{1,3}$/u.test(word) ? Number(word) : own(PROTOCOL_NUMBERS, word)
  if (word === 'all' || number === 0) return []
  return number !== undefined && number <= 255 ? [only(BigInt(number))] : undefined
}

/** `80`, `http`, `1024:65535`, `:1023`, `1024:`. */
export function portSpans(text: string): readonly Span[] | undefined {
  const [from, to, ...rest] = text.split(':')
  const first = from === '' && to !== undefined ? 0 : portNumber(from ?? '')
  const last = to === undefined ? first : to === '' ? 65_535 : portNumber(to)
  if (rest.length > 0 || first === undefined || last === undefined || first > last) return undefined
  return [between(BigInt(first), BigInt(last))]
}

/** What stands in `--dports`: any of them. */
export function portListSpans(text: string): readonly Span[] | undefined {
  const spans = text.split(',').map(portSpans)
  return spans.every((span) => span !== undefined) ? spans.flat() : undefined
}

export function portNumber(text: string): number | undefined {
  const number = /^\d{1,5}$/u.test(text) ? Number(text) : own(SERVICE_PORTS, text)
  return number !== undefined && number <= 65_535 ? number : undefined
}

/** `8`, `3/4`, `host-unreachable`, `any`: spans of type and code, each empty when it is not asked for. */
export function icmpSpans(
  text: string,
  family: Family,
): { readonly type: readonly Span[]; readonly code: readonly Span[] } | undefined {
  if (text === 'any') return { type: [], code: [] }
  const named = own(family === 4 ? ICMP_NAMES : ICMPV6_NAMES, text)
  const [type, code] = named ?? numbersOf(text) ?? []
  if (type === undefined) return undefined
  // 255 of IPv4 has always meant any type.
  if (type === 255 && family === 4) return code === undefined ? { type: [], code: [] } : undefined
  return { type: [only(BigInt(type))], code: code === undefined ? [] : [only(BigInt(code))] }
}

function numbersOf(text: string): readonly [type: number, code?: number] | undefined {
  const [, type, code] = /^(\d{1,3})(?:\/(\d{1,3}))?$/u.exec(text) ?? []
  if (type === undefined || Number(type) > 255 || Number(code ?? 0) > 255) return undefined
  return code === undefined ? [Number(type)] : [Number(type), Number(code)]
}

export const macSpans = (text: string): readonly Span[] | undefined =>
  /^(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$/u.test(text)
    ? [only(BigInt(`0x${text.replaceAll(':', '')}`))]
    : undefined

/** `2029-03-31T14:59:59`, or less of it, as seconds since 1970 (UTC). */
export function instantOf(text: string): number | undefined {
  const parts = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d))?)?)?)?)?$/u.exec(text)
  if (!parts) return undefined
  const [year, month = '01', day = '01', hour = '00', minute = '00', second = '00'] = parts.slice(1)
  const read = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(read) ? undefined : read / 1000
}

const own = <Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined
