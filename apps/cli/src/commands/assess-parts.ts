import { partsOf } from '@sekisho/assess'
import type { Assessment, AssessmentParts, Delta } from '@sekisho/assess'
import type { Model } from '@sekisho/core'
import type { TownReading } from '@sekisho/town'
import { UsageError } from '../command.ts'

export const PARTS = ['gap', 'delta', 'risk', 'calendar', 'self-check'] as const
export type Part = (typeof PARTS)[number]

/** Everything assess knows of one town, and what `--to` asked about. */
export interface PartData extends AssessmentParts {
  readonly delta: Delta | undefined
}

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

/** The whole as JSON, or one part of it. */
export function assessmentJson(file: string, data: PartData, part?: Part): string {
  const { name, model, at, edition, models } = data.assessment
  const { delta, risk, calendar, selfCheck } = data
  const parts = { gap: models, delta, risk, calendar, 'self-check': selfCheck }
  const body = {
    sekisho: '1',
    kind: 'Assessment',
    file,
    name,
    model,
    at,
    edition,
    ...(part === undefined ? parts : { [part]: parts[part] }),
  }
  return `${JSON.stringify(body, undefined, 2)}\n`
}
