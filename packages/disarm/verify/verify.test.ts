import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { docx, page, png, relationship, xlsx, xml, zip } from './canonical.test-support.ts'
import { formulaAllowed } from './formula.ts'
import { verifyClean } from './index.ts'

const reason = (bytes: Uint8Array, declared?: string): string => {
  const verdict = verifyClean(bytes, declared)
  return verdict.clean ? 'clean' : verdict.reason
}
const text = '<w:p><w:r><w:t>葛\u{E0102}城 𠮷田 髙橋 﨑</w:t></w:r></w:p>'
const MACRO_BIN = 'application/vnd.ms-office.vbaProject'
const field = (...runs: string[]): string =>
  `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>${runs
    .map((run) => `<w:r><w:instrText>${run}</w:instrText></w:r>`)
    .join('')}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`

describe('clean files of the grammar are accepted', () => {
  it.each([
    ['docx', docx(text)],
    ['xlsx', xlsx('<c r="A1"><f>SUM(B1:B9)</f><v>1</v></c>')],
    ['pdf', page()],
    ['png', png()],
    [
      'zip',
      zip([
        ['表計算/葛\u{E0102}城.csv', 'a,b\r\n-5,+81 3\r\n'],
        ['文書.docx', docx(text)],
      ]),
    ],
    ['csv', Buffer.from('氏名,電話\r\n髙橋,+81-3-1234\r\n')],
  ])('%s', (type, bytes) => {
    expect(verifyClean(bytes, type)).toEqual({ clean: true, type })
  })
})

describe('active content put back into a clean Office file is caught', () => {
  const part = (kind: string, target: string, type: string, content = 'x') => ({
    types: `<Override PartName="/word/${target}" ContentType="${type}"/>`,
    relationships: relationship('x1', kind, target),
    members: [[`word/${target}`, content]] as const,
  })
  it.each([
    [
      'a VBA project',
      docx(text, part('vbaProject', 'vbaProject.bin', MACRO_BIN)),
      'VERIFY-OOXML-RELATIONSHIP',
    ],
    [
      'a VBA project dressed as a picture',
      docx(text, part('image', 'media.png', MACRO_BIN)),
      'VERIFY-OOXML-TYPE',
    ],
    [
      'a VBA project under a picture type',
      docx(text, part('image', 'media.png', 'image/png')),
      'VERIFY-PNG',
    ],
    [
      'an OLE object',
      docx(
        text,
        part('oleObject', 'o.bin', 'application/vnd.openxmlformats-officedocument.oleObject'),
      ),
      'VERIFY-OOXML-RELATIONSHIP',
    ],
    [
      'a part nobody refers to',
      docx(text, { members: [['word/vbaProject.bin', 'x']] }),
      'VERIFY-OOXML-ORPHAN',
    ],
    [
      'a remote template',
      docx(text, {
        relationships: relationship(
          'x1',
          'attachedTemplate',
          'http://a.example/t.dotm',
          ' TargetMode="External"',
        ),
      }),
      'VERIFY-OOXML-EXTERNAL',
    ],
    [
      'a link to a file share',
      docx(text, {
        relationships: relationship('x1', 'hyperlink', '\\\\host\\share', ' TargetMode="External"'),
      }),
      'VERIFY-OOXML-EXTERNAL',
    ],
    [
      'a linked picture',
      docx(text, {
        relationships: relationship(
          'x1',
          'image',
          'http://a.example/p.png',
          ' TargetMode="External"',
        ),
      }),
      'VERIFY-OOXML-EXTERNAL',
    ],
    ['a DDE field', docx(field('DDEAUTO c:\\\\windows')), 'VERIFY-FIELD'],
    ['a DDE field spread over runs', docx(field('DD', 'EAU', 'TO x')), 'VERIFY-FIELD'],
    ['an INCLUDEPICTURE field', docx(field(' includepicture "http://a.example"')), 'VERIFY-FIELD'],
    ['a simple DDE field', docx('<w:p><w:fldSimple w:instr="DDE x"/></w:p>'), 'VERIFY-FIELD'],
    [
      'a HYPERLINK field that starts a program',
      docx(field('HYPERLINK "ms-msdt:/id"')),
      'VERIFY-FIELD',
    ],
    ['an imported chunk', docx('<w:altChunk/>'), 'VERIFY-OOXML-ELEMENT'],
    [
      'an alternate content branch',
      docx(
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"/>',
      ),
      'VERIFY-OOXML-ELEMENT',
    ],
    [
      'an element of an unknown namespace',
      docx('<x:y xmlns:x="urn:x"/>'),
      'VERIFY-OOXML-NAMESPACE',
    ],
    ['a dangling relationship', docx('<w:p r:id="nothing"/>'), 'VERIFY-OOXML-DANGLING'],
    [
      'a formula that fetches',
      xlsx('<c r="A1"><f>WEBSERVICE("http://a.example")</f></c>'),
      'VERIFY-FORMULA',
    ],
    ['a formula into another book', xlsx('<c r="A1"><f>[1]Sheet1!A1</f></c>'), 'VERIFY-FORMULA'],
    ['a DDE formula', xlsx('<c r="A1"><f>cmd|\'/c calc\'!A1</f></c>'), 'VERIFY-FORMULA'],
    [
      'a comment in XML',
      zip([
        ['[Content_Types].xml', xml('<!--x--><Types/>')],
        ['_rels/.rels', xml('<a/>')],
      ]),
      'VERIFY-XML',
    ],
    [
      'a DOCTYPE',
      zip([
        ['[Content_Types].xml', xml('<!DOCTYPE a><a/>')],
        ['_rels/.rels', xml('<a/>')],
      ]),
      'VERIFY-XML',
    ],
  ])('%s', (_, bytes, wanted) => {
    expect(reason(bytes)).toBe(wanted)
  })
})

