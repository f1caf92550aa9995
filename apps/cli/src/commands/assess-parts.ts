import { partsOf } from '@sekisho/assess'
import type { Assessment } from '@sekisho/assess'
import type { Model } from '@sekisho/core'
import type { PartData } from '@sekisho/report'
import type { TownReading } from '@sekisho/town'
import { UsageError } from '../command.ts'

/**
 * @param to compare with this model only
 * @throws UsageError when the edition has no such comparison
 */
export function readParts(
  { town }: TownReading,
  assessment: Assessment,
  to: Model | undefined,
): PartData {
  const parts = partsOf(town, assessment, to === undefined ? undefined : [to])
  const delta = to === undefined ? undefined : parts.deltas[0]
  if (to !== undefined && delta === undefined)
    throw new UsageError(
      `${assessment.edition} の版では、${assessment.model} から ${to} へは比べられません。`,
    )
  return { ...parts, delta }
}
