/**
 * Over which declared gates, flows, media and services each place of a town is reached, by kind of path. Looked up by end, so that the cost grows with what is
 * declared and not with its square.
 */
import type { Asset, EndpointReference, System, Town } from '@sekisho/core'

export const PATH_KINDS = ['file', 'mail', 'screen', 'flow', 'media', 'cloud'] as const
export type PathKind = (typeof PATH_KINDS)[number]

/** Ids of gates, flows, hosts or services, by kind of path. A kind without a path is absent. */
export type Paths = ReadonlyMap<PathKind, readonly string[]>

const NONE: Paths = new Map()

/** The paths to the place of an asset. Assets of one place share one map. */
export function pathsWith(town: Town): (asset: Asset) => Paths {
  const zones = zonePaths(town)
  const ends = flowsByEnd(town)
  const places = new Map<string, Paths>()
  for (const system of town.systems) places.set(system.id, systemPaths(system, zones, ends))
  for (const { id } of town.services) places.set(id, new Map([['cloud', [id]]]))
  return (asset) => places.get(asset.place) ?? NONE
}

type ByEnd = ReadonlyMap<EndpointReference, readonly string[]>

function flowsByEnd(town: Town): ByEnd {
  const byEnd = new Map<EndpointReference, string[]>()
  for (const { id, from, to } of town.flows)
    for (const end of [from, to]) {
      const known = byEnd.get(end)
      if (known === undefined) byEnd.set(end, [id])
      else known.push(id)
    }
  return byEnd
}

type ZonePaths = ReadonlyMap<string, ReadonlyMap<'file' | 'mail' | 'screen', readonly string[]>>

/** Gates by the zones at their ends: screens show what is on either side, files and mail come in. */
function zonePaths(town: Town): ZonePaths {
  const zones = new Map<string, Map<'file' | 'mail' | 'screen', string[]>>()
  const put = (zone: string, kind: 'file' | 'mail' | 'screen', id: string): void => {
    const kinds = zones.get(zone) ?? new Map<'file' | 'mail' | 'screen', string[]>()
    zones.set(zone, kinds)
    kinds.set(kind, [...(kinds.get(kind) ?? []), id])
  }
  for (const { id, to } of town.gates.file) put(to, 'file', id)
  for (const { id, to } of town.gates.mail) put(to, 'mail', id)
  for (const { id, from, to } of town.gates.screen) {
    put(from, 'screen', id)
    put(to, 'screen', id)
  }
  return zones
}

function systemPaths({ id, zone, hosts }: System, zones: ZonePaths, ends: ByEnd): Paths {
  const references: EndpointReference[] = [
    `zone:${zone}`,
    `system:${id}`,
    ...hosts.map((host) => `host:${host.id}` as const),
  ]
  const flows = new Set(references.flatMap((end) => ends.get(end) ?? []))
  const media = hosts
    .filter(({ removableMedia }) => removableMedia.write || removableMedia.exceptions.length > 0)
    .map((host) => host.id)
  const paths = new Map<PathKind, readonly string[]>(zones.get(zone))
  if (flows.size > 0) paths.set('flow', [...flows].toSorted())
  if (media.length > 0) paths.set('media', media)
  return paths
}
