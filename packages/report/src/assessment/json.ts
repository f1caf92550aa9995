import type { AssessmentParts, Delta } from '@sekisho/assess'

/** The parts of an assessment that can be asked for by name. */
export const ASSESSMENT_PARTS = ['gap', 'delta', 'risk', 'calendar', 'self-check'] as const
export type AssessmentPart = (typeof ASSESSMENT_PARTS)[number]

/** Everything assess knows of one town, and the move that was asked about. */
export interface PartData extends AssessmentParts {
  readonly delta?: Delta | undefined
}

/** The whole as JSON, or one part of it. */
export function assessmentJson(file: string, data: PartData, part?: AssessmentPart): string {
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
