import type { Town } from '@sekisho/core'
import { boxesOf, direction, permitBoxes, state } from '../declared/expect.ts'
import type { Box } from '../declared/expect.ts'
import type { Declared, Permit } from '../declared/permit.ts'
import type { AddressRange } from '../declared/ranges.ts'
import { evaluate, spansOf } from '../filter/evaluate.ts'
import type { Filter, Unread } from '../filter/filter.ts'
import { trace } from '../filter/trace.ts'
import { ENDING, INTO, NOT } from '../space/diagram.ts'
import type { Diagram } from '../space/diagram.ts'
import { addressKey, between, FIELDS, PROTOCOLS } from '../space/field.ts'
import type { Span } from '../space/field.ts'
import { createSpace } from '../space/space.ts'
import type { Packet, Cell, Space } from '../space/space.ts'
import { createLines } from './lines.ts'
import type { ReachLine, ReachProtocol, Spot, Told } from './lines.ts'
import { placesOf } from './place.ts'
import type { Machine, ReachPlace } from './place.ts'

export type { ReachLine, ReachProtocol } from './lines.ts'

export type Reachability =
  | {
      readonly ok: true
      readonly places: readonly ReachPlace[]
      /** In the order of the places they begin and end at. */
      readonly lines: readonly ReachLine[]
      /** False when a text is cut so finely that not all of it was walked. */
      readonly complete: boolean
    }
  /** The text could not be read whole: nothing is said, for what is not understood is not harmless. */
  | { readonly ok: false; readonly unread: readonly Unread[] }

/** Regions walked at most: a text of 5,000 flows comes to about as many. */
const MAX_REGIONS = 200_000

/**
 * Who may open a connection to whom through the firewall, by what its text does with packets and not by what is declared: each line names the flow that
 * declares it, or the place in the text that lets it through undeclared. Answers are no line: only who may begin.
 *
 * What two machines behind one plug say to each other never comes by, so there is no line between them.
 */
export function reachability(town: Town, declared: Declared, filter: Filter): Reachability {
  if (filter.unread.length > 0) return { ok: false, unread: filter.unread }
  const places = placesOf(town)
  const spots = places.flatMap((place) => place.machines.map((machine) => ({ place, machine })))
  const permits = permitsByPlugs(declared)
  const { space, wanted, extra } = diagramsOf(declared, filter)
  const lines = createLines(places)
  const walk = (diagram: Diagram, tell: Teller): boolean => {
    const regions = space.cells(diagram, lets, MAX_REGIONS + 1)
    for (const region of regions.slice(0, MAX_REGIONS)) {
      const sure = space.end(diagram, firstOf(region)) === ENDING.accept
      const told = tell(region)
      for (const [from, to] of pairsIn(region, spots)) {
        for (const one of told(from, to)) lines.add(from, to, { ...one, sure })
      }
    }
    return regions.length <= MAX_REGIONS
  }
  const complete = [
    walk(wanted, (region) => declaredIn(permits, region)),
    walk(extra, (region) => (from, to) => undeclaredIn(filter, region, from, to)),
  ]
  return { ok: true, places, lines: lines.all(), complete: complete.every(Boolean) }
}

type Teller = (region: Cell) => (from: Spot, to: Spot) => readonly Told[]

const lets = (ending: number): boolean => (ending & ENDING.accept) !== 0

/** The first packet of a connection. */
const OPENING: Box = [
  ['state', [state('new')]],
  ['direction', [direction('original')]],
]

/** Every packet that opens a connection and is let through, declared (`wanted`) and not (`extra`). */
function diagramsOf(declared: Declared, filter: Filter) {
  const boxes = boxesOf(declared)
  const space: Space = createSpace([
    ...[OPENING, ...boxes].flatMap((box) =>
      box.flatMap(([field, spans]) => spans.map((span) => [field, span] as const)),
    ),
    ...spansOf(filter),
  ])
  const held = evaluate(space, filter)
  const opened = space.apply(INTO, space.box(OPENING, ENDING.accept), held)
  const known = space.overAll(boxes.map((box) => space.box(box, ENDING.accept)))
  const unknown = space.apply(NOT, known, ENDING.pass)
  return {
    space,
    wanted: space.apply(INTO, known, opened),
    extra: space.apply(INTO, unknown, opened),
  }
}

const firstOf = (region: Cell): Packet =>
  Object.fromEntries(FIELDS.map((field) => [field, region[field].from])) as Packet

/** Spots between which packets of a region can travel. */
function* pairsIn(region: Cell, spots: readonly Spot[]): Generator<readonly [Spot, Spot]> {
  for (const family of [4, 6] as const) {
    if (!holds(region.family, BigInt(family))) continue
    const from = spots.filter((spot) => speaks(region, spot, family))
    if (from.length === 0) continue
    const to = spots.filter((spot) => isAt(region, spot, family, 'out', 'target'))
    for (const a of from) for (const b of to) if (a.place.plug !== b.place.plug) yield [a, b]
  }
}

const speaks = (region: Cell, spot: Spot, family: 4 | 6): boolean =>
  isAt(region, spot, family, 'in', 'source') &&
  // A machine without a known MAC address may have any.
  (spot.machine.mac === undefined || holds(region.sourceMac, spot.machine.mac))

function isAt(
  region: Cell,
  { place, machine }: Spot,
  family: 4 | 6,
  plug: 'in' | 'out',
  address: 'source' | 'target',
): boolean {
  return holds(region[plug], place.plug) && liesIn(machine, family, region[address])
}

