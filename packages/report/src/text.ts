import type { Finding, Severity } from '@sekisho/core'
import type { Subject } from './findings.ts'
import { visible } from './visible.ts'

const SEVERITY: Record<Severity, string> = { statutory: '法定', required: '必須', advisory: '推奨' }
/** Who may perform a cure, in words. */
export const WHO: Record<Finding['cure']['who'], string> = {
  gate: '関所',
  clerk: '担当職員',
  approver: '承認者',
  'it-officer': '情報担当',
  ciso: 'CISO',
  sender: '送り主',
  vendor: '委託先',
}
const RESULT: Record<Subject['result'], string> = {
  pass: '○ 通過',
  hold: '△ 保留',
  refuse: '× 差止め',
}

/** Findings as a person reads them: place, rule, sentence, clause, cure. */
export function text(findings: readonly Finding[], subject: Subject): string {
  const blocks = findings.map((finding) => block(finding, subject))
  const count = findings.length === 0 ? '指摘はありません。' : `指摘は${findings.length}件です。`
  const unverified = findings.filter((finding) => !finding.verified).length
  const note =
    unverified === 0
      ? ''
      : `　※印の${unverified}件は、ガイドライン本文との照合がまだ済んでいません。\n`
  return `${blocks.join('\n')}${blocks.length > 0 ? '\n' : ''}${RESULT[subject.result]}　${visible(subject.file)}　${count}\n${note}`
}

function block(finding: Finding, subject: Subject): string {
  const place = [subject.file, finding.line, finding.column]
    .filter((part) => part !== undefined)
    .join(':')
  const mark = finding.verified ? '' : '※'
  const bold = (words: string): string =>
    subject.colour === true ? `\u001b[1m${words}\u001b[0m` : words
  return [
    `${bold(`${finding.rule}${mark}`)} [${SEVERITY[finding.severity]}] ${visible(finding.message)}`,
    `  場所　　${visible(place)}${finding.path === undefined ? '' : `（${visible(finding.path)}）`}`,
    `  根拠　　${finding.clause}（${finding.edition}版）`,
    `  直し方　${visible(finding.cure.sentence)}（${WHO[finding.cure.who]}）`,
    '',
  ].join('\n')
}
