/**
 * What no text may let through, whatever the town declares. Looked for in the text alone: from the town comes only how it is plugged in, so that a wrong
 * declaration, and a mistake in reading it, are seen here and not copied.
 */
import { spansIn } from '../declared/expect.ts'
import type { Filter, Hook } from '../filter/filter.ts'
import { evaluate, spansOf } from '../filter/evaluate.ts'
import { ENDING, INTO, MAY, WITHOUT } from '../space/diagram.ts'
import type { Diagram } from '../space/diagram.ts'
import { only, PROTOCOLS, STATES } from '../space/field.ts'
import type { Field, Span, State } from '../space/field.ts'
import { createSpace } from '../space/space.ts'
import type { Packet, Space } from '../space/space.ts'
import { backFlow, mirrored } from './back-flow.ts'
import { feasible } from './feasible.ts'
import type { WiredPlug, Wiring } from './wiring.ts'

export type InvariantReason =
  /** Packets from or to a plug that nobody declared pass: the wall is open unless something closes it. */
  | 'NET-OPEN-DEFAULT'
  /** The same, of IPv6 alone. */
  | 'NET-IPV6-OPEN'
  /** A sender that cannot be behind the plug it comes from. */
  | 'NET-SPOOF'
  /** The My Number zone and the Internet, directly. */
  | 'NET-MYNUMBER-INTERNET'
  /** The My Number zone, and no registered machine of it: not bound by MAC address, or another address. */
  | 'NET-MYNUMBER-UNBOUND'
  /** A packet of no connection, or of one that nobody tracks. */
  | 'NET-UNTRACKED'
  /** An answer to what could never have been asked. */
  | 'NET-BACK-FLOW'
  /** Something reaches the firewall itself. */
  | 'NET-BOX-OPEN'
  /** Neighbour discovery does not reach the firewall itself: IPv6 stops altogether. */
  | 'NET-BOX-NO-ND'
  /** The firewall itself speaks in the My Number zone, where only registered machines may. */
  | 'NET-BOX-SENDS'
  /** Neighbour discovery of the firewall itself does not leave it: IPv6 stops altogether. */
  | 'NET-BOX-MUTE'

export interface Breach {
  readonly reason: InvariantReason
  readonly packet: Packet
  /** Which hooks let it through. */
  readonly at: 'forward' | 'input' | 'output'
}

type Box = readonly (readonly [Field, readonly Span[]])[]

interface Region {
  readonly reason: InvariantReason
  readonly boxes: readonly Box[]
  /** Where it is no breach. */
  readonly except?: readonly Box[]
}

/** Packets listed per invariant at most. */
const MOST = 20

/**
 * Every breach that can be found, with a packet for each kind.
 *
 * @param filter read whole: nothing is said of one with `unread`
 */
export function invariants(wiring: Wiring, filter: Filter): readonly Breach[] {
  if (filter.unread.length > 0) return []
  return [...forwardBreaches(wiring, filter), ...boxBreaches(wiring, filter)]
}

/** What reaches the firewall itself, and what it sends. */
export function boxBreaches(wiring: Wiring, filter: Filter): readonly Breach[] {
  if (filter.unread.length > 0) return []
  return [...inputBreaches(wiring, filter), ...outputBreaches(wiring, filter)]
}

function forwardBreaches(wiring: Wiring, filter: Filter): readonly Breach[] {
  const regions = wiring.plugs.length === 0 ? [] : regionsOf(wiring)
  const back = mirrored(filter)
  const space = spaceFor([filter, back], regions)
  // What a text leaves to the machine is told as that: nothing is known of it, so nothing is found in it.
  const unsaid = union(space, filter.unsaid?.map(({ box }) => box) ?? [])
  const may = space.apply(WITHOUT, space.apply(MAY, evaluate(space, filter), ENDING.pass), unsaid)
  return [
    ...regions.flatMap((region) => breachesIn(space, may, region, 'forward')),
    ...backFlow(space, may, back, MOST).map((packet): Breach => ({
      reason: 'NET-BACK-FLOW',
      packet,
      at: 'forward',
    })),
  ]
}

