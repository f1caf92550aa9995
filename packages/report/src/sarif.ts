import { createHash } from 'node:crypto'
import type { Finding, Severity } from '@sekisho/core'
import { said } from './said.ts'
import type { Subject } from './findings.ts'

const LEVEL: Record<Severity, 'error' | 'warning' | 'note'> = {
  statutory: 'error',
  required: 'error',
  advisory: 'note',
}

/** SARIF 2.1.0 (OASIS): `ruleId` is the reason id, one location per finding, a fingerprint that survives line moves. */
export function sarif(findings: readonly Finding[], subject: Subject): string {
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'sekisho', version: subject.version, rules: rules(findings) } },
        results: findings.map((finding) => result(finding, subject)),
      },
    ],
  }
  return `${JSON.stringify(log, undefined, 2)}\n`
}

function rules(findings: readonly Finding[]): object[] {
  const first = new Map(findings.map((finding) => [finding.rule, finding]))
  return [...first.values()].map((finding) => ({
    id: finding.rule,
    shortDescription: { text: finding.clause },
    defaultConfiguration: { level: LEVEL[finding.severity] },
    properties: { clause: finding.clause, edition: finding.edition, verified: finding.verified },
  }))
}

function result(finding: Finding, subject: Subject): object {
  const fingerprint = createHash('sha256')
    .update(`${finding.rule}\n${finding.path ?? ''}\n${finding.message}`)
    .digest('hex')
  return {
    ruleId: finding.rule,
    level: finding.effect === 'hold' ? 'warning' : LEVEL[finding.severity],
    message: { text: `${said(finding)}\n直し方: ${finding.cure.sentence}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(subject.file) },
          region: { startLine: finding.line ?? 1, startColumn: finding.column ?? 1 },
        },
      },
    ],
    partialFingerprints: { 'sekisho/v1': fingerprint },
    properties: {
      clause: finding.clause,
      edition: finding.edition,
      verified: finding.verified,
      severity: finding.severity,
      path: finding.path ?? '',
      cure: finding.cure.sentence,
      who: finding.cure.who,
    },
  }
}
