/**
 * What a town and its lists say about destinations, made ready for a question per connection: which service, if any, has a host and a port.
 */
import type { CloudPattern, IsoDate, Town, WebGate, WebService } from '@sekisho/core'
import { allowsPort, readRange, tenantFieldsAt } from '@sekisho/town'
import type { AddressRange, Ports } from '@sekisho/town'
import { CATEGORIES } from '../lists/destination-list.ts'
import type { Destination } from '../lists/destination-list.ts'
import type { Field } from '../inside/passed-on.ts'
import { covers } from '../lists/list-name.ts'
import type { ListStanding } from '../lists/standing.ts'
import { takenSets } from '../lists/taken.ts'
import { twinOf } from './twin.ts'

/** Where one service has one name. */
export interface Place {
  readonly service: WebService
  readonly pattern: CloudPattern
  readonly name: string
  readonly destination: string
  readonly list: string
  readonly version: string
  readonly listState: 'usable' | 'old'
  readonly tcp: Ports
  readonly category: Destination['category']
  /** The ranges the provider publishes for the set; empty when none. */
  readonly ranges: readonly AddressRange[]
}

export interface WebPolicy {
  readonly town: Pick<Town, 'model' | 'edition'>
  readonly gate: WebGate
  /** Every place that has this host, the most exact first; of equals the one with the higher category. */
  readonly placesOf: (host: string) => readonly Place[]
  /** What is the matter with the lists together: `usable` when any is. */
  readonly listState: ListStanding['state']
  /** A listed name that this one is made to be taken for. */
  readonly twinOf: (host: string) => string | undefined
  /**
   * Why the gate reads inside a host; empty when it does not. Services that share a host share this too: whoever uses the one that does not ask for it would
   * otherwise get past the limits of the one that does.
   */
  readonly reasonsToRead: (host: string) => readonly string[]
  /** What is written into each request to a host for the limit on tenants. */
  readonly writesAt: (host: string) => readonly Field[]
}

/** Hosts that the gate reads inside, each with the reasons, for the staff whose requests they are. */
export function inspectedHosts(gate: WebGate): ReadonlyMap<string, readonly string[]> {
  const all = gate.services.flatMap(({ inspect }) => inspect)
  return new Map(
    [...Map.groupBy(all, ({ host }) => host)].map(([host, same]) => [
      host,
      [...new Set(same.map(({ reason }) => reason))],
    ]),
  )
}

/**
 * @param standings of each list that the gate's services name, by id; a list that is not there is missing
 * @param at today in Japan: a service counts as long as a flow of the gate to it does
 */
export function webPolicy(
  town: Town,
  gate: WebGate,
  standings: ReadonlyMap<string, ListStanding>,
  at: IsoDate,
): WebPolicy {
  const open = openServices(town, gate, at)
  const services = gate.services.filter(({ service }) => open.has(service))
  const places = services.flatMap((service) => placesIn(service, standings.get(service.list)))
  const exact = Map.groupBy(places.toSorted(byCategory), ({ name }) => name)
  const inspected = inspectedHosts({ ...gate, services })
  const names = [...exact.keys()].map((name) => name.replace(/^\*\./u, ''))
  return {
    town: { model: town.model, edition: town.edition },
    gate,
    placesOf: (host) => namesOver(host).flatMap((name) => exact.get(name) ?? []),
    listState: bestState(gate, standings),
    twinOf: (host) => twinOf(host, names),
    reasonsToRead: (host) => inspected.get(host) ?? [],
    writesAt: (host) => tenantFieldsAt(host, services),
  }
}

/** The best of places for a port: those that have it, else all of them. Empty for a host that nobody declared. */
export function placesAt(places: readonly Place[], port: number): readonly Place[] {
  return places.filter(({ tcp }) => tcp.length > 0 && allowsPort(tcp, port))
}

// Expiry stands with the flow, not a second time in the gate.
function openServices(town: Town, gate: WebGate, at: IsoDate): ReadonlySet<string> {
  const serviceAt = new Map(town.peers.map((peer) => [`peer:${peer.id}`, peer.service]))
  return new Set(
    town.flows
      .filter((flow) => flow.gate === gate.id && (flow.expires === undefined || flow.expires >= at))
      .flatMap((flow) => serviceAt.get(flow.to) ?? []),
  )
}

/** Names of an old list are still known, so that the refusal says that the list is old and not that the name is strange. */
function placesIn(service: WebService, standing: ListStanding | undefined): readonly Place[] {
  if (standing?.state !== 'usable' && standing?.state !== 'old') return []
  const { list, state } = standing
  return takenSets(list, service).flatMap((set) => {
    const ranges = set.ranges.map((range) => readRange(range)!)
    return set.names.map((name) => ({
      service,
      pattern: service.pattern,
      name,
      destination: set.id,
      list: list.list,
      version: list.version,
      listState: state,
      tcp: set.tcp,
      category: set.category,
      ranges,
    }))
  })
}

/** The names that could have this host, most exact first: `a.b.c`, `*.b.c`, `*.c`. */
function namesOver(host: string): readonly string[] {
  const labels = host.split('.')
  const stars = labels.slice(1).map((_, index) => `*.${labels.slice(index + 1).join('.')}`)
  return [host, ...stars].filter((name) => covers(name, host))
}

const byCategory = (a: Place, b: Place): number =>
  CATEGORIES.indexOf(a.category) - CATEGORIES.indexOf(b.category)

const WORST_LAST = ['usable', 'old', 'unapproved', 'altered', 'unsigned', 'missing'] as const

function bestState(
  gate: WebGate,
  standings: ReadonlyMap<string, ListStanding>,
): ListStanding['state'] {
  const states = gate.services.map(({ list }) => standings.get(list)?.state ?? 'missing')
  return WORST_LAST.find((state) => states.includes(state)) ?? 'usable'
}
