import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Context, Refusal } from '../family.ts'
import { DEFAULT_PROFILE } from '../profile.ts'
import { filterNodes, filterShell } from './filter.ts'
import { rewritePart } from './part.ts'
import type { Scope } from './scope.ts'

const W = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const X = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'

/** A scope without relationships that writes down what it hears. */
function listening(kind: string): { readonly scope: Scope; readonly heard: () => string[] } {
  const counts = new Map<string, number>()
  const hear = (rule: string, count = 1) => counts.set(rule, (counts.get(rule) ?? 0) + count)
  const scope: Scope = {
    kind,
    book: {
      sheets: new Set(['表']),
      lostNames: new Set(),
      from1904: false,
      losesHidden: false,
      sheetIndex: (old) => old,
    },
    profile: DEFAULT_PROFILE,
    keepsMacros: false,
    filter: (nodes) => filterNodes(nodes, scope),
    shell: (element, key) => filterShell(element, key, scope),
    drop: (rule, count) => void hear(`-${rule}`, count),
    keep: (rule, count) => void hear(`+${rule}`, count),
    follow: () => undefined,
    drawnForm: () => undefined,
    hyperlink: () => undefined,
    forget: () => undefined,
    placeholder: () => 'rId1',
    sheetShapes: () => undefined,
    sheetPictures: () => undefined,
    headerShapes: () => undefined,
    picture: () => 'rId1',
    legacyPicture: () => undefined,
    appendix: () => [],
  }
  return { scope, heard: () => [...counts].map(([rule, count]) => `${rule} ${count}`).toSorted() }
}

/** What is written of a part and reported about it; with the lane, or by trees alone as for Strict. */
function rewritten(text: string, root: string, lane: boolean, piece: number): string {
  const bytes = Buffer.from(text)
  const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, index) =>
    bytes.subarray(index * piece, (index + 1) * piece),
  )
  const { scope, heard } = listening(root === 'w:document' ? 'main' : 'worksheet')
  try {
    const content = rewritePart(pieces, root, scope, new Context(), !lane)
    if (!(content instanceof Uint8Array)) throw new Error('small parts are not packed')
    return `${Buffer.from(content).toString()}\n${heard().join('\n')}`
  } catch (error) {
    if (error instanceof Refusal) return error.reason
    throw error
  }
}

