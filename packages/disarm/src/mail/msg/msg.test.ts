import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeCompoundFile } from '../../cfb/index.ts'
import { encodeOld } from '../../html/encode.test-support.ts'
import { placeholderPng } from '../../image/index.ts'
import {
  compressedRtf,
  disarmMail,
  envelopedSpecimen,
  msgSpecimen,
  signedSpecimen,
  storageStreams,
} from '../specimen.test-support.ts'
import type { MsgSpecimen } from '../specimen.test-support.ts'

const CLASS = '001A'
const SUBJECT = '0037'
const BODY = '1000'
const HTML = '1013'
const RTF = '1009'
const DATA = '3701'
const METHOD = '3705'
const NAME = '3707'

const NOTE: MsgSpecimen = {
  properties: {
    [CLASS]: 'IPM.Note',
    [SUBJECT]: '会議の件 葛\u{E0102}城 𠮷',
    '0042': '総務課　山田',
    '0065': '/o=KASUMI/cn=YAMADA',
    '5D02': 'y@town.kasumi.lg.jp',
    [BODY]: '本文です。\r\n',
    '1035': '<id@x>',
  },
  recipients: [
    { '3001': '町民課', '39FE': 'chomin@town.kasumi.lg.jp', '0C15': 1 },
    { '3001': '写し', '3003': 'cc@example.jp', '0C15': 2 },
    { '3001': '内緒', '3003': 'bcc@example.jp', '0C15': 3 },
  ],
}
const disarm = (specimen: MsgSpecimen) => disarmMail(msgSpecimen(specimen), {}, 'msg')

