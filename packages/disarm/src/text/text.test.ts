import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disarmBytes } from '../engine.ts'
import { verifyClean } from '../../verify/index.ts'
import { isActiveCell } from './csv.ts'
import { detectEncoding } from './encoding.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'))

/** 氏名,髙橋〜\r\n in the encodings of a Japanese office. */
const SAMPLES: readonly [string, Uint8Array][] = [
  ['utf-8', utf8('氏名,髙橋〜\r\n')],
  ['utf-8', utf8('\uFEFF葛󠄂城,𠮷\r\n')],
  ['utf-16le', new Uint8Array(Buffer.from('\uFEFF氏名,髙\r\n', 'utf16le'))],
  ['cp932', hex('8e81 96bc 2c fbfc 8bb4 8160 0d0a')],
  ['euc-jp', hex('bbe1 ccbe 2c b9e2 b6b6 0d0a')],
  ['iso-2022-jp', hex('1b2442 3b61 4c3e 1b2842 2c 61 0d0a')],
]

describe('valid text comes out byte for byte', () => {
  for (const [encoding, bytes] of SAMPLES) {
    it(`${encoding} of ${bytes.length} bytes`, () => {
      expect(detectEncoding(bytes)).toBe(encoding)
      for (const extension of ['txt', 'csv']) {
        const { report, output } = disarmBytes(bytes, extension)
        expect(report).toMatchObject({ verdict: 'confirmed-absent', outputType: extension })
        expect(Buffer.compare(output ?? new Uint8Array(), bytes)).toBe(0)
      }
    })
  }
})

describe('cells that a spreadsheet would run', () => {
  const active = [
    "=cmd|' /C calc'!A0",
    "=1+cmd|' /C calc'!A0",
    '@SUM(1+1)*cmd|x!A0',
    '+WEBSERVICE("http://evil.example")',
    '=HYPERLINK("http://evil.example","開く")',
    '-2+3+cmd|x!A0',
    '\t=IMPORTXML("http://e","//a")',
    '＝ＣＡＬＬ（１）',
    '  = EXEC ( "x" )',
    "='\\\\evil.example\\share\\[a.xlsx]b'!A1",
    "=1+'file:///etc/passwd'#$a.A1",
    '=[a.xls]b!$A$1',
  ]
  for (const cell of active)
    it(`marks ${JSON.stringify(cell)}`, () => expect(isActiveCell(cell)).toBe(true))

  const data = [
    '-5',
    '+81-3-1234-5678',
    '="0012"',
    '@家',
    '-',
    '=',
    '－５',
    '-備考（任意）',
    '=A1+B1',
    "='表 1'",
    '＠[重要]お知らせ！',
    "-It's mine!",
    '090-1234-5678',
    '+81 3 (代)',
  ]
  for (const cell of data)
    it(`leaves ${JSON.stringify(cell)}`, () => expect(isActiveCell(cell)).toBe(false))

  it('marks only those cells, in every encoding, inside quotes and after any separator', () => {
    const { report, output } = disarmBytes(
      utf8('a,"=SUM(1)"\r\n-5;=cmd|x!A0\r\n"x, =SUM(1)",b'),
      'csv',
    )
    expect(Buffer.from(output ?? []).toString()).toBe(
      'a,"\'=SUM(1)"\r\n-5;\'=cmd|x!A0\r\n"x, =SUM(1)",b',
    )
    expect(report.removed).toEqual([{ rule: 'T-CSVINJ', where: '', count: 2 }])
  })

  it('marks a CP932 cell after a character whose second byte looks like a separator', () => {
    const bytes = new Uint8Array([...hex('835c 817c 2c'), ...utf8('=CALL(1)')])
    const { output } = disarmBytes(bytes, 'csv')
    expect(Buffer.from(output ?? []).toString('latin1')).toContain(",'=CALL(1)")
  })

  it('marks UTF-16 cells', () => {
    const bytes = new Uint8Array(Buffer.from('\uFEFFa\t=CALL(1)', 'utf16le'))
    const { output } = disarmBytes(bytes, 'tsv')
    expect(Buffer.from(output ?? []).toString('utf16le')).toBe("\uFEFFa\t'=CALL(1)")
  })

  it('sees the cells of ISO-2022-JP among kanji and kana, and behind a line that ends in kanji', () => {
    const bytes = utf8('\x1b(I"\x1b(B,=CALL(1)\r\n\x1b$B6m\n=CALL(2),\x1b$B6m$,\x1b(B')
    const { output } = disarmBytes(bytes, 'csv')
    expect(Buffer.from(output ?? []).toString()).toContain(",'=CALL(1)\r\n\x1b$B6m\n'=CALL(2)")
    expect(verifyClean(output ?? new Uint8Array(), 'csv')).toEqual({ clean: true, type: 'csv' })
  })

  it('marks what stands behind a closing quote, which spreadsheets join to the cell', () => {
    const { output } = disarmBytes(utf8('a,""=SUM(1)\r\n," "+cmd|x\r\n'), 'csv')
    expect(verifyClean(output ?? new Uint8Array(), 'csv')).toEqual({ clean: true, type: 'csv' })
    expect(new TextDecoder().decode(output)).toBe('a,"\'"=SUM(1)\r\n,"\' "+cmd|x\r\n')
  })

  it('reads a cell of 32,000 letters once, not once for each letter', () => {
    const cell = `=${'a'.repeat(32_000)}`
    const { report } = disarmBytes(utf8(`${cell}\r\n`.repeat(400)), 'csv')
    expect(report.verdict).toBe('confirmed-absent')
  })

  it('is not fooled by a quote that never closes', () => {
    const { output } = disarmBytes(utf8('"a\r\n=CALL(1)\r\n'), 'csv')
    expect(Buffer.from(output ?? []).toString()).toBe('"a\r\n\'=CALL(1)\r\n')
  })

  it('leaves no active cell behind, whatever the table', () => {
    const cell = fc.constantFrom(
      'a',
      '',
      '=CALL(1)',
      '"=CALL(1)"',
      '"a""b"',
      '-5',
      '"',
      '漢',
      '=x|y!z',
    )
    const table = fc.array(fc.tuple(cell, fc.constantFrom(',', ';', '\t', '\r\n', '\n')), {
      maxLength: 12,
    })
    fc.assert(
      fc.property(table, (cells) => {
        const text = cells.flat().join('')
        const once = disarmBytes(utf8(text), 'csv').output
        if (!once) return
        const twice = disarmBytes(once, 'csv')
        expect(twice.report.verdict).toBe('confirmed-absent')
      }),
      { numRuns: 300 },
    )
  })
})

