import type { IsoDate } from '@sekisho/core'
import { ENDING } from '../space/diagram.ts'
import type { Diagram } from '../space/diagram.ts'
import { addressKey, between, DIRECTIONS, only, PROTOCOLS, STATES } from '../space/field.ts'
import type { Field, Span, State } from '../space/field.ts'
import type { Space } from '../space/space.ts'
import { OVER } from '../space/diagram.ts'
import type { Declared, Part, Permit, Plug, Side } from './permit.ts'
import type { AddressRange } from './ranges.ts'

/** Packets that are let through together: each field named lies in one of its spans. */
export type Box = readonly (readonly [Field, readonly Span[]])[]

/** Types of ICMP that report a fault of an open connection (RFC 792, RFC 4443). A redirect is not among them: it moves a way. */
export const ICMP_FAULTS = {
  4: [
    { type: 3, name: 'destination-unreachable' },
    { type: 11, name: 'time-exceeded' },
    { type: 12, name: 'parameter-problem' },
  ],
  6: [
    { type: 1, name: 'destination-unreachable' },
    { type: 2, name: 'packet-too-big' },
    { type: 3, name: 'time-exceeded' },
    { type: 4, name: 'parameter-problem' },
  ],
} as const

/** Types of ICMPv6 without which a router is none: groups it listens to (RFC 3810, and 2710 before it), advertisements, and who has which address (RFC 4861). */
export const ICMPV6_OF_ROUTERS = [131, 132, 134, 135, 136, 143] as const

/** Types of ICMP by which a machine asks whether another is there, and is answered. */
export const ICMP_ECHO = { 4: { request: 8, reply: 0 }, 6: { request: 128, reply: 129 } } as const

export const FAMILIES = [4, 6] as const

/** Every box that the declaration lets through: for each permit its way there and its answers, and the faults of what is open. */
export function boxesOf(declared: Declared): readonly Box[] {
  return [...declared.permits.flatMap(permitBoxes), ...faultsOf(declared)]
}

/** The boxes of one permit: its way there, and its answers. */
export const permitBoxes = (permit: Permit): readonly Box[] =>
  FAMILIES.flatMap((family) => [...thereOf(permit, family), ...answersOf(permit, family)])

/** What becomes of every packet by the declaration. */
export function expected(space: Space, declared: Declared): Diagram {
  const boxes = boxesOf(declared).map((box) => space.box(box, ENDING.accept))
  return space.apply(OVER, space.overAll(boxes), ENDING.deny)
}

function thereOf(permit: Permit, family: 4 | 6): readonly Box[] {
  return pairs(permit.from, permit.to, family).map(([from, to]) => [
    ...way(family, permit.from, permit.to),
    ['state', [state('new'), state('established')]],
    ['direction', [direction('original')]],
    ...ends(from, to, family),
    ...whatThere(permit, family),
  ])
}

function answersOf(permit: Permit, family: 4 | 6): readonly Box[] {
  return pairs(permit.to, permit.from, family).map(([from, to]) => [
    ...way(family, permit.to, permit.from),
    ['state', [state('established')]],
    ['direction', [direction('reply')]],
    ...ends(from, to, family),
    ...whatBack(permit, family),
  ])
}

const way = (family: 4 | 6, from: Side, to: Side): Box => [
  ['family', [only(BigInt(family))]],
  ['in', [only(from.interface)]],
  ['out', [only(to.interface)]],
]

/** The sender may be bound to its MAC address; of the receiver a firewall sees none. */
const ends = (from: Part, to: Part, family: 4 | 6): Box => [
  ['source', spansIn(from.ranges, family)],
  ['target', spansIn(to.ranges, family)],
  ...(from.mac === undefined ? [] : [['sourceMac', [only(from.mac)]] as const]),
]

function whatThere({ protocol, ports }: Permit, family: 4 | 6): Box {
  if (protocol === 'icmp') return icmp(family, ICMP_ECHO[family].request)
  return [
    ['protocol', [only(BigInt(PROTOCOLS[protocol]))]],
    ['targetPort', portSpans(ports)],
  ]
}