function inputBreaches(wiring: Wiring, filter: Filter): readonly Breach[] {
  if (filter.input === undefined) return []
  const box: Filter = { ...filter, hooks: filter.input }
  const regions = [BOX]
  const space = spaceFor(
    [box],
    [...regions, { reason: 'NET-BOX-NO-ND', boxes: neighbours(wiring, 'in') }],
  )
  const whole = evaluate(space, box)
  const may = space.apply(MAY, whole, ENDING.pass)
  return [
    ...regions.flatMap((region) => breachesIn(space, may, region, 'input')),
    ...undiscovered(space, may, neighbours(wiring, 'in')).map((packet): Breach => ({
      reason: 'NET-BOX-NO-ND',
      packet,
      at: 'input',
    })),
  ]
}

function outputBreaches(wiring: Wiring, filter: Filter): readonly Breach[] {
  if (filter.output === undefined) return []
  const box: Filter = { ...filter, hooks: filter.output }
  const bound = wiring.plugs.filter(({ kinds }) => kinds.has('mynumber'))
  const sends: Region = {
    reason: 'NET-BOX-SENDS',
    boxes: bound.map(({ name }): Box => [['out', [only(name)]]]),
    except: [
      [['state', states('established', 'related')]],
      discovery([...DISCOVERY.groups, ...DISCOVERY.routers, ...DISCOVERY.neighbours]),
    ],
  }
  const wanted = neighbours(wiring, 'out')
  const space = spaceFor([box], [sends, { reason: 'NET-BOX-MUTE', boxes: wanted }])
  const may = space.apply(MAY, evaluate(space, box), ENDING.pass)
  return [
    ...breachesIn(space, may, sends, 'output'),
    ...undiscovered(space, may, wanted).map((packet): Breach => ({
      reason: 'NET-BOX-MUTE',
      packet,
      at: 'output',
    })),
  ]
}

function spaceFor(filters: readonly Filter[], regions: readonly Region[]): Space {
  const boxes = [PLAIN, ...regions.flatMap((region) => [...region.boxes, ...(region.except ?? [])])]
  return createSpace([
    ...boxes.flatMap((box) =>
      box.flatMap(([field, spans]) => spans.map((span) => [field, span] as const)),
    ),
    ...filters.flatMap((filter) => [...spansOf(filter)]),
    ...feasible.spans,
  ])
}

function breachesIn(
  space: Space,
  may: Diagram,
  region: Region,
  at: Breach['at'],
): readonly Breach[] {
  const inside = union(space, region.boxes)
  const forbidden = space.apply(WITHOUT, inside, union(space, region.except ?? []))
  const breach = space.apply(INTO, forbidden, may)
  const possible = feasible.among(space, breach)
  // What a person would think of comes first: a new connection of TCP. The rest follows, for it may pass by another line.
  const plain = space.apply(INTO, space.box(PLAIN, ENDING.accept), possible)
  return [plain, possible]
    .flatMap((some) => space.find(some, (ending) => ending === ENDING.accept, MOST))
    .map((packet) => ({ reason: region.reason, packet, at }))
}

const PLAIN: Box = [
  ['protocol', [only(BigInt(PROTOCOLS.tcp))]],
  ['state', [only(BigInt(STATES.indexOf('new')))]],
]

const union = (space: Space, boxes: readonly Box[]): Diagram =>
  space.overAll(boxes.map((box) => space.box(box, ENDING.accept)))

function regionsOf({ plugs }: Wiring): readonly Region[] {
  const known = plugs.map(({ name }) => only(name))
  const bound = plugs.filter(({ kinds }) => kinds.has('mynumber'))
  const outside = plugs.filter(({ kinds }) => kinds.has('internet') && !kinds.has('mynumber'))
  return [
    ...([4, 6] as const).map((family): Region => ({
      reason: family === 4 ? 'NET-OPEN-DEFAULT' : 'NET-IPV6-OPEN',
      boxes: [[['family', [only(BigInt(family))]]]],
      except: [
        [
          ['in', known],
          ['out', known],
        ],
      ],
    })),
    { reason: 'NET-UNTRACKED', boxes: [[['state', states('invalid', 'untracked')]]] },
    ...plugs.map((plug): Region => ({
      reason: 'NET-SPOOF',
      boxes: [[['in', [only(plug.name)]]]],
      except: [[['source', sendersOf(plug)]]],
    })),
    { reason: 'NET-MYNUMBER-INTERNET', boxes: between(bound, outside) },
    ...bound.flatMap((plug) => unboundOf(plug)),
  ]
}

