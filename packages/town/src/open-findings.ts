import type { Answer, Finding, Question } from '@sekisho/core'
import { openNote, openPointOf, openRemark, readingOf, type ReadBy } from '@sekisho/guideline'
import { openOutcomes, type OpenOutcome, type Outcome } from '@sekisho/judge'
import type { Asks } from './spread/objections.ts'

/**
 * The findings of an answer, those on which an open point acts with its remark; and a note for each lenient reading without which it would not have
 * passed.
 */
export function openFindings(
  question: Question,
  answer: Answer,
  by: ReadBy,
  judge: Asks,
): readonly Finding[] {
  // The only question of a check that any reading settles facts of.
  if (question.question !== 'check-flow') return answer.findings
  const open = openOutcomes('check-flow', by, outcomeOf(answer), (settled) =>
    outcomeOf(judge.ask({ ...question, facts: { ...question.facts, ...settled } })),
  )
  const remarked = answer.findings.map((finding) => withRemarks(finding, open, by))
  return [...remarked, ...open.flatMap((one) => notesOf(one, answer, by))]
}

const outcomeOf = ({ result, findings }: Answer): Outcome => ({ result, found: {}, findings })

/** A finding hangs on a point when its rule would not speak under another reading. */
function withRemarks(finding: Finding, open: readonly OpenOutcome[], by: ReadBy): Finding {
  const acting = open.filter(({ others }) =>
    others.some(({ rules }) => !rules.includes(finding.rule)),
  )
  if (acting.length === 0) return finding
  return { ...finding, open: acting.map(({ point }) => openRemark(openPointOf(point)!, by)) }
}

function notesOf({ point: id, others }: OpenOutcome, answer: Answer, by: ReadBy): Finding[] {
  const point = openPointOf(id)!
  const spoken = new Set(answer.findings.map(({ rule }) => rule))
  const lenient = readingOf(point, by).lenient
  const stopped = others.some(({ rules }) => rules.some((rule) => !spoken.has(rule)))
  return lenient && stopped ? [openNote(point, by)] : []
}