describe('active content put back into a clean PDF is caught', () => {
  const script = '<< /S /JavaScript /JS (app.alert(1)) >>'
  const annotation = (more: string): Buffer =>
    page('BT ET', { leaf: `/Annots [<< /Type /Annot /Rect [0 0 1 1] ${more} >>]` })
  it.each([
    ['JavaScript on opening', page('', { catalog: `/OpenAction ${script}` })],
    [
      'a harmless-looking opening action',
      page('', { catalog: '/OpenAction << /S /GoTo /D [3 0 R /Fit] >>' }),
    ],
    [
      'JavaScript in the name tree',
      page('', { catalog: `/Names << /JavaScript << /Names [(a) ${script}] >> >>` }),
    ],
    ['a name hidden by #-escapes', page('', { catalog: '/#4fpenAction [3 0 R /Fit]' })],
    ['additional actions of a page', page('', { leaf: `/AA << /O ${script} >>` })],
    ['a link that launches', annotation('/Subtype /Link /A << /S /Launch /F (a.exe) >>')],
    [
      'a link into a file share',
      annotation('/Subtype /Link /A << /S /URI /URI (file://host/x) >>'),
    ],
    [
      'a link by reference that submits',
      page('BT ET', {
        leaf: '/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 1 1] /A 5 0 R >>]',
        more: ['<< /S /SubmitForm >>'],
      }),
    ],
    ['an attached file', annotation('/Subtype /FileAttachment')],
    ['rich media', annotation('/Subtype /RichMedia')],
    ['embedded files', page('', { catalog: '/Names << /EmbeddedFiles << >> >>' })],
    [
      'an external stream',
      page('', {
        leaf: '/Resources << /XObject << /A 5 0 R >> >>',
        more: [['/F (http://a.example)', '']],
      }),
    ],
    ['an object nobody refers to', page('', { more: ['<< >>'] })],
    ['metadata', page('', { catalog: '/Metadata 5 0 R', more: [['', 'x']] })],
    ['an unknown operator', page('BX evil EX')],
    ['PostScript in content', page('q PS Q')],
    [
      'a script in a form field',
      page('', { catalog: `/AcroForm << /Fields [<< /FT /Tx /AA << /K ${script} >> >>] >>` }),
    ],
    ['an XFA form', page('', { catalog: '/AcroForm << /XFA (x) >>' })],
    ['a signature field', page('', { catalog: '/AcroForm << /Fields [<< /FT /Sig >>] >>' })],
    [
      'encryption',
      Buffer.from(page().toString('latin1').replace('/Root', '/Encrypt 1 0 R /Root'), 'latin1'),
    ],
    ['an older revision', Buffer.concat([page(), Buffer.from('1 0 obj\n<< >>\nendobj\n')])],
    ['a zip behind the end', Buffer.concat([page(), zip([['a.txt', 'a']])])],
  ])('%s', (_, bytes) => {
    expect(reason(bytes)).toMatch(/^VERIFY-(?:PDF|TRAILING)/u)
  })

  it('a resource may be called /JS: the name is the author’s own', () => {
    const file = page('/JS gs', { leaf: '/Resources << /ExtGState << /JS << /LW 1 >> >> >>' })
    expect(reason(file)).toBe('clean')
  })
})