/** Some address of a machine lies in a span. */
const liesIn = ({ ranges }: Machine, family: 4 | 6, span: Span): boolean =>
  ranges.some((range) => range.family === family && common(keysOf(range), span) !== undefined)

const keysOf = ({ family, first, last }: AddressRange): Span =>
  between(addressKey(family, first), addressKey(family, last))

const holds = ({ from, until }: Span, key: bigint | string): boolean =>
  from <= key && (until === undefined || key < until)

/** The packets of each permit, by the plugs they go between. */
type PermitsByPlugs = ReadonlyMap<
  string,
  readonly { readonly permit: Permit; readonly boxes: readonly Box[] }[]
>

function permitsByPlugs({ permits }: Declared): PermitsByPlugs {
  const known = permits.map((permit) => ({ permit, boxes: permitBoxes(permit) }))
  return Map.groupBy(known, ({ permit }) => `${permit.from.interface} ${permit.to.interface}`)
}

/** The flows that declare a region, for any two spots. What has nothing to do with the region is looked at once and not for each pair. */
function declaredIn(permits: PermitsByPlugs, region: Cell): (from: Spot, to: Spot) => Told[] {
  const near = new Map(
    [...permits]
      .filter(([, [first]]) => first !== undefined && isOnWay(first.permit, region))
      .map(([plugs, known]) => [
        plugs,
        known.flatMap(({ permit, boxes }) =>
          boxes.filter((box) => meets(box, region)).map((box) => ({ permit, box })),
        ),
      ]),
  )
  return (from, to) =>
    (near.get(`${from.place.plug} ${to.place.plug}`) ?? [])
      .filter(({ box }) => isBetween(box, from, to))
      .flatMap(({ permit, box }) => portsWithin(box, region).map((ports) => ({ permit, ports })))
      .map(({ permit, ports }) => ({
        protocol: permit.protocol,
        ports: permit.protocol === 'icmp' ? undefined : ports,
        flow: permit.flow.id,
      }))
}

const isOnWay = ({ from, to }: Permit, region: Cell): boolean =>
  holds(region.in, from.interface) && holds(region.out, to.interface)

/** A box and a region have packets in common. */
const meets = (box: Box, region: Cell): boolean =>
  box.every(([field, spans]) => spans.some((span) => common(span, region[field]) !== undefined))

/** These two spots are among those who send and receive the packets of a box. */
function isBetween(box: Box, from: Spot, to: Spot): boolean {
  return box.every(([field, spans]) => {
    if (field === 'sourceMac') {
      const { mac } = from.machine
      return mac === undefined || spans.some((span) => holds(span, mac))
    }
    if (field === 'source') return touches(from.machine, spans)
    return field === 'target' ? touches(to.machine, spans) : true
  })
}

const touches = ({ ranges }: Machine, spans: readonly Span[]): boolean =>
  ranges.some((range) => spans.some((span) => common(keysOf(range), span) !== undefined))

function portsWithin(box: Box, region: Cell): readonly Span[] {
  const spans = box.find(([field]) => field === 'targetPort')?.[1] ?? [region.targetPort]
  return spans.map((span) => common(span, region.targetPort)).filter((one) => one !== undefined)
}

function common(a: Span, b: Span): Span | undefined {
  const from = a.from > b.from ? a.from : b.from
  const ends = [a.until, b.until].filter((one) => one !== undefined)
  const until = ends.length === 2 && ends[1]! < ends[0]! ? ends[1] : ends[0]
  if (until === undefined) return { from }
  return from < until ? { from, until } : undefined
}

const NUMBERS: readonly (readonly [ReachProtocol, readonly number[]])[] = [
  ['tcp', [PROTOCOLS.tcp]],
  ['udp', [PROTOCOLS.udp]],
  ['icmp', [PROTOCOLS.icmp, PROTOCOLS.icmpv6]],
]

/** What a text lets through between two spots that no flow declares, with the place in the text that does so. */
function undeclaredIn(filter: Filter, region: Cell, from: Spot, to: Spot): Told[] {
  const { place } = trace(filter, packetBetween(region, from, to))
  const named = NUMBERS.filter(([, numbers]) =>
    numbers.some((number) => holds(region.protocol, BigInt(number))),
  )
  const counted = named.flatMap(([, numbers]) =>
    numbers.filter((number) => holds(region.protocol, BigInt(number))),
  )
  const span = Number(region.protocol.until ?? 256n) - Number(region.protocol.from)
  const others = span > counted.length ? (['other'] as const) : []
  return [...named.map(([protocol]) => protocol), ...others].map((protocol) => ({
    protocol,
    ports: protocol === 'tcp' || protocol === 'udp' ? region.targetPort : undefined,
    at: place,
  }))
}

/** A packet of a region that goes from one spot to the other. */
function packetBetween(region: Cell, from: Spot, to: Spot): Packet {
  const family = holds(region.family, 4n) && from.machine.ranges[0]?.family !== 6 ? 4 : 6
  return {
    ...firstOf(region),
    family: BigInt(family),
    in: from.place.plug,
    out: to.place.plug,
    source: addressIn(region.source, from.machine, family),
    target: addressIn(region.target, to.machine, family),
    ...(from.machine.mac !== undefined && { sourceMac: from.machine.mac }),
  }
}

function addressIn(span: Span, { ranges }: Machine, family: 4 | 6): bigint {
  for (const range of ranges) {
    if (range.family !== family) continue
    const there = common(span, keysOf(range))
    if (there) return there.from as bigint
  }
  return span.from as bigint
}
