import type { Declared, Plug } from '../../declared/permit.ts'
import { addressText, macText } from '../../declared/text.ts'
import { ROUTER_MAC } from '../expect.ts'
import type { Place, PlaceAddress } from '../place.ts'

/** MAC address of the firewall's interfaces. */
const FIREWALL_MAC = 0x02_5e_c1_50_fe_00n
/** The interface at the other end of a plug's cable. */
const UP = 'up0'
/** Where the answering program listens; every port of a place leads there. */
const ANSWER_PORT = 9
/** Behind the rules `lookup local` (0) and before `lookup main` (32766). */
const RULE_OWN = 1_000
/** Before the own ones: who plays somebody else. */
const RULE_PLAYED = 500
/** Numbers of routing tables, apart from those that Linux has names for (253 to 255). */
const TABLE = 1_000
/** Tuples that a namespace remembers. */
const REMEMBERED = 500_000

/** One side of a plug: the places behind it, in one namespace, each with an interface, a MAC address and a way out of its own. */
export interface Segment {
  readonly plug: Plug
  /** Number of the plug. */
  readonly at: number
  readonly places: readonly { readonly index: number; readonly place: Place }[]
}

export function segmentsOf(declared: Declared, places: readonly Place[]): readonly Segment[] {
  return declared.plugs.map((plug, at) => ({
    plug,
    at,
    places: places
      .map((place, index) => ({ index, place }))
      .filter(({ place }) => place.plug === plug.name),
  }))
}

/** Lines for `ip -batch` in the firewall: a cable to each segment, and the ways to everybody behind it. */
export function firewallLines(segments: readonly (Segment & { readonly pid: number })[]): string {
  const lines = segments.flatMap(({ plug, at, pid, places }) => [
    `link add ${plug.name} address ${macText(FIREWALL_MAC + BigInt(at))} type veth peer name ${UP} address ${macText(segmentMac(at))} netns ${pid}`,
    `link set ${plug.name} addrgenmode none`,
    `link set ${plug.name} up`,
    `addr add ${gateway(4, at)}/32 dev ${plug.name}`,
    `addr add ${gateway(6, at)}/64 dev ${plug.name} nodad`,
    ...places.flatMap(({ place, index }) =>
      place.addresses.flatMap(({ family, address }) => [
        `route add ${addressText(family, address)} dev ${plug.name}`,
        // The answers of hundreds of first packets at once must not wait for one ARP.
        `neigh replace ${addressText(family, address)} lladdr ${macText(macOf(plug, place, index, at))} dev ${plug.name} nud permanent`,
      ]),
    ),
  ])
  return batch(['link set lo up', ...lines])
}

/**
 * Lines for `ip -4 -batch`, then for `ip -6 -batch`, in a segment: for each machine an interface with its MAC address; for parties outside, the router that
 * speaks for them.
 */
export function segmentLines({ at, plug, places }: Segment, family: 4 | 6): string {
  const links = [
    'link set lo up',
    `link set ${UP} addrgenmode none`,
    `link set ${UP} up`,
    ...(plug.zone === undefined
      ? []
      : places.flatMap(({ place, index }) =>
          machineLines(deviceOf(plug, index), macOf(plug, place, index, at)),
        )),
  ]
  const addresses = places.flatMap(({ place, index }) =>
    place.addresses
      .filter((one) => one.family === family)
      .flatMap((one) => addressLines(deviceOf(plug, index), index, at, one)),
  )
  return batch(family === 4 ? [...links, ...addresses] : addresses)
}

const machineLines = (device: string, mac: bigint): readonly string[] => [
  `link add link ${UP} name ${device} address ${macText(mac)} type macvlan mode private`,
  `link set ${device} addrgenmode none`,
  `link set ${device} up`,
]

function addressLines(
  device: string,
  index: number,
  at: number,
  { family, address }: PlaceAddress,
): readonly string[] {
  const text = addressText(family, address)
  const way = gateway(family, at)
  const table = TABLE + index
  return [
    family === 4 ? `addr add ${text}/32 dev ${device}` : `addr add ${text}/128 dev ${device} nodad`,
    `neigh replace ${way} lladdr ${macText(FIREWALL_MAC + BigInt(at))} dev ${device} nud permanent`,
    `route replace default via ${way} dev ${device} onlink table ${table}`,
    `rule add from ${text} lookup ${table} prio ${RULE_OWN}`,
  ]
}

