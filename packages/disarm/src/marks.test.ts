import { describe, expect, it } from 'vitest'
import { Context } from './family.ts'
import { documentMarks } from './marks.ts'
import { packageOf } from './ooxml/synthetic.test-support.ts'
import { buildPdf, streamBody } from './pdf/build.test-support.ts'
import { writeZip } from './zip/write.ts'

const marks = (bytes: Uint8Array, name: string) => documentMarks(bytes, name, new Context())

const METADATA =
  '<office:document-meta xmlns:office="o" xmlns:meta="m" xmlns:dc="d"><meta:keyword>自治体機密性2</meta:keyword><meta:user-defined meta:name="区分">庁外秘</meta:user-defined></office:document-meta>'

describe('the marks on a document', () => {
  it('of OpenDocument are its keywords and what a program added', () => {
    const bytes = writeZip([
      {
        name: 'mimetype',
        bytes: Buffer.from('application/vnd.oasis.opendocument.text'),
        stored: true,
      },
      { name: 'META-INF/manifest.xml', bytes: Buffer.from('<m/>') },
      { name: 'content.xml', bytes: Buffer.from('<a>本文</a>') },
      { name: 'meta.xml', bytes: Buffer.from(METADATA) },
    ])
    const { properties, type } = marks(bytes, 'a.odt')
    expect([type, properties]).toEqual(['odt', ['keyword=自治体機密性2', '区分=庁外秘']])
  })

  it('of Office are found where the packaging library of .NET and SharePoint write them, choices that nobody made apart', () => {
    const bytes = packageOf({
      title: '',
      name: 'a.docx',
      body: '<w:p><w:r><w:t>本文</w:t></w:r></w:p>',
      parts: {
        'package/services/metadata/core-properties/a1.psmdcp':
          '<coreProperties xmlns="c" xmlns:dc="d"><dc:title>自治体機密性2</dc:title></coreProperties>',
        'docProps/app.xml': '<Properties><property name="区分">庁外秘</property></Properties>',
        'customXml/item1.xml':
          '<p:properties xmlns:p="p"><Class>自治体機密性3B</Class><x:enumeration value="自治体機密性3A"/></p:properties>',
      },
    })
    const { properties } = marks(bytes, 'a.docx')
    expect(properties).toContain('title=自治体機密性2')
    expect(properties).toContain('区分=庁外秘')
    expect(properties).toContain('custom=自治体機密性3B')
    expect(properties.join()).not.toContain('3A')
  })

  it('of a PDF are in names of its program too, and in its XMP as an element or as an attribute', () => {
    const xmp =
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description pdf:Keywords="自治体機密性2"><dc:title>庁外秘</dc:title></rdf:Description></x:xmpmeta>'
    const pdf = buildPdf(
      {
        1: '<< /Type /Catalog /Pages 2 0 R /Metadata 6 0 R >>',
        4: streamBody('0 0 9 9 re f'),
        5: `<< /MSIP_Label_1_Name <feff${Buffer.from('自治体機密性3B', 'utf16le').swap16().toString('hex')}> >>`,
        6: `<< /Type /Metadata /Subtype /XML /Length ${Buffer.byteLength(xmp)} >>\nstream\n${Buffer.from(xmp).toString('latin1')}\nendstream`,
      },
      '/Info 5 0 R',
    )
    const { properties } = marks(pdf, 'a.pdf')
    expect(properties).toContain('MSIP_Label_1_Name=自治体機密性3B')
    expect(properties).toEqual(expect.arrayContaining(['xmp=自治体機密性2', 'xmp=庁外秘']))
  })

  it('of a picture are in its XMP', () => {
    const xmp = '<x:xmpmeta><rdf:li>自治体機密性3B</rdf:li></x:xmpmeta>'
    const head = Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, xmp.length + 2])
    expect(marks(Buffer.concat([head, Buffer.from(xmp)]), 'a.jpg').properties).toEqual([
      'xmp=自治体機密性3B',
    ])
  })

  it('of a form that only a converter reads are found at either place a letter may begin, and it is said that more may be there', () => {
    for (const shift of ['', ' ']) {
      const label = Buffer.from('【自治体機密性3B】', 'utf16le')
      const read = marks(
        Buffer.concat([Buffer.from(`{\\rtf1 ${shift}`), label, Buffer.from('}')]),
        'a.rtf',
      )
      expect([read.type, read.partly]).toEqual(['rtf', true])
      expect(read.words).toContain('【自治体機密性3B】')
    }
  })

  it('of a page are what a person is shown, its fields and references among it', () => {
    const { words, partly } = marks(
      Buffer.from(
        '<!doctype html><html><body><td>東京都千代田区1-1</td><b>&#x3010;自治体機密性3B】</b><input value="個人番号"></body></html>',
      ),
      'a.html',
    )
    expect(words).toMatch(/東京都千代田区1-1[^]*【自治体機密性3B】[^]*個人番号/u)
    expect(partly).toBe(false)
  })

  it('of a drawing are its words, however they are spelled', () => {
    const drawing =
      '<svg xmlns="http://www.w3.org/2000/svg"><text>&#x81ea;治体機密性3B</text></svg>'
    expect(marks(Buffer.from(drawing), 'a.svg').words).toContain('自治体機密性3B')
  })

  it('of a calendar are in every property, folded or not', () => {
    const said = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-NOTE:自治体\r\n 機密性3B\r\nEND:VCALENDAR\r\n'
    expect(marks(Buffer.from(said), 'a.ics').words).toContain('自治体機密性3B')
  })

  it('of a mail are not all that may be in it, and that is said', () => {
    const mail = 'From: a@example.jp\r\nSubject: x\r\nMIME-Version: 1.0\r\n\r\n自治体機密性3B\r\n'
    const read = marks(Buffer.from(mail), 'a.eml')
    expect([read.type, read.partly]).toEqual(['eml', true])
    expect(read.words).toContain('自治体機密性3B')
  })

  it('a zip tells those of its members, and that one of them is shut', () => {
    const inner = writeZip([{ name: 'a.txt', bytes: Buffer.from('自治体機密性2') }])
    expect(marks(inner, 'a.zip')).toMatchObject({ words: '\n自治体機密性2', locked: false })
    const nested = writeZip([{ name: 'b.zip', bytes: inner }])
    expect(marks(nested, 'b.zip')).toMatchObject({ partly: true })
  })
})
