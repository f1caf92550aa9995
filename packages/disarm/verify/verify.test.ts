import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { page, png, zip } from './canonical.test-support.ts'
import { formulaAllowed } from './formula.ts'
import { verifyClean } from './index.ts'
import { cleanOffice } from './office.test-support.ts'

const reason = (bytes: Uint8Array, declared?: string): string => {
  const verdict = verifyClean(bytes, declared)
  return verdict.clean ? 'clean' : verdict.reason
}

describe('clean files of the grammar are accepted', () => {
  it.each([
    ['docx', cleanOffice('docx')],
    ['xlsx', cleanOffice('xlsx')],
    ['pptx', cleanOffice('pptx')],
    ['pdf', page()],
    ['png', png()],
    [
      'zip',
      zip([
        ['表計算/葛\u{E0102}城.csv', 'a,b\r\n-5,+81 3\r\n'],
        ['文書.docx', cleanOffice('docx')],
      ]),
    ],
    ['csv', Buffer.from('氏名,電話\r\n髙橋,+81-3-1234\r\n')],
  ])('%s', (type, bytes) => {
    expect(verifyClean(bytes, type)).toEqual({ clean: true, type })
  })
})

describe('things hidden in a zip are caught', () => {
  const clean = zip([['a.txt', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa']])
  const central = clean.indexOf('PK\u0001\u0002', 0, 'latin1')
  const end = clean.indexOf('PK\u0005\u0006', 0, 'latin1')
  const set = (at: number, value: number): Buffer => {
    const bytes = Buffer.from(clean)
    bytes[at] = value
    return bytes
  }
  it.each([
    ['bytes behind it', Buffer.concat([clean, Buffer.from('x')]), 'VERIFY-ZIP'],
    ['bytes before it', Buffer.concat([Buffer.from('MZ'), clean]), 'VERIFY-TEXT'],
    [
      'bytes between its members',
      Buffer.concat([clean.subarray(0, central), Buffer.from('x'), clean.subarray(central)]),
      'VERIFY-ZIP',
    ],
    ['a comment', Buffer.concat([set(end + 20, 1), Buffer.from('x')]), 'VERIFY-ZIP'],
    ['another version needed', set(4, 45), 'VERIFY-ZIP'],
    ['encryption', set(6, 1), 'VERIFY-ZIP'],
    ['a data descriptor', set(6, 8), 'VERIFY-ZIP'],
    ['another method', set(8, 12), 'VERIFY-ZIP'],
    ['a time', set(10, 1), 'VERIFY-ZIP'],
    ['a false checksum', set(14, 1), 'VERIFY-'],
    ['a size that lies', set(22, 1), 'VERIFY-ZIP'],
    ['an extra field', set(28, 1), 'VERIFY-ZIP'],
    ['another maker', set(central + 4, 63), 'VERIFY-ZIP'],
    ['a name that differs in the directory', set(central + 46, 0x62), 'VERIFY-ZIP'],
    ['rights of an executable', set(central + 40, 0x80), 'VERIFY-ZIP'],
    ['another disk', set(central + 34, 1), 'VERIFY-ZIP'],
    ['an offset that lies', set(central + 42, 1), 'VERIFY-ZIP'],
    ['a count that lies', set(end + 8, 2), 'VERIFY-ZIP'],
    [
      'the same name twice',
      zip([
        ['a.txt', 'a'],
        ['A.TXT', 'b'],
      ]),
      'VERIFY-ZIP-NAME',
    ],
    [
      'the same name in two normal forms',
      zip([
        ['\u304c.txt', 'a'],
        ['\u304b\u3099.txt', 'b'],
      ]),
      'VERIFY-ZIP-NAME',
    ],
    ['a path out of the folder', zip([['../a.txt', 'a']]), 'VERIFY-ZIP-NAME'],
    ['a path from the root', zip([['/a.txt', 'a']]), 'VERIFY-ZIP-NAME'],
    ['a drive', zip([['c:a.txt', 'a']]), 'VERIFY-ZIP-NAME'],
    ['a backslash', zip([['a\\b.txt', 'a']]), 'VERIFY-ZIP-NAME'],
    ['a turned name', zip([['a\u202Etxt.exe', 'a']]), 'VERIFY-ZIP-NAME'],
    ['nothing', zip([]), 'VERIFY-'],
    ['an empty member', zip([['a.txt', '']]), 'VERIFY-EMPTY'],
    ['a program', zip([['a.exe', 'MZ\u0000']]), 'VERIFY-TEXT-CONTROL'],
    ['a script', zip([['a.js', 'x']]), 'VERIFY-ZIP-MEMBER'],
    ['a PDF that calls itself a picture', zip([['a.png', page()]]), 'VERIFY-ZIP-MEMBER'],
    [
      'a letter that calls itself a table',
      zip([['a.xlsx', cleanOffice('docx')]]),
      'VERIFY-ZIP-MEMBER',
    ],
  ])('%s', (_, bytes, wanted) => {
    expect(reason(bytes)).toContain(wanted)
  })

  it('zip in zip in zip is read, a fourth is not', () => {
    const nest = (depth: number): Buffer =>
      depth === 0 ? Buffer.from('a') : zip([[depth === 1 ? 'a.txt' : 'a.zip', nest(depth - 1)]])
    expect(reason(nest(3))).toBe('clean')
    expect(reason(nest(4))).toBe('VERIFY-LIMIT')
  })

  it('a file under the name of another type is not delivered', () => {
    expect(reason(page(), 'docx')).toBe('VERIFY-TYPE')
    expect(reason(png(), 'jpg')).toBe('VERIFY-TYPE')
    expect(reason(cleanOffice('docx'), 'docm')).toBe('VERIFY-TYPE')
  })
})

describe('text that is more than text is caught', () => {
  it.each([
    ['nothing at all', Buffer.alloc(0), 'VERIFY-EMPTY'],
    ['an escape sequence', Buffer.from('a\u001b[2J'), 'VERIFY-TEXT'],
    ['turned text', Buffer.from('a\u202Eb'), 'VERIFY-TEXT-CONTROL'],
    ['a text nobody sees', Buffer.from('a\u{E0041}b'), 'VERIFY-TEXT-CONTROL'],
    ['a zero-width character', Buffer.from('a\u200Bb'), 'VERIFY-TEXT-CONTROL'],
    ['a mark in the middle', Buffer.from('a\uFEFFb'), 'VERIFY-TEXT-CONTROL'],
    ['bytes of no encoding', Buffer.from([0x61, 0xff, 0xfd]), 'VERIFY-TEXT'],
    ['a page', Buffer.from('<html><script>1</script>'), 'VERIFY-TEXT-TYPE'],
    ['a page behind a comment', Buffer.from('<!-- a --><p>'), 'VERIFY-TEXT-TYPE'],
    ['a drawing', Buffer.from(' <svg onload="x">'), 'VERIFY-TEXT-TYPE'],
    ['XML', Buffer.from('<?xml version="1.0"?>'), 'VERIFY-TEXT-TYPE'],
    ['a script', Buffer.from('#!/bin/sh'), 'VERIFY-TEXT-TYPE'],
    ['a batch file', Buffer.from('rem\r\n@echo off\r\n'), 'VERIFY-TEXT-TYPE'],
    ['a shortcut', Buffer.from('[InternetShortcut]\r\nURL=file://a'), 'VERIFY-TEXT-TYPE'],
    ['a SYLK table', Buffer.from('ID;P\r\n'), 'VERIFY-TEXT-TYPE'],
    ['a letter in RTF', Buffer.from('{\\rtf1}'), 'VERIFY-RTF'],
    ['a mail with a page', Buffer.from('MIME-Version: 1.0'), 'VERIFY-TEXT-TYPE'],
    ['a registry file', Buffer.from('Windows Registry Editor'), 'VERIFY-TEXT-TYPE'],
  ])('%s', (_, bytes, wanted) => {
    expect(reason(bytes, 'txt')).toContain(wanted)
  })

  it.each([
    "=cmd|'/c calc'!A1",
    '=HYPERLINK("http://a.example")',
    '+SUM(A1)',
    '＝WEBSERVICE("x")',
    '@SUM(1)',
    '"=SUM(1)"',
    ' "-a.b (1)"',
    '""=SUM(1)',
    '=1+A1(2)',
    '"a"",b"",=SUM(1)',
  ])('a cell that runs is caught: %s', (cell) => {
    for (const separator of [',', ';', '\t', '\r\n', '\n'])
      expect(reason(Buffer.from(`a${separator}${cell}\r\n`), 'csv')).toBe('VERIFY-CSV')
  })

  it.each(['-5', '+81-3-1234', '="0012"', '@家', "'=SUM(1)", '"a,=SUM(1)"', '-(1)', 'a=b(c)'])(
    'a cell that is data stays: %s',
    (cell) => expect(reason(Buffer.from(`a,${cell}\r\n`), 'csv')).toBe('clean'),
  )
})

describe('formulas', () => {
  const sheets = new Set(['四半期 表', 'a', 'b'])
  it.each([
    'SUM(A1:A9)',
    "'四半期 表'!A1",
    'A!A1+B!B2',
    'a:b!A1',
    'Table1[[#This Row],[金額]]',
    '_xlfn.XLOOKUP(A1,B:B,C:C)',
    '"[1]|()"&A1',
    '-(1+2)',
    'IF(#REF!,1,#DIV/0!)',
    '.5+1.+A1',
  ])('stays: %s', (formula) => expect(formulaAllowed(formula, sheets)).toBe(true))
  it.each([
    "'[他の本.xlsx]表'!A1",
    '[1]表!A1',
    'CALL("x","y")',
    'A1+REGISTER.ID(1)',
    'app|topic!item',
    'SUM([1]Sheet!A1)',
    'my.udf(1)',
    '1(A1)',
    '1CALL(A1)',
    'A$1(A1)',
    '他!A1',
    'a.xlsx!A1',
    "'a",
    '"a',
    '.$A$1',
    '表!A1:.B2',
  ])('goes: %s', (formula) => expect(formulaAllowed(formula, sheets)).toBe(false))
  it.each(['app|topic', '[1]表!A1', 'CALL("x")'])('goes where the book is gone: %s', (formula) => {
    expect(formulaAllowed('表!A1')).toBe(true)
    expect(formulaAllowed(formula)).toBe(false)
  })
})

describe('whatever the bytes, there is a verdict', () => {
  const seeds = {
    docx: Buffer.from(cleanOffice('docx')),
    pdf: page(),
    png: png(),
    zip: zip([['a.csv', 'a,b']]),
  }
  it('mutated clean files never throw', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(seeds)),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        (seed, changes) => {
          const bytes = Buffer.from(seed)
          for (const [at, value] of changes) bytes[at % bytes.length] = value
          const verdict = verifyClean(bytes)
          expect(verdict.clean ? '' : verdict.reason).not.toBe('VERIFY-CRASH')
        },
      ),
      { numRuns: 200 },
    )
  })

  it('a cut file is never clean', () => {
    for (const [type, seed] of Object.entries(seeds)) {
      for (let length = 1; length < seed.length; length += 29)
        expect(reason(seed.subarray(0, length), type)).not.toBe('clean')
    }
  })

  it('a place that a hostile name chose is shown as plain ASCII', () => {
    const verdict = verifyClean(zip([['\u202Eevil\u{1F600}.exe', 'MZ']]))
    expect(verdict.clean ? '' : verdict.where).toMatch(/^[\u0020-\u007e]*$/u)
  })
})