describe('control characters', () => {
  it('are removed and counted, the rest stays', () => {
    const { report, output } = disarmBytes(
      utf8('住所\u001b[2J東京\u202E都\u200B港区葛󠄂 終わりまで続く文章です。'),
      'txt',
    )
    expect(Buffer.from(output ?? []).toString()).toBe(
      '住所[2J東京都港区葛󠄂 終わりまで続く文章です。',
    )
    expect(report.removed).toEqual([{ rule: 'T-CTRL', where: '', count: 3 }])
  })

  it('are removed from CP932 without touching two-byte characters', () => {
    const { output } = disarmBytes(hex('955c 07 835c 41 42 43 44 45 46 47 48'), 'txt')
    expect(Buffer.from(output ?? []).toString('hex')).toBe('955c835c4142434445464748')
  })
})

describe('something else that calls itself text is refused', () => {
  const posing: readonly [string, Uint8Array, string][] = [
    ['HTML', utf8('  <html><script>alert(1)</script>'), 'TYPE-HTML'],
    ['SVG', utf8('<svg onload="x()"/>'), 'TYPE-HTML'],
    ['SYLK that Excel runs', utf8('ID;P\nC;X1;Y1;ECALL("x")\n'), 'T-BINARY'],
    ['a web query', utf8('WEB\n1\nhttp://evil.example/\n'), 'T-BINARY'],
    ['a batch file', utf8('@echo off\r\ncalc'), 'T-BINARY'],
    ['an internet shortcut', utf8('[InternetShortcut]\r\nURL=file://evil/'), 'T-BINARY'],
    ['bytes with NUL', new Uint8Array([65, 0, 66, 0xfe]), 'T-BINARY'],
    ['a byte that no Japanese encoding has', new Uint8Array([0x41, 0x80]), 'T-BINARY'],
    ['bytes of no encoding', new Uint8Array([0x82, 0x20, 0xff, 0xff, 0x81]), 'T-BINARY'],
    [
      'Word 2003 XML',
      utf8('<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>'),
      'OX-STRICT',
    ],
  ]
  it.each(posing)('%s', (_what, bytes, reason) => {
    expect(disarmBytes(bytes, 'txt').report.reason).toBe(reason)
  })
})
