import type { Finding } from '@sekisho/core'
import { describe, expect, it } from 'vitest'
import { FORMATS, renderFindings, visible } from './index.ts'

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

describe('visible', () => {
  it('shows escape sequences and turned text instead of performing them', () => {
    expect(visible('a\u001b[2Jb\u202Ec')).toBe('a〔U+001B〕[2Jb〔U+202E〕c')
  })
  it('keeps rare characters of names as they are', () => {
    expect(visible('葛\u{E0102}城・𠮷・髙・﨑')).toBe('葛\u{E0102}城・𠮷・髙・﨑')
  })
})
