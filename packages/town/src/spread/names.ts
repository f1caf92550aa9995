import type { Town } from '@sekisho/core'
import type { Spot } from './crossings.ts'

/** What an official calls a spot. */
export function namesOf(town: Town): (spot: Spot) => string {
  const kinds = { zone: town.zones, system: town.systems, peer: town.peers, service: town.services }
  const names = new Map(
    Object.entries(kinds).flatMap(([kind, list]) =>
      list.map((one) => [`${kind}:${one.id}`, one.name] as const),
    ),
  )
  return (spot) => names.get(spot) ?? spot
}
