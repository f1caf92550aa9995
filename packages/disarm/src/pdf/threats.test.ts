import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { verifyClean } from '../../verify/index.ts'
import { Context } from '../family.ts'
import { buildImagePage, buildPdf, streamBody } from './build.test-support.ts'
import type { Bodies } from './build.test-support.ts'
import { disarm, dissect, FORBIDDEN, goldenFile } from './corpus.test-support.ts'

/** Rebuilds, holds the result against the verifier and the list of forbidden names, and gives the text of all that is in it. */
function rebuilt(bytes: Uint8Array): { readonly text: string; readonly rules: readonly string[] } {
  const { output, reason, rules } = disarm(bytes)
  expect(reason).toBeUndefined()
  expect(verifyClean(output as Uint8Array, 'pdf')).toEqual({ clean: true, type: 'pdf' })
  const { names, text } = dissect(output as Uint8Array)
  expect(FORBIDDEN.filter((name) => names.has(name))).toEqual([])
  return { text, rules }
}

function expectGone(bytes: Uint8Array, rule: string, ...secrets: readonly string[]): void {
  const { text, rules } = rebuilt(bytes)
  for (const secret of secrets) expect(text).not.toContain(secret)
  expect(rules).toContain(rule)
}

const catalog = (keys: string, more: Bodies = {}): Uint8Array =>
  buildPdf({ 1: `<< /Type /Catalog /Pages 2 0 R ${keys} >>`, ...more })

