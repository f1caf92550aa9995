import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { brokenPromise } from '../expectations.test-support.ts'
import { formulaAllowed } from '../../verify/formula.ts'
import { FUNCTIONS as VERIFIED_FUNCTIONS } from '../../verify/ooxml-tables.ts'
import { judgeInstruction } from './fields.ts'
import { judgeFormula } from './formula.ts'
import { FUNCTIONS } from './functions.ts'
import type { Case } from './synthetic.test-support.ts'
import { packageOf } from './synthetic.test-support.ts'

const FOLDER = fileURLToPath(new URL('../../../../corpus/disarm/ooxml/', import.meta.url))
const cases = readdirSync(FOLDER).map(
  (name) => JSON.parse(readFileSync(FOLDER + name, 'utf8')) as Case,
)

/** Pieces that an attacker would combine. */
const PIECES = [
  '<w:p>',
  '</w:p>',
  '<w:r>',
  '</w:r>',
  '<w:t>x</w:t>',
  '<w:fldChar w:fldCharType="begin"/>',
  '<w:fldChar w:fldCharType="separate"/>',
  '<w:fldChar w:fldCharType="end"/>',
  '<w:instrText>DDE</w:instrText>',
  '<w:instrText>AUTO cmd</w:instrText>',
  '<w:instrText> PAGE </w:instrText>',
  '<w:instrText> HYPERLINK "file://e/"</w:instrText>',
  '<w:pict><v:shape id="a"><v:textbox><w:txbxContent>',
  '</w:txbxContent></v:textbox></v:shape></w:pict>',
  '<mc:AlternateContent><mc:Choice Requires="wps">',
  '</mc:Choice><mc:Fallback>',
  '</mc:Fallback></mc:AlternateContent>',
  '<w:del>',
  '</w:del>',
  '<w:delInstrText>DDE x</w:delInstrText>',
  '<w:fldSimple w:instr="DDE x">',
  '</w:fldSimple>',
  '<w:hyperlink r:id="rId9">',
  '</w:hyperlink>',
  '<w:altChunk r:id="rId9"/>',
  '<w:object/>',
]

/** Closes what is open and drops what closes nothing, so that most combinations are well-formed. */
function balance(pieces: readonly string[]): string {
  const open: string[] = []
  let text = ''
  for (const tag of pieces.join('').match(/<[^>]+>|[^<]+/g) ?? []) {
    const name = /^<\/?([\w:]+)/.exec(tag)?.[1] ?? ''
    if (tag.startsWith('</')) {
      if (open[open.length - 1] !== name) continue
      open.pop()
    } else if (tag.startsWith('<') && !tag.endsWith('/>')) open.push(name)
    text += tag
  }
  return (
    text +
    open
      .toReversed()
      .map((name) => `</${name}>`)
      .join('')
  )
}

describe('combined and damaged Office files', () => {
  it('any arrangement of fields, boxes and alternatives is refused or comes out clean', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }), (pieces) => {
        expect(
          brokenPromise(packageOf({ title: '', name: 'a.docx', body: balance(pieces) }), 'docx'),
        ).toBe('')
      }),
      { numRuns: 400 },
    )
  })

  it('one changed byte in any part of any case is refused or comes out clean', () => {
    const changed = fc.record({
      one: fc.constantFrom(...cases),
      at: fc.nat(100_000),
      byte: fc.constantFrom(0, 34, 38, 47, 60, 62, 97, 255),
      which: fc.nat(20),
    })
    fc.assert(
      fc.property(changed, ({ one, at, byte, which }) => {
        const names = Object.keys(one.parts ?? {})
        const name = names[which % Math.max(1, names.length)]
        const damaged =
          name === undefined
            ? one
            : { ...one, parts: { ...one.parts, [name]: damage(one.parts?.[name] ?? '', at, byte) } }
        const body = name === undefined ? damage(one.body ?? '', at, byte) : (one.body ?? '')
        const extension = one.name.slice(one.name.lastIndexOf('.') + 1)
        expect(brokenPromise(packageOf({ ...damaged, body }), extension)).toBe('')
      }),
      { numRuns: 400 },
    )
  })
})

function damage(text: string, at: number, byte: number): string {
  if (text === '' || text.startsWith('base64:')) return text
  const index = at % text.length
  return text.slice(0, index) + String.fromCharCode(byte) + text.slice(index + 1)
}

const BOOK = { sheets: new Set(['表 1', 'sheet1', '令和8年度']), lostNames: new Set(['外']) }