/** Lines for `ip -4 -batch` or `ip -6 -batch` that let a place speak as `addresses`, and take that back. */
export function playedLines(
  { plug }: Segment,
  index: number,
  addresses: readonly (PlaceAddress & { readonly foreign: boolean })[],
  family: 4 | 6,
): { readonly begin: string; readonly end: string } {
  const device = deviceOf(plug, index)
  const lines = (verb: 'add' | 'del'): readonly string[] =>
    addresses.flatMap(({ family: of, address, foreign }) => {
      if (of !== family) return []
      const text = addressText(family, address)
      const length = family === 4 ? 32 : 128
      const nodad = family === 6 && verb === 'add' ? ' nodad' : ''
      return [
        ...(foreign ? [`addr ${verb} ${text}/${length} dev ${device}${nodad}`] : []),
        `rule ${verb} from ${text} lookup ${TABLE + index} prio ${RULE_PLAYED}`,
      ]
    })
  return { begin: batch(lines('add')), end: batch(lines('del')) }
}

/**
 * What a segment's kernel remembers of every packet, whatever it takes it for: that it left, and that it came. So what was stopped on the way is told from what was never sent,
 * and what came from what was only not answered in time. Packets are noted as they are on the wire: before the one and behind the other translation. Every port
 * leads to the one that answers: only the firewall can say no.
 */
export function witnessText({ places }: Segment): string {
  const set = (name: string, family: 4 | 6): string =>
    `set ${name}${family} { type ipv${family}_addr . ipv${family}_addr . inet_proto . inet_service . inet_service; flags dynamic; size ${REMEMBERED}; }\n`
  const note = (name: string, family: 4 | 6): string => {
    const word = family === 4 ? 'ip' : 'ip6'
    return `meta l4proto { tcp, udp } add @${name}${family} { ${word} saddr . ${word} daddr . meta l4proto . th sport . th dport }\n`
  }
  const home = (family: 4 | 6): string => {
    const own = places.flatMap(({ place }) =>
      place.addresses.filter((one) => one.family === family),
    )
    const lines = own.map(({ address }) => {
      const text = addressText(family, address)
      return `${text} : ${text} . ${ANSWER_PORT}`
    })
    const word = family === 4 ? 'ip' : 'ip6'
    const elements = `{ ${lines.join(', ')} }`
    return lines.length === 0
      ? ''
      : `meta l4proto { tcp, udp } dnat ${word} to ${word} daddr map ${elements}\n`
  }
  const both = (what: (name: string, family: 4 | 6) => string, name: string): string =>
    what(name, 4) + what(name, 6)
  return `table inet witness {
${both(set, 'left')}${both(set, 'came')}
chain out { type filter hook postrouting priority 300; oifname != "lo" jump left; }
chain left {
${both(note, 'left')}}
chain in { type filter hook prerouting priority -150; iifname != "lo" jump came; }
chain came {
${both(note, 'came')}}
chain answer { type nat hook prerouting priority dstnat;
${home(4)}${home(6)}}
}
`
}

/** Lines for `nft -f` that begin the memory of a segment anew. */
export const FORGET = ['left4', 'left6', 'came4', 'came6']
  .map((name) => `flush set inet witness ${name}\n`)
  .join('')

/** The text of a firewall that stops nothing: what does not pass here says nothing about any rule. */
export const OPENED = `table inet sekisho
delete table inet sekisho
table inet sekisho {
	chain forward {
		type filter hook forward priority filter; policy accept;
		ct state new accept
	}
}
`

/** Settings of a segment's kernel: a machine answers only for itself. */
export const SEGMENT_SETTINGS: readonly (readonly [key: string, value: string])[] = [
  ['net.ipv4.conf.all.arp_ignore', '1'],
  ['net.ipv4.conf.all.arp_announce', '2'],
  ['net.ipv4.conf.all.rp_filter', '0'],
  ['net.ipv4.conf.default.rp_filter', '0'],
]

const segmentMac = (at: number): bigint => ROUTER_MAC + BigInt(at)

/** Behind a router all speak with the router's address; of a machine whose own is not declared, any will do. */
const macOf = (plug: Plug, place: Place, index: number, at: number): bigint =>
  plug.zone === undefined ? segmentMac(at) : (place.mac ?? OWN_MAC + BigInt(index))
const OWN_MAC = 0x02_5e_c1_51_00_00n

const deviceOf = ({ zone }: Pick<Plug, 'zone'>, index: number): string =>
  zone === undefined ? UP : `m${index}`

const gateway = (family: 4 | 6, at: number): string =>
  family === 4 ? `169.254.${100 + Math.floor(at / 250)}.${1 + (at % 250)}` : 'fe80::1'

const batch = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')