const states = (...of: readonly State[]): readonly Span[] =>
  of.map((one) => only(BigInt(STATES.indexOf(one))))

const sendersOf = ({ senders }: WiredPlug): readonly Span[] =>
  ([4, 6] as const).flatMap((family) => spansIn(senders, family))

function between(some: readonly WiredPlug[], others: readonly WiredPlug[]): readonly Box[] {
  const [a, b] = [some, others].map((plugs) => plugs.map(({ name }) => only(name)))
  return [
    [
      ['in', a!],
      ['out', b!],
    ],
    [
      ['in', b!],
      ['out', a!],
    ],
  ]
}

/** Everything from and to the zone but what its own machines send and receive. Reports of faults come from whoever sees the fault. */
function unboundOf({ name, machines }: WiredPlug): readonly Region[] {
  const spoken = states('new', 'established')
  const own = machines.map(({ mac, ranges }): Box => [
    ['sourceMac', [only(mac)]],
    ['source', ([4, 6] as const).flatMap((family) => spansIn(ranges, family))],
  ])
  const targets = machines.flatMap(({ ranges }) =>
    ([4, 6] as const).flatMap((family) => spansIn(ranges, family)),
  )
  return [
    {
      reason: 'NET-MYNUMBER-UNBOUND',
      boxes: [
        [
          ['in', [only(name)]],
          ['state', spoken],
        ],
      ],
      except: own,
    },
    {
      reason: 'NET-MYNUMBER-UNBOUND',
      boxes: [
        [
          ['out', [only(name)]],
          ['state', spoken],
        ],
      ],
      except: [[['target', targets]]],
    },
  ]
}

/** ICMPv6 without which IPv6 does not work: advertisements of routers, and who has which address (RFC 4861). */
const DISCOVERY = {
  routers: [133n, 134n],
  neighbours: [135n, 136n],
  /** Groups that somebody listens to (RFC 3810, and 2710 before it): switches ask for it before they carry discovery. */
  groups: [131n, 132n, 143n],
} as const

const discovery = (types: readonly bigint[]): Box => [
  ['family', [only(6n)]],
  ['protocol', [only(BigInt(PROTOCOLS.icmpv6))]],
  ['sourcePort', types.map(only)],
]

/** To the firewall itself: what it says to itself, answers to what it asked, and discovery. Nothing else. */
const BOX: Region = {
  reason: 'NET-BOX-OPEN',
  boxes: [[]],
  except: [
    [['in', [only('lo')]]],
    [['state', states('established', 'related')]],
    discovery([...DISCOVERY.routers, ...DISCOVERY.neighbours]),
  ],
}

const neighbours = ({ plugs }: Wiring, at: 'in' | 'out'): readonly Box[] =>
  plugs
    .filter(({ zone, senders }) => zone !== undefined && senders.some(({ family }) => family === 6))
    .flatMap(({ name }) =>
      DISCOVERY.neighbours.map((type): Box => [
        [at, [only(name)]],
        // Conntrack leaves discovery alone.
        ['state', states('untracked')],
        ...discovery([type]),
      ]),
    )

const undiscovered = (space: Space, may: Diagram, wanted: readonly Box[]): readonly Packet[] =>
  space.find(
    space.apply(WITHOUT, union(space, wanted), may),
    (ending) => ending === ENDING.accept,
    MOST,
  )

/** The hooks a breach was let through by. */
export const hooksAt = (filter: Filter, at: Breach['at']): readonly Hook[] =>
  at === 'forward' ? filter.hooks : (filter[at] ?? [])