describe('formulas', () => {
  it.each([
    'SUM(A1:B2)*-1.5E+3',
    "'表 1'!$A$1",
    'Sheet1!A1',
    '令和8年度!A1',
    'IF(A1="[1]x|y!z",1,2)',
    'Table1[[#This Row],[列名]]',
    "Table1[It'[s]",
    '_xlfn.XLOOKUP(A1,B:B,C:C)',
    '_xlfn._xlws.FILTER(A1:A9,B1:B9)',
    '#REF!+1',
    '{1,2;3,4}',
    'A1+SUM(1)',
    'A1#',
    '-A1%',
    '氏名&"様"',
    'Sheet1:令和8年度!A1',
    'Sheet1!A1:Sheet1!B2',
    'A1/Sheet1!B1',
    '5%*Sheet1!B1',
    'INDEX(Sheet1!A:A,1):Sheet1!A9',
    'IF(#ref!="x",1,0)',
    "O'x".slice(0, 1),
    '',
  ])('keeps %s', (formula) => expect(judgeFormula(formula, BOOK)).toBeUndefined())

  it.each([
    ["cmd|'/c calc'!A0", 'X-EXTLINK'],
    ['他の表:Sheet1!A1', 'X-EXTLINK'],
    ['!A1', 'X-FORMULA'],
    ['#N/A(1)', 'X-FORMULA'],
    ['cmd|calc!A0', 'X-EXTLINK'],
    ['cmd|Sheet1!A0', 'X-EXTLINK'],
    ['[1]Sheet1!A1', 'X-EXTLINK'],
    ["'[1]Sheet1'!A1", 'X-EXTLINK'],
    ["'C:\\x\\[b.xlsx]S'!A1", 'X-EXTLINK'],
    ["'\\\\evil\\s\\[b.xlsx]S'!A1", 'X-EXTLINK'],
    ['他の表!A1', 'X-EXTLINK'],
    ['WEBSERVICE("http://e")', 'X-FORMULA'],
    ['1+_xlfn.WEBSERVICE(A1)', 'X-FORMULA'],
    ['HYPERLINK("x")', 'X-FORMULA'],
    ['CALL("urlmon","x")', 'X-FORMULA'],
    ['外+1', 'X-FORMULA'],
    ['myMacro()', 'X-FORMULA'],
    ['"open', 'X-FORMULA'],
    ['A1\u0000', 'X-FORMULA'],
    ['EXEC("calc")', 'X-FORMULA'],
  ])('does not keep %s', (formula, fault) => expect(judgeFormula(formula, BOOK)).toBe(fault))

  it('allows no function that the verifier does not know', () => {
    expect([...FUNCTIONS].filter((name) => !VERIFIED_FUNCTIONS.has(name))).toEqual([])
  })

  it('keeps none that the verifier would not let through', () => {
    const pieces = fc.constantFrom(
      ...`A1 B$2 SUM LOG10 ( ) ! : 表 '表 #REF! #n/a #DIV/0! # / " ' [ [1] ] T1 [#All] @ , + % 1 1E+3 . { } ; ~ _xlfn. ２ ． | < 2024年 Σ`.split(
        ' ',
      ),
      "'表 1'",
      ' ',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        const formula = parts.join('')
        if (judgeFormula(formula, BOOK) === undefined)
          expect(formulaAllowed(formula, BOOK.sheets)).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })

  it('ends on any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'A1(["\'!|:,]) #'), maxLength: 60 }),
        (formula) => {
          expect([undefined, 'X-FORMULA', 'X-EXTLINK']).toContain(judgeFormula(formula, BOOK))
        },
      ),
    )
  })
})

describe('field instructions', () => {
  it.each([' PAGE ', 'toc \\o "1-3"', ' = SUM(ABOVE) ', ' IF 1 = 1 "a" "b" ', ' SEQ 図 '])(
    'keeps %s',
    (instruction) => {
      expect(judgeInstruction(instruction)).toEqual({ write: instruction })
    },
  )

  it.each([
    ['DDEAUTO x', 'W-DDE'],
    [' dde x', 'W-DDE'],
    ['INCLUDETEXT "x"', 'W-FIELD'],
    ['"PAGE"', 'W-FIELD'],
    ['', 'W-FIELD'],
    ['\u0001 x', 'W-FIELD'],
    ['HYPERLINK "file:///c:/x.exe"', 'OX-HLINK'],
    ['HYPERLINK "http://a/" "b"', 'OX-HLINK'],
    ['HYPERLINK \u0001', 'OX-HLINK'],
  ])('does not keep %s', (instruction, fault) =>
    expect(judgeInstruction(instruction)).toEqual({ fault }),
  )
})
