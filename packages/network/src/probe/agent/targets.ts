import type { Town } from '@sekisho/core'
import { readRange } from '@sekisho/town'
import { addressText } from '../../declared/text.ts'

/**
 * The addresses that agents may have and may send to: of single machines of the town. Parties outside are none of them, for their machines are not the town's
 * to be asked; nor is a block of addresses, for nobody knows who is behind each.
 *
 * @returns id of the machine by address, as `addressText` writes it
 */
export function agentAddresses(town: Town): ReadonlyMap<string, string> {
  return new Map(
    town.systems.flatMap(({ hosts }) =>
      hosts.flatMap((host) =>
        host.addresses.flatMap((text) => {
          const range = readRange(text)
          if (range === undefined || range.first !== range.last) return []
          return [[addressText(range.family, range.first), host.id] as const]
        }),
      ),
    ),
  )
}
