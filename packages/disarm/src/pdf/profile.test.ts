import { describe, expect, test } from 'vitest'
import { verifyClean } from '../../verify/index.ts'
import { Context } from '../family.ts'
import type { Profile } from '../profile.ts'
import { buildPdf, streamBody } from './build.test-support.ts'
import { disarm, dissect } from './corpus.test-support.ts'

function rebuilt(bytes: Uint8Array, profile: Partial<Profile> = {}) {
  const outcome = disarm(bytes, new Context({ profile }))
  const output = outcome.output as Uint8Array
  expect(verifyClean(output, 'pdf')).toEqual({ clean: true, type: 'pdf' })
  return { ...outcome, text: dissect(output).text }
}

describe('what the town wants of a PDF', () => {
  const titled = buildPdf({ 5: '<< /Title (keikaku) /Author (tanaka) >>' }, '/Info 5 0 R')

  test('the title of a document goes unless the town keeps it, and the author always', () => {
    const without = rebuilt(titled)
    expect(without.text).not.toMatch(/keikaku|tanaka/u)
    expect(without.rules).toEqual(['PDF-META'])
    const kept = rebuilt(titled, { title: 'keep' })
    expect(kept.text).toContain('/Title (keikaku)')
    expect(kept.text).not.toContain('tanaka')
  })

  const annotated = (annotations: string): Uint8Array =>
    buildPdf({
      3: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R /Annots [${annotations}] >>`,
    })

  test('links become mere words where the town wants none, in notes, bookmarks and buttons alike', () => {
    const link = '/A << /S /URI /URI (https://www.example.jp/) >>'
    const page = annotated(`<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] ${link} >>`)
    expect(rebuilt(page).text).toContain('https://www.example.jp/')
    const without = rebuilt(page, { links: 'text-only' })
    expect(without.text).not.toContain('example.jp')
    expect(without.places).toContain('URL-REMOVED@page 1')
    const outline = buildPdf({
      1: '<< /Type /Catalog /Pages 2 0 R /Outlines 5 0 R >>',
      5: '<< /First 6 0 R /Last 6 0 R >>',
      6: `<< /Title (a) ${link} >>`,
    })
    expect(rebuilt(outline, { links: 'text-only' }).places).toEqual(['URL-REMOVED@outline'])
  })

  test('comments go with their windows where the town wants none; links, seals and typed text stay', () => {
    const page = annotated(
      `<< /Subtype /Text /Rect [0 0 9 9] /Contents (himitsu) /Popup << /Subtype /Popup /Rect [0 0 9 9] >> >>
       << /Subtype /Highlight /Rect [0 0 9 9] /QuadPoints [0 0 1 0 0 1 1 1] /Contents (memo) >>
       << /Subtype /Stamp /Rect [0 0 9 9] /Contents (in) >>
       << /Subtype /FreeText /IT /FreeTextTypewriter /Rect [0 0 9 9] /DA (/F 9 Tf) /Contents (shimei) >>
       << /Subtype /FreeText /Rect [0 0 9 9] /DA (/F 9 Tf) /Contents (callout) >>
       << /Subtype /Link /Rect [0 0 9 9] /Dest [3 0 R /Fit] >>`,
    )
    expect(rebuilt(page).text).toMatch(/himitsu[^]*memo[^]*callout/u)
    const without = rebuilt(page, { comments: 'remove' })
    expect(without.text).not.toMatch(/himitsu|memo|callout|Popup/u)
    expect(without.text).toMatch(/\(in\)[^]*\(shimei\)[^]*\/Link/u)
    expect(without.places).toEqual(['PDF-ANNOT@page 1'])
  })
})

describe('layers that are off', () => {
  const layered = (content: string, more: Record<number, string | Uint8Array> = {}) =>
    buildPdf({
      1: '<< /Type /Catalog /Pages 2 0 R /OCProperties << /OCGs [5 0 R 6 0 R] /D << /OFF [6 0 R] /Order [5 0 R 6 0 R] >> >> >>',
      3: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R /Resources << /XObject << /X 7 0 R >>
          /Properties << /On 5 0 R /Off 6 0 R /Rule 8 0 R /Not 9 0 R >> >> >>`,
      4: streamBody(content),
      5: '<< /Type /OCG /Name (seen) >>',
      6: '<< /Type /OCG /Name (draft) >>',
      7: streamBody('(form) Tj', '/Subtype /Form /BBox [0 0 9 9] /OC 6 0 R'),
      8: '<< /Type /OCMD /OCGs [6 0 R] /P /AllOn >>',
      9: '<< /Type /OCMD /VE [/Not 6 0 R] >>',
      ...more,
    })
  const content = `/OC /On BDC (one) Tj EMC /OC /Off BDC q 1 0 0 1 0 0 cm (two) Tj 1 2 3 4 re f
    /Span BMC (three) Tj EMC Q EMC (four) Tj /OC /Rule BDC (five) Tj EMC /OC /Not BDC (six) Tj EMC /X Do`

  test('stay off and are said, where the town keeps them', () => {
    const { text, kept, rules } = rebuilt(layered(content))
    expect(text).toMatch(/one[^]*two[^]*three[^]*four[^]*five[^]*six/u)
    expect([kept, rules]).toEqual([['PDF-OC'], []])
  })

  test('are left out with all that they paint, where the town does not want what is not seen', () => {
    const { text, kept, rules } = rebuilt(layered(content), { hidden: 'remove' })
    expect(text).toMatch(/\(one\)[^]*\(four\)[^]*\(six\)/u)
    expect(text).not.toMatch(/two|three|five|form|draft|1 2 3 4 re/u)
    expect(text).toMatch(/q\n1 0 0 1 0 0 cm\nQ/u)
    expect([kept, rules]).toEqual([[], ['PDF-OC']])
  })

  test('are left out also when the file says it by a base state', () => {
    const base = layered(content, {
      1: '<< /Type /Catalog /Pages 2 0 R /OCProperties << /OCGs [5 0 R 6 0 R] /D << /BaseState /OFF /ON [5 0 R] >> >> >>',
    })
    const { text } = rebuilt(base, { hidden: 'remove' })
    expect(text).toContain('(one)')
    expect(text).not.toContain('(two)')
  })

  test('rules that name themselves many times on many levels end at once', () => {
    const levels: Record<number, string> = {}
    for (let n = 10; n < 22; n += 1) levels[n] = `[/Or ${`${n + 1} 0 R `.repeat(99)} 6 0 R]`
    const bomb = layered(content, { 9: '<< /Type /OCMD /VE 10 0 R >>', ...levels, 22: '6 0 R' })
    expect(disarm(bomb).output).toBeDefined()
    expect(disarm(bomb, new Context({ profile: { hidden: 'remove' } })).output).toBeDefined()
  })
})
