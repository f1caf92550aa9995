import { valueLabel } from '@sekisho/core'
import type { EvidenceEntry, Form } from '@sekisho/core'
import type { Conclusion } from './conclude.ts'

/** What a person says of a decision beside its facts. */
export interface DecidedBy {
  /** What was decided about, in the person's words. */
  readonly subject: string
  /** Why, in the person's words; of one that replaces another, what has changed. */
  readonly because: string
  /** Number of the decision that this one replaces. */
  readonly supersedes?: string
}

/**
 * What the record of a decision holds, wherever it was made: with its facts, so that whoever reads it later sees what was known.
 *
 * @param judge digest of the rules that answered
 */
export function decidedDetail(
  form: Form,
  { answer, found, facts, open }: Conclusion,
  judge: string,
  { subject, because, supersedes }: DecidedBy,
): EvidenceEntry['detail'] {
  return {
    question: form.question,
    subject: subject.trim(),
    result: answer.result,
    findings: answer.findings.map(({ rule }) => rule),
    determining: answer.determining,
    found: Object.entries(found).map(([fact, value]) => valueLabel(form, fact, value)),
    facts: JSON.stringify(facts),
    // Which reading it rests on, where another would have said something else.
    ...(open.length > 0 && { readings: open.map(({ point, reading }) => `${point} ${reading}`) }),
    // Not named `reason`: that is the id of a rule by which entries are found.
    because: because.trim(),
    judge,
    ...(supersedes !== undefined && { supersedes }),
  }
}
