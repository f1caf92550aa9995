/**
 * The service matrix of a packet filter: for one service the places that are treated alike, and which of them can open a connection to which (Diekmann et al.,
 * "Verified iptables Firewall Analysis", 2016, do the same with a proof in Isabelle/HOL and an upper and a lower closure for what nobody can tell).
 *
 * It needs no declaration, so it can be asked of a firewall that nobody knows yet.
 */
import { spansIn } from '../declared/expect.ts'
import type { Declared } from '../declared/permit.ts'
import { evaluate, spansOf } from '../filter/evaluate.ts'
import type { Filter } from '../filter/filter.ts'
import { ENDING } from '../space/diagram.ts'
import type { Diagram } from '../space/diagram.ts'
import { addressKey, only, STATES, wholeOf } from '../space/field.ts'
import type { Field, Key, Span } from '../space/field.ts'
import { createSpace } from '../space/space.ts'
import type { Branch, Space } from '../space/space.ts'
import type { Service } from './service.ts'

/** - `always`: opened, whatever else is true of the packet; - `never`: in no case; - `maybe`: nobody can tell, or it hangs on the sender's port or MAC address. */
export type Opens = 'always' | 'never' | 'maybe'

/** Behind one interface, or any of several that are treated alike: these addresses. */
export interface MatrixPlace {
  readonly plugs: readonly Span[]
  readonly addresses: readonly Span[]
}

/** Places of which each may do, and may have done to it, exactly what the others may. */
export interface MatrixClass {
  readonly id: string
  readonly places: readonly MatrixPlace[]
}

export interface Matrix {
  readonly family: 4 | 6
  readonly service: Service
  readonly classes: readonly MatrixClass[]
  /** Who opens a connection to whom: `opens[from][to]`, in the order of the classes. */
  readonly opens: readonly (readonly Opens[])[]
}

export interface MatrixOptions {
  /** Which addresses are behind each interface. Without it every address may be behind every interface. */
  readonly behind?: ReadonlyMap<string, readonly Span[]>
  /** Classes at most: a matrix of more than this nobody reads, and it grows with the square. */
  readonly most?: number
}

const MOST_CLASSES = 1_000

/**
 * @returns `undefined` when there are more classes than `most`
 */
export function matrixOf(
  filter: Filter,
  service: Service,
  family: 4 | 6,
  { behind, most = MOST_CLASSES }: MatrixOptions = {},
): Matrix | undefined {
  const plugs = [...(behind?.keys() ?? [])].map((name) => ['in', only(name)] as const)
  const ranges = [...(behind?.values() ?? [])].flat().map((span) => ['source', span] as const)
  const whole = ['source', wholeFamily(family)] as const
  const space = createSpace(mirrored([...spansOf(filter), ...plugs, ...ranges, whole]))
  const table = tableOf(space, opening(space, filter, service, family), family)
  const senders = sendersOf(table, most)
  const receivers = senders && receiversOf(table, senders, most)
  if (!senders || !receivers) return undefined
  return gathered(table, senders, receivers, { family, service, behind, most })
}

/** What a declaration says is behind each plug of the firewall, for `MatrixOptions.behind`. */
export const behindPlugs = ({ plugs }: Declared): ReadonlyMap<string, readonly Span[]> =>
  new Map(
    plugs.map(({ name, senders }) => [
      name,
      ([4, 6] as const).flatMap((family) => spansIn(senders, family)),
    ]),
  )

/** Who sends to whom are the same places, so both ends are cut alike. */
function* mirrored(spans: Iterable<readonly [Field, Span]>): Generator<readonly [Field, Span]> {
  for (const [field, span] of spans) {
    yield [field, span]
    const other = MIRROR[field]
    if (other) yield [other, span]
  }
}

const MIRROR: Partial<Readonly<Record<Field, Field>>> = {
  in: 'out',
  out: 'in',
  source: 'target',
  target: 'source',
}

const wholeFamily = (family: 4 | 6): Span => ({
  from: addressKey(family, 0n),
  until: family === 4 ? addressKey(6, 0n) : wholeOf('source').until!,
})

