import { describe, expect, it } from 'vitest'
import { page, pdf, zip } from './canonical.test-support.ts'
import type { PageParts } from './canonical.test-support.ts'
import { verifyClean } from './index.ts'

const reason = (bytes: Uint8Array): string => {
  const verdict = verifyClean(bytes, 'pdf')
  return verdict.clean ? 'clean' : verdict.reason
}
const content = (text: string): string => reason(page(text))
const parts = (more: PageParts): string => reason(page('BT\nET\n', more))
const annotation = (more: string, objects: PageParts['more'] = []): string =>
  parts({
    leaf: '/Annots [5 0 R]',
    more: [`<< /Type /Annot ${more} /Rect [0 0 1 1] >>`, ...objects],
  })
const link = (action: string): string => annotation(`/Subtype /Link /A ${action}`)
const FORM = '/Type /XObject /Subtype /Form /BBox [0 0 1 1]'
const form = (entries: string, text = 'n\n'): string =>
  parts({ resources: '/XObject << /F 5 0 R >>', more: [[`${FORM}${entries}`, text]] })
const field = (entries: string): string =>
  parts({ catalog: '/AcroForm 5 0 R', more: ['<< /Fields [6 0 R] >>', `<< ${entries} >>`] })
const image = (entries: string, data = '\u0000'): string =>
  parts({
    resources: '/XObject << /I 5 0 R >>',
    more: [[`/Type /XObject /Subtype /Image /Width 8 /Height 1 ${entries}`, data]],
  })

const unicodeMap = (base: string): string =>
  `/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n${base}/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Sekisho def\n/CMapType 2 def\n1 beginbfchar\n<02> <0041>\nendbfchar\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n`

describe('what the disarmer writes is accepted', () => {
  it.each([
    [
      'a map of characters on top of a known one',
      parts({
        resources: '/Font << /F 5 0 R >>',
        more: [
          '<< /Type /Font /Subtype /Type1 /ToUnicode 6 0 R >>',
          ['', unicodeMap('/Adobe-Japan1-UCS2 usecmap\n')],
        ],
      }),
    ],
    ['a plain page', parts({})],
    ['a link out', link('<< /S /URI /URI (https://www.example.jp/a) >>')],
    ['a link within', link('<< /S /GoTo /D [3 0 R /XYZ 0 null null] >>')],
    ['a page turned', link('<< /S /Named /N /NextPage >>')],
    ['a place to open at', parts({ catalog: '/OpenAction [3 0 R /Fit]' })],
    ['a text field', field('/FT /Tx /T (name) /V (a)')],
    ['a field with a font of its own', field('/FT /Tx /T (a) /DR << /Font << >> >>')],
    ['a form', form('')],
    ['a stencil', image('/ImageMask true /BitsPerComponent 1')],
    ['an inline image', content('BI /W 8 /H 1 /IM true /F /AHx ID FF>\nEI\n')],
    ['text', content('BT\n/F1 12 Tf\n(a) Tj\nET\n')],
  ])('%s', (_, verdict) => expect(verdict).toBe('clean'))
})

