import { expect, it } from 'vitest'
import { verifyClean } from '../../verify/index.ts'
import { disarmBytes } from '../engine.ts'
import type { Profile } from '../profile.ts'
import type { Specimen } from './specimen.test-support.ts'
import { odf } from './specimen.test-support.ts'

function rebuilt(specimen: Specimen, profile: Partial<Profile> = {}): string {
  const { output = new Uint8Array() } = disarmBytes(odf(specimen), specimen.type, { profile })
  expect(verifyClean(output, specimen.type)).toMatchObject({ clean: true })
  return Buffer.from(output).toString()
}

const comment =
  '<draw:page draw:name="1"><officeooo:annotation svg:x="1cm" svg:y="1cm"><dc:creator>山田</dc:creator><loext:sender-initials>山</loext:sender-initials><dc:date>2026-01-01T00:00:00</dc:date><text:p>確認してください</text:p></officeooo:annotation></draw:page>'

it.each<readonly [what: string, specimen: Specimen, stays: string]>([
  [
    'the minus of an accounting format, which Calc keeps in an element of its own',
    {
      type: 'fods',
      before:
        '<office:automatic-styles><number:number-style style:name="N1"><loext:text>-</loext:text><loext:fill-character> </loext:fill-character><number:number number:min-integer-digits="1"/></number:number-style></office:automatic-styles>',
    },
    '<loext:text>-</loext:text><loext:fill-character> </loext:fill-character><number:number',
  ],
  [
    'a comment on a slide, and who wrote it',
    { type: 'fodp', body: comment },
    comment.slice(27, -12),
  ],
  [
    'where the axes of a chart lie',
    {
      type: 'fods',
      body: '<table:table><table:shapes><draw:frame><draw:object><office:document office:mimetype="application/vnd.oasis.opendocument.chart"><office:body><office:chart><chart:chart chart:class="chart:bar"><chart:plot-area><chartooo:coordinate-region svg:x="1cm"/></chart:plot-area></chart:chart></office:chart></office:body></office:document></draw:object></draw:frame></table:shapes></table:table>',
    },
    '<chartooo:coordinate-region svg:x="1cm"/>',
  ],
  [
    'a list to choose from',
    {
      type: 'fodt',
      body: '<text:p><text:drop-down text:name="敬称"><text:label text:value="様" text:current-selected="true"/>様</text:drop-down></text:p>',
    },
    '<text:drop-down text:name="敬称"><text:label text:value="様" text:current-selected="true"/>様</text:drop-down>',
  ],
])('%s stays', (_, specimen, stays) => {
  expect(rebuilt(specimen)).toContain(stays)
})

it('a comment on a slide goes when comments go', () => {
  const text = rebuilt({ type: 'fodp', body: comment }, { comments: 'remove' })
  expect(text).not.toMatch(/山|確認/)
})

it('initials outside of a comment go, like the name of an author', () => {
  const body = '<text:p>本文<loext:sender-initials>山</loext:sender-initials></text:p>'
  expect(rebuilt({ type: 'fodt', body })).not.toContain('山')
})

it('formatting under the names that ODF first borrowed is formatting', () => {
  const written = Buffer.from(
    odf({
      type: 'fodt',
      before:
        '<office:automatic-styles><style:style style:name="a" style:family="text"><style:text-properties fo:color="#ff0000" svg:font-family="x"/></style:style></office:automatic-styles>',
      body: '<text:p>赤</text:p>',
    }),
  ).toString()
  const old = written
    .replace(
      'urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0',
      'http://www.w3.org/1999/XSL/Format',
    )
    .replace(
      'urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0',
      'http://www.w3.org/2000/svg',
    )
  const text = rebuilt({ type: 'fodt', content: old })
  expect(text).toContain('fo:color="#ff0000" svg:font-family="x"')
  expect(text).not.toContain('XSL/Format')
})

it('one attribute under both names is refused: programs would differ about which counts', () => {
  const twice = Buffer.from(
    odf({ type: 'fodt', body: '<text:p fo:color="#f00" old:color="#0f0">字</text:p>' }),
  )
    .toString()
    .replace('<office:document ', '<office:document xmlns:old="http://www.w3.org/1999/XSL/Format" ')
  expect(disarmBytes(Buffer.from(twice), 'fodt').output).toBeUndefined()
})