function balanced(pieces: readonly string[]): string {
  const open: string[] = []
  let text = ''
  for (const tag of pieces.join('').match(/<[^>]+>|[^<]+/g) ?? []) {
    const name = /^<\/?([\w:]+)/.exec(tag)?.[1] ?? ''
    if (tag.startsWith('</')) {
      if (open[open.length - 1] !== name) continue
      open.pop()
    } else if (/^<[\w]/.test(tag) && !tag.endsWith('/>')) open.push(name)
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

const LETTER = [
  '<w:p>',
  '<w:p w:rsidR="00AB12CD" w:rsidRDefault="00AB12CE">',
  '</w:p>',
  '<w:r>',
  '<w:r >',
  '</w:r>',
  '<w:t xml:space="preserve">',
  '</w:t>',
  '<w:rPr><w:b/><w:sz w:val="21"/></w:rPr>',
  '<w:rPr></w:rPr>',
  '<w:proofErr w:type="spellStart"/>',
  '<w:lastRenderedPageBreak />',
  '<w:tbl>',
  '</w:tbl>',
  '<w:tr>',
  '</w:tr>',
  '<w:tc>',
  '</w:tc>',
  '葛󠄂城𠮷',
  'a &amp; b &lt;',
  '&#x41;&quot;',
  'x > y',
  '\r\n',
  ' ',
  '<!-- c -->',
  '<![CDATA[d]]>',
  '<w:unknown/>',
  '<w:vanish/>',
  '<q:a xmlns:q="urn:q"/>',
  '<w:r xmlns:w="urn:other">',
  '<w:fldChar w:fldCharType="begin"/>',
  '<w:instrText> PAGE </w:instrText>',
  '<w:instrText>DDE x</w:instrText>',
  '<w:fldChar w:fldCharType="end"/>',
  '<w:sym w:char="F0FC" w:font="a>b"/>',
  '<w:b w:val="12345678"/>',
  '<w:b w:val="1234567F"/>',
  '<w:b w:val=""/>',
  '<w:p w:rsidR="00AB12CF" w:rsidRDefault="00AB12CE">',
  '<w:p w:rsidR="" w:rsidRDefault="00AB12CE">',
  '<w:p w:rsidR="00AB12cf" w:rsidRDefault="00AB12CE">',
  "<w:b w:val='0'/>",
]

const FORMATS = [
  '<w:pPr><w:spacing w:line="360"/><w:rPr><w:b/></w:rPr></w:pPr>',
  '<w:pPr><w:spacing w:line="360"/><w:rPr><w:b/><w:i/></w:rPr></w:pPr>',
  '<w:pPr><w:spacing w:line="360"/><w:rPr><w:b/></w:rPr>x</w:pPr>',
  '<w:pPr><w:spacing w:line="360"/><w:rPr><w:b w:rsid="00AB12CD"/></w:rPr></w:pPr>',
  '<w:tcPr><w:tcW w:w="1" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>',
  '<w:tcPr><w:tcW w:w="1" w:type="dxa"/></w:tcPr>',
]

const SHEET = [
  '<row r="1">',
  '<row r="2" spans="1:3" hidden="1">',
  '<row r="34" spans="1:3" x14ac:dyDescent="0.4">',
  '</row>',
  '<c r="A1">',
  '<c r="B2" s="3" t="s">',
  '<c r="B2" t="d">',
  '<c r="C3" s="1"/>',
  '<c r="C3" cm="1"/>',
  '<c s="1" s="2"/>',
  "<c r='D4'>",
  '</c>',
  '<v>1.5</v>',
  '<v/>',
  '<v></v>',
  '<f>SUM(A1:B2)</f>',
  '<f>LOG10(A1)</f>',
  '<f>LOG11(A1)</f>',
  '<f>表!A1&amp;"x"</f>',
  '<f>[1]外!A1</f>',
  '<f t="shared" ref="A1:A2" si="0">A1+1</f>',
  '<f t="shared" si="0"/>',
  '<f t="shared" si="7"/>',
  '<f/>',
  '<is><t>葛󠄂</t></is>',
  'x',
  ' ',
  '\n',
  '<extLst/>',
]

describe('what passes without a tree', () => {
  const pieceSize = fc.constantFrom(1, 3, 7, 64, 100_000)
  it('comes out of letters exactly as through a tree, and is reported alike', () => {
    const body = fc.array(fc.constantFrom(...LETTER), { maxLength: 40 }).map(balanced)
    fc.assert(
      fc.property(body, pieceSize, (inner, piece) => {
        const text = `<w:document xmlns:w="${W}"><w:body>${inner}</w:body></w:document>`
        const by = (lane: boolean) => rewritten(text, 'w:document', lane, piece)
        expect(by(true)).toBe(by(false))
      }),
      { numRuns: 1500 },
    )
  })
  it('comes out the same where it has come before, but for one piece', () => {
    const pieces = fc.array(fc.constantFrom(...LETTER, ...FORMATS), { minLength: 1, maxLength: 14 })
    const change = fc.record({ at: fc.nat(), piece: fc.constantFrom('', ...LETTER, ...FORMATS) })
    fc.assert(
      fc.property(pieces, change, pieceSize, (all, { at, piece: other }, piece) => {
        const changed = all.with(at % all.length, other)
        const inner = [all, all, all, changed, all].map(balanced).join('')
        const text = `<w:document xmlns:w="${W}"><w:body>${inner}</w:body></w:document>`
        const by = (lane: boolean) => rewritten(text, 'w:document', lane, piece)
        expect(by(true)).toBe(by(false))
      }),
      { numRuns: 1500 },
    )
  })
  it('goes no deeper where it is known than where it is new', () => {
    const known = '<w:p><w:r><w:rPr><w:b/></w:rPr></w:r></w:p>'.repeat(4)
    const reasons = Array.from({ length: 8 }, (_, index) => {
      const tables = 79 + index
      const open = '<w:tbl><w:tr><w:tc>'.repeat(tables)
      const close = '</w:tc></w:tr></w:tbl>'.repeat(tables)
      const text = `<w:document xmlns:w="${W}"><w:body>${known}${open}${known}${close}</w:body></w:document>`
      const by = (lane: boolean) => rewritten(text, 'w:document', lane, 100_000)
      expect(by(true)).toBe(by(false))
      return by(true).length > 100 ? 'written' : by(true)
    })
    expect(reasons[0]).toBe('written')
    expect(reasons[7]).toBe('OX-XMLDEPTH')
  })
  it('comes out of sheets exactly as through a tree, and is reported alike', () => {
    const rows = fc.array(fc.constantFrom(...SHEET), { maxLength: 40 }).map(balanced)
    fc.assert(
      fc.property(rows, pieceSize, (inner, piece) => {
        const text =
          `<worksheet xmlns="${X}" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac">` +
          `<sheetData>${inner}</sheetData></worksheet>`
        const by = (lane: boolean) => rewritten(text, 'x:worksheet', lane, piece)
        expect(by(true)).toBe(by(false))
      }),
      { numRuns: 1500 },
    )
  })
  it('is judged by every formula where a number makes another function of it', () => {
    const cell = (at: string, formula: string) => `<c r="${at}"><f>${formula}</f><v>1</v></c>`
    const rows = `<row r="1">${cell('A1', 'LOG10(A1)')}</row><row r="2">${cell('A2', 'LOG11(A2)')}</row>`
    const text = `<worksheet xmlns="${X}"><sheetData>${rows}</sheetData></worksheet>`
    const written = rewritten(text, 'x:worksheet', true, 100_000)
    expect(written).toContain('<f>LOG10(A1)</f>')
    expect(written).not.toContain('LOG11')
  })
})
