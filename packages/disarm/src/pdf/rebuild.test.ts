import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { verifyClean } from '../../verify/index.ts'
import { Context } from '../family.ts'
import { buildImagePage, buildPdf, streamBody } from './build.test-support.ts'
import { disarm, dissect, FORBIDDEN, goldenCases } from './corpus.test-support.ts'
import { encodeFax } from './fax-encode.test-support.ts'

function textOf(bytes: Uint8Array): string {
  const { output, reason } = disarm(bytes)
  if (!output) throw new Error(`refused: ${reason}`)
  return dissect(output).text
}

describe('hostile bytes', () => {
  test('a damaged file is written clean or refused, and nothing else happens', () => {
    const files = goldenCases().map((golden) => golden.bytes)
    const wound = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) })
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(wound, { minLength: 1, maxLength: 6 }),
        (file, wounds) => {
          const bytes = Uint8Array.from(file)
          for (const { at, byte } of wounds) bytes[at % bytes.length] = byte
          const { output, reason } = disarm(bytes)
          if (output) {
            const { names } = dissect(output)
            expect(FORBIDDEN.filter((each) => names.has(each))).toEqual([])
          } else {
            expect(reason).toMatch(/^[A-Z]+(?:-[A-Z]+)?$/u)
          }
        },
      ),
      { numRuns: 600 },
    )
  })

  test('a cut file is written clean or refused', () => {
    for (const { bytes } of goldenCases().slice(0, 30)) {
      for (let part = 1; part < 8; part += 1) {
        const { output } = disarm(bytes.subarray(0, (bytes.length * part) >> 3))
        if (output) dissect(output)
      }
    }
  })

  test('the input is not changed', () => {
    const bytes = buildPdf()
    const before = Buffer.from(bytes)
    disarm(bytes)
    expect(Buffer.compare(before, bytes)).toBe(0)
  })

  test('the same input gives the same bytes', () => {
    const [a, b] = [disarm(buildPdf()).output, disarm(buildPdf()).output]
    expect(Buffer.compare(a as Uint8Array, b as Uint8Array)).toBe(0)
  })

  test('an empty file, a text and a header alone are refused', () => {
    for (const source of ['', 'hello', '%PDF-1.7\n', '%PDF-1.7\n%%EOF']) {
      expect(disarm(Buffer.from(source)).reason).toBe('PDF-XREF')
    }
  })

  test('a content bomb ends at the budget', () => {
    const bomb = streamBody(deflateSync(new Uint8Array(5_000_000).fill(32)), '/Filter /FlateDecode')
    const context = new Context({ limits: { decodedBytes: 1_000_000 } })
    expect(disarm(buildPdf({ 4: bomb }), context).reason).toBe('LIMIT-SIZE')
  })

  test('a picture that claims a wall of pixels ends at the budget', () => {
    const keys = '/Width 900000 /Height 900000 /BitsPerComponent 8 /ColorSpace /DeviceRGB'
    expect(disarm(buildImagePage(new Uint8Array(4), keys)).reason).toBe('LIMIT-SIZE')
  })

  test('time is a budget too', () => {
    let now = 0
    const clock = (): number => (now += 1)
    const context = new Context({ limits: { milliseconds: 3 }, clock })
    expect(disarm(buildPdf(), context).reason).toBe('LIMIT-TIME')
  })

  test('8,000 pages are written, 8,001 are refused', () => {
    const kids = (count: number): string => Array.from({ length: count }, () => '3 0 R').join(' ')
    const pages = (count: number): Uint8Array =>
      buildPdf({ 2: `<< /Type /Pages /Kids [${kids(count)}] /Count ${count} >>` })
    expect(disarm(pages(8001)).reason).toBe('PDF-LIMIT')
    expect(dissect(disarm(pages(8000)).output as Uint8Array).objects).toBeGreaterThan(8000)
  })

  test('a name tree, outline or page tree of references to itself ends', () => {
    const outcome = disarm(
      buildPdf({
        1: '<< /Type /Catalog /Pages 2 0 R /Names << /Dests 5 0 R >> /PageLabels 5 0 R /StructTreeRoot 6 0 R /OpenAction (x) >>',
        5: '<< /Kids [5 0 R 5 0 R 5 0 R] >>',
        6: '<< /Type /StructTreeRoot /K 7 0 R /ParentTree 5 0 R >>',
        7: '<< /S /P /K [7 0 R 7 0 R] /P 7 0 R >>',
      }),
    )
    expect(outcome.output).toBeDefined()
  })
})

