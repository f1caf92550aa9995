import { ENDING, OVER, WITHOUT } from '../space/diagram.ts'
import type { Diagram } from '../space/diagram.ts'
import { only, PROTOCOLS, STATES, DIRECTIONS } from '../space/field.ts'
import type { Field, Span } from '../space/field.ts'
import type { Space } from '../space/space.ts'

/** Combinations that no packet has, so that they are no differences: the first packet of a connection is never its answer, and so on. */
const IMPOSSIBLE: readonly (readonly (readonly [Field, readonly Span[]])[])[] = [
  [
    ['state', [one(STATES, 'new')]],
    ['direction', [one(DIRECTIONS, 'reply')]],
  ],
  // IPv4 addresses in an IPv6 packet.
  [
    ['family', [only(6n)]],
    ['source', [{ from: 0n, until: 1n << 32n }]],
  ],
  [
    ['family', [only(6n)]],
    ['target', [{ from: 0n, until: 1n << 32n }]],
  ],
  [
    ['family', [only(4n)]],
    ['source', [{ from: 1n << 32n }]],
  ],
  [
    ['family', [only(4n)]],
    ['target', [{ from: 1n << 32n }]],
  ],
  // A type or a code of ICMP is one byte.
  [
    ['protocol', [only(BigInt(PROTOCOLS.icmp)), only(BigInt(PROTOCOLS.icmpv6))]],
    ['sourcePort', [{ from: 256n }]],
  ],
  [
    ['protocol', [only(BigInt(PROTOCOLS.icmp)), only(BigInt(PROTOCOLS.icmpv6))]],
    ['targetPort', [{ from: 256n }]],
  ],
  [['family', [only(5n)]]],
]

function one(names: readonly string[], name: string): Span {
  return only(BigInt(names.indexOf(name)))
}

/** Keeps a comparison to packets that can exist. */
export const feasible = {
  spans: IMPOSSIBLE.flat().flatMap(([field, spans]) =>
    spans.map((span): readonly [Field, Span] => [field, span]),
  ),
  /** What cannot exist counts as the same (`accept`). */
  only: (space: Space, comparison: Diagram): Diagram =>
    space.apply(OVER, impossible(space, ENDING.accept), comparison),
  /** What cannot exist counts as held (`deny`), but for types of ICMP: a rule for all protocols need not be told as two. */
  held: (space: Space, ends: Diagram): Diagram =>
    space.apply(OVER, impossible(space, ENDING.deny, false), ends),
  /** Of what ends in `accept`, that which can exist. */
  among: (space: Space, found: Diagram): Diagram =>
    space.apply(WITHOUT, found, impossible(space, ENDING.accept)),
}

const impossible = (space: Space, ending: number, icmp = true): Diagram =>
  space.overAll(
    IMPOSSIBLE.filter((box) => icmp || !box.some(([field]) => field === 'protocol')).map((box) =>
      space.box(box, ending),
    ),
  )