const page = (keys: string, more: Bodies = {}): Uint8Array =>
  buildPdf({
    3: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R ${keys} >>`,
    ...more,
  })

const annotation = (keys: string, more: Bodies = {}): Uint8Array =>
  page(`/Annots [<< /Type /Annot /Rect [0 0 9 9] ${keys} >>]`, more)

const SCRIPT = '<< /S /JavaScript /JS (app.alert) >>'

describe('threats of PDF, row by row', () => {
  test('PDF-JS: a script goes wherever it hangs: at opening, by name, at a page, a field, a link, behind an action, escaped, in an object stream', () => {
    const places = [
      catalog(`/OpenAction ${SCRIPT}`),
      catalog(`/Names << /JavaScript << /Names [(a) ${SCRIPT}] >> >>`),
      page(`/AA << /O ${SCRIPT} >>`),
      annotation(`/Subtype /Widget /FT /Tx /T (a) /AA << /K ${SCRIPT} >>`),
      annotation(`/Subtype /Link /A ${SCRIPT}`),
      annotation(
        `/Subtype /Link /A << /S /GoTo /D [3 0 R /Fit] /Next ${SCRIPT.replace('/JS ', '/#4a#53 ')} >>`,
      ),
      annotation('/Subtype /Link /A << /S /Rendition /JS 9 0 R >>', { 9: streamBody('app.alert') }),
    ]
    for (const bytes of places) expectGone(bytes, 'PDF-JS', 'app.alert')
    expect(disarm(goldenFile('js-object-stream')).rules).toContain('PDF-JS')
  })

  test('PDF-OPEN: what acts at opening goes; a place to open at stays', () => {
    expectGone(catalog('/OpenAction << /S /Launch /F (calc.exe) >>'), 'PDF-OPEN', 'calc.exe')
    expectGone(
      catalog('/AA << /WC << /S /URI /URI (https://a.example/) >> >>'),
      'PDF-OPEN',
      'a.example',
    )
    const elsewhere = '/OpenAction << /S /GoToR /F (a) /D [0 /Fit] >>'
    expectGone(catalog(elsewhere), 'PDF-OPEN', 'OpenAction')
    expect(rebuilt(catalog('/OpenAction [3 0 R /Fit]')).text).toContain('/OpenAction [')
  })

  const ACTIONS = `/Launch /F (secret)|/GoToR /F (secret) /D [0 /Fit]|/GoToE /T << /N (secret) >>|/SubmitForm /F (secret)|
    /ImportData /F (secret)|/ResetForm /Fields [(secret)]|/Hide /T (secret)|/Named /N /Print|/Named /N /SaveAs|/Thread /D (secret)|
    /SetOCGState /State [(secret)]|/Trans /Trans << /S /Fly >>|/Movie /T (secret)|/Sound /Sound 4 0 R|/Rendition /OP 0|
    /RichMediaExecute /CMD << /C (secret) >>|/GoTo3DView /V (secret)|/GoToDp /Dp 4 0 R|/URI /URI (javascript:secret)|
    /URI /URI (file://10.0.0.1/secret)|/URI /URI (\\\\\\\\host\\\\secret)`
  test.each(ACTIONS.split('|').map((action) => action.trim()))(
    'PDF-ACTION: %s goes, and the link becomes mere paper',
    (action) => {
      const bytes = annotation(`/Subtype /Link /A << /S ${action} >>`)
      expectGone(bytes, 'PDF-ACTION', 'secret', '/Print', '/SaveAs')
    },
  )

  test('PDF-URIBASE: no base address and no path of a file elsewhere, which would send the password hash of whoever opens it', () => {
    expectGone(catalog('/URI << /Base (https://a.example/) >>'), 'PDF-URIBASE', 'a.example')
    const path = '<< /Type /Filespec /F (//10.0.0.1/share) /UF (//10.0.0.1/share) >>'
    expectGone(page(`/Private ${path}`), 'PDF-URIBASE', '10.0.0.1')
  })

  test('PDF-EXTSTREAM: data from another file, PostScript, referenced pages and printer alternatives are not fetched', () => {
    const image = (keys: string): Uint8Array =>
      page('/Resources << /XObject << /X 5 0 R >> >>', {
        4: streamBody('/X Do'),
        5: streamBody(
          'secret',
          `/Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray ${keys}`,
        ),
      })
    expect(rebuilt(image('')).text).toContain('/Subtype /Image')
    expectGone(image('/F (//host/a)'), 'PDF-EXTSTREAM', 'host', '/Subtype /Image')
    expectGone(image('/Alternates [<< /Image 5 0 R >>]'), 'PDF-EXTSTREAM')
    expectGone(image('/OPI << /2.0 << /F (host) >> >>'), 'PDF-EXTSTREAM', 'host')
    for (const name of ['postscript-xobject', 'reference-xobject', 'external-stream'])
      expect(disarm(goldenFile(name)).rules).toContain('PDF-EXTSTREAM')
  })

  test('PDF-EMBED: attachments go wherever they hang, and a cover without pages of its own is refused', () => {
    const file = '<< /Type /Filespec /F (a.exe) /EF << /F 9 0 R >> >>'
    const more = { 9: streamBody('secret', '/Type /EmbeddedFile') }
    const places = [
      catalog(`/Names << /EmbeddedFiles << /Names [(a) ${file}] >> >>`, more),
      catalog(`/AF [${file}]`, more),
      annotation(`/Subtype /FileAttachment /FS ${file}`, more),
    ]
    for (const bytes of places) expectGone(bytes, 'PDF-EMBED', 'secret', 'a.exe')
    expect(disarm(goldenFile('portfolio-without-pages')).reason).toBe('PDF-EMBED')
  })

  test('PDF-FORM: XFA, calculation and rich text go, values stay; a form that only a program draws is refused', () => {
    const form = '/AcroForm << /Fields [5 0 R] /CO [5 0 R] /XFA [(template) 9 0 R] >>'
    const bytes = catalog(form, {
      5: '<< /FT /Tx /T (name) /V (atai) /RV (<b>secret</b>) >>',
      9: streamBody('secret'),
    })
    expectGone(bytes, 'PDF-FORM', 'secret', '/CO')
    expect(rebuilt(bytes).text).toContain('/V (atai)')
    expect(disarm(goldenFile('xfa-dynamic')).reason).toBe('PDF-FORM')
  })

  test.each('Sound Movie Screen RichMedia Projection TrapNet Watermark Redact Unheard'.split(' '))(
    'PDF-ANNOT: an annotation of type %s is not on the list',
    (type) => {
      expectGone(annotation(`/Subtype /${type} /Contents (secret)`), 'PDF-ANNOT', 'secret')
    },
  )

  test('PDF-3D: a model goes with its script', () => {
    const bytes = annotation('/Subtype /3D /3DD 9 0 R /3DA << /A /PO >>', {
      9: streamBody('secret', '/Type /3D /Subtype /U3D /OnInstantiate 8 0 R'),
      8: streamBody('secret'),
    })
    expectGone(bytes, 'PDF-3D', 'secret')
  })

  test('PDF-ENC: a file that only forbids editing is opened, written plain and said; a password is asked for; a certificate is refused', () => {
    const { text, rules } = rebuilt(goldenFile('encrypted-aes-256-r6'))
    expect(text).not.toContain('Encrypt')
    expect(rules).toContain('PDF-ENC')
    expect(disarm(goldenFile('password-missing')).reason).toBe('ENCRYPTED')
    expect(disarm(goldenFile('encrypted-public-key')).output).toBeUndefined()
  })

  test('PDF-SIG: a signature goes, its looks stay as a stamp', () => {
    const bytes = annotation(
      '/Subtype /Widget /FT /Sig /T (s) /V << /Type /Sig /ByteRange [0 1 2 3] /Contents <00> /Name (tanaka) >> /AP << /N 9 0 R >>',
      { 9: streamBody('1 0 0 rg', '/Subtype /Form /BBox [0 0 9 9]') },
    )
    expectGone(bytes, 'PDF-SIG', 'tanaka', 'ByteRange')
    expect(rebuilt(bytes).text).toContain('/Subtype /Stamp')
  })

  test('PDF-INCR: what an older revision said, and what nothing refers to, is not in the output', () => {
    expectGone(buildPdf({ 9: streamBody('secret') }), 'PDF-INCR', 'secret')
    expect(disarm(goldenFile('incremental')).rules).toContain('PDF-INCR')
  })

  test('PDF-XREF: a broken table is mended and said; two objects of one number in one revision are refused', () => {
    const plain = Buffer.from(buildPdf()).toString('latin1')
    const broken = Buffer.from(plain.replace(/startxref\n\d+/u, 'startxref\n7'), 'latin1')
    expect(rebuilt(broken).rules).toEqual(['PDF-XREF'])
    const two = plain.replace('xref\n0', '4 0 obj\n<< >>\nendobj\nxref\n1')
    expect(disarm(Buffer.from(two, 'latin1')).reason).toBe('PDF-XREF')
  })

  test('PDF-FILTER: predicted rows are passed on only when each is whole, of the geometry of the picture and of a known filter', () => {
    const parameters = (columns: number): string =>
      `/DecodeParms << /Predictor 15 /Columns ${columns} >>`
    const picture = (rows: string, columns: number): Uint8Array =>
      buildImagePage(
        deflateSync(Buffer.from(rows, 'latin1')),
        `/Width 2 /Height 2 /BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /FlateDecode ${parameters(columns)}`,
      )
    const written = (rows: string, columns = 2): string => rebuilt(picture(rows, columns)).text
    expect(written('\u0001ab\u0002cd')).toContain('%stream\n\u0001ab\u0002cd')
    expect(written('\u0001ab\u0002cdsecret')).not.toContain('secret')
    expect(written('\u0009ab\u0000cd')).toMatch(/%stream\n[\u0000-\u0004]a/u)
    expect(written('\u0000a\u0000\u0001\u0000c\u0000d', 1)).not.toContain('a\u0000')
    expect(written('\u0000ab')).toContain('/Predictor 15')
  })

  test('PDF-XREF: a file that was cut is refused when a page or its content is lost, and mended when not', () => {
    const plain = Buffer.from(
      buildPdf({
        2: '<< /Kids [3 0 R 5 0 R] /Count 2 >>',
        5: '<< /Contents 6 0 R >>',
        6: streamBody('n'),
      }),
    ).toString('latin1')
    const until = (mark: string): Uint8Array =>
      Buffer.from(plain.slice(0, plain.indexOf(mark)), 'latin1')
    expect(disarm(until('xref')).rules).toEqual(['PDF-XREF'])
    expect(disarm(until('6 0 obj')).reason).toBe('PDF-XREF')
    expect(disarm(until('5 0 obj')).reason).toBe('PDF-XREF')
  })

  test('PDF-FILTER: more than four filters are refused, and data that does not unpack is not passed on', () => {
    const chain = '/Filter [/ASCIIHexDecode /ASCIIHexDecode /ASCIIHexDecode /ASCIIHexDecode /A85]'
    expect(disarm(page('', { 4: streamBody('00', chain) })).reason).toBe('PDF-FILTER')
    const image =
      '/Subtype /Image /Width 9 /Height 9 /BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /DCTDecode'
    const bytes = page('/Resources << /XObject << /X 5 0 R >> >>', {
      4: streamBody('/X Do'),
      5: streamBody('secret', image),
    })
    expectGone(bytes, 'PDF-FILTER', 'secret')
  })

  test('PDF-FONT: a font program that is none goes; the text stays', () => {
    const bytes = page('/Resources << /Font << /F 5 0 R >> >>', {
      4: streamBody('BT /F 9 Tf (text) Tj ET'),
      5: '<< /Type /Font /Subtype /TrueType /BaseFont /A /FontDescriptor 6 0 R >>',
      6: '<< /Type /FontDescriptor /FontName /A /Flags 4 /FontFile2 7 0 R >>',
      7: streamBody('secret'),
    })
    expectGone(bytes, 'PDF-FONT', 'secret', 'FontFile2')
    expect(rebuilt(bytes).text).toContain('(text) Tj')
  })

  test('PDF-CONTENT: unknown operators go, and a form that paints itself without end is refused', () => {
    expectGone(page('', { 4: streamBody('(secret) exec 0 0 9 9 re f') }), 'PDF-CONTENT', 'secret')
    const loop = page('/Resources << /XObject << /X 5 0 R >> >>', {
      4: streamBody('/X Do'),
      5: streamBody(
        '/X Do',
        '/Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >>',
      ),
    })
    expect(disarm(loop).reason).toBe('PDF-CONTENT')
  })

  test('PDF-FUNC: a calculator with anything but arithmetic, and a colour profile that is none, go', () => {
    const space = (body: string): Uint8Array =>
      page('/Resources << /ColorSpace << /C [/Separation /S /DeviceGray 5 0 R] >> >>', {
        5: streamBody(body, '/FunctionType 4 /Domain [0 1] /Range [0 1]'),
      })
    expectGone(space('{ (secret) run }'), 'PDF-FUNC', 'secret')
    expect(rebuilt(space('{ 1 exch sub }')).text).toContain('{ 1 exch sub }')
    const profile = page('/Resources << /ColorSpace << /C [/ICCBased 5 0 R] >> >>', {
      5: streamBody('secret', '/N 3'),
    })
    expectGone(profile, 'PDF-FUNC', 'secret')
  })

  test('PDF-OC: a layer cannot switch itself on when the page is printed', () => {
    const { text, rules } = rebuilt(goldenFile('layers'))
    expect(text).not.toMatch(/PrintState|\/AS |\/Usage/u)
    expect(rules).toContain('PDF-OC')
  })

  test('PDF-META: author, XMP, thumbnails and private data go', () => {
    const bytes = buildPdf(
      {
        1: '<< /Type /Catalog /Pages 2 0 R /Metadata 6 0 R /PieceInfo << /A << /Private (secret) >> >> >>',
        3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R /Thumb 6 0 R /LastModified (D:2020) >>',
        5: '<< /Author (secret) /Producer (secret) /CreationDate (D:2020) >>',
        6: streamBody('secret'),
      },
      '/Info 5 0 R /ID [(secret) (secret)]',
    )
    expectGone(bytes, 'PDF-META', 'secret', 'D:2020')
  })

  test('PDF-VIEW: full screen, presentation and what a reader must be able to do go', () => {
    const bytes = page('/Trans << /S /Fly >> /Dur 1', {
      1: '<< /Type /Catalog /Pages 2 0 R /PageMode /FullScreen /Requirements [<< /S /EnableJavaScripts >>] /ViewerPreferences << /HideToolbar true >> >>',
    })
    expectGone(bytes, 'PDF-VIEW', 'FullScreen', 'Requirements', 'HideToolbar', 'Trans', '/Dur')
  })

  test('PDF-LIMIT: a page as large as a wall is refused', () => {
    const wall = page('/CropBox [0 0 99999 99999]')
    expect(disarm(wall).reason).toBe('PDF-LIMIT')
  })

  test('PDF-LIMIT: one long list that is named in a thousand places ends at the budget', () => {
    const many = Array.from(
      { length: 1000 },
      () => '<< /Subtype /Ink /Rect [0 0 9 9] /InkList [9 0 R 9 0 R 9 0 R 9 0 R] >>',
    )
    const bytes = page(`/Annots [${many.join(' ')}]`, { 9: `[${'1 '.repeat(90_000)}]` })
    const context = new Context({ limits: { decodedBytes: 64 * 1024 * 1024 } })
    expect(disarm(bytes, context).reason).toBe('LIMIT-SIZE')
  })

  test('PDF-POLY: what stands before and behind the document is not in the output', () => {
    const before = Buffer.concat([Buffer.from('<script>secret</script>\n'), buildPdf()])
    expectGone(before, 'PDF-POLY', 'secret')
    expectGone(
      Buffer.concat([buildPdf(), Buffer.from('PK\u0003\u0004secret')]),
      'PDF-POLY',
      'secret',
    )
  })
})
