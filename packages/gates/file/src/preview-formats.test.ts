/**
 * First pages of the newer formats, made of what the disarmer writes.
 */
import { disarmHere } from '@sekisho/disarm'
import { verifyClean } from '@sekisho/disarm/verify'
import { deflateSync, inflateSync } from 'node:zlib'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewFile } from './preview.ts'
import type { Preview } from './preview.ts'

/** The first page of a file as the approver meets it: disarmed, and typed by the verifier. */
function previewOf(name: string, input: string | Uint8Array): Preview {
  const bytes = typeof input === 'string' ? new TextEncoder().encode(input) : input
  const { output, outputName = '', report } = disarmHere(bytes, { name })
  if (!output) throw new Error(`refused: ${report.reason}`)
  const verdict = verifyClean(output, outputName.slice(outputName.lastIndexOf('.') + 1))
  if (!verdict.clean) throw new Error(`${verdict.reason} ${verdict.where}`)
  return previewFile(output, verdict.type)
}

const OASIS = 'urn:oasis:names:tc:opendocument:xmlns:'
const flat = (kind: string, body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><office:document xmlns:office="${OASIS}office:1.0" xmlns:text="${OASIS}text:1.0" ` +
  `xmlns:table="${OASIS}table:1.0" xmlns:draw="${OASIS}drawing:1.0" xmlns:presentation="${OASIS}presentation:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" ` +
  `office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.${kind}"><office:body><office:${kind}>${body}</office:${kind}></office:body></office:document>`

describe('a first page of a calendar', () => {
  test('when, where and who, in words; nothing in it hides or turns around', () => {
    const source = [
      'BEGIN:VCALENDAR',
      'METHOD:CANCEL',
      'BEGIN:VEVENT',
      'DTSTART;TZID=Asia/Tokyo:20261201T100000',
      `SUMMARY:葛\u{E0102}城橋の${'会議'.repeat(20)}`,
      'LOCATION:第二\\, 会議室',
      'ORGANIZER;CN=総務課長:mailto:k@town.kasumi.lg.jp',
      'END:VEVENT',
      'END:VCALENDAR',
    ].join('\r\n')
    expect(previewOf('a.ics', source)).toEqual({
      kind: 'text',
      paragraphs: [
        '【予定の取り消し】',
        `予定: 葛\u{E0102}城橋の${'会議'.repeat(20)}`,
        '開始: 2026-12-01 10:00（日本時間）',
        '場所: 第二, 会議室',
        '主催: 総務課長 <k@town.kasumi.lg.jp>',
      ],
      more: false,
    })
  })
})

describe('a first page of a calendar without events', () => {
  const told = (...inside: readonly string[]): unknown => {
    const source = ['BEGIN:VCALENDAR', ...inside, 'END:VCALENDAR'].join('\r\n')
    return previewOf('a.ics', source)
  }

  test('busy times, and not the free ones', () => {
    const busy = 'FREEBUSY:20261201T000000Z/20261201T010000Z,20261202T000000Z/PT1H'
    const free = 'FREEBUSY;FBTYPE=FREE:20261203T000000Z/PT1H'
    expect(told('BEGIN:VFREEBUSY', busy, free, 'END:VFREEBUSY')).toMatchObject({
      paragraphs: [
        '【予定】',
        '予定の入っている時間: 2026-12-01 00:00（UTC） から 2026-12-01 01:00（UTC）、2026-12-02 00:00（UTC）',
      ],
    })
  })

  test('notes, and a time zone alone', () => {
    const note = told('BEGIN:VJOURNAL', 'SUMMARY:記録', 'DESCRIPTION:一行', 'END:VJOURNAL')
    expect(note).toMatchObject({ paragraphs: ['【予定】', '予定: 記録', '一行'] })
    const zone = told('BEGIN:VTIMEZONE', 'TZID:Asia/Tokyo', 'END:VTIMEZONE')
    expect(zone).toMatchObject({
      paragraphs: ['【予定】', '時間帯の決まりだけが入っています。予定は入っていません。'],
    })
  })
})

describe('a first page of OpenDocument', () => {
  test('text: its paragraphs, without remarks', () => {
    const body =
      '<text:h text:outline-level="1">葛\u{E0102}城橋</text:h>' +
      '<text:p>一<text:s text:c="2"/>二<office:annotation><dc:creator>x</dc:creator><text:p>ひみつ</text:p></office:annotation><text:tab/>三</text:p><text:p/>'
    expect(previewOf('a.fodt', flat('text', body))).toEqual({
      kind: 'text',
      paragraphs: ['葛\u{E0102}城橋', '一  二\t三'],
      more: false,
    })
  })

  test('table: its rows, with what is repeated, without the empty rest', () => {
    const cell = (text: string, more = ''): string =>
      `<table:table-cell${more}><text:p>${text}</text:p></table:table-cell>`
    const body =
      `<table:table table:name="見積"><table:table-row>${cell('000123', ' table:number-columns-repeated="2"')}</table:table-row>` +
      `<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>` +
      `<table:table-row><table:table-cell/>${cell('𠮷田')}</table:table-row>` +
      `<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row></table:table>`
    expect(previewOf('a.fods', flat('spreadsheet', body))).toEqual({
      kind: 'table',
      sheets: [{ name: '見積', rows: [['000123', '000123'], [], [], ['', '𠮷田']], more: false }],
    })
  })

  test('slides: each begins with its number', () => {
    const page = (words: string): string =>
      `<draw:page><draw:frame><draw:text-box><text:p>${words}</text:p></draw:text-box></draw:frame></draw:page>`
    expect(previewOf('a.fodp', flat('presentation', page('一枚') + page('二枚')))).toMatchObject({
      paragraphs: ['スライド 1', '一枚', 'スライド 2', '二枚'],
    })
  })
})

describe('a first page of', () => {
  test('RTF: its words, without tables of fonts, pictures and hidden groups', () => {
    const rtf = String.raw`{\rtf1\ansi\deff0{\fonttbl{\f0 Mincho;}}{\info{\title t}}\pard\u33883?\u-10187?\u-8453? \{1\}\par{\*\bkmkstart x}{\b two\tab three}\par}`
    expect(previewOf('a.rtf', rtf)).toMatchObject({
      paragraphs: ['葛\u{D835}\u{DEFB} {1}', 'two\tthree'],
    })
  })

  test('a page: its words, cells apart, no style and no address', () => {
    const page =
      '<style>p { color: red }</style><script>alert(1)</script><h1>避難所</h1><p>１ &amp;amp;　<a href="https://example.jp/">地図</a></p><table><tr><td>南<td>北</table>'
    expect(previewOf('a.html', page)).toEqual({
      kind: 'text',
      paragraphs: ['避難所', '１ &amp;　地図', '南\t北'],
      more: false,
    })
  })

  test('a mail: head, words, names of attachments; nothing turns its lines around', () => {
    const subject = Buffer.from('見積\u202Eの件').toString('base64')
    const mail = [
      'From: =?UTF-8?B?6auZ5qmL?= <takahashi@example.jp>',
      'To: yoshida@example.jp',
      'Date: Sun, 22 Nov 2026 14:03:00 +0900',
      `Subject: =?UTF-8?B?${subject}?=`,
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="b"',
      '',
      '--b',
      'Content-Type: text/plain; charset=utf-8',
      '',
      '',
      'よろしく',
      '--b',
      "Content-Disposition: attachment; filename*=UTF-8''%F0%A0%AE%B7%E7%94%B0.csv",
      'Content-Type: text/csv',
      '',
      'a,b',
      '--b--',
      '',
    ].join('\r\n')
    const preview = previewOf('a.eml', mail)
    expect(preview).toMatchObject({
      kind: 'mail',
      from: '髙橋 <takahashi@example.jp>',
      to: 'yoshida@example.jp',
      at: '2026-11-22T05:03:00.000Z',
      paragraphs: ['よろしく'],
      attachments: ['𠮷田.csv'],
    })
    expect(JSON.stringify(preview)).not.toContain('\u202E')
  })

  test('a mail that is only a page: the words of the page', () => {
    const mail = `From: a@example.jp\r\nContent-Type: text/html\r\n\r\n<p>本文</p><p>終わり</p>`
    expect(previewOf('a.eml', mail)).toMatchObject({ paragraphs: ['本文', '終わり'] })
  })

  test('a picture that a browser draws: the picture; a drawing by its own type', () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    expect(previewOf('a.svg', svg)).toMatchObject({ dataUrl: /^data:image\/svg\+xml;base64,/u })
    expect(previewFile(new Uint8Array([1]), 'webp')).toMatchObject({ kind: 'image' })
    expect(previewFile(new Uint8Array([1]), 'bmp')).toMatchObject({ kind: 'image' })
  })

  test('DXF: the words that stand in it', () => {
    const pairs = [
      0,
      'SECTION',
      2,
      'ENTITIES',
      0,
      'TEXT',
      8,
      '0',
      10,
      '0.0',
      20,
      '0.0',
      40,
      '1.0',
      1,
      '橋脚',
      0,
      'LINE',
      8,
      '0',
      10,
      '0.0',
      20,
      '0.0',
      11,
      '1.0',
      21,
      '1.0',
      0,
      'ENDSEC',
      0,
      'EOF',
    ]
    expect(previewOf('a.dxf', `${pairs.join('\r\n')}\r\n`)).toMatchObject({
      paragraphs: ['橋脚'],
    })
  })

  test('a drawing for delivery: the words on its sheet', () => {
    const feature = String.raw`text_string_feature('1','1','1',\'橋脚\','10.0','10.0','5.0','20.0','0.00','0.0','0.0','1','1')`
    expect(previewFile(new TextEncoder().encode(feature), 'sfc')).toMatchObject({
      paragraphs: ['橋脚'],
    })
    const literal = String.raw`#30=TEXT_LITERAL_WITH_EXTENT('it''s \X2\9AD96A4B\X0\','text',#20);`
    expect(previewFile(new TextEncoder().encode(literal), 'p21')).toMatchObject({
      paragraphs: ["it's 髙橋"],
    })
  })
})

