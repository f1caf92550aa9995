import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disarmBytes } from '../src/engine.ts'
import { latin, pngHex } from '../src/rtf/specimen.test-support.ts'
import { canonicalParameter, shapeOf } from '../src/rtf/words.ts'
import { verifyClean } from './index.ts'
import { wordAllowed } from './rtf-words.ts'

const HEAD = '{\\rtf1\\ansi\\ansicpg1252\\uc1'

/** A document with one of everything that the grammar has. */
const PARTS: readonly string[] = [
  '\\deff0',
  '{\\fonttbl{\\f0\\froman\\fcharset0\\fprq2{\\*\\panose 02020603050405020304}Times{\\*\\falt Tms};}{\\f1\\fnil\\u12354?;}{\\f2\\fnil;}}',
  '{\\colortbl;\\red255\\green0\\blue0;}',
  '{\\stylesheet{\\ql\\fs20\\snext0 Normal;}{\\*\\cs10\\additive Default;}}',
  "{\\*\\listtable{\\list\\listtemplateid1\\listhybrid{\\listlevel\\levelnfc0\\leveljc0\\levelstartat1{\\leveltext\\leveltemplateid5\\'02\\'00.;}{\\levelnumbers\\'01;}\\fi-360\\li720}{\\listname;}\\listid7}}",
  `{\\*\\listtable{\\*\\listpicture{\\pict\\pngblip ${pngHex}}{\\*\\shppict{\\pict\\pngblip ${pngHex}}}}{\\list{\\listlevel\\levelpicture1{\\leveltext\\'01\\u8226?;}{\\levelnumbers;}}\\listid8}}`,
  '{\\*\\listoverridetable{\\listoverride\\listid7\\listoverridecount1{\\lfolevel\\listoverridestartat\\levelstartat1}\\ls1}}',
  '{\\*\\revtbl{Unknown;}{A\\u233?;}}',
  '\\paperw11906\\sectd{\\header\\pard head\\par}',
  '\\pard\\plain\\f0\\fs20 text \\u-26335?\\u-10174?\\u-8265?\\par',
  '{\\b bold}{\\*\\bkmkstart a}\\~\\-\\_{\\*\\bkmkend a}',
  '{\\field{\\*\\fldinst  HYPERLINK "https://www.example.jp/" }{\\fldrslt{\\ul link}}}',
  '{\\field{\\*\\fldinst  IF {\\field{\\*\\fldinst MERGEFIELD a}{\\fldrslt 1}} = 1 "y" }{\\fldrslt y}}',
  '{\\field{\\*\\fldinst FORMTEXT{\\*\\formfield\\fftype0{\\*\\ffname a}}}{\\fldrslt b}}',
  `{\\*\\shppict{\\pict{\\*\\picprop{\\sp{\\sn wzDescription}{\\sv x}}}\\picscalex100\\picw3\\pich2\\pngblip ${pngHex}}}`,
  `{\\shp{\\*\\shpinst\\shpleft0\\shpbypara{\\sp{\\sn shapeType}{\\sv 202}}{\\sp{\\sn pVertices}{\\sv 8;1;(0,1)}}{\\sp{\\sn pib}{\\sv{\\pict\\pngblip ${pngHex}}}}{\\shptxt box\\par}}}`,
  '\\trowd\\trgaph70\\clbrdrt\\brdrs\\brdrw10\\cellx4000\\intbl a\\cell\\row',
  '\\pard x\\chftn{\\footnote\\pard note}{\\*\\atnid ab}\\chatn{\\*\\annotation\\pard c}',
  '{\\mmath{\\*\\moMath{\\mr a}}}{\\revised\\revauth1 new}',
]
const DOCUMENT = `${HEAD}${PARTS.join('')}}`

function reasonOf(text: string): string {
  const verdict = verifyClean(latin(text), 'rtf')
  return verdict.clean ? '' : verdict.reason
}