describe('active content put back into a clean PDF is caught', () => {
  const script = '<< /S /JavaScript /JS (app.alert) >>'
  it.each<[string, string, string]>([
    ['JavaScript on opening', parts({ catalog: `/OpenAction ${script}` }), 'NAME'],
    [
      'any action on opening',
      parts({ catalog: '/OpenAction << /S /GoTo /D [3 0 R /Fit] >>' }),
      'VALUE',
    ],
    ['an opening place of a page', parts({ leaf: '/OpenAction [3 0 R /Fit]' }), 'KEY'],
    [
      'JavaScript in the name tree',
      parts({ catalog: `/Names << /JavaScript ${script} >>` }),
      'NAME',
    ],
    ['a name hidden by escapes', parts({ catalog: '/#4F#70enAction [3 0 R /Fit]' }), ''],
    ['additional actions of a page', parts({ leaf: `/AA << /O ${script} >>` }), 'NAME'],
    [
      'additional actions of the catalog',
      parts({ catalog: '/AA << /WC << /S /Named /N /NextPage >> >>' }),
      'NAME',
    ],
    ['a link that launches', link('<< /S /Launch /Win << /P (a.exe) >> >>'), 'NAME'],
    ['a link that runs a script', link(script), 'NAME'],
    ['a link into another file', link('<< /S /GoToR /D [0 /Fit] >>'), 'NAME'],
    ['a link into an embedded file', link('<< /S /GoToE /D [0 /Fit] >>'), 'NAME'],
    ['a link that submits', link('<< /S /SubmitForm >>'), 'NAME'],
    ['a link that imports', link('<< /S /ImportData >>'), 'NAME'],
    ['a link that hides', link('<< /S /Hide /T (a) >>'), 'ACTION'],
    ['a link that plays', link('<< /S /Rendition >>'), 'NAME'],
    ['a link that prints', link('<< /S /Named /N /Print >>'), 'VALUE'],
    ['a link into a file share', link('<< /S /URI /URI (file://host/x) >>'), 'URI'],
    ['a link with a user in it', link('<< /S /URI /URI (https://a@b.example/) >>'), 'URI'],
    ['a link with a hidden spelling', link('<< /S /URI /URI (https://b.example/../a) >>'), 'URI'],
    ['a chain of actions', link('<< /S /Named /N /NextPage /Next 6 0 R >>'), ''],
    [
      'a chain in place',
      link('<< /S /Named /N /NextPage /Next << /S /Named /N /NextPage >> >>'),
      'KEY',
    ],
    [
      'an action by reference',
      annotation('/Subtype /Link /A 6 0 R', ['<< /S /Named /N /Print >>']),
      'ACTION',
    ],
    ['an action of a note', annotation('/Subtype /Text /A << /S /Named /N /NextPage >>'), 'KEY'],
    ['an attached file', annotation('/Subtype /FileAttachment'), 'NAME'],
    ['rich media', annotation('/Subtype /RichMedia'), 'NAME'],
    ['a film', annotation('/Subtype /Movie'), 'NAME'],
    ['a watermark', annotation('/Subtype /Watermark'), 'ANNOT'],
    [
      'a rollover picture',
      annotation('/Subtype /Text /AP << /N 6 0 R /R 6 0 R >>', [[FORM, 'n\n']]),
      'KEY',
    ],
    ['rich text', annotation('/Subtype /FreeText /RC (<a>)'), 'KEY'],
    ['embedded files', parts({ catalog: '/Names << /EmbeddedFiles << >> >>' }), 'NAME'],
    ['associated files', parts({ catalog: '/AF [5 0 R]', more: ['<< >>'] }), 'NAME'],
    ['a portfolio', parts({ catalog: '/Collection << >>' }), 'NAME'],
    ['metadata', parts({ catalog: '/Metadata 5 0 R', more: [['', 'x']] }), 'NAME'],
    ['private data', parts({ leaf: '/PieceInfo << >>' }), 'NAME'],
    ['a thumbnail', parts({ leaf: '/Thumb 5 0 R', more: [['', 'x']] }), 'KEY'],
    ['a full screen', parts({ catalog: '/PageMode /FullScreen' }), 'VALUE'],
    ['hidden menus', parts({ catalog: '/ViewerPreferences << /HideMenubar true >>' }), 'KEY'],
    ['an XFA form', parts({ catalog: '/AcroForm << /XFA (x) >>' }), 'NAME'],
    ['a signature field', field('/FT /Sig'), 'NAME'],
    ['a script in a field', field(`/FT /Tx /AA << /K ${script} >>`), 'NAME'],
    ['a field that sends a file', field('/FT /Tx /Ff 1048576'), 'VALUE'],
    [
      'an order of calculation',
      parts({
        catalog: '/AcroForm 5 0 R',
        more: ['<< /Fields [6 0 R] /CO [6 0 R] >>', '<< /FT /Tx >>'],
      }),
      'KEY',
    ],
    ['a named destination', annotation('/Subtype /Link /Dest (a)'), 'VALUE'],
    [
      'a destination in another page list',
      annotation('/Subtype /Link /Dest [1 0 R /Fit]'),
      'VALUE',
    ],
    ['a stream from outside', form(' /F (http://a.example)'), 'KEY'],
    ['a form from another file', form(' /Ref << >>'), 'NAME'],
    ['a PostScript form', form(' /PS 6 0 R'), ''],
    ['prepress data', form(' /OPI << >>'), 'NAME'],
    [
      'a filter that is not on the list',
      parts({
        resources: '/XObject << /F 5 0 R >>',
        more: [[`${FORM} /Filter /LZWDecode`, 'n\n']],
      }),
      'VALUE',
    ],
    [
      'two filters',
      parts({
        resources: '/XObject << /F 5 0 R >>',
        more: [[`${FORM} /Filter [/FlateDecode]`, 'n\n']],
      }),
      'VALUE',
    ],
    [
      'an alternate picture',
      image('/ColorSpace /DeviceGray /BitsPerComponent 1 /Alternates [6 0 R]'),
      '',
    ],
    ['more bytes than pixels', image('/ColorSpace /DeviceGray /BitsPerComponent 1', 'ab'), 'IMAGE'],
    [
      'a halftone',
      parts({ resources: '/ExtGState << /G << /Type /ExtGState /HT /Default >> >>' }),
      'KEY',
    ],
    [
      'a font matrix that is a script',
      parts({
        resources: '/Font << /F 5 0 R >>',
        more: [
          '<< /Type /Font /Subtype /Type3 /FontMatrix [1 0 0 1 0 (0\\); alert)] /CharProcs << >> >>',
        ],
      }),
      '',
    ],
    [
      'a font matrix that is a text',
      parts({
        resources: '/Font << /F 5 0 R >>',
        more: ['<< /Type /Font /Subtype /Type3 /FontMatrix [1 0 0 1 0 (0)] /CharProcs << >> >>'],
      }),
      'VALUE',
    ],
    [
      'a map of characters that runs',
      parts({
        resources: '/Font << /F 5 0 R >>',
        more: [
          '<< /Type /Font /Subtype /Type1 /ToUnicode 6 0 R >>',
          ['', '/CIDInit /ProcSet findresource begin\n(%pipe%sh) (w) file\n'],
        ],
      }),
      '',
    ],
    ...['Own', 'Adobe-Japan1-UCS2 usecmap\n/Adobe-GB1-UCS2'].map(
      (base): [string, string, string] => [
        `a map of characters that builds on ${JSON.stringify(base)}`,
        parts({
          resources: '/Font << /F 5 0 R >>',
          more: [
            '<< /Type /Font /Subtype /Type1 /ToUnicode 6 0 R >>',
            ['', unicodeMap(`/${base} usecmap\n`)],
          ],
        }),
        '',
      ],
    ),
    ['a field with more than fonts', field('/FT /Tx /T (a) /DR << /XObject << >> >>'), 'KEY'],
    [
      'a function that loops',
      parts({
        resources: '/ExtGState << /G << /Type /ExtGState /TR 5 0 R >> >>',
        more: [['/FunctionType 4 /Domain [0 1] /Range [0 1]', '{ { } loop }']],
      }),
      'FUNCTION',
    ],
    [
      'layers that switch themselves',
      parts({
        catalog: '/OCProperties << /OCGs [5 0 R] /D << /AS [] >> >>',
        more: ['<< /Type /OCG /Name (a) >>'],
      }),
      'KEY',
    ],
    [
      'a bookmark that runs',
      parts({
        catalog: '/Outlines 5 0 R',
        more: [
          '<< /Type /Outlines /First 6 0 R /Last 6 0 R /Count 1 >>',
          `<< /Title (a) /A ${script} /Parent 5 0 R >>`,
        ],
      }),
      'NAME',
    ],
    [
      'a tag with a foreign owner',
      parts({
        catalog: '/StructTreeRoot 5 0 R',
        more: [
          '<< /Type /StructTreeRoot /K 6 0 R >>',
          '<< /Type /StructElem /S /P /P 5 0 R /A << /O /HTML-4.01 >> >>',
        ],
      }),
      'VALUE',
    ],
    ['an object nobody refers to', parts({ more: ['<< >>'] }), 'UNREACHABLE'],
    [
      'a form that paints itself',
      parts({
        resources: '/XObject << /F 5 0 R >>',
        more: [[`${FORM} /Resources << /XObject << /F 5 0 R >> >>`, '/F Do\n']],
      }),
      'clean',
    ],
  ])('%s', (_, verdict, wanted) => {
    expect(verdict).toMatch(wanted === 'clean' ? /^clean$/u : /^VERIFY-PDF/u)
    expect(verdict).toContain(wanted)
  })

  it('a form that paints itself is caught when a page paints it', () => {
    const loop = [`${FORM} /Resources << /XObject << /F 5 0 R >> >>`, '/F Do\n'] as const
    const file = page('/F Do\n', { resources: '/XObject << /F 5 0 R >>', more: [loop] })
    expect(reason(file)).toBe('VERIFY-PDF-WORK')
  })

  it('ten forms that each paint the next one ten times are caught', () => {
    const more = Array.from({ length: 10 }, (_, index): readonly [string, string] => [
      index === 9 ? FORM : `${FORM} /Resources << /XObject << /F ${index + 6} 0 R >> >>`,
      index === 9 ? 'n\n' : '/F Do\n'.repeat(10),
    ])
    const file = page('/F Do\n', { resources: '/XObject << /F 5 0 R >>', more })
    expect(reason(file)).toBe('VERIFY-PDF-WORK')
  })
})

