/**
 * The questions a town asks about itself: one for every flow, boundary, host, route, wireless zone, asset, control, contract and
 * incident, up to two for every medium, and one for the body. Every fact is derived; one the file only claims is believed no further than the file bears it out.
 */
import type { Edition, IsoDate, Town, TownFacts } from '@sekisho/core'
import { contractSubjects } from './contract.ts'
import { controlSubjects } from './control.ts'
import { flowSubjects } from './flow.ts'
import { hostSubjects } from './host.ts'
import { incidentSubjects } from './incident.ts'
import { mediumSubjects } from './media.ts'
import { organisationSubject } from './organisation.ts'
import { placementSubjects } from './placement.ts'
import { routeSubjects } from './route.ts'
import type { KindOf, Subject } from './subject.ts'
import { boundarySubjects, wirelessSubjects } from './zone.ts'

export type { Blame, Subject } from './subject.ts'

/** Everything to ask about a town, in the order of the file's keys. */
export function subjectsOf(town: Town, at: IsoDate, edition: Edition): readonly Subject[] {
  const base: TownFacts = { model: town.model, edition }
  const kinds = new Map(town.zones.map((zone) => [zone.id, zone.kind]))
  const kindOf: KindOf = (zone) => kinds.get(zone) ?? 'outside'
  return [
    ...wirelessSubjects(town, at, base),
    ...boundarySubjects(town, base, kindOf),
    ...hostSubjects(town, at, base, kindOf),
    ...placementSubjects(town, at, base, kindOf),
    ...flowSubjects(town, at, base),
    ...routeSubjects(town, base, kindOf),
    organisationSubject(town, at, base),
    ...controlSubjects(town, at, base, kindOf),
    ...contractSubjects(town, at, base),
    ...mediumSubjects(town, at, base, kindOf),
    ...incidentSubjects(town, at, base),
  ]
}
