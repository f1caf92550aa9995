import type { Declared } from '../declared/permit.ts'
import { ascii } from './ascii.ts'
import { clauseOf } from './dialect.ts'
import type { NotSupported } from './dialect.ts'

/**
 * What stands at the top of a text for a machine: of which town and day it is, what is not open, and why.
 *
 * @param mark what begins a comment in this dialect
 * @param notes what whoever loads it should know, in English: the text is ASCII
 */
export function head(
  mark: string,
  declared: Declared,
  notSupported: readonly NotSupported[],
  notes: readonly string[],
): string {
  const lines = [
    `Sekisho: town ${ascii(declared.digest)}, as of ${ascii(declared.at)}.`,
    'Made from town.yaml. Change it there and make this text again.',
    ...notes,
    ...declared.leftOut
      .toSorted((a, b) => (a.flow.id < b.flow.id ? -1 : 1))
      .map(({ flow, reason }) => `NOT_OPEN ${reason} flow=${ascii(flow.id)}`),
    ...notSupported.map(
      ({ permit, lacks }) =>
        `NOT_SUPPORTED ${lacks.join(',')} flow=${ascii(permit.flow.id)} clause=${clauseOf(permit)}`,
    ),
  ]
  return lines.map((line) => `${mark} ${line}\n`).join('')
}
