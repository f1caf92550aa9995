import { joinedPorts } from '../declared/declare.ts'
import type { Span } from '../space/field.ts'
import type { Machine, PlaceId, ReachPlace } from './place.ts'

/** `other`: protocols of IP that are none of the three. */
export type ReachProtocol = 'tcp' | 'udp' | 'icmp' | 'other'

/** One place may open a connection to another. */
export interface ReachLine {
  readonly from: PlaceId
  readonly to: PlaceId
  readonly protocol: ReachProtocol
  /** Inclusive ranges of target ports, apart and in order; empty where there are none. */
  readonly ports: readonly (readonly [first: number, last: number])[]
  /** Id of the flow that declares it; absent when the text lets it through undeclared. */
  readonly flow?: string
  /** The place in the text that lets it through, when no flow declares it. */
  readonly at?: string
  /** Ids of the machines on both sides that take part; empty where a place has no machines of its own. */
  readonly fromMachines: readonly string[]
  readonly toMachines: readonly string[]
  /** Every machine of the side takes part. */
  readonly fromWhole: boolean
  readonly toWhole: boolean
  /** False when it hangs on something nobody can tell, e.g. a rate. */
  readonly sure: boolean
}

/** Where a connection may begin or end: one machine, or one stretch of addresses, of a place. */
export interface Spot {
  readonly place: ReachPlace
  readonly machine: Machine
}

/** What is told of two spots. */
export interface Told {
  readonly protocol: ReachProtocol
  readonly ports: Span | undefined
  readonly flow?: string
  readonly at?: string
}

interface Growing {
  readonly from: ReachPlace
  readonly to: ReachPlace
  readonly told: Told
  readonly froms: Set<string>
  readonly tos: Set<string>
  readonly ports: [number, number][]
  sure: boolean
}

/** Gathers what is told of pairs of machines into one line for each pair of places, protocol and flow. */
export function createLines(places: readonly ReachPlace[]) {
  const growing = new Map<string, Growing>()
  const order = new Map(places.map(({ id }, at) => [id, at]))
  return {
    add(from: Spot, to: Spot, told: Told & { readonly sure: boolean }): void {
      const key = JSON.stringify([from.place.id, to.place.id, told.protocol, told.flow, told.at])
      let line = growing.get(key)
      if (!line) {
        line = {
          from: from.place,
          to: to.place,
          told,
          froms: new Set(),
          tos: new Set(),
          ports: [],
          sure: true,
        }
        growing.set(key, line)
      }
      if (from.machine.host !== undefined) line.froms.add(from.machine.host)
      if (to.machine.host !== undefined) line.tos.add(to.machine.host)
      if (told.ports) addPorts(line.ports, told.ports)
      line.sure &&= told.sure
    },
    all: (): readonly ReachLine[] =>
      [...growing.values()]
        .toSorted(
          (a, b) =>
            order.get(a.from.id)! - order.get(b.from.id)! ||
            order.get(a.to.id)! - order.get(b.to.id)!,
        )
        .map(finished),
  }
}

/** Most regions bring the same ports again. */
function addPorts(ports: [number, number][], { from, until }: Span): void {
  const [first, last] = [Number(from), Number(until ?? 65_536n) - 1]
  if (!ports.some((one) => one[0] <= first && last <= one[1])) ports.push([first, last])
}

const finished = ({ from, to, told, froms, tos, ports, sure }: Growing): ReachLine => ({
  from: from.id,
  to: to.id,
  protocol: told.protocol,
  ports: joinedPorts(ports),
  ...(told.flow !== undefined && { flow: told.flow }),
  ...(told.at !== undefined && { at: told.at }),
  fromMachines: inOrder(from, froms),
  toMachines: inOrder(to, tos),
  fromWhole: isWhole(from, froms),
  toWhole: isWhole(to, tos),
  sure,
})

const inOrder = ({ machines }: ReachPlace, some: ReadonlySet<string>): readonly string[] =>
  machines.flatMap(({ host }) => (host !== undefined && some.has(host) ? [host] : []))

const isWhole = ({ machines }: ReachPlace, some: ReadonlySet<string>): boolean =>
  machines.every(({ host }) => host === undefined || some.has(host))
