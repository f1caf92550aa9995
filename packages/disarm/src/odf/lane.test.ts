import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { verifyClean } from '../../verify/index.ts'
import { disarmBytes } from '../engine.ts'
import { Context } from '../family.ts'
import { DEFAULT_PROFILE } from '../profile.ts'
import type { Surroundings } from './filter.ts'
import { Filter } from './filter.ts'
import { content, odf } from './specimen.test-support.ts'
import { Tokens } from './tokens.ts'
import type { Sink } from './writer.ts'

const cell = (formula: string): string =>
  `<table:table-cell table:formula="${formula}" office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>`
const row = (cells: string): string => `<table:table-row>${cells}</table:table-row>`
const book = (rows: string): string => `<table:table table:name="a">${rows}</table:table>`

function disarmed(type: string, body: string): { readonly text: string; readonly report: string } {
  const { report, output } = disarmBytes(odf({ type, body }), type)
  if (output) expect(verifyClean(output, type)).toEqual({ clean: true, type })
  return { text: output ? Buffer.from(output).toString() : '', report: JSON.stringify(report) }
}

const NOWHERE: Surroundings = {
  profile: DEFAULT_PROFILE,
  rules: { links: 'keep', lostSheets: new Set() },
  flat: false,
  picture: () => undefined,
  placeholder: () => '',
  inlinePicture: () => '',
  object: () => undefined,
  replacement: () => undefined,
  removed: () => {},
  kept: () => {},
}

describe('a sheet of a hundred thousand cells', () => {
  const cells = Array.from({ length: 10 }, (_, n) => cell(`of:=SUM([.A${n}:.B7])*1.${n}`)).join('')
  const sheet = content('ods', '', book(row(cells).repeat(10_000)))

  it('is written while it is read, and never at hand as a whole', () => {
    const PIECE = 64 * 1024
    let asked = 0
    let written = 0
    let widest = 0
    let behind = 0
    let tokens: Tokens | undefined
    function* pieces(): Generator<Uint8Array> {
      for (let at = 0; at < sheet.length; at += PIECE) {
        asked += PIECE
        widest = Math.max(widest, tokens?.reader.text.length ?? 0)
        behind = Math.max(behind, asked - written)
        yield sheet.subarray(at, at + PIECE)
      }
    }
    const sink: Sink<number> = {
      text: (piece) => {
        written += Buffer.byteLength(piece)
      },
      binary: (piece) => {
        written += piece.length
      },
      end: () => written,
    }
    tokens = new Tokens(pieces(), '', new Context())
    const total = new Filter(NOWHERE, sink).run(tokens)
    expect(total).toBeGreaterThan(sheet.length * 0.9)
    expect(sheet.length).toBeGreaterThan(PIECE * 100)
    expect(widest).toBeLessThan(PIECE * 6)
    expect(behind).toBeLessThan(PIECE * 8)
  })
})

describe('rows and paragraphs that pass without being taken apart', () => {
  it('have each formula judged, also one that differs from a harmless one in a number only', () => {
    const { text } = disarmed(
      'fods',
      book(row(cell('of:=LOG10([.A1])') + cell('of:=LOG11([.A1])') + cell('of:=LOG10([.A12])'))),
    )
    expect(text).toContain('LOG10([.A12])')
    expect(text).not.toContain('LOG11')
  })

  it('lose what reaches out, wherever in a row it stands', () => {
    const harmless = row(cell('of:=[.B1]+1').repeat(3)).repeat(3)
    for (const hostile of [
      `of:=DDE(&quot;soffice&quot;;&quot;/etc/passwd&quot;;&quot;A1&quot;)`,
      `of:=[&apos;file:///etc/passwd&apos;#$a.A1]`,
      `of:=WEBSERVICE(&quot;http://e.example&quot;)`,
    ]) {
      const { text } = disarmed('fods', book(harmless + row(cell('of:=[.B1]+2') + cell(hostile))))
      expect(text.split('table:formula').length).toBe(11)
      expect(text).not.toMatch(/DDE|passwd|WEBSERVICE/)
    }
  })

  it('may not have an attribute twice', () => {
    const twice = '<text:p text:style-name="a" text:style-name="b">x</text:p>'
    const others = '<text:p text:style-name="a">x</text:p>'.repeat(20)
    expect(disarmed('fodt', others + twice + others).report).toContain('OX-XMLDEPTH')
  })

  it('end where a document ends in the middle of one', () => {
    const bytes = Buffer.from(odf({ type: 'fodt', body: '<text:p>x</text:p>'.repeat(50) }))
    const cut = bytes.subarray(0, bytes.lastIndexOf('</text:p>') - 1)
    expect(disarmBytes(new Uint8Array(cut), 'fodt').report.reason).toBe('ODF-XML')
  })

  const PIECES = [
    '<text:p>',
    '</text:p>',
    '<text:p text:style-name="P1">本文 &amp; &apos;字&apos; &#x3e;</text:p>',
    '<text:span text:style-name="T1">',
    '</text:span>',
    '<text:s text:c="2"/>',
    '<text:s></text:s>',
    '<text:p> </text:p>',
    '<text:list xml:id="a"><text:list-item>\n <text:p>x</text:p>\n</text:list-item></text:list>',
    '<text:a xlink:href="https://e.example/">頁</text:a>',
    '<text:h text:outline-level="1">\t</text:h>',
    '<office:annotation><dc:creator>a</dc:creator><text:p>b</text:p></office:annotation>',
    row(cell('of:=[.A1]&lt;2')),
    row(cell('of:=LOG10(1)') + cell('msoxl:=X()')),
    '<table:table-row table:visibility="collapse"><table:table-cell/></table:table-row>',
    '<table:table-row>\n<table:table-cell table:number-columns-repeated="16384">\n</table:table-cell>\n</table:table-row>',
    '<!-- c -->',
    '<![CDATA[a<b]]>',
    'loose',
    '\n',
  ]

  /** Other prefixes mean the same and are not understood by the lane. */
  const renamed = (xml: string): string =>
    xml
      .replaceAll(/(<\/?|\s)(text|table):/g, '$1$2x:')
      .replaceAll(/xmlns:(text|table)=/g, 'xmlns:$1x=')

  it('are written as if they had been', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 24 }), (pieces) => {
        const xml = Buffer.from(odf({ type: 'fodt', body: pieces.join('') })).toString()
        const [passed, filtered] = [xml, renamed(xml)].map((one) =>
          disarmBytes(new TextEncoder().encode(one), 'fodt'),
        )
        expect(passed?.report).toEqual(filtered?.report)
        expect(Buffer.from(passed?.output ?? []).toString()).toBe(
          Buffer.from(filtered?.output ?? []).toString(),
        )
      }),
      { numRuns: 400 },
    )
  })
})
