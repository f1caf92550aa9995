import { describe, expect, it } from 'vitest'
import { Context } from './family.ts'
import { documentMarks } from './marks.ts'
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
