import type { Finding } from '@sekisho/core'
import { describe, expect, it } from 'vitest'
import { readWorkbook } from './excel/read.ts'
import { FORMATS, findingsWorkbook, renderFindings, visible } from './index.ts'

const finding: Finding = {
  rule: 'ZN-06',
  clause: '第3編 第2章 3',
  edition: 'R8.3',
  verified: false,
  severity: 'required',
  effect: 'refuse',
  message: '「庁内 <LAN> & "外"」の通信に期限がありません。',
  cure: { sentence: '期限を書いてください。', who: 'it-officer' },
  path: 'flows[3]',
  line: 41,
  column: 5,
}
const subject = { file: 'town.yaml', version: '0.1.0', result: 'refuse' } as const

describe('one finding in every format', () => {
  it.each(FORMATS)('%s names the rule, the clause and the cure', (format) => {
    const out = renderFindings(format, [finding], subject)
    for (const part of ['ZN-06', '第3編 第2章 3', '期限を書いてください。', 'R8.3'])
      expect(out).toContain(part)
    expect(out.endsWith('\n')).toBe(true)
  })

  it('says that a rule was not checked against the guideline itself', () => {
    expect(renderFindings('text', [finding], subject)).toContain('※')
    expect(JSON.parse(renderFindings('json', [finding], subject)).findings[0].verified).toBe(false)
  })

  it('points SARIF at the line in the declaration', () => {
    const log = JSON.parse(renderFindings('sarif', [finding], subject))
    expect(log.runs[0].results[0].locations[0].physicalLocation.region).toEqual({
      startLine: 41,
      startColumn: 5,
    })
    expect(log.runs[0].tool.driver.rules.map((rule: { id: string }) => rule.id)).toEqual(['ZN-06'])
  })

  it('keeps JUnit well formed whatever a name holds', () => {
    const out = renderFindings('junit', [{ ...finding, message: '"<&>\u0007\uD800' }], subject)
    expect(out).toContain('&quot;&lt;&amp;&gt;\uFFFD\uFFFD')
    expect(out).toContain('failures="1"')
  })
})

describe('findings as a table', () => {
  const names = { ...finding, message: '「葛\u{E0102}城」は直すところがあります。' }
  const about = { date: '2026-11-25', town: '葛\u{E0102}城町', rules: 'ab'.repeat(32) }
  const workbook = readWorkbook(findingsWorkbook([names], subject, about))!
  const cells = (sheet: number): string[][] =>
    [...workbook.sheets[sheet]!.rows.values()].map((row) =>
      [...row.values()].map((cell) => (cell.kind === 'text' ? cell.text : '')),
    )

  it('Excel has a row for each, with the id of all other formats, and says who made it from what', () => {
    expect(workbook.sheets.map(({ name }) => name)).toEqual(['指摘', '説明'])
    expect(cells(0)[0]).toEqual([
      '規則',
      '重さ',
      '本文との照合',
      '場所',
      '指摘',
      '根拠',
      '直し方',
      '直す人',
      '行',
    ])
    expect(cells(0)[1]).toEqual([
      'ZN-06',
      '必須',
      '※未照合',
      'flows[3]',
      names.message,
      '第3編 第2章 3（R8.3）',
      '期限を書いてください。',
      '情報担当',
      '41',
    ])
    const facts = new Map(cells(1).map(([key, value]) => [key, value]))
    expect(facts.get('確かめた日')).toBe('令和8年11月25日（2026年11月25日）')
    expect(facts.get('団体')).toBe('葛\u{E0102}城町')
    expect(facts.get('規則の一覧のダイジェスト（SHA-256）')).toBe('ab'.repeat(32))
    expect(facts.get('うち本文と未照合の規則によるもの')).toBe('1件')
    for (const title of cells(0)[0]!) expect(facts.has(title)).toBe(true)
  })

  it('CSV opens in Excel as it is: BOM, CRLF, names whole, and no value acts as a formula', () => {
    const out = renderFindings(
      'csv',
      [
        { ...names, path: '=cmd|a' },
        { ...names, path: '@a"b' },
      ],
      subject,
    )
    expect(out.startsWith('\uFEFF"規則",')).toBe(true)
    expect(out.split('\r\n')).toHaveLength(4)
    expect(out.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/u)
    expect(out).toContain('葛\u{E0102}城')
    expect(out).toContain(`"'=cmd|a"`)
    expect(out).toContain(`"'@a""b"`)
  })
})

describe('visible', () => {
  it('shows escape sequences and turned text instead of performing them', () => {
    expect(visible('a\u001b[2Jb\u202Ec')).toBe('a〔U+001B〕[2Jb〔U+202E〕c')
  })
  it('keeps rare characters of names as they are', () => {
    expect(visible('葛\u{E0102}城・𠮷・髙・﨑')).toBe('葛\u{E0102}城・𠮷・髙・﨑')
  })
})