/** Accepted bytes come out of the disarmer again as they are. */
function expectFixed(bytes: Uint8Array): void {
  const verdict = verifyClean(bytes, 'rtf')
  expect(verdict.clean ? '' : verdict.reason).not.toBe('VERIFY-CRASH')
  if (!verdict.clean) return
  const { report, output } = disarmBytes(bytes, 'rtf')
  expect(report.reason).toBeUndefined()
  expect(report.removed).toEqual([])
  expect(Buffer.from(output!).toString('latin1')).toBe(Buffer.from(bytes).toString('latin1'))
}

describe('the form that is written is the form that is accepted', () => {
  it.each(PARTS)('%s', (part) => {
    expect(reasonOf(`${HEAD}${part}}`)).toBe('')
    expectFixed(latin(`${HEAD}${part}}`))
  })

  it('all parts together', () => {
    expect(reasonOf(DOCUMENT)).toBe('')
    expectFixed(latin(DOCUMENT))
  })

  it('both sides know the same words with the same numbers', () => {
    const words = new Set(DOCUMENT.match(/[a-z]+/gi))
    for (const word of ['brdrs', 'clvmgf', 'trowd', 'sbkpage', 'objdata', 'template', 'f', 'v'])
      words.add(word)
    for (const word of words) {
      for (const parameter of [undefined, 0, 1, -1, 32_767, 32_768, 65_535, 65_536, 2 ** 31]) {
        const shape = shapeOf(word)
        const written = shape && canonicalParameter(shape, parameter)
        const same = written !== undefined && (written ?? undefined) === parameter
        expect(`${word} ${parameter} ${wordAllowed(word, parameter)}`).toBe(
          `${word} ${parameter} ${same}`,
        )
      }
    }
  })
})

describe('nothing that acts is accepted, wherever it is put back', () => {
  const active = [
    '{\\object\\objemb{\\*\\objdata 0105}}',
    '{\\*\\objdata 0105}',
    '\\objupdate',
    '{\\*\\template a}',
    '{\\*\\datastore 00}',
    '{\\field{\\*\\fldinst DDEAUTO cmd}{\\fldrslt a}}',
    '{\\field{\\*\\fldinst  HYPERLINK "file:///c:/a" }{\\fldrslt a}}',
    '{\\field{\\*\\fldinst HYPERLINK "https://www.example.jp/"}{\\fldrslt a}}',
    '{\\field{\\*\\fldinst {\\b PAGE}}{\\fldrslt a}}',
    '{\\field{\\fldinst PAGE}{\\fldrslt a}}',
    '{\\field{\\fldrslt a}}',
    '{\\*\\unknown a}',
    '\\unknown',
    '\\bin4 abcd',
    '\\u65?',
    '\\u155?',
    '\\u-10174?a',
    '\\u-10174?\\b\\u-8265?',
    '\\uc2',
    "\\'e9",
    'a\nb',
    '\\fs020 ',
    '\\fs20 \\b',
    '\\b1 ',
    '\\fs70000',
    '\\f40000',
    '\\pard0',
    '{}',
    '{\\footnote}',
    '{\\b\\footnote a}',
    '{\\listoverride\\listid7\\listoverridecount25\\ls1}',
    '{\\pict\\pngblip 00}',
    `{\\pict\\jpegblip ${pngHex}}`,
    `{\\pict\\pngblip ${pngHex.toUpperCase()}}`,
    `{\\pict\\pngblip\\picw3 ${pngHex}}`,
    '{\\shp{\\*\\shpinst{\\sp{\\sn pFragments}{\\sv 2;1;0}}}}',
    '{\\shp{\\*\\shpinst{\\sp{\\sn pVertices}{\\sv 8;9;(0,0)}}}}',
    '{\\info{\\author a}}',
  ]
  it.each(active)('%s', (text) => {
    for (const at of [0, 8, 9, 16]) {
      const parts = [...PARTS.slice(0, at), text, ...PARTS.slice(at)]
      expect(reasonOf(`${HEAD}${parts.join('')}}`)).not.toBe('')
    }
    expect(reasonOf(`${HEAD}{\\header{\\b ${text}}}}`)).not.toBe('')
  })

  it.each([
    ['\\listoverridecount1', '\\listoverridecount25'],
    ["\\'02\\'00.", "\\'03\\'00."],
    ["{\\levelnumbers\\'01;}", "{\\levelnumbers\\'02;}"],
    ['{\\f1\\fnil', '{\\f99999\\fnil'],
    ['\\red255\\green0', '\\red256\\green0'],
    [HEAD, '{\\rtf1\\ansi\\ansicpg932\\uc1'],
    [HEAD, '{\\rt'],
    ['}', '} '],
  ])('%s as %s', (from, to) => {
    expect(reasonOf(DOCUMENT.replace(from, to))).not.toBe('')
  })

  it('a group too deep is not accepted', () => {
    const deep = (depth: number) => `${HEAD}${'{'.repeat(depth)}a${'}'.repeat(depth)}}`
    expect(reasonOf(deep(99))).toBe('')
    expect(reasonOf(deep(100))).toBe('VERIFY-RTF-DEPTH')
  })
})

