import { describe, expect, it } from 'vitest'
import { xml, zip } from './canonical.test-support.ts'
import { verifyClean } from './index.ts'
import { changed, cleanOffice, partsOf } from './office.test-support.ts'
import type { Change, OfficeKind } from './office.test-support.ts'

const reason = (bytes: Uint8Array, kind: OfficeKind): string => {
  const verdict = verifyClean(bytes, kind)
  return verdict.clean ? 'clean' : verdict.reason
}
const put = (kind: OfficeKind, change: Change): string => reason(changed(kind, change), kind)
const MICROSOFT = 'http://schemas.microsoft.com/office/2006/relationships/'
const run = (inner: string): string => `<w:r>${inner}</w:r>`
const bracket = (type: string): string => run(`<w:fldChar w:fldCharType="${type}"/>`)
const instruction = (text: string): string => run(`<w:instrText>${text}</w:instrText>`)
const field = (...runs: readonly string[]): string =>
  `<w:p>${bracket('begin')}${runs.map(instruction).join('')}${bracket('end')}</w:p>`
const cell = (formula: string): string => `<c r="B1"><f>${formula}</f><v>1</v></c>`
const shape = (link: string): string =>
  `<p:sp><p:nvSpPr><p:cNvPr id="9" name="a">${link}</p:cNvPr><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/></p:sp>`
const picture = '<w:p><w:r><w:pict><v:shape'

describe('what the disarmer writes is accepted', () => {
  it.each(['docx', 'xlsx', 'pptx'] as const)('%s', (kind) => {
    expect(reason(cleanOffice(kind), kind)).toBe('clean')
    expect(put(kind, {})).toBe('clean')
  })
  it.each([
    ['a field of the list', 'docx', { body: field(' PAGE ') }],
    ['a link as a field', 'docx', { body: field(' HYPERLINK "https://www.example.jp/" ') }],
    ['a formula of the list', 'xlsx', { body: cell("IF('表 1'!A1&gt;0,1,2)") }],
    [
      'a jump to the next slide',
      'pptx',
      { body: shape('<a:hlinkClick r:id="" action="ppaction://hlinkshowjump?jump=nextslide"/>') },
    ],
    [
      'a link out',
      'docx',
      {
        relationship: ['hyperlink', 'https://www.example.jp/', 'External'],
        body: '<w:p><w:hyperlink r:id="rId5"><w:r/></w:hyperlink></w:p>',
      },
    ],
  ] as const)('%s', (_, kind, change) => expect(put(kind, change)).toBe('clean'))
})