function whatBack({ protocol, ports }: Permit, family: 4 | 6): Box {
  if (protocol === 'icmp') return icmp(family, ICMP_ECHO[family].reply)
  return [
    ['protocol', [only(BigInt(PROTOCOLS[protocol]))]],
    ['sourcePort', portSpans(ports)],
  ]
}

const icmp = (family: 4 | 6, type: number): Box => [
  ['protocol', [only(BigInt(icmpOf(family)))]],
  ['sourcePort', [only(BigInt(type))]],
]

const icmpOf = (family: 4 | 6): number => (family === 4 ? PROTOCOLS.icmp : PROTOCOLS.icmpv6)

/** A direction between two plugs in which packets of some flow go, there or back. */
export interface OpenPair {
  readonly from: Plug
  readonly to: Plug
  readonly family: 4 | 6
  /** Last day on which anything is open here, in Japan; none while a flow has none. */
  readonly expires?: IsoDate
}

/** Pairs of plugs between which something is open, in both directions, with the families that are. */
export function openPairs(declared: Declared): readonly OpenPair[] {
  const plugs = new Map(declared.plugs.map((plug) => [plug.name, plug]))
  const open = new Map<string, OpenPair>()
  for (const permit of declared.permits) {
    for (const family of FAMILIES) {
      if (!has(permit.from, family) || !has(permit.to, family)) continue
      for (const [a, b] of [
        [permit.from, permit.to],
        [permit.to, permit.from],
      ] as const) {
        const key = `${family} ${a.interface} ${b.interface}`
        const known = open.get(key)
        const expires = known === undefined ? permit.expires : laterDay(known, permit)
        if (known !== undefined && known.expires === expires) continue
        const pair = { from: plugs.get(a.interface)!, to: plugs.get(b.interface)!, family }
        open.set(key, { ...pair, ...(expires !== undefined && { expires }) })
      }
    }
  }
  return [...open.values()]
}

/** The later of two last days; none is later than every day. */
function laterDay({ expires: a }: OpenPair, { expires: b }: Permit): IsoDate | undefined {
  if (a === undefined || b === undefined) return undefined
  return a > b ? a : b
}

/** A side has an address of this family. */
export const has = ({ parts }: Side, family: 4 | 6): boolean =>
  parts.some(({ ranges }) => ranges.some((range) => range.family === family))

function faultsOf(declared: Declared): readonly Box[] {
  return openPairs(declared).map(({ from, to, family }) => [
    ['family', [only(BigInt(family))]],
    ['in', [only(from.name)]],
    ['out', [only(to.name)]],
    ['state', [state('related')]],
    ['protocol', [only(BigInt(icmpOf(family)))]],
    ['source', spansIn(from.senders, family)],
    ['sourcePort', ICMP_FAULTS[family].map(({ type }) => only(BigInt(type)))],
  ])
}

/** Parts of both ends that have addresses of this family. */
export function pairs(
  from: Side,
  to: Side,
  family: 4 | 6,
): readonly (readonly [from: Part, to: Part])[] {
  const speaks = (part: Part) => part.ranges.some((range) => range.family === family)
  const others = to.parts.filter(speaks)
  return from.parts.filter(speaks).flatMap((a) => others.map((b) => [a, b] as const))
}

export const spansIn = (ranges: readonly AddressRange[], family: 4 | 6): readonly Span[] =>
  ranges
    .filter((range) => range.family === family)
    .map(({ first, last }) => between(addressKey(family, first), addressKey(family, last)))

const portSpans = (ports: Permit['ports']): readonly Span[] =>
  ports.map(([first, last]) => between(BigInt(first), BigInt(last)))

export const state = (one: State): Span => only(BigInt(STATES.indexOf(one)))
export const direction = (one: (typeof DIRECTIONS)[number]): Span =>
  only(BigInt(DIRECTIONS.indexOf(one)))
