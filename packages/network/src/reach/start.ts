import type { Person, Town } from '@sekisho/core'
import type { ReachStart } from './from.ts'
import type { PlaceId, ReachPlace } from './place.ts'

export interface NamedStart extends ReachStart {
  /** As declared, hostile text. */
  readonly name: string
  /** Of a person: the name of the department by which the terminals were found. */
  readonly department?: string
}

/**
 * Where a system, a machine, a party or a person stands. A declaration does not say which terminal a person uses: a person stands at the terminals whose name
 * begins with the name of their department, and nowhere when there is none.
 *
 * @param id `system:x`, `host:x`, `peer:x`, `zone:x` or `person:x`; without a kind, the first of these that fits
 * @returns `undefined` when the town declares no such thing
 */
export function startOf(
  town: Town,
  places: readonly ReachPlace[],
  id: string,
): NamedStart | undefined {
  const wanted = id.includes(':') ? [id] : KINDS.map((kind) => `${kind}:${id}`)
  for (const one of wanted) {
    const found = exactly(town, places, one)
    if (found) return found
  }
  return undefined
}

const KINDS = ['system', 'host', 'peer', 'zone', 'person'] as const

function exactly(town: Town, places: readonly ReachPlace[], id: string): NamedStart | undefined {
  const [kind, name] = [id.slice(0, id.indexOf(':')), id.slice(id.indexOf(':') + 1)]
  if (kind === 'zone') return zoneStart(town, places, name)
  if (kind === 'host') return hostStart(town, name)
  if (kind === 'person') {
    const person = town.people.find((one) => one.id === name)
    return person && personStart(town, person)
  }
  const place = places.find((one) => one.id === id)
  return place && { name: place.name, places: [place.id] }
}

function zoneStart(town: Town, places: readonly ReachPlace[], id: string): NamedStart | undefined {
  const zone = town.zones.find((one) => one.id === id)
  return (
    zone && {
      name: zone.name,
      places: places.filter((place) => place.zone === id).map((place) => place.id),
    }
  )
}

function hostStart(town: Town, id: string): NamedStart | undefined {
  for (const system of town.systems) {
    const host = system.hosts.find((one) => one.id === id)
    if (host) return { name: host.name, places: [`system:${system.id}`], machines: new Set([id]) }
  }
  return undefined
}

function personStart(town: Town, person: Person): NamedStart {
  const department = town.departments.find((one) => one.id === person.department)?.name
  const own = town.systems.flatMap((system) =>
    system.hosts
      .filter(({ role, name }) => role === 'terminal' && department && name.startsWith(department))
      .map((host) => ({ host: host.id, place: `system:${system.id}` as PlaceId })),
  )
  return {
    name: person.name,
    department: department ?? person.department,
    places: [...new Set(own.map(({ place }) => place))],
    machines: new Set(own.map(({ host }) => host)),
  }
}