/** What becomes of the first packet of a connection to this service: only interfaces and addresses are still asked for. */
function opening(space: Space, filter: Filter, service: Service, family: 4 | 6): Diagram {
  const { protocol, port, code } = service.of(family)
  const known: readonly (readonly [Field, Key])[] = [
    ['family', BigInt(family)],
    ['state', BigInt(STATES.indexOf('new'))],
    ['direction', 0n],
    ['protocol', BigInt(protocol)],
    // The fields of ports hold type and code of ICMP.
    ...(code === undefined
      ? [['targetPort', BigInt(port)] as const]
      : [['sourcePort', BigInt(port)] as const, ['targetPort', BigInt(code)] as const]),
  ]
  const asked = known.reduce(
    (at, [field, key]) => space.fixed(at, field, key),
    evaluate(space, filter),
  )
  return space.blurred(space.blurred(asked, 'sourcePort'), 'sourceMac')
}

/** Per interface on the way in and interface on the way out: where each stretch of sources leads. */
interface Table {
  readonly space: Space
  readonly plugs: readonly Span[]
  readonly ways: readonly (readonly (readonly Branch[])[])[]
  readonly whole: Span
}

function tableOf(space: Space, opens: Diagram, family: 4 | 6): Table {
  const plugs = space.stretches('in')
  const ways = along(space, opens, 'in', plugs).map((one) =>
    along(space, one, 'out', plugs).map((two) => space.branches(two, 'source')),
  )
  return { space, plugs, ways, whole: wholeFamily(family) }
}

function along(
  space: Space,
  diagram: Diagram,
  field: Field,
  plugs: readonly Span[],
): readonly Diagram[] {
  const branches = space.branches(diagram, field)
  return plugs.map(({ from }) => leading(branches, from))
}

/** Where the stretch leads that holds a key. */
function leading(branches: readonly Branch[], key: Key): Diagram {
  let [low, high] = [0, branches.length]
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (branches[middle]!.from <= key) low = middle
    else high = middle
  }
  return branches[low]!.leads
}

/** Stretches of addresses behind each interface, and of which kind each is. */
interface Kinds {
  readonly stretches: readonly (readonly { readonly from: Key; readonly kind: number }[])[]
}

interface Senders extends Kinds {
  /** Per kind and interface on the way out: what becomes of each target. */
  readonly leads: readonly (readonly Diagram[])[]
}

/** Who is let through alike. */
function sendersOf({ ways, whole }: Table, most: number): Senders | undefined {
  const kinds = new Map<string, number>()
  const leads: (readonly Diagram[])[] = []
  const stretches = ways.map((outs) =>
    cutsOf(outs, whole).map((from) => {
      const here = outs.map((branches) => leading(branches, from))
      const key = here.join(' ')
      const kind = kinds.get(key) ?? kinds.size
      if (kind === kinds.size) leads.push(here)
      kinds.set(key, kind)
      return { from, kind }
    }),
  )
  return leads.length > most ? undefined : { stretches, leads }
}

interface Receivers extends Kinds {
  /** Per kind of receiver and kind of sender: how it ends. */
  readonly ends: readonly (readonly number[])[]
}

/** Who is reached alike: the same ends, whichever kind of sender asks. */
function receiversOf(
  { space, plugs, whole }: Table,
  { leads }: Senders,
  most: number,
): Receivers | undefined {
  const kinds = new Map<string, number>()
  const ends: (readonly number[])[] = []
  const known = new Map<Diagram, readonly Branch[]>()
  // Kinds of senders that go on alike share one row, and it is cut once.
  const targets = (diagram: Diagram): readonly Branch[] => {
    const row = known.get(diagram) ?? space.branches(diagram, 'target')
    known.set(diagram, row)
    return row
  }
  const stretches = plugs.map((_, out) => {
    const rows = leads.map((outs) => targets(outs[out]!))
    return cutsOf(rows, whole).map((from) => {
      const here = rows.map((branches) => leading(branches, from))
      const key = here.join(' ')
      const kind = kinds.get(key) ?? kinds.size
      if (kind === kinds.size) ends.push(here)
      kinds.set(key, kind)
      return { from, kind }
    })
  })
  return ends.length > most ? undefined : { stretches, ends }
}