describe('content that is more than drawing is caught', () => {
  it.each([
    ['an unknown operator', 'evil\n'],
    ['errors hidden', 'BX\nEX\n'],
    ['PostScript', '/P PS\n'],
    ['too few operands', '1 w\n1 m\n'],
    ['too many operands', '1 1 w\n'],
    ['an operand of the wrong kind', '(a) w\n'],
    ['a saved state left open', 'q\n'],
    ['a state restored that was not saved', 'Q\n'],
    ['a comment', 'n %x\n'],
    ['two spaces', '1  w\n'],
    ['a line end of another kind', 'n\r'],
    ['a number with a sign', '+1 w\n'],
    ['a number with a tail of zeros', '1.50 w\n'],
    ['minus zero', '-0 w\n'],
    ['a name spelled otherwise', '/#41 gs\n'],
    ['a text spelled otherwise', '<41> Tj\n'],
    ['bytes that are no ASCII', '(\u00e9) Tj\n'],
    ['a name that means something', '/JavaScript gs\n'],
    ['properties with a foreign key', '/P << /X 1 >> BDC\nEMC\n'],
    ['an inline image with another filter', 'BI /W 8 /H 1 /IM true /F /LZW ID FF>\nEI\n'],
    ['an inline image with more data', 'BI /W 8 /H 1 /IM true /F /AHx ID FFFF>\nEI\n'],
    ['an inline image with raw data', 'BI /W 8 /H 1 /IM true ID x\nEI\n'],
    ['an inline image with a foreign key', 'BI /W 8 /H 1 /IM true /X 1 /F /AHx ID FF>\nEI\n'],
    ['operands without an operator', '1 1 '],
  ])('%s', (_, text) => expect(content(text)).toMatch(/^VERIFY-PDF/u))
})