describe('things hidden in containers and pictures are caught', () => {
  it.each([
    ['bytes behind a zip', Buffer.concat([zip([['a.txt', 'a']]), Buffer.from('x')]), 'VERIFY-ZIP'],
    [
      'bytes before a zip',
      Buffer.concat([Buffer.from('MZ'), zip([['a.txt', 'a']])]),
      'VERIFY-TEXT',
    ],
    [
      'the same name twice',
      zip([
        ['a.txt', 'a'],
        ['A.TXT', 'b'],
      ]),
      'VERIFY-ZIP-NAME',
    ],
    ['a path out of the folder', zip([['../a.txt', 'a']]), 'VERIFY-ZIP-NAME'],
    ['a turned name', zip([['a\u202Etxt.exe', 'a']]), 'VERIFY-ZIP-NAME'],
    ['a program in a zip', zip([['a.exe', 'MZ\u0000']]), 'VERIFY-TEXT-CONTROL'],
    ['a script in a zip', zip([['a.js', 'x']]), 'VERIFY-ZIP-MEMBER'],
    ['a PDF that calls itself a picture', zip([['a.png', page()]]), 'VERIFY-ZIP-MEMBER'],
    ['text in a picture', png([['tEXt', Buffer.from('a\0b')]]), 'VERIFY-PNG'],
    ['a page in a picture', png([['eXIf', Buffer.from('MM')]]), 'VERIFY-PNG'],
    ['bytes behind a picture', Buffer.concat([png(), Buffer.from('PK')]), 'VERIFY-PNG'],
    ['a page posing as text', Buffer.from('<html><script>1</script>'), 'VERIFY-TEXT-TYPE'],
    ['an escape sequence in text', Buffer.from('a\u001b[2J'), 'VERIFY-TEXT'],
    ['turned text', Buffer.from('a\u202Eb'), 'VERIFY-TEXT-CONTROL'],
    ['nothing at all', Buffer.alloc(0), 'VERIFY-EMPTY'],
  ])('%s', (_, bytes, wanted) => {
    expect(reason(bytes)).toContain(wanted)
  })

  it('zip in zip in zip is read, a fourth is not', () => {
    const nest = (depth: number): Buffer =>
      depth === 0 ? Buffer.from('a') : zip([[depth === 1 ? 'a.txt' : 'a.zip', nest(depth - 1)]])
    expect(reason(nest(3))).toBe('clean')
    expect(reason(nest(4))).toBe('VERIFY-LIMIT')
  })

  it('a file under the name of another type is not delivered', () => {
    expect(reason(page(), 'docx')).toBe('VERIFY-TYPE')
    expect(reason(png(), 'jpg')).toBe('VERIFY-TYPE')
  })

  it.each([
    "=cmd|'/c calc'!A1",
    '=HYPERLINK("http://a.example")',
    '+SUM(A1)',
    '＝WEBSERVICE("x")',
    '@SUM(1)',
  ])('a cell that runs is caught: %s', (cell) => {
    expect(reason(Buffer.from(`a,${cell}\r\n`), 'csv')).toBe('VERIFY-CSV')
  })
})

describe('formulas', () => {
  it.each([
    'SUM(A1:A9)',
    "'四半期 表'!A1",
    'Table1[[#This Row],[金額]]',
    '_xlfn.XLOOKUP(A1,B:B,C:C)',
    '"[1]|()"&A1',
    '-(1+2)',
  ])('stays: %s', (formula) => expect(formulaAllowed(formula)).toBe(true))
  it.each([
    "'[他の本.xlsx]表'!A1",
    '[1]表!A1',
    'CALL("x","y")',
    'A1+REGISTER.ID(1)',
    'app|topic!item',
    'SUM([1]Sheet!A1)',
    'my.udf(1)',
  ])('goes: %s', (formula) => expect(formulaAllowed(formula)).toBe(false))
})

describe('whatever the bytes, there is a verdict', () => {
  const seeds = { docx: docx(text), pdf: page(), png: png(), zip: zip([['a.csv', 'a,b']]) }
  it('mutated clean files never throw', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(seeds)),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        (seed, changes) => {
          const bytes = Buffer.from(seed)
          for (const [at, value] of changes) bytes[at % bytes.length] = value
          expect(typeof verifyClean(bytes).clean).toBe('boolean')
        },
      ),
      { numRuns: 300 },
    )
  })

  it('a cut file is never clean', () => {
    for (const [type, seed] of Object.entries(seeds)) {
      for (let length = 1; length < seed.length; length += 13)
        expect(reason(seed.subarray(0, length), type)).not.toBe('clean')
    }
  })

  it('a place that a hostile name chose is shown as plain ASCII', () => {
    const verdict = verifyClean(zip([['\u202Eevil\u{1F600}.exe', 'MZ']]))
    expect(verdict.clean ? '' : verdict.where).toMatch(/^[\u0020-\u007e]*$/u)
  })
})
