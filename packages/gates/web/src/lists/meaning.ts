/** What a new snapshot means for a town: the services that use it, and the firewall whose peers must hold the provider's addresses. */
import type { CloudService, IsoDate, Town, WebService } from '@sekisho/core'
import { contains, overlaps, readRange } from '@sekisho/town'
import ja from '../../words/lists.json' with { type: 'json' }
import type { DestinationList } from './destination-list.ts'
import { diffLists } from './diff.ts'
import { filled } from './list-problem.ts'
import { takenSets } from './taken.ts'

export interface ListMeaning {
  readonly services: readonly string[]
  readonly firewall: readonly string[]
}

/** @param before the snapshot in use, if any */
export function meaningOf(
  before: DestinationList | undefined,
  after: DestinationList,
  town: Town,
  at: IsoDate,
): ListMeaning {
  const entries = (town.gates.web ?? []).flatMap(({ services }) => services)
  const used = entries.filter(({ list }) => list === after.list)
  if (used.length === 0) return { services: [ja.diff.serviceNone], firewall: [] }
  const named = (entry: WebService): CloudService | undefined =>
    town.services.find(({ id }) => id === entry.service)
  return {
    services: used.flatMap((entry) => {
      const taken = {
        ...after,
        destinations: takenSets(after, entry),
        coming: comingFor(after, entry),
      }
      const former = before && { ...before, destinations: takenSets(before, entry) }
      return serviceLines(named(entry)?.name ?? entry.service, former, taken, at)
    }),
    firewall: used.flatMap((entry) =>
      firewallLines(named(entry)?.name ?? entry.service, entry, after, town),
    ),
  }
}

function comingFor(list: DestinationList, entry: WebService): DestinationList['coming'] {
  const ids = new Set(takenSets(list, entry).map(({ id }) => id))
  return list.coming.filter(({ destination }) => ids.has(destination))
}

function serviceLines(
  service: string,
  before: DestinationList | undefined,
  after: DestinationList,
  at: IsoDate,
): readonly string[] {
  const { gains, loses, soon } = diffLists(before, after, at)
  const names = (lines: typeof gains): number => lines.filter(({ what }) => what === 'name').length
  const days = soon.map(({ effective }) => effective!).toSorted()
  return [
    ...(names(gains) > 0 ? [filled(ja.diff.serviceGains, { service, count: names(gains) })] : []),
    ...(names(loses) > 0 ? [filled(ja.diff.serviceLoses, { service, count: names(loses) })] : []),
    ...(days[0] === undefined ? [] : [filled(ja.diff.serviceSoon, { service, day: days[0] })]),
  ]
}

function firewallLines(
  service: string,
  entry: WebService,
  list: DestinationList,
  town: Town,
): readonly string[] {
  const ranges = [...new Set(takenSets(list, entry).flatMap((one) => one.ranges))]
  if (ranges.length === 0) return [filled(ja.diff.peerUnpublished, { service })]
  const peers = town.peers.filter((peer) => peer.service === entry.service)
  const held = peers.flatMap(({ addresses }) => addresses)
  const within = (outer: string, inner: string): boolean =>
    contains(readRange(outer)!, readRange(inner)!)
  const lines = peers
    .slice(0, 1)
    .flatMap(({ name: peer }) =>
      ranges
        .filter((range) => !held.some((address) => within(address, range)))
        .map((range) => filled(ja.diff.peerAdd, { service, peer, range })),
    )
  const spare = peers.flatMap(({ name: peer, addresses }) =>
    addresses
      .filter(
        (address) => !ranges.some((range) => overlaps(readRange(range)!, readRange(address)!)),
      )
      .map((range) => filled(ja.diff.peerRemove, { service, peer, range })),
  )
  const all = [...lines, ...spare]
  return all.length === 0 ? [filled(ja.diff.peerSame, { service })] : all
}
