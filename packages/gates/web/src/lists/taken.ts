import type { WebService } from '@sekisho/core'
import type { Destination, DestinationList } from './destination-list.ts'

/** Sets of this area belong to every service of the provider. */
const COMMON = 'Common'

/** The sets of a list that a service of the town takes: the common ones, its areas, and of what is not required only what it names. */
export function takenSets(
  { destinations }: DestinationList,
  service: Pick<WebService, 'areas' | 'optional'>,
): readonly Destination[] {
  return destinations.filter(
    ({ id, area, required }) =>
      (area === COMMON || service.areas.includes(area)) &&
      (required || service.optional.includes(id)),
  )
}
