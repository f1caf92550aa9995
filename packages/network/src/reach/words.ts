import type { EndpointReference, Flow, IsoDate, Town } from '@sekisho/core'
import { portsText, shown } from '@sekisho/town'
import words from '../../words/reach.json' with { type: 'json' }
import type { GateAt, ReachFrom, Relay } from './from.ts'
import type { ReachLine } from './lines.ts'
import type { PlaceId, ReachPlace } from './place.ts'
import type { NamedStart } from './start.ts'

export const REACH_WORDS = words

/** Cells of a table with a title for each column. */
export interface ReachTable {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

const COLUMNS = [
  'from',
  'to',
  'protocol',
  'ports',
  'flow',
  'id',
  'purpose',
  'owner',
  'expires',
  'fromMachines',
  'toMachines',
] as const

/** Reachability in words. Names are those of the declaration, with what would deceive a reader written out. */
export interface ReachTeller {
  place(id: PlaceId): string
  /** e.g. 「TCP 443」. */
  what(line: ReachLine): string
  /** Name of the flow that permits, or where the text does so undeclared. */
  permission(line: ReachLine): string
  table(lines: readonly ReachLine[]): ReachTable
  gate(gate: GateAt): string
  way(relay: Relay): string
  /** What must be said of a start before its answer is read; `undefined` where nothing. */
  caution(start: NamedStart): string | undefined
  /** Everything that can be reached, as lines of text. */
  tell(name: string, from: ReachFrom): readonly string[]
}

export function createReachTeller(town: Town, places: readonly ReachPlace[]): ReachTeller {
  const names = new Map(places.map((place) => [place.id, placeName(place)]))
  const flows = new Map(town.flows.map((flow) => [flow.id, flow]))
  const departments = new Map(town.departments.map(({ id, name }) => [id, shown(name)]))
  const zones = new Map(town.zones.map(({ id, name }) => [id, shown(name)]))
  const machines = new Map(
    town.systems.flatMap(({ hosts }) => hosts.map(({ id, name }) => [id, shown(name)] as const)),
  )
  const flowOf = (line: ReachLine): Flow | undefined => flows.get(line.flow ?? '')
  const place = (id: PlaceId): string => names.get(id) ?? id
  const permission = (line: ReachLine): string => {
    const flow = flowOf(line)
    const name = flow ? shown(flow.name) : filled(words.undeclared, { at: shown(line.at ?? '') })
    return line.sure ? name : filled(words.unsure, { flow: name })
  }
  const by = (line: ReachLine): string =>
    line.flow === undefined ? permission(line) : filled(words.text.by, { flow: permission(line) })
  // Of a party or the rest of a zone no single machines are known.
  const machinesText = (id: PlaceId, hosts: readonly string[], whole: boolean): string => {
    if (!id.startsWith('system:')) return ''
    return whole
      ? words.machines.whole
      : someMachines(hosts.map((host) => machines.get(host) ?? host))
  }
  const cells = (line: ReachLine): Readonly<Record<(typeof COLUMNS)[number], string>> => {
    const flow = flowOf(line)
    return {
      from: place(line.from),
      to: place(line.to),
      protocol: words.protocols[line.protocol],
      ports: linePorts(line),
      flow: permission(line),
      id: line.flow ?? '',
      purpose: shown(flow?.purpose ?? ''),
      owner: departments.get(flow?.owner ?? '') ?? '',
      expires: flow ? expiryText(flow.expires) : '',
      fromMachines: machinesText(line.from, line.fromMachines, line.fromWhole),
      toMachines: machinesText(line.to, line.toMachines, line.toWhole),
    }
  }
  const gate = ({ kind, id, way, other }: GateAt): string =>
    filled(words.gates[`${kind} ${way}`], { id, zone: zones.get(other) ?? other })
  const way = ({ to, lines }: Relay): string =>
    filled(words.text.way, {
      to: place(to),
      ways: lines
        .map((line) => filled(words.text.step, { by: by(line), to: place(line.to) }))
        .join('、'),
    })
  const what = (line: ReachLine): string =>
    `${words.protocols[line.protocol]} ${linePorts(line)}`.trim()
  return {
    place,
    what,
    permission,
    gate,
    way,
    table: (lines) => ({
      columns: COLUMNS.map((key) => words.columns[key]),
      rows: lines.map((line) => COLUMNS.map((key) => cells(line)[key])),
    }),
    caution: ({ department, machines: own }) => {
      if (department === undefined) return undefined
      const count = own?.size ?? 0
      return count === 0
        ? words.text.noTerminal
        : filled(words.text.person, { department: shown(department), count: String(count) })
    },
    tell: (name, { direct, gates, relayed, zones: own }) => [
      filled(words.text.heading, { from: name }),
      ...(direct.length === 0 ? [`  ${words.text.none}`] : []),
      ...direct.map(
        (line) =>
          `  ${filled(words.text.line, { to: place(line.to), what: what(line), by: by(line) })}`,
      ),
      ...section(words.text.gates, gates.map(gate)),
      ...section(words.text.relayed, relayed.map(way)),
      ...(own.length === 0
        ? []
        : [filled(words.text.same, { zones: own.map((id) => zones.get(id) ?? id).join('、') })]),
    ],
  }
}

/** What a declared flow carries, e.g. 「TCP 443」. */
export const whatOf = ({ protocol, ports }: Flow): string =>
  protocol === 'icmp' ? words.protocols.icmp : `${words.protocols[protocol]} ${portsText(ports)}`

/** Name of an end of a flow, for people. */
export function endName(town: Town, end: EndpointReference): string {
  const [kind, id] = [end.slice(0, end.indexOf(':')), end.slice(end.indexOf(':') + 1)]
  const kinds: Readonly<Record<string, readonly { readonly id: string; readonly name: string }[]>> =
    {
      zone: town.zones,
      peer: town.peers,
      system: town.systems,
      host: town.systems.flatMap(({ hosts }) => hosts),
    }
  const named = kinds[kind]?.find((one) => one.id === id)
  return shown(named?.name ?? id)
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)]

function placeName({ id, name, plug }: ReachPlace): string {
  if (id.startsWith('outside:')) return filled(words.places.outside, { plug: shown(plug) })
  if (id.startsWith('zone:')) return filled(words.places.zone, { name: shown(name) })
  return shown(name)
}

const WHOLE = { first: 0, last: 65_535 } as const

/** Ports as people write them; nothing where a protocol has none. */
export function linePorts({ protocol, ports }: Pick<ReachLine, 'protocol' | 'ports'>): string {
  if (protocol === 'icmp' || protocol === 'other') return ''
  const any = ports.some(([first, last]) => first === WHOLE.first && last === WHOLE.last)
  return portsText(any ? [] : ports.map((one) => (one[0] === one[1] ? one[0] : one)))
}

/** The last day of a flow as it is written, or that there is none. */
export const expiryText = (expires: IsoDate | undefined): string => expires ?? words.noExpiry

const SOME = 3

function someMachines(names: readonly string[]): string {
  const some = names.slice(0, SOME).join('、')
  const more = names.length - SOME
  return more > 0 ? filled(words.machines.more, { names: some, count: String(more) }) : some
}

const filled = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\{(\w+)\}/gu, (_, name: string) => values[name] ?? '')
