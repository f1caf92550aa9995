/**
 * Addresses where no cloud service is. RFC 6890 and the registries of IANA for special-purpose addresses; of IPv6 only 2000::/3 is given out
 * (RFC 4291 §2.4), so whatever is outside it is special too.
 */
import { contains, overlaps, readRange } from '@sekisho/town'
import type { AddressRange } from '@sekisho/town'

/** What kind of place an address is. Ids are recorded. */
export type SpecialKind =
  | 'this-network'
  | 'private'
  | 'shared'
  | 'loopback'
  | 'link-local'
  | 'protocol'
  | 'documentation'
  | 'benchmarking'
  | 'relay'
  | 'multicast'
  | 'reserved'
  | 'mapped'
  | 'translated'
  | 'tunnel'

const TABLE: readonly (readonly [range: string, kind: SpecialKind, source: string])[] = [
  ['0.0.0.0/8', 'this-network', 'RFC 791'],
  ['10.0.0.0/8', 'private', 'RFC 1918'],
  ['100.64.0.0/10', 'shared', 'RFC 6598'],
  ['127.0.0.0/8', 'loopback', 'RFC 1122'],
  ['169.254.0.0/16', 'link-local', 'RFC 3927'],
  ['172.16.0.0/12', 'private', 'RFC 1918'],
  ['192.0.0.0/24', 'protocol', 'RFC 6890'],
  ['192.0.2.0/24', 'documentation', 'RFC 5737'],
  ['192.88.99.0/24', 'relay', 'RFC 7526'],
  ['192.168.0.0/16', 'private', 'RFC 1918'],
  ['198.18.0.0/15', 'benchmarking', 'RFC 2544'],
  ['198.51.100.0/24', 'documentation', 'RFC 5737'],
  ['203.0.113.0/24', 'documentation', 'RFC 5737'],
  ['224.0.0.0/4', 'multicast', 'RFC 5771'],
  ['240.0.0.0/4', 'reserved', 'RFC 1112'],
  ['::/128', 'this-network', 'RFC 4291'],
  ['::1/128', 'loopback', 'RFC 4291'],
  ['::/96', 'mapped', 'RFC 4291, IPv4-compatible'],
  ['::ffff:0:0/96', 'mapped', 'RFC 4291, IPv4-mapped'],
  ['64:ff9b::/96', 'translated', 'RFC 6052, NAT64'],
  ['64:ff9b:1::/48', 'translated', 'RFC 8215, NAT64'],
  ['100::/64', 'reserved', 'RFC 6666, discard'],
  ['2001::/32', 'tunnel', 'RFC 4380, Teredo'],
  ['2001:2::/48', 'benchmarking', 'RFC 5180'],
  ['2001:db8::/32', 'documentation', 'RFC 3849'],
  ['2001::/23', 'protocol', 'RFC 2928'],
  ['2002::/16', 'tunnel', 'RFC 3056, 6to4'],
  ['3fff::/20', 'documentation', 'RFC 9637'],
  ['fc00::/7', 'private', 'RFC 4193'],
  ['fe80::/10', 'link-local', 'RFC 4291'],
  ['fec0::/10', 'private', 'RFC 3879, site-local'],
  ['ff00::/8', 'multicast', 'RFC 4291'],
]

/** The table, for whoever prints it. Of several that hold an address the first one names it. */
export const SPECIAL_RANGES = TABLE.map(([range, kind, source]) => ({
  range: readRange(range)!,
  text: range,
  kind,
  source,
}))

const GIVEN_OUT = readRange('2000::/3')!

/** The kind of the first special address in a range; `undefined` when every address of it is one of the public Internet. */
export function specialKind(range: AddressRange): SpecialKind | undefined {
  const held = SPECIAL_RANGES.find(({ range: special }) => overlaps(special, range))
  if (held) return held.kind
  return range.family === 6 && !contains(GIVEN_OUT, range) ? 'reserved' : undefined
}