describe('what people see stays', () => {
  test('inline pictures keep their pixels, whatever bytes they hold', () => {
    const pixels = fc.uint8Array({ minLength: 12, maxLength: 12 })
    fc.assert(
      fc.property(pixels, (bytes) => {
        const content = Buffer.concat([
          Buffer.from('q BI /W 4 /H 1 /BPC 8 /CS /RGB ID '),
          bytes,
          Buffer.from('\nEI Q'),
        ])
        const hexadecimal = Buffer.from(bytes).toString('hex').toUpperCase()
        expect(textOf(buildPdf({ 4: streamBody(content) }))).toContain(
          `/F /AHx ID ${hexadecimal}>\nEI\nQ\n`,
        )
      }),
    )
  })

  test('fax pictures become plain rows with the same pixels', () => {
    const picture = fc.array(fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(picture, fc.constantFrom(-1, 0, 4), (rows, k) => {
        const keys = `/Width 40 /Height ${rows.length} /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /CCITTFaxDecode /DecodeParms << /K ${k} /Columns 40 /BlackIs1 true >>`
        const bits = rows
          .flat()
          .map((black) => (black ? '1' : '0'))
          .join('')
        const expected = Uint8Array.from({ length: bits.length / 8 }, (_, i) =>
          Number.parseInt(bits.slice(8 * i, 8 * i + 8), 2),
        )
        const text = textOf(buildImagePage(encodeFax(rows, k), keys))
        expect(text).not.toContain('CCITT')
        expect(text).toContain(`%stream\n${Buffer.from(expected).toString('latin1')}`)
      }),
    )
  })

  test('surplus picture data is hidden data and goes', () => {
    const data = Buffer.from('\x01\x02\x03hidden-payload')
    const text = textOf(
      buildImagePage(data, '/Width 3 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray'),
    )
    expect(text).toContain('\x01\x02\x03')
    expect(text).not.toContain('hidden')
  })

  test('Japanese text, names and links survive byte for byte', () => {
    const title = '<FEFF845BDB40DD00D842DFB79AD9FA11>'
    const url = 'https://www.city.example.lg.jp/%E8%91%9B%E5%9F%8E'
    const text = textOf(
      buildPdf({
        1: '<< /Type /Catalog /Pages 2 0 R /Outlines 5 0 R /Lang (ja-JP) >>',
        5: '<< /First 6 0 R /Last 6 0 R >>',
        6: `<< /Title ${title} /Parent 5 0 R /A << /S /URI /URI (${url}) >> >>`,
      }),
    )
    expect(text).toContain(`/Title ${title}`)
    expect(text).toContain(`/URI (${url})`)
    expect(text).toContain('/Lang (ja-JP)')
  })

  test('a Japanese font that is not embedded stays as it is, and a person is told', () => {
    const { output, kept } = disarm(
      buildPdf({
        3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>',
        4: streamBody('BT /F1 12 Tf <82A0> Tj ET'),
        5: '<< /Type /Font /Subtype /Type0 /BaseFont /Ryumin-Light /Encoding /90ms-RKSJ-H /DescendantFonts [6 0 R] >>',
        6: '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Ryumin-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> /DW 1000 >>',
      }),
    )
    expect(kept).toEqual(['PDF-NOFONT'])
    const { text } = dissect(output as Uint8Array)
    for (const part of ['/90ms-RKSJ-H', '/Ordering (Japan1)', '<82A0> Tj'])
      expect(text).toContain(part)
  })

  const withMap = (map: string): Uint8Array =>
    buildPdf({
      3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Resources << /Font << /F 5 0 R >> >> /Contents 4 0 R >>',
      4: streamBody('BT /F 9 Tf <0001> Tj ET'),
      5: '<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [7 0 R] /ToUnicode 6 0 R >>',
      6: streamBody(map),
      7: '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> >>',
    })

  test('a map of characters may build on that of its collection, and on nothing else', () => {
    const built = (base: string): string =>
      textOf(withMap(`/${base} usecmap 1 beginbfchar <0002> <0041> endbfchar`))
    expect(built('Adobe-Japan1-UCS2')).toContain('/Adobe-Japan1-UCS2 usecmap\n')
    for (const base of ['Own', 'Adobe-Japan1-UCS2x', '..#2FAdobe-Japan1-UCS2'])
      expect(built(base)).not.toContain('usecmap')
  })

  test('a map that gives numbers for characters is read as people see it', () => {
    const text = textOf(
      withMap(
        '1 begincidchar <0002> 26481 endcidchar 1 begincidrange <0003> <0004> 65 endcidrange 1 begincidchar <0005> -9 endcidchar',
      ),
    )
    expect(text).toContain('1 beginbfchar\n<0002> <6771>\nendbfchar\n')
    expect(text).toContain('1 beginbfrange\n<0003> <0004> <0041>\nendbfrange\n')
    expect(text).not.toMatch(/<0005>|begincid/u)
  })

  test('a form keeps its fields, values and choices', () => {
    const text = textOf(
      buildPdf({
        1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R] /DA (/Helv 0 Tf 0 g) /NeedAppearances true >> >>',
        3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << >> /Annots [6 0 R] >>',
        5: '<< /FT /Ch /T (ward) /V (north) /Opt [(north) [(s) (south)]] /Kids [6 0 R] >>',
        6: '<< /Type /Annot /Subtype /Widget /Parent 5 0 R /Rect [0 0 9 9] /MK << /CA (x) >> >>',
      }),
    )
    for (const part of [
      '/T (ward)',
      '/V (north)',
      '/Opt [(north) [(s) (south)]]',
      '/NeedAppearances true',
    ]) {
      expect(text).toContain(part)
    }
  })

  test('a field keeps the font of its check mark, and nothing else that it brings', () => {
    const bytes = buildPdf({
      1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R] /NeedAppearances true >> >>',
      3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << >> /Annots [5 0 R] >>',
      5: '<< /Type /Annot /Subtype /Widget /FT /Btn /T (a) /Rect [0 0 9 9] /DA (/Z 0 Tf) /DR << /Font << /Z 6 0 R >> /XObject << /X 7 0 R >> /Any 7 0 R >> >>',
      6: '<< /Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats >>',
      7: '<< /S /JavaScript /JS (x) >>',
    })
    const text = textOf(bytes)
    expect(text).toMatch(/\/DR << \/Font << \/Z \d+ 0 R >> >>/u)
    expect(text).toContain('/BaseFont /ZapfDingbats')
    expect(verifyClean(disarm(bytes).output as Uint8Array, 'pdf').clean).toBe(true)
  })

  test('a file-select field loses the flag that makes a reader send a local file', () => {
    const text = textOf(
      buildPdf({
        1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R] >> >>',
        3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << >> /Annots [5 0 R] >>',
        5: `<< /Type /Annot /Subtype /Widget /FT /Tx /T (f) /V (C:) /Ff ${(1 << 20) | 2} /Rect [0 0 9 9] >>`,
      }),
    )
    expect(text).toContain('/Ff 2')
  })

  test('a page whose data breaks off shows what came before', () => {
    const packed = deflateSync(Buffer.from('0 0 9 9 re f\n'.repeat(20_000)), { level: 0 })
    packed.fill(255, 200_000)
    const outcome = disarm(buildPdf({ 4: streamBody(packed, '/Filter /FlateDecode') }))
    expect(dissect(outcome.output as Uint8Array).text).toContain('0 0 9 9 re')
    expect(outcome.rules).toContain('PDF-XREF')
  })

  test('a page whose data cannot be read at all is refused, not left blank', () => {
    const bytes = buildPdf({ 4: streamBody('garbage', '/Filter /FlateDecode') })
    expect(disarm(bytes).reason).toBe('PDF-FILTER')
    expect(disarm(buildPdf({ 4: streamBody('x', '/Filter /Unknown') })).reason).toBe('PDF-FILTER')
  })

  test('operators that run programs or hide errors are not written', () => {
    const content = streamBody('/evil PS BX (evil) PS EX /a 1 evil BI /W 1 ID evil EI 1 w')
    expect(textOf(buildPdf({ 4: content }))).toMatch(/%stream\n1 w\n?$/u)
  })

  test('where says the page, also of what hangs on it', () => {
    const link = '<< /Type /Annot /Subtype /Movie /Rect [0 0 9 9] >>'
    const bytes = buildPdf({
      2: '<< /Type /Pages /Kids [5 0 R 3 0 R] /Count 2 >>',
      3: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Annots [${link}] >>`,
      5: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R >>',
    })
    expect(disarm(bytes).places).toEqual(['PDF-ANNOT@page 2'])
    const linked = buildPdf({
      3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R /Annots [5 0 R] >>',
      5: '<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A 6 0 R >>',
      6: '<< /S /JavaScript /JS 7 0 R >>',
      7: streamBody('app.alert(1)'),
    })
    expect(disarm(linked).places).toEqual(['PDF-JS@page 1'])
  })
})