/** Every address at which one of them goes another way, in order, within the family. */
function cutsOf(rows: readonly (readonly Branch[])[], { from, until }: Span): readonly Key[] {
  const cuts = new Set<Key>([from])
  for (const row of new Set(rows)) {
    for (const branch of row) if (branch.from > from && branch.from < until!) cuts.add(branch.from)
  }
  return [...cuts].toSorted((a, b) => (a < b ? -1 : 1))
}

function gathered(
  { plugs, whole }: Table,
  senders: Senders,
  receivers: Receivers,
  {
    family,
    service,
    behind,
    most,
  }: Pick<Matrix, 'family' | 'service'> & {
    readonly behind: MatrixOptions['behind']
    readonly most: number
  },
): Matrix | undefined {
  const found = new Map<string, { sender: number; receiver: number; at: Map<number, Span[]> }>()
  for (const [plug, { from: name }] of plugs.entries()) {
    const there = behind ? (behind.get(String(name)) ?? []) : [whole]
    const both = merged(senders.stretches[plug]!, receivers.stretches[plug]!, whole.until!)
    for (const { span, sender, receiver } of both) {
      const spans = common(span, there)
      if (spans.length === 0) continue
      const key = `${sender} ${receiver}`
      const known = found.get(key) ?? { sender, receiver, at: new Map<number, Span[]>() }
      found.set(key, known)
      known.at.set(plug, [...(known.at.get(plug) ?? []), ...spans])
    }
  }
  if (found.size > most) return undefined
  const kinds = [...found.values()]
  const classes = kinds.map(({ at }, number) => ({
    id: letters(number),
    places: placesOf(at, plugs),
  }))
  const opens = kinds.map(({ sender }) =>
    kinds.map(({ receiver }) => opensOf(receivers.ends[receiver]![sender]!)),
  )
  return { family, service, classes, opens }
}

interface Stretch {
  readonly span: Span
  readonly sender: number
  readonly receiver: number
}

/** Both lists of stretches, cut where either is cut. */
function merged(
  senders: Kinds['stretches'][number],
  receivers: Kinds['stretches'][number],
  until: Key,
): readonly Stretch[] {
  const found: Stretch[] = []
  for (let [i, j, from] = [0, 0, senders[0]!.from]; ;) {
    const next = earlier(senders[i + 1]?.from, receivers[j + 1]?.from) ?? until
    found.push({
      span: { from, until: next },
      sender: senders[i]!.kind,
      receiver: receivers[j]!.kind,
    })
    if (next === until) return found
    if (senders[i + 1]?.from === next) i += 1
    if (receivers[j + 1]?.from === next) j += 1
    from = next
  }
}

const earlier = (a: Key | undefined, b: Key | undefined): Key | undefined =>
  a === undefined ? b : b === undefined || a < b ? a : b

function common(span: Span, others: readonly Span[]): readonly Span[] {
  return others.flatMap((other): readonly Span[] => {
    const from = span.from > other.from ? span.from : other.from
    const until = earlier(span.until, other.until)!
    return from < until ? [{ from, until }] : []
  })
}

/** Interfaces with the same addresses behind them are told together. */
function placesOf(
  at: ReadonlyMap<number, readonly Span[]>,
  plugs: readonly Span[],
): readonly MatrixPlace[] {
  const together = Map.groupBy(at, ([, spans]) =>
    spans.map(({ from, until }) => `${from}-${until}`).join(' '),
  )
  return [...together.values()].map((alike) => ({
    plugs: alike.map(([plug]) => plugs[plug]!),
    addresses: alike[0]![1],
  }))
}

const opensOf = (end: number): Opens =>
  end === ENDING.accept ? 'always' : end === ENDING.deny ? 'never' : 'maybe'

/** a, b, …, z, aa, ab: as columns of a table are called. */
function letters(number: number): string {
  const rest = Math.floor(number / 26)
  return (rest === 0 ? '' : letters(rest - 1)) + String.fromCodePoint(0x61 + (number % 26))
}
