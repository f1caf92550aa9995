import words from '../../../words/watch.json' with { type: 'json' }
import { personName } from '../alert-words.ts'
import type { NamedTown } from '../alert-words.ts'
import { timeInJapan } from '../japan-clock.ts'
import type { AuditFinding, AuditKind, AuditResult } from './audit-join.ts'

/** What is found, as a table of texts. */
export function auditTable(findings: readonly AuditFinding[], town: NamedTown) {
  const { title, columns } = words.audit
  return { title, columns, rows: findings.map((one) => cells(one, town)) }
}

export function auditWords(kind: AuditKind): { readonly short: string; readonly cure: string } {
  return words.audit.kinds[kind]
}

/** Why some things cannot be found, in sentences. */
export function blindWords(blind: AuditResult['blind']): readonly string[] {
  return blind.map((one) => words.audit.blind[one])
}

function cells(one: AuditFinding, town: NamedTown): readonly string[] {
  const { short, cure } = auditWords(one.kind)
  return [
    short,
    // What to do comes before what a wide table hides at its far end.
    cure,
    one.user,
    one.person === '' ? '' : personName(one.person, town),
    one.workload,
    one.operation,
    one.address,
    one.organization,
    String(one.count),
    String(one.failed),
    timeInJapan(one.first),
    timeInJapan(one.last),
    one.objects.join('、'),
  ]
}