/** One directory a page, each with one strip of deflated rows. */
function tiff(pages: readonly Readonly<Record<number, number>>[], strip: Uint8Array): Buffer {
  const packed = deflateSync(strip)
  const parts: Buffer[] = [Buffer.from('II*\0\x08\0\0\0', 'latin1')]
  let at = 8
  for (const [index, page] of pages.entries()) {
    const tags = Object.entries({ ...page, 259: 8, 273: 0, 279: packed.length })
    const size = 6 + tags.length * 12
    const directory = Buffer.alloc(size)
    directory.writeUInt16LE(tags.length, 0)
    for (const [place, [tag, value]] of tags.entries()) {
      directory.writeUInt16LE(Number(tag), 2 + place * 12)
      directory.writeUInt16LE(4, 4 + place * 12)
      directory.writeUInt32LE(1, 6 + place * 12)
      directory.writeUInt32LE(tag === '273' ? at + size : value, 10 + place * 12)
    }
    at += size + packed.length
    if (index < pages.length - 1) directory.writeUInt32LE(at, size - 4)
    parts.push(directory, packed)
  }
  return Buffer.concat(parts)
}

describe('a scanned sheet', () => {
  const fax = { 256: 8, 257: 2, 258: 1, 262: 0, 277: 1 }

  test('of black and white is drawn, the right way round, and the other pages are counted', () => {
    const preview = previewFile(tiff([fax, fax], Uint8Array.of(0b1111_0000, 0)), 'tiff')
    expect(preview).toMatchObject({ kind: 'image', note: /2ページ/u })
    const png = Buffer.from(preview.kind === 'image' ? preview.dataUrl.slice(22) : '', 'base64')
    const at = png.indexOf('IDAT')
    const rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)))
    // White is 1 in PNG; a zero before each row.
    expect([...rows]).toEqual([0, 0b0000_1111, 0, 0b1111_1111])
  })

  test('of four inks is not drawn, but told', () => {
    const cmyk = { 256: 8, 257: 2, 258: 8, 262: 5, 277: 4 }
    expect(previewFile(tiff([cmyk], new Uint8Array(64)), 'tiff')).toMatchObject({
      kind: 'none',
      reason: /横8×縦2.*全部で1ページ/u,
    })
  })
})

