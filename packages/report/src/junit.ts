import type { Finding } from '@sekisho/core'
import { said } from './said.ts'
import type { Subject } from './findings.ts'

/** JUnit XML: one failing case per finding, one passing case when there is none (an empty suite reads as "not run"). */
export function junit(findings: readonly Finding[], subject: Subject): string {
  const cases =
    findings.length === 0
      ? [`    <testcase classname="sekisho" name="${escape(subject.file)}"/>`]
      : findings.map(failing)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${cases.length}" failures="${findings.length}">`,
    `  <testsuite name="${escape(subject.file)}" tests="${cases.length}" failures="${findings.length}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function failing(finding: Finding): string {
  const name = [finding.rule, finding.path].filter(Boolean).join(' ')
  const body = `${said(finding)}\n根拠: ${finding.clause}（${finding.edition}）\n直し方: ${finding.cure.sentence}`
  return `    <testcase classname="${escape(finding.rule)}" name="${escape(name)}"><failure type="${escape(finding.rule)}" message="${escape(finding.message)}">${escape(body)}</failure></testcase>`
}

function escape(value: string): string {
  return value
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Cs}/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