describe('parts that run, embed or fetch are caught', () => {
  const part = (type: string, name: string, content: string, text = 'x'): Change => ({
    relationship: [type, `/word/${name}`],
    parts: [[`word/${name}`, content, text]],
  })
  const outside = (type: string, target: string): Change => ({
    relationship: [type, target, 'External'],
  })
  const BIN = 'application/vnd.ms-office.vbaProject'
  it.each<readonly [string, Change]>([
    ['a VBA project', part(`${MICROSOFT}vbaProject`, 'vbaProject.bin', BIN)],
    ['a VBA project called a picture', part('image', 'a.png', BIN)],
    ['a VBA project under the type of a picture', part('image', 'a.png', 'image/png')],
    ['a VBA project called a theme', part('theme', 'a.xml', `${BIN}+xml`)],
    ['a VBA project nobody refers to', { parts: [['word/vbaProject.bin', BIN, 'x']] }],
    [
      'a macro form',
      { replace: ['wordprocessingml.document.main+xml', 'wordprocessingml.macro.main+xml'] },
    ],
    [
      'an OLE object',
      part('oleObject', 'o.bin', 'application/vnd.openxmlformats-officedocument.oleObject'),
    ],
    [
      'an embedded package',
      part(
        'package',
        'e.xlsx',
        'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      ),
    ],
    [
      'an ActiveX control',
      part('control', 'a.xml', 'application/vnd.ms-office.activeX+xml', xml('<a/>')),
    ],
    ['an imported chunk', part('aFChunk', 'a.html', 'text/html')],
    [
      'a font',
      part('font', 'f.odttf', 'application/vnd.openxmlformats-officedocument.obfuscatedFont'),
    ],
    [
      'printer settings',
      part(
        'printerSettings',
        'p.bin',
        'application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings',
      ),
    ],
    ['custom XML', part('customXml', 'c.xml', 'application/xml', xml('<a/>'))],
    ['a metafile', part('image', 'a.emf', 'image/x-emf')],
    ['a drawing with scripts', part('image', 'a.svg', 'image/svg+xml')],
    ['a video', part('video', 'a.mp4', 'video/mp4')],
    [
      'a custom ribbon',
      part(
        'http://schemas.microsoft.com/office/2006/relationships/ui/extensibility',
        'c.xml',
        'application/xml',
        xml('<a/>'),
      ),
    ],
    [
      'a web extension',
      part(
        'http://schemas.microsoft.com/office/2011/relationships/webextension',
        'w.xml',
        'application/vnd.ms-office.webextension+xml',
        xml('<a/>'),
      ),
    ],
    [
      'core properties',
      part(
        'http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties',
        'c.xml',
        'application/vnd.openxmlformats-package.core-properties+xml',
        xml('<a/>'),
      ),
    ],
    [
      'properties of a program that is none',
      part(
        'extended-properties',
        'app.xml',
        'application/vnd.openxmlformats-officedocument.extended-properties+xml',
        xml(
          '<Properties><Application>Microsoft Excel</Application><Company>a</Company></Properties>',
        ),
      ),
    ],
    [
      'a second document',
      part(
        'officeDocument',
        'd.xml',
        'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml',
        xml('<a/>'),
      ),
    ],
    [
      'a part with the root of another',
      part(
        'settings',
        's.xml',
        'application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml',
        xml('<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'),
      ),
    ],
    ['a missing part', { relationship: ['theme', '/word/theme/theme9.xml'] }],
    ['a remote template', outside('attachedTemplate', 'https://a.example/t.dotm')],
    ['a linked picture', outside('image', 'https://a.example/p.png')],
    ['a linked object', outside('oleObject', 'https://a.example/p.html!')],
    ['a remote document', outside('subDocument', 'https://a.example/p.docx')],
    ['a frame', outside('frame', 'https://a.example/')],
    ['a mail merge source', outside('mailMergeSource', 'file:///c:/a.odc')],
    ['a link to a file share', outside('hyperlink', '\\\\host\\share')],
    ['a link to a file', outside('hyperlink', 'file:///c:/a.exe')],
    ['a link that starts a program', outside('hyperlink', 'ms-msdt:/id')],
    ['a link that runs a script', outside('hyperlink', 'javascript:alert(1)')],
    ['a link with a password', outside('hyperlink', 'https://a:b@c.example/')],
    ['a link to a WebDAV share', outside('hyperlink', 'http://a.example/DavWWWRoot/a')],
    ['a link inside that leads out', { relationship: ['hyperlink', 'https://a.example/'] }],
  ])('%s', (_, change) => {
    expect(put('docx', change)).toMatch(/^VERIFY-/u)
    expect(put('docx', change)).not.toMatch(/XML$|ZIP|CRASH/u)
  })

  it('a part behind relationships that are not its own is caught', () => {
    const parts = [...partsOf(cleanOffice('docx'))]
    expect(reason(zip([...parts, ['word/_rels/header9.xml.rels', xml('<a/>')]]), 'docx')).toBe(
      'VERIFY-OOXML-ORPHAN',
    )
  })
})

describe('fields that call another program are caught', () => {
  const places = [
    'word/document.xml',
    'word/header1.xml',
    'word/footer1.xml',
    'word/footnotes.xml',
    'word/comments1.xml',
  ]
  const dangers: readonly (readonly [string, string])[] = [
    ['DDEAUTO', field(' DDEAUTO c:\\\\windows "/c calc" ')],
    ['DDE cut into letters', field('D', 'D', 'E', ' x')],
    [
      'DDE written as text',
      `<w:p>${bracket('begin')}<w:r><w:t>DDE x</w:t></w:r>${bracket('end')}</w:p>`,
    ],
    [
      'DDE in an IF',
      `<w:p>${bracket('begin')}${instruction(' IF ')}${bracket('begin')}${instruction('DDE x')}${bracket('end')}${bracket('end')}</w:p>`,
    ],
    [
      'a keyword that a field computes',
      `<w:p>${bracket('begin')}${bracket('begin')}${instruction(' QUOTE 68 ')}${bracket('end')}${bracket('end')}</w:p>`,
    ],
    ['a field that never ends', `<w:p>${bracket('begin')}${instruction(' PAGE ')}</w:p>`],
    ['an end without a beginning', `<w:p>${bracket('end')}</w:p>`],
    ['an instruction outside a field', `<w:p>${instruction(' DDE ')}</w:p>`],
    ['a simple field', '<w:p><w:fldSimple w:instr="DDE x"/></w:p>'],
    ['an included picture', field(' INCLUDEPICTURE "http://a.example/" ')],
    ['an included text', field(' INCLUDETEXT "c:\\\\a" ')],
    ['a link that starts a program', field(' HYPERLINK "ms-msdt:/id" ')],
    ['a link with further switches', field(' HYPERLINK "https://a.example/" \\t "x" ')],
    ['a macro button', field(' MACROBUTTON x ')],
    ['an embedded object', field(' EMBED x ')],
    ['a database', field(' DATABASE x ')],
  ]
  it.each(dangers.flatMap(([title, body]) => places.map((place) => [title, place, body] as const)))(
    '%s in %s',
    (_, into, body) => {
      const parts = partsOf(cleanOffice('docx'))
      expect(parts.has(into)).toBe(true)
      expect(put('docx', { into, body })).toBe('VERIFY-FIELD')
    },
  )
})

describe('elements and attributes that act are caught', () => {
  it.each<readonly [string, OfficeKind, Change]>([
    ['an imported chunk', 'docx', { body: '<w:altChunk/>' }],
    ['a remote part of the document', 'docx', { body: '<w:subDoc/>' }],
    [
      'an embedded object',
      'docx',
      { body: '<w:p><w:r><w:object><o:OLEObject Type="Embed"/></w:object></w:r></w:p>' },
    ],
    ['an ActiveX control', 'docx', { body: '<w:p><w:r><w:control/></w:r></w:p>' }],
    ['a binding to data', 'docx', { body: '<w:sdt><w:sdtPr><w:dataBinding/></w:sdtPr></w:sdt>' }],
    ['a smart tag', 'docx', { body: '<w:p><w:smartTag/></w:p>' }],
    ['a second branch', 'docx', { body: '<mc:AlternateContent/>' }],
    ['an unknown namespace', 'docx', { body: '<y:a/>' }],
    ['a known name in the wrong namespace', 'docx', { body: '<a:altChunk/>' }],
    [
      'a shape that links',
      'docx',
      { body: `${picture} href="https://a.example/"/></w:pict></w:r></w:p>` },
    ],
    [
      'a shape with an attribute that nothing draws',
      'docx',
      { body: `${picture} payload="TVqQ"/></w:pict></w:r></w:p>` },
    ],
    [
      'a shape with an event',
      'docx',
      { body: `${picture} onmouseover="x"/></w:pict></w:r></w:p>` },
    ],
    [
      'a shape with an expression',
      'docx',
      { body: `${picture} style="width:expression(x)"/></w:pict></w:r></w:p>` },
    ],
    [
      'a picture from a share',
      'docx',
      { body: `${picture} id="\\\\host\\a"/></w:pict></w:r></w:p>` },
    ],
    ['an attribute that no program knows', 'docx', { body: '<w:p w:payload="TVqQAAMAAAAEAAAA"/>' }],
    ['an attribute without a namespace in Word', 'docx', { body: '<w:p payload="TVqQ"/>' }],
    ['a traced session', 'docx', { body: '<w:p w:rsidR="00112233"/>' }],
    ['a relationship nobody has', 'docx', { body: '<w:p><w:hyperlink r:id="rId99"/></w:p>' }],
    ['a relationship where none belongs', 'docx', { body: '<w:p r:id="rId1"/>' }],
    ['a relationship to another kind', 'docx', { body: '<w:p><w:hyperlink r:id="rId1"/></w:p>' }],
    [
      'a linked picture',
      'pptx',
      { body: '<p:pic><p:blipFill><a:blip r:link="rId1"/></p:blipFill></p:pic>' },
    ],
    [
      'a program on a click',
      'pptx',
      { body: shape('<a:hlinkClick r:id="" action="ppaction://program"/>') },
    ],
    [
      'a macro on a click',
      'pptx',
      { body: shape('<a:hlinkClick r:id="" action="ppaction://macro?name=x"/>') },
    ],
    [
      'another file on a hover',
      'pptx',
      { body: shape('<a:hlinkHover r:id="" action="ppaction://hlinkfile"/>') },
    ],
    [
      'a sound on a click',
      'pptx',
      {
        body: shape(
          '<a:hlinkClick r:id="" action="ppaction://hlinkshowjump?jump=nextslide"><a:snd/></a:hlinkClick>',
        ),
      },
    ],
    [
      'a command in a time line',
      'pptx',
      { into: 'ppt/slides/slide1.xml', body: '<p:cmd type="verb" cmd="0"/>' },
    ],
    [
      'a video',
      'pptx',
      { body: '<p:pic><p:nvPicPr><p:nvPr><a:videoFile/></p:nvPr></p:nvPicPr></p:pic>' },
    ],
    [
      'an embedded object on a slide',
      'pptx',
      {
        body: '<p:graphicFrame><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/presentationml/2006/ole"/></a:graphic></p:graphicFrame>',
      },
    ],
    ['an embedded font', 'pptx', { book: '<p:embeddedFontLst/>' }],
    ['an external book', 'xlsx', { book: '<externalReferences/>' }],
    ['a connection', 'xlsx', { body: '<connections/>' }],
    ['a macro of a shape', 'xlsx', { body: '<xdr:sp macro="x"/>' }],
    ['a published part', 'xlsx', { body: '<webPublishItems/>' }],
    ['controls of a sheet', 'xlsx', { body: '<controls/>' }],
    ['objects of a sheet', 'xlsx', { body: '<oleObjects/>' }],
    [
      'an extension nobody knows',
      'xlsx',
      { body: '<extLst><ext uri="{00000000-0000-0000-0000-000000000000}"/></extLst>' },
    ],
    ['a cell that points to metadata', 'xlsx', { body: '<c r="B1" vm="1"/>' }],
    ['a link that opens elsewhere', 'docx', { body: '<w:hyperlink w:anchor="a" w:tgtFrame="x"/>' }],
    ['a value that reaches a share', 'xlsx', { body: '<pageSetup paperSize="\\\\host\\a"/>' }],
  ])('%s', (_, kind, change) => expect(put(kind, change)).toMatch(/^VERIFY-OOXML/u))
})

describe('formulas that fetch or run are caught, wherever they stand', () => {
  const formulas = [
    'WEBSERVICE("http://a.example")',
    '[1]表!A1',
    "'[a.xlsx]表'!A1",
    "cmd|'/c calc'!A1",
    'CALL("a","b")',
    '他の表!A1',
    "'\\\\host\\a.xlsx'!A1",
    '_xlfn.IMAGE("http://a.example")',
    'HYPERLINK("http://a.example")',
    'my.udf()',
    'x'.repeat(16_385),
  ]
  const places: readonly (readonly [string, (formula: string) => Change])[] = [
    ['a cell', (formula) => ({ body: cell(formula) })],
    [
      'a name',
      (formula) => ({
        book: `<definedNames><definedName name="a">${formula}</definedName></definedNames>`,
      }),
    ],
    [
      'a conditional format',
      (formula) => ({
        body: `<conditionalFormatting><cfRule><formula>${formula}</formula></cfRule></conditionalFormatting>`,
      }),
    ],
    [
      'a data validation',
      (formula) => ({
        body: `<dataValidations><dataValidation><formula1>${formula}</formula1></dataValidation></dataValidations>`,
      }),
    ],
    [
      'a younger data validation',
      (formula) => ({
        body: `<x14:dataValidation><x14:formula1><xm:f>${formula}</xm:f></x14:formula1></x14:dataValidation>`,
      }),
    ],
    [
      'a threshold of a scale',
      (formula) => ({ body: `<cfvo type="formula" val="${formula.replaceAll('"', '&quot;')}"/>` }),
    ],
    ['a chart', (formula) => ({ body: `<c:f>${formula}</c:f>` })],
    [
      'a sparkline',
      (formula) => ({ body: `<x14:sparkline><xm:f>${formula}</xm:f></x14:sparkline>` }),
    ],
    [
      'a table',
      (formula) => ({ body: `<calculatedColumnFormula>${formula}</calculatedColumnFormula>` }),
    ],
    [
      'a text box',
      (formula) => ({ body: `<xdr:sp textlink="${formula.replaceAll('"', '&quot;')}"/>` }),
    ],
    [
      'a jump',
      (formula) => ({
        body: `<hyperlink ref="A1" location="${formula.replaceAll('"', '&quot;')}"/>`,
      }),
    ],
  ]
  it.each(places)('in %s', (_, change) => {
    for (const formula of formulas)
      expect(`${formula} ${put('xlsx', change(formula))}`).toMatch(
        / VERIFY-(?:FORMULA|OOXML-URL)$/u,
      )
  })

  it('names that run when the book opens are caught', () => {
    for (const name of [
      'name="Auto_Open"',
      'name="_xlnm.Auto_Close"',
      'name="a" function="1"',
      'name="a" xlm="1"',
      'name="a" macro="true"',
      'name="a" vbProcedure="1"',
    ])
      expect(
        put('xlsx', { book: `<definedNames><definedName ${name}>A1</definedName></definedNames>` }),
      ).toBe('VERIFY-OOXML-ATTRIBUTE')
  })
})

describe('XML that two readers could read differently is caught', () => {
  it.each<readonly [string, readonly [string, string]]>([
    ['a comment', ['<w:body>', '<w:body><!--x-->']],
    ['a CDATA section', ['<w:body>', '<w:body><![CDATA[x]]>']],
    ['an instruction', ['<w:body>', '<w:body><?x?>']],
    ['a DOCTYPE', ['<w:document', '<!DOCTYPE a><w:document']],
    ['a reference that need not be', ['注', '&#x6CE8;']],
    ['an entity', ['注', '&a;']],
    ['a value in single quotes', ['w:type="default"', "w:type='default'"]],
    ['a blank in a tag', ['<w:body>', '<w:body >']],
    ['another prefix', ['xmlns:w=', 'xmlns:ww="urn:y" xmlns:w=']],
    [
      'another namespace declared inside',
      ['<w:body>', '<w:body xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'],
    ],
    ['another declaration', ['standalone="yes"', 'standalone="no"']],
    ['a byte order mark', ['<?xml', '\uFEFF<?xml']],
    ['a control character', ['注', '\u0001']],
    ['an empty element in two tags', ['<w:body>', '<w:body><w:p></w:p>']],
    ['an unclosed element', ['</w:body>', '']],
    ['text behind the root', ['</w:document>', '</w:document>x']],
  ])('%s', (_, replace) =>
    expect(put('docx', { replace })).toMatch(/^VERIFY-(?:XML|OOXML-NAMESPACE)$/u),
  )
})
