/** Addresses as every firewall writes them. */
import type { AddressRange } from './ranges.ts'

/** `192.0.2.1`, or `2001:db8::1` (RFC 5952). */
export function addressText(family: 4 | 6, address: bigint): string {
  return family === 4 ? ipv4(address) : ipv6(address)
}

/** One address, a block, or `first-last` when it is no block. */
export function rangeText(range: AddressRange): string {
  const { family, first, last } = range
  const start = addressText(family, first)
  if (first === last) return start
  const length = prefixLength(range)
  return length === undefined ? `${start}-${addressText(family, last)}` : `${start}/${length}`
}

/** The prefix length of a range that is exactly one block. */
export function prefixLength({ family, first, last }: AddressRange): number | undefined {
  const size = last - first + 1n
  if ((size & (size - 1n)) !== 0n || first % size !== 0n) return undefined
  return (family === 4 ? 32 : 128) - (size.toString(2).length - 1)
}

/** A range as the fewest blocks that hold exactly it, in order. */
export function blocksOf({ family, first, last }: AddressRange): readonly AddressRange[] {
  const blocks: AddressRange[] = []
  for (let at = first; at <= last;) {
    let size = at === 0n ? 1n << (family === 4 ? 32n : 128n) : at & -at
    while (at + size - 1n > last) size >>= 1n
    blocks.push({ family, first: at, last: at + size - 1n })
    at += size
  }
  return blocks
}

export function macText(mac: bigint): string {
  const digits = mac.toString(16).padStart(12, '0')
  return digits.match(/../gu)!.join(':')
}

/** A MAC address as a declaration writes it, with `:` or `-`. */
export const readMac = (text: string): bigint => BigInt(`0x${text.replaceAll(/[:-]/gu, '')}`)

function ipv4(address: bigint): string {
  const bits = Number(address)
  return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`
}

function ipv6(address: bigint): string {
  const digits = address.toString(16).padStart(32, '0')
  const groups = digits.match(/..../gu)!.map((group) => group.replace(/^0{1,3}/u, ''))
  const longest = longestZeros(groups)
  if (!longest) return groups.join(':')
  const head = groups.slice(0, longest.from).join(':')
  const tail = groups.slice(longest.from + longest.length).join(':')
  return `${head}::${tail}`
}

function longestZeros(groups: readonly string[]): { from: number; length: number } | undefined {
  let best: { from: number; length: number } | undefined
  for (let from = 0; from < groups.length;) {
    let length = 0
    while (groups[from + length] === '0') length += 1
    if (length > 1 && length > (best?.length ?? 0)) best = { from, length }
    from += Math.max(length, 1)
  }
  return best
}