test('hostile bytes never make it throw, whatever they are called', () => {
  const types = 'odt fods rtf html eml tiff svg dxf sfc p21 xlsm'.split(' ')
  const heads = [
    '',
    '{\\rtf1',
    'II*\0\x08\0\0\0',
    '<office:body><text:p>',
    'Content-Type: multipart/x; boundary="a"\r\n\r\n--a\r\n',
  ]
  fc.assert(
    fc.property(
      fc.constantFrom(...heads),
      fc.uint8Array({ maxLength: 2000 }),
      fc.constantFrom(...types),
      (head, bytes, type) => {
        expect(previewFile(Buffer.concat([Buffer.from(head, 'latin1'), bytes]), type).kind).toMatch(
          /./u,
        )
      },
    ),
    { numRuns: 500 },
  )
})

const samples = new URL('../../../../../shared/samples/', import.meta.url)

describe.skipIf(!existsSync(samples))('real files, disarmed', () => {
  const names = existsSync(samples)
    ? ['odf', 'rtf', 'mail'].flatMap((folder) =>
        readdirSync(new URL(`${folder}/`, samples))
          .slice(0, 25)
          .map((name) => `${folder}/${encodeURIComponent(name)}`),
      )
    : []

  test.each(names)('%s has a first page', (name) => {
    const made = disarmHere(readFileSync(new URL(name, samples)), {
      name: name.slice(name.indexOf('/') + 1),
    })
    if (!made.output || made.output.length > 1_000_000) return
    const ending = made.outputName?.slice(made.outputName.lastIndexOf('.') + 1)
    const verdict = verifyClean(made.output, ending)
    if (verdict.clean) expect(previewFile(made.output, verdict.type).kind).not.toBe('none')
  })
})