describe('a file that two readers could read differently is caught', () => {
  const clean = page().toString('latin1')
  const changed = (from: string | RegExp, to: string): string =>
    reason(Buffer.from(clean.replace(from, to), 'latin1'))
  it.each([
    ['another version', changed('%PDF-1.7', '%PDF-1.4')],
    ['a comment', changed('endobj\n', 'endobj\n%x\n')],
    ['encryption', changed('/Root 1 0 R', '/Encrypt 1 0 R /Root 1 0 R')],
    ['an older revision', changed('/Root 1 0 R', '/Prev 1 /Root 1 0 R')],
    ['a free key in the trailer', changed('/Root 1 0 R', '/Root 1 0 R /X 1')],
    ['an identifier that says something', changed(/<[0-9A-F]{32}>/u, '<48454C4C4F>')],
    ['an offset that lies', changed('0000000015', '0000000016')],
    ['the same key twice', changed('/Type /Pages', '/Type /Pages /Type /Page')],
    ['a null', changed('/Type /Pages', '/Type /Pages /X null')],
    ['two spaces', changed('/Type /Pages', '/Type  /Pages')],
    ['a length that lies', changed(/\/Length (\d+)/u, '/Length 1')],
    ['an end of line in a value', changed('/Type /Pages', '/Type\n/Pages')],
    ['bytes behind the end', reason(Buffer.concat([page(), Buffer.from('x')]))],
    ['an object behind the end', reason(Buffer.concat([page(), Buffer.from('9 0 obj\n')]))],
    ['a zip behind the end', reason(Buffer.concat([page(), zip([['a.txt', 'a']])]))],
    ['bytes before the beginning', reason(Buffer.concat([Buffer.from('\n'), page()]))],
  ])('%s', (_, verdict) => expect(verdict).toMatch(/^VERIFY-/u))

  it('the catalog must be a catalog', () => {
    expect(reason(pdf(['<< /Type /Pages >>']))).toMatch(/^VERIFY-PDF/u)
  })
})
