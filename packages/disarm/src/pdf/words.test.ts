import { describe, expect, test } from 'vitest'
import { disarmBytes } from '../engine.ts'
import { Context } from '../family.ts'
import { buildPdf, streamBody } from './build.test-support.ts'
import { goldenCases } from './corpus.test-support.ts'
import { wordsOfPdf } from './words.ts'

const words = (bytes: Uint8Array): string =>
  (wordsOfPdf(bytes, new Context()) ?? '').replaceAll(/\s+/gu, ' ').trim()

const page = (content: string, font: string, more: Record<number, string | Uint8Array> = {}) =>
  buildPdf({
    3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> /XObject << /X 7 0 R >> >> >>',
    4: streamBody(content),
    5: font,
    7: streamBody('/F 9 Tf (in) Tj /X Do', '/Subtype /Form /BBox [0 0 9 9]'),
    ...more,
  })

const COMPOSITE =
  '<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /ToUnicode 6 0 R /DescendantFonts [<< >>] >>'
const SIMPLE =
  '<< /Type /Font /Subtype /Type1 /BaseFont /A /Encoding << /Differences [1 /uni9AD9 /b] >> >>'

describe('the words of a PDF', () => {
  test('are read by ToUnicode: 髙, 𠮷 and 葛󠄂 as they are', () => {
    const map = streamBody(
      '1 beginbfchar <0001> <845BDB40DD02> endbfchar 1 beginbfrange <0002> <0003> <9AD9> <0010> <0011> [<D842DFB7> <57CE>] endbfrange',
    )
    const bytes = page('BT /F 9 Tf <00010002> Tj [<0010> 9 <0011>] TJ ET', COMPOSITE, { 6: map })
    expect(words(bytes)).toBe('葛\u{E0102}髙 𠮷城')
  })

  test('are the same in the copy when the map gives numbers for characters', () => {
    const map =
      '1 begincidchar <0001> 26481 endcidchar 1 begincidrange <0002> <0003> 65 endcidrange'
    const font = COMPOSITE.replace(
      '<< >>',
      '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /A /CIDSystemInfo << /Registry (A) /Ordering (B) /Supplement 0 >> >>',
    )
    const bytes = page('BT /F 9 Tf <000100020003> Tj ET', font, { 6: streamBody(map) })
    expect(words(bytes)).toBe('東AB')
    const { report } = disarmBytes(bytes, 'pdf', { fidelity: 'text' })
    expect(report.fidelity).toEqual({ text: 1000 })
  })

  test('are read by the names of glyphs, in forms too, each form once', () => {
    expect(words(page("/F 9 Tf (a\\001\\002) Tj (c) ' /X Do /X Do", SIMPLE))).toBe('a髙b c in')
  })

  test('are what codes without a meaning are: the same in the copy, another for another code', () => {
    const plain = COMPOSITE.replace('/ToUnicode 6 0 R', '')
    const one = words(page('/F 9 Tf <00010002> Tj', plain))
    expect(one).toHaveLength(4)
    expect(words(page('/F 9 Tf <00010003> Tj', plain))).not.toBe(one)
    const japanese = plain.replace('Identity-H', '90ms-RKSJ-H')
    expect([...words(page('/F 9 Tf <41889F> Tj', japanese))]).toHaveLength(2)
  })

  test('data of a picture in the page is not read as words', () => {
    const bytes = page('BI /W 9 /H 1 /BPC 8 /CS /G ID (9876543) EI\n/F 9 Tf (z) Tj', SIMPLE)
    expect(words(bytes)).toBe('z')
  })

  test('measure how much of a rebuilt file is there, without any renderer', () => {
    for (const { bytes, name, password } of goldenCases()) {
      const secret = password === undefined ? {} : { password }
      const { report } = disarmBytes(bytes, 'pdf', { fidelity: 'text', ...secret })
      const lostFont = report.removed.some(({ rule }) => rule === 'PDF-FONT')
      if (report.verdict === 'refused' || lostFont) continue
      expect(report.fidelity, name).toEqual({ text: 1000 })
    }
  })
})
