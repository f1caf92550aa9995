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

  it('a zip tells those of its members, and that one of them is shut', () => {
    const inner = writeZip([{ name: 'a.txt', bytes: Buffer.from('自治体機密性2') }])
    expect(marks(inner, 'a.zip')).toMatchObject({ words: '\n自治体機密性2', locked: false })
    const nested = writeZip([{ name: 'b.zip', bytes: inner }])
    expect(marks(nested, 'b.zip')).toMatchObject({ partly: true })
  })
})
