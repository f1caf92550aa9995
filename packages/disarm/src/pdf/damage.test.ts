import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { verifyClean } from '../../verify/index.ts'
import { disarmBytes } from '../engine.ts'
import { buildImagePage, buildPdf, streamBody } from './build.test-support.ts'
import { goldenCases } from './corpus.test-support.ts'
import { encodeFax } from './fax-encode.test-support.ts'

const TOKENS =
  `/Type << >> [ ] 0 -1 99999999999 null true ( ) endobj stream endstream obj R /Kids /Length /OC BDC q Q Do 1#200#20R
   /Subtype /Image BI EI ID /Filter /FlateDecode /A /S /URI /Predictor /ColorSpace /Resources /Font`.split(
    /\s+/u,
  )

const SEEDS: readonly Uint8Array[] = [
  ...goldenCases().map(({ bytes }) => bytes),
  buildImagePage(
    new Uint8Array(16),
    '/Width 4 /Height 2 /BitsPerComponent 8 /ColorSpace [/DeviceN [/A /B] /DeviceRGB 6 0 R]',
    { 6: streamBody('{ pop dup dup }', '/FunctionType 4 /Domain [0 1 0 1] /Range [0 1 0 1 0 1]') },
  ),
  buildImagePage(
    encodeFax([[true, false, true, true, false, false, true, false]], 0),
    '/Width 8 /Height 1 /Filter /CCITTFaxDecode /DecodeParms << /K 0 /Columns 8 >>',
  ),
  buildPdf({
    3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Resources 5 0 R /Contents 4 0 R >>',
    4: streamBody('BT /F 9 Tf (a) Tj ET'),
    5: '<< /Font << /F 6 0 R >> >>',
    6: '<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /DescendantFonts [7 0 R] >>',
    7: '<< /Type /Font /Subtype /CIDFontType2 /CIDSystemInfo << /Registry (A) /Ordering (B) /Supplement 0 >> >>',
  }),
]

const wounds = fc.array(
  fc.record({
    at: fc.nat(),
    kind: fc.nat(3),
    token: fc.constantFrom(...TOKENS),
    byte: fc.nat(255),
  }),
  { minLength: 1, maxLength: 5 },
)
type Wounds = readonly { at: number; kind: number; token: string; byte: number }[]

function wounded(seed: Uint8Array, list: Wounds): Buffer {
  let bytes = Buffer.from(seed)
  for (const { at, kind, token, byte } of list) {
    const place = at % bytes.length
    const word = Buffer.from(` ${token.replaceAll('#20', ' ')} `)
    if (kind === 0) bytes[place] = byte
    else if (kind === 1)
      bytes = Buffer.concat([bytes.subarray(0, place), word, bytes.subarray(place)])
    else if (kind === 2) word.copy(bytes, place)
    else bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + (byte % 40))])
  }
  return bytes
}

describe('a PDF with any damage', () => {
  test('is refused for a reason of its own, or written so that the other side accepts it and a second rebuilding changes nothing', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SEEDS), wounds, (seed, list) => {
        const { output, report } = disarmBytes(wounded(seed, list), 'pdf')
        expect(report.reason ?? '').not.toMatch(/^ENG-|MEMORY/u)
        if (!output) return
        expect(verifyClean(output, 'pdf')).toEqual({ clean: true, type: 'pdf' })
        const again = disarmBytes(output, 'pdf')
        expect(again.report.removed).toEqual([])
        expect(Buffer.compare(again.output as Uint8Array, output)).toBe(0)
      }),
      { numRuns: 1500 },
    )
  })

  test('a picture whose colours cannot be told goes, and a fax without any is grey', () => {
    const written = (bytes: Uint8Array): string =>
      Buffer.from(disarmBytes(bytes, 'pdf').output ?? []).toString('latin1')
    const [deviceN = new Uint8Array(), fax = new Uint8Array()] = SEEDS.slice(-3)
    expect(written(deviceN)).toContain('/Subtype /Image')
    const broken = Buffer.from(deviceN).toString('latin1').replace('pop dup dup', 'pop run dup')
    expect(written(Buffer.from(broken, 'latin1'))).not.toContain('/Subtype /Image')
    expect(written(fax)).toContain('/ColorSpace /DeviceGray /BitsPerComponent 1')
  })

  test('a glyph map in a coding that nobody knows goes, and the text stays', () => {
    const map = buildPdf({
      3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Resources << /Font << /F 5 0 R >> >> /Contents 4 0 R >>',
      4: streamBody('BT /F 9 Tf (a) Tj ET'),
      5: '<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /DescendantFonts [6 0 R] >>',
      6: '<< /Type /Font /Subtype /CIDFontType2 /CIDToGIDMap 7 0 R /CIDSystemInfo << /Registry (A) /Ordering (B) /Supplement 0 >> >>',
      7: streamBody('ab', '/Filter /Unheard'),
    })
    const { output, report } = disarmBytes(map, 'pdf')
    expect(report.removed.map(({ rule }) => rule)).toEqual(['PDF-FILTER'])
    expect(verifyClean(output as Uint8Array, 'pdf').clean).toBe(true)
  })

  test('a page whose resources are lost has none, and a font that is lost is said', () => {
    const lost = Buffer.from(SEEDS.at(-1) as Uint8Array).toString('latin1')
    const resources = disarmBytes(Buffer.from(lost.replace('5 0 R', '9 0 R'), 'latin1'), 'pdf')
    expect(verifyClean(resources.output as Uint8Array, 'pdf').clean).toBe(true)
    const font = disarmBytes(Buffer.from(lost.replace('[7 0 R]', '[9 0 R]'), 'latin1'), 'pdf')
    expect(font.report.removed.map(({ rule }) => rule)).toContain('PDF-FONT')
  })
})
