/** A range of addresses of one family: `first` to `last`, both included. */
export interface AddressRange {
  readonly family: 4 | 6
  readonly first: bigint
  readonly last: bigint
}

const BITS = { 4: 32, 6: 128 } as const
/** Addresses of a /8 and of a /32: more than any one party outside needs. */
const WIDE = { 4: 1n << 24n, 6: 1n << 96n } as const

/**
 * Reads an address or a CIDR block, IPv4 (RFC 4632) or IPv6 (RFC 4291).
 *
 * @returns `undefined` when it is neither, when the prefix is too long, or when bits behind the prefix are set: then
 *   it is not clear whether a host or its network was meant, and a guess could open more than was written.
 */
export function readRange(text: string): AddressRange | undefined {
  const [address, prefix, ...rest] = text.split('/')
  if (rest.length > 0 || address === undefined) return undefined
  const family = address.includes(':') ? 6 : 4
  const first = family === 6 ? readIpv6(address) : readIpv4(address)
  const length = prefix === undefined ? BITS[family] : readPrefix(prefix, BITS[family])
  if (first === undefined || length === undefined) return undefined
  if (length === BITS[family]) return { family, first, last: first }
  const size = 1n << BigInt(BITS[family] - length)
  return first % size === 0n ? { family, first, last: first + size - 1n } : undefined
}

/** Reads one address; a block is not one. */
export function readAddress(text: string): AddressRange | undefined {
  return text.includes('/') ? undefined : readRange(text)
}

/** Every address of `inner` is one of `outer`. */
export function contains(outer: AddressRange, inner: AddressRange): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last
}

/** At least one address is in both. */
export function overlaps(a: AddressRange, b: AddressRange): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last
}

/** False when the ranges of one family together are so wide that they limit nothing: everywhere in small pieces is no limit either. */
export function areNarrow(ranges: readonly AddressRange[]): boolean {
  return ([4, 6] as const).every((family) => {
    const own = ranges.filter((range) => range.family === family)
    return own.reduce((sum, { first, last }) => sum + last - first + 1n, 0n) <= WIDE[family]
  })
}

/** Colons or hyphens between six octets, lower or upper case; not a group address, not all zeros. */
export function isMac(text: string): boolean {
  if (!/^[0-9A-Fa-f]{2}(?:([:-])[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){4}$/u.test(text)) return false
  const group = Number.parseInt(text.slice(0, 2), 16) % 2 === 1
  return !group && /[1-9A-Fa-f]/u.test(text)
}

function readPrefix(text: string, bits: number): number | undefined {
  return /^(?:0|[1-9]\d{0,2})$/u.test(text) && Number(text) <= bits ? Number(text) : undefined
}

// No leading zeros: 010 is ten to some readers and eight to others.
function readIpv4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/u.test(part))) {
    return undefined
  }
  const octets = parts.map(Number)
  if (octets.some((octet) => octet > 255)) return undefined
  return BigInt(octets.reduce((sum, octet) => sum * 256 + octet, 0))
}

function readIpv6(text: string): bigint | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const given = (head?.length ?? 0) + (tail?.length ?? 0)
  if (tail === undefined ? given !== 8 : given > 7) return undefined
  const zeros = Array.from({ length: 8 - given }, () => '0')
  const groups = [...(head ?? []), ...zeros, ...(tail ?? [])]
  if (!groups.every((group) => /^[0-9A-Fa-f]{1,4}$/u.test(group))) return undefined
  return BigInt(`0x${groups.map((group) => group.padStart(4, '0')).join('')}`)
}
