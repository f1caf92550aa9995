import type { Finding } from '@sekisho/core'
import words from '../words/findings.json' with { type: 'json' }
import type { Subject } from './findings.ts'
import { visible } from './visible.ts'

const RESULT: Record<Subject['result'], string> = {
  pass: '○ 通過',
  hold: '△ 保留',
  refuse: '× 差止め',
}

/** 「○ 通過」. */
export function resultWord(result: Subject['result']): string {
  return RESULT[result]
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
  const bold = (head: string): string =>
    subject.colour === true ? `\u001b[1m${head}\u001b[0m` : head
  return [
    `${bold(`${finding.rule}${mark}`)} [${words.severity[finding.severity]}] ${visible(finding.message)}`,
    `  場所　　${visible(place)}${finding.path === undefined ? '' : `（${visible(finding.path)}）`}`,
    `  根拠　　${finding.clause}（${finding.edition}版）`,
    `  直し方　${visible(finding.cure.sentence)}（${words.who[finding.cure.who]}）`,
    ...(finding.open ?? []).map(({ sentence }) => `  解釈　　${visible(sentence)}`),
    '',
  ].join('\n')
}
