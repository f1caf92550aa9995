import type { Finding, Severity } from '@sekisho/core'
import type { ControlRow, ControlState } from './control-row.ts'
import type { ModelGap } from './gap.ts'

const SEVERITIES: readonly Severity[] = ['statutory', 'required', 'advisory']
/** A paper that the declaration belies is mended before one that is missing; what nobody looked at comes last. */
const STATES: readonly ControlState[] = ['contradicted', 'unmet', 'stale', 'not-checked']

/** Every row that is asked and not met, what binds most first, then by state, then by number. */
export function toDo(gap: ModelGap): readonly ControlRow[] {
  return gap.rows.filter(({ state }) => STATES.includes(state)).toSorted(byUrgency)
}

/** True when everything asked is met and nothing else was found. A row that was not checked is not met. */
export function isAllMet(gap: ModelGap): boolean {
  return gap.others.length === 0 && gap.counts.met > 0 && toDo(gap).length === 0
}

/** True when the check found something: a row that is unmet, stale or contradicted, or a finding beyond the table. */
export function hasFindings({ counts, others }: ModelGap): boolean {
  return others.length + counts.unmet + counts.stale + counts.contradicted > 0
}

/** Every finding of the check this table rests on, by control, then those beyond the table: the same findings with the same ids. */
export function findingsOf({ rows, others }: ModelGap): readonly Finding[] {
  return [...rows.flatMap(({ findings }) => findings), ...others]
}

const byUrgency = (a: ControlRow, b: ControlRow): number =>
  SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
  STATES.indexOf(a.state) - STATES.indexOf(b.state) ||
  (a.control < b.control ? -1 : 1)
