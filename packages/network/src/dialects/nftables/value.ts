/** Right-hand sides of nft expressions → spans of a field. */
import { readRange } from '@sekisho/town'
import {
  addressKey,
  beginning,
  between,
  DIRECTIONS,
  only,
  PROTOCOLS,
  STATES,
} from '../../space/field.ts'
import type { Field, Span } from '../../space/field.ts'
import { inGroups } from '../masks.ts'
import { single } from './json.ts'

/** What stands on the left of a match, as a field, and what else it silently asks for. */
export interface Subject {
  readonly field: Field
  /** Conditions that the kernel adds: `ip saddr` in a table for both families is about IPv4 alone. */
  readonly implied: readonly (readonly [Field, Span])[]
  readonly family?: 4 | 6
}

const ICMP_TYPES: Readonly<Record<string, number>> = {
  'echo-reply': 0,
  'destination-unreachable': 3,
  'source-quench': 4,
  redirect: 5,
  'echo-request': 8,
  'router-advertisement': 9,
  'router-solicitation': 10,
  'time-exceeded': 11,
  'parameter-problem': 12,
  'timestamp-request': 13,
  'timestamp-reply': 14,
  'info-request': 15,
  'info-reply': 16,
  'address-mask-request': 17,
  'address-mask-reply': 18,
}
const ICMPV6_TYPES: Readonly<Record<string, number>> = {
  'destination-unreachable': 1,
  'packet-too-big': 2,
  'time-exceeded': 3,
  'parameter-problem': 4,
  'echo-request': 128,
  'echo-reply': 129,
  'mld-listener-query': 130,
  'mld-listener-report': 131,
  'mld-listener-done': 132,
  'mld-listener-reduction': 132,
  'nd-router-solicit': 133,
  'nd-router-advert': 134,
  'nd-neighbor-solicit': 135,
  'nd-neighbor-advert': 136,
  'nd-redirect': 137,
  'router-renumbering': 138,
  'ind-neighbor-solicit': 141,
  'ind-neighbor-advert': 142,
  'mld2-listener-report': 143,
}
const PROTOCOL_NAMES: Readonly<Record<string, number>> = {
  ...PROTOCOLS,
  'ipv6-icmp': 58,
  igmp: 2,
  ipip: 4,
  gre: 47,
  esp: 50,
  ah: 51,
  comp: 108,
  ospf: 89,
  pim: 103,
  vrrp: 112,
  sctp: 132,
  udplite: 136,
  dccp: 33,
}

/** Spans of one value; `undefined` when it is not understood. */
export type ReadValue = (value: unknown) => readonly Span[] | undefined

/** How values of this subject are read. */
export function valuesOf({ field, implied, family }: Subject): ReadValue {
  switch (field) {
    case 'family':
      return named({ ipv4: 4, ipv6: 6 })
    case 'in':
    case 'out':
      return interfaceName
    case 'state':
      return named(Object.fromEntries(STATES.map((state, at) => [state, at])))
    case 'direction':
      return named(Object.fromEntries(DIRECTIONS.map((direction, at) => [direction, at])))
    case 'protocol':
      return numbered(PROTOCOL_NAMES, 255)
    case 'source':
    case 'target':
      return (value) => addresses(value, family)
    case 'sourceMac':
      return mac
    case 'sourcePort':
    case 'targetPort': {
      const icmp = implied.find(([one]) => one === 'protocol')?.[1].from
      if (icmp === BigInt(PROTOCOLS.icmp)) return numbered(ICMP_TYPES, 255)
      if (icmp === BigInt(PROTOCOLS.icmpv6)) return numbered(ICMPV6_TYPES, 255)
      return numbered(PORT_NAMES, 65_535)
    }
  }
}

/** nft prints ports as numbers; names come only from texts a person wrote. */
const PORT_NAMES: Readonly<Record<string, number>> = {}

const named =
  (names: Readonly<Record<string, number>>): ReadValue =>
  (value) =>
    typeof value === 'string' && Object.hasOwn(names, value)
      ? [only(BigInt(names[value]!))]
      : undefined

function numbered(names: Readonly<Record<string, number>>, most: number): ReadValue {
  const one = (value: unknown): number | undefined => {
    if (typeof value === 'number') {
      return Number.isInteger(value) && value >= 0 && value <= most ? value : undefined
    }
    return typeof value === 'string' && Object.hasOwn(names, value) ? names[value] : undefined
  }
  return (value) => {
    const range = rangeOf(value)
    const first = one(range ? range[0] : value)
    const last = one(range ? range[1] : value)
    if (first === undefined || last === undefined || first > last) return undefined
    return [between(BigInt(first), BigInt(last))]
  }
}

function rangeOf(value: unknown): readonly [unknown, unknown] | undefined {
  const [key, inner] = single(value) ?? []
  return key === 'range' && Array.isArray(inner) && inner.length === 2
    ? [inner[0], inner[1]]
    : undefined
}

// Linux cuts a name at the star; nft prints it back as `eth*`.
function interfaceName(value: unknown): readonly Span[] | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  if (value.endsWith('\\*')) return [only(`${value.slice(0, -2)}*`)]
  return [value.endsWith('*') ? beginning(value.slice(0, -1)) : only(value)]
}

function mac(value: unknown): readonly Span[] | undefined {
  const range = rangeOf(value)
  const first = macNumber(range ? range[0] : value)
  const last = macNumber(range ? range[1] : value)
  if (first === undefined || last === undefined || first > last) return undefined
  return [between(first, last)]
}

const macNumber = (value: unknown): bigint | undefined =>
  typeof value === 'string' && /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/u.test(value)
    ? BigInt(`0x${value.replaceAll(':', '')}`)
    : undefined

function addresses(value: unknown, family: 4 | 6 | undefined): readonly Span[] | undefined {
  const range = rangeOf(value)
  if (range) {
    const [first, last] = range.map((one) => addressRange(one, family))
    if (!first || !last || first.family !== last.family || first.first > last.last) return undefined
    return [between(addressKey(first.family, first.first), addressKey(last.family, last.last))]
  }
  const one = addressRange(value, family)
  return one && [between(addressKey(one.family, one.first), addressKey(one.family, one.last))]
}

function addressRange(value: unknown, family: 4 | 6 | undefined) {
  const read = readRange(inGroups(addressText(value) ?? ''))
  return read && (family === undefined || read.family === family) ? read : undefined
}

function addressText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  const [key, inner] = single(value) ?? []
  if (key !== 'prefix' || typeof inner !== 'object' || inner === null) return undefined
  const { addr, len } = inner as { readonly addr?: unknown; readonly len?: unknown }
  return typeof addr === 'string' && typeof len === 'number' ? `${addr}/${len}` : undefined
}
