/**
 * What a firewall can see of a packet that it forwards. The order is the order in which a diagram asks: fields that cut a town into its pairs of zones
 * come first, so that what is said about one pair stays together.
 */
export const FIELDS = [
  'family',
  'in',
  'out',
  'state',
  'direction',
  'protocol',
  'source',
  'sourceMac',
  'target',
  'sourcePort',
  'targetPort',
] as const
/**
 * - `family`: 4 or 6
 * - `in`, `out`: names of interfaces
 * - `state`, `direction`: of the connection, as conntrack sees it (`STATES`, `DIRECTIONS`)
 * - `protocol`: number of the IP protocol
 * - `source`, `target`: addresses, IPv6 behind all of IPv4 (see `addressKey`)
 * - `sourceMac`: of the frame as it arrives
 * - `sourcePort`, `targetPort`: ports; for ICMP its type and code
 */
export type Field = (typeof FIELDS)[number]

export const STATES = ['new', 'established', 'related', 'invalid', 'untracked'] as const
export type State = (typeof STATES)[number]

export const DIRECTIONS = ['original', 'reply'] as const
export type Direction = (typeof DIRECTIONS)[number]

/** Numbers of IANA "Assigned Internet Protocol Numbers". */
export const PROTOCOLS = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const

/** A value of a field, so that values of one field can be put in order. */
export type Key = bigint | string

/** Keys from `from` up to, not including, `until`; without `until` up to the end of the field. */
export interface Span {
  readonly from: Key
  readonly until?: Key
}

const IPV4_SIZE = 1n << 32n

/** Where an address stands in the fields `source` and `target`. */
export const addressKey = (family: 4 | 6, address: bigint): bigint =>
  family === 4 ? address : IPV4_SIZE + address

/** The reverse of `addressKey`. */
export const addressOf = (key: bigint): { readonly family: 4 | 6; readonly address: bigint } =>
  key < IPV4_SIZE ? { family: 4, address: key } : { family: 6, address: key - IPV4_SIZE }

/** The first key and the first key behind the last, per field. Names of interfaces have no last. */
export function wholeOf(field: Field): Span {
  switch (field) {
    case 'family':
      return { from: 4n, until: 7n }
    case 'in':
    case 'out':
      return { from: '' }
    case 'state':
      return { from: 0n, until: BigInt(STATES.length) }
    case 'direction':
      return { from: 0n, until: BigInt(DIRECTIONS.length) }
    case 'protocol':
      return { from: 0n, until: 256n }
    case 'source':
    case 'target':
      return { from: 0n, until: IPV4_SIZE + (1n << 128n) }
    case 'sourceMac':
      return { from: 0n, until: 1n << 48n }
    case 'sourcePort':
    case 'targetPort':
      return { from: 0n, until: 65_536n }
  }
}

/** The span of one value. */
export function only(key: Key): Span {
  return { from: key, until: typeof key === 'bigint' ? key + 1n : `${key}\0` }
}

/** The span of all names that begin so. */
export const beginning = (prefix: string): Span => ({ from: prefix, until: `${prefix}\uffff` })

/** The span of `first` to `last`, both included. */
export const between = (first: bigint, last: bigint): Span => ({ from: first, until: last + 1n })