describe('whatever a file is changed to', () => {
  const changes = fc.array(
    fc.record({
      kind: fc.constantFrom('set', 'drop', 'add', 'copy'),
      at: fc.nat(),
      value: fc.nat(255),
    }),
    { minLength: 1, maxLength: 4 },
  )
  const tokens = fc.constantFrom(
    ...PARTS,
    ...'{ } \\ \\* \\b \\v \\deleted \\par \\u12354? \\uc2 \\pard \\plain ; - a 0 \\pict \\field \\fldinst \\fldrslt \\footnote'.split(
      ' ',
    ),
    ...'\\object \\result \\objdata \\fonttbl \\colortbl \\stylesheet \\cs1 \\shp \\shpinst \\sp \\sn \\sv \\upr \\ud \\bin3'.split(
      ' ',
    ),
    ...'\\listtable \\list \\listlevel \\leveltext \\info \\title \\formfield \\picprop \\shppict \\xe \\pn \\do \\dptxbxtext'.split(
      ' ',
    ),
    "\\'8d\\'82",
    '\\f1',
    ' ',
    '\\~',
    '{\\*',
    '}}',
    '{{',
  )

  it('accepted is written again byte for byte, and written is accepted', () => {
    fc.assert(
      fc.property(changes, (list) => {
        let text = DOCUMENT
        for (const { kind, at, value } of list) {
          const place = at % text.length
          const character = String.fromCharCode(value)
          const put =
            kind === 'set' || kind === 'add'
              ? character
              : kind === 'copy'
                ? text.slice(place, place + value)
                : ''
          text =
            text.slice(0, place) +
            put +
            text.slice(place + (kind === 'set' || kind === 'drop' ? 1 : 0))
        }
        expectFixed(latin(text))
        expectWritten(text)
      }),
      { numRuns: 400 },
    )
  })

  it('the same for words and groups in any order', () => {
    fc.assert(
      fc.property(fc.array(tokens, { maxLength: 14 }), (list) => {
        for (const text of [`${HEAD}${list.join('')}}`, `{\\rtf1 ${list.join('')}`]) {
          expectFixed(latin(text))
          expectWritten(text)
        }
      }),
      { numRuns: 1500 },
    )
  })

  function expectWritten(text: string): void {
    const { report, output } = disarmBytes(latin(text), 'rtf')
    expect(report.reason).not.toBe('ENG-CRASH')
    if (!output) return
    const verdict = verifyClean(output, 'rtf')
    expect(verdict).toEqual({ clean: true, type: 'rtf' })
    expectFixed(output)
  }
})