describe('MSG-CONVERTED: a mail of Outlook becomes a plain mail', () => {
  it('to more people than one field names is delivered, and the last are counted in the report', () => {
    const recipients = Array.from({ length: 1_005 }, (_, index) => ({
      '3001': `職員${index}`,
      '3003': `s${index}@town.example`,
    }))
    const { message, removed } = disarm({ properties: { '0037': '全員へ' }, recipients })
    expect(message.to).toHaveLength(1_000)
    expect(removed).toContain('M-HEADER')
  })

  it('with subject, people and text', () => {
    const { message, texts, removed } = disarm(NOTE)
    expect(message).toMatchObject({
      subject: '会議の件 葛\u{E0102}城 𠮷',
      from: [{ name: '総務課　山田', address: 'y@town.kasumi.lg.jp' }],
      to: [{ name: '町民課', address: 'chomin@town.kasumi.lg.jp' }],
      cc: [{ name: '写し', address: 'cc@example.jp' }],
      messageId: '<id@x>',
    })
    expect(texts).toEqual(['本文です。\r\n'])
    expect(removed).toEqual(['MSG-CONVERTED'])
  })

  it('with its page, whose pictures are attachments', () => {
    const png = placeholderPng(3, 2)
    const page = encodeOld(
      '<meta charset=shift_jis><p onclick=x()>頁<img src="cid:a@b">',
      'shift_jis',
    )
    const { pages, files, removed } = disarm({
      properties: { ...NOTE.properties, [HTML]: page },
      attachments: [
        { [DATA]: png, [NAME]: 'a.png', '3712': 'a@b', [METHOD]: 1 },
        { [DATA]: Buffer.from('text'), [NAME]: '様式.txt', [METHOD]: 1 },
        { [DATA]: Buffer.from('MZ'), [NAME]: 'b.exe', [METHOD]: 1 },
      ],
    })
    expect(pages[0]).toContain('<p>頁<img alt="" src="cid:image1@sekisho"></p>')
    expect(files).toEqual([
      'image1.png image/png',
      '様式.txt application/octet-stream',
      '除外一覧.txt application/octet-stream',
    ])
    expect(removed).toEqual(expect.arrayContaining(['H-SCRIPT', 'M-ATT']))
  })

  it('with the page that Outlook wrapped into RTF', () => {
    const jis = [...encodeOld('表アA', 'shift_jis')].map((byte) =>
      byte < 0x80 && byte !== 0x5c ? String.fromCharCode(byte) : `\\'${byte.toString(16)}`,
    )
    const rtf = `{\\rtf1\\ansi\\ansicpg932\\fromhtml1 {\\fonttbl{\\f0\\fcharset128 MS;}}{\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 ${jis.join('')}\\u33883?\\htmlrtf }\\htmlrtf0 {\\*\\htmltag72 </p>}}`
    const { pages } = disarm({ properties: { [CLASS]: 'IPM.Note', [RTF]: compressedRtf(rtf) } })
    expect(pages[0]).toContain('<body><p>表アA\u845B</p></body>')
  })

  it('with the words of an RTF text', () => {
    const rtf = '{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 x;}}{\\*\\generator y;}a\\par b\\{\\~c}'
    const { texts } = disarm({ properties: { [RTF]: compressedRtf(rtf) } })
    expect(texts).toEqual(['a\r\nb{\u00A0c'])
  })

  it('with when and where of a meeting, as an invitation', () => {
    const names = Buffer.alloc(24)
    ;[0x820d, 0x820e, 0x8208].forEach((number, index) => {
      names.writeUInt32LE(number, 8 * index)
      names.writeUInt16LE(index, 8 * index + 6)
    })
    const time = (text: string) => BigInt(Date.parse(text) + 11_644_473_600_000) * 10_000n
    const fixed = Buffer.alloc(32 + 32)
    for (const [index, text] of ['2026-12-01T10:00+09:00', '2026-12-01T11:00+09:00'].entries()) {
      fixed.writeUInt16LE(0x40, 32 + 16 * index)
      fixed.writeUInt16LE(0x8000 + index, 34 + 16 * index)
      fixed.writeBigUInt64LE(time(text), 40 + 16 * index)
    }
    const text = (value: string) => Buffer.from(value, 'utf16le')
    const bytes = writeCompoundFile({
      streams: [
        { path: '__properties_version1.0', bytes: fixed },
        { path: '__nameid_version1.0/__substg1.0_00030102', bytes: names },
        { path: '__substg1.0_001A001F', bytes: text('IPM.Schedule.Meeting.Request') },
        { path: '__substg1.0_0037001F', bytes: text('庁議') },
        { path: '__substg1.0_8002001F', bytes: text('第1会議室') },
      ],
    })
    const { message, eml } = disarmMail(bytes, {}, 'msg')
    const calendar = message.items.find((item) => item.kind === 'calendar')
    expect(calendar?.kind === 'calendar' ? calendar.text : '').toContain(
      'DTSTART:20261201T010000Z\r\nDTEND:20261201T020000Z\r\nSUMMARY:庁議\r\nLOCATION:第1会議室\r\n',
    )
    expect(eml).toContain('method=REQUEST')
  })

  it('with mails inside of it', () => {
    const inner = '__attach_version1.0_#00000000/__substg1.0_3701000D/'
    const { files, eml } = disarm({
      ...NOTE,
      attachments: [{ [METHOD]: 5, '3001': '中' }],
      streams: storageStreams(inner, 24, { [CLASS]: 'IPM.Note', [SUBJECT]: 'inner', [BODY]: 'x' }),
    })
    expect(files).toEqual(['message.eml message'])
    expect(eml).toContain('Subject: inner')
  })

  it('OLE-OBJ: without objects', () => {
    const { files, removed } = disarm({
      ...NOTE,
      attachments: [{ [METHOD]: 6, [DATA]: Buffer.from('x'), [NAME]: 'Package' }],
    })
    expect(files).toEqual([])
    expect(removed).toContain('OLE-OBJ')
  })

  it('MSG-FORM: without its own form', () => {
    expect(
      disarm({ properties: { ...NOTE.properties, [CLASS]: 'IPM.Note.Evil' } }).removed,
    ).toContain('MSG-FORM')
  })

  it('MSG-REMIND: without the sound that a reminder fetches from a share', () => {
    const names = Buffer.alloc(8)
    names.writeUInt32LE(0x851f, 0)
    const streams = [
      { path: '__nameid_version1.0/__substg1.0_00030102', bytes: names },
      { path: '__substg1.0_8000001F', bytes: Buffer.from('\\\\evil\\s.wav', 'utf16le') },
    ]
    const { eml, removed } = disarm({ ...NOTE, streams })
    expect(removed).toContain('MSG-REMIND')
    expect(eml).not.toContain('evil')
  })

  it('a signed one is read, an encrypted one is refused', () => {
    const secured = (bytes: Uint8Array) =>
      disarm({
        properties: { [CLASS]: 'IPM.Note.SMIME' },
        attachments: [{ [DATA]: bytes, [METHOD]: 1 }],
      })
    expect(secured(signedSpecimen(Buffer.from('Content-Type: text/plain\r\n\r\nx'))).texts).toEqual(
      ['x'],
    )
    expect(secured(envelopedSpecimen()).reason).toBe('RIGHTS')
  })
})

it('whatever changes in the bytes, the answer is a clean mail or a reason', () => {
  const seed = Buffer.from(
    msgSpecimen({
      ...NOTE,
      attachments: [{ [DATA]: Buffer.from('text'), [NAME]: 'a.txt', [METHOD]: 1 }],
    }),
  )
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 }),
      (changes) => {
        const bytes = Buffer.from(seed)
        for (const [at, value] of changes) bytes[8 + (at % (bytes.length - 8))] = value
        expect(disarmMail(bytes, {}, 'msg').reason).not.toBe('ENG-CRASH')
      },
    ),
    { numRuns: 400 },
  )
})
