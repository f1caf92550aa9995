/**
 * Addresses against zones. A terminal declared in one zone with an address of another would be judged in the first
 * and reached in the second: such a file is not read.
 */
import { contains, overlaps, readRange, type AddressRange } from './address.ts'
import type { Position, Report } from './problem.ts'
import type { TownShape } from './shape.ts'

/** Reports overlapping zones, hosts outside their zone, and addresses given twice. */
export function checkNetworks(
  shape: TownShape,
  lines: (path: string) => Position,
  report: Report,
): void {
  checkOverlaps(shape, lines, report)
  checkHosts(shape, lines, report)
}

interface Owned {
  readonly owner: string
  readonly text: string
  readonly path: string
  readonly range: AddressRange
}

// Peers on the Internet are left out: "everywhere" is a fair answer there.
function checkOverlaps(shape: TownShape, lines: (path: string) => Position, report: Report): void {
  const zones = shape.zones.flatMap((zone, index) =>
    owned(`zone:${zone.id}`, zone.networks, `zones[${index}].networks`),
  )
  const peers = (shape.peers ?? []).flatMap((peer, index) =>
    peer.network === 'internet'
      ? []
      : owned(`peer:${peer.id}`, peer.addresses ?? [], `peers[${index}].addresses`),
  )
  let widest: Owned | undefined
  for (const one of [...zones, ...peers].toSorted(byFirst)) {
    const meets = widest !== undefined && overlaps(widest.range, one.range)
    if (meets && widest!.owner !== one.owner && concernsZone(widest!, one)) {
      report('TOWN-OVERLAP', one.path, { value: one.text, first: lines(widest!.path).line })
    }
    if (!meets || one.range.last > widest!.range.last) widest = one
  }
}

const concernsZone = (a: Owned, b: Owned): boolean =>
  a.owner.startsWith('zone:') || b.owner.startsWith('zone:')

function owned(owner: string, texts: readonly string[], path: string): readonly Owned[] {
  return texts.flatMap((text, index) => {
    const range = readRange(text)
    return range ? [{ owner, text, path: `${path}[${index}]`, range }] : []
  })
}

function byFirst(a: Owned, b: Owned): number {
  if (a.range.family !== b.range.family) return a.range.family - b.range.family
  return a.range.first < b.range.first ? -1 : a.range.first > b.range.first ? 1 : 0
}

function checkHosts(shape: TownShape, lines: (path: string) => Position, report: Report): void {
  const zones = new Map(shape.zones.map((zone) => [zone.id, zone.networks.map(readRange)]))
  const first = new Map<string, string>()
  const once = (key: string, text: string, path: string): void => {
    const earlier = first.get(key)
    if (earlier === undefined) first.set(key, path)
    else report('TOWN-DUPLICATE-ADDRESS', path, { value: text, first: lines(earlier).line })
  }
  shape.systems?.forEach((system, index) =>
    system.hosts?.forEach((host, at) => {
      const path = `systems[${index}].hosts[${at}]`
      if (host.mac !== undefined) {
        once(host.mac.toLowerCase().replaceAll('-', ':'), host.mac, `${path}.mac`)
      }
      host.addresses?.forEach((text, nth) => {
        const range = readRange(text)!
        const inside = (zones.get(system.zone) ?? []).some((zone) => zone && contains(zone, range))
        if (!inside && zones.has(system.zone)) {
          report('TOWN-ADDRESS-OUTSIDE', `${path}.addresses[${nth}]`, { value: text })
        }
        once(`${range.family} ${range.first}`, text, `${path}.addresses[${nth}]`)
      })
    }),
  )
}
