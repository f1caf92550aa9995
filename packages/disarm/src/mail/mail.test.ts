import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeOld } from '../html/encode.test-support.ts'
import { placeholderPng } from '../image/index.ts'
import {
  HEADER,
  attached,
  bytesOf,
  disarmMail,
  envelopedSpecimen,
  html,
  multi,
  plain,
  signedSpecimen,
  tnefSpecimen,
} from './specimen.test-support.ts'

const TEXT = '霞町役場 町民課 御中\r\n様式（①・㈱・Ⅱ）を髙橋が送ります。～\r\n'
const png = placeholderPng(3, 2)
const b64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

describe('Japanese survives in every encoding that mails come in', () => {
  const text = TEXT.replace('髙', '高')

  it.each(['shift_jis', 'euc-jp', 'iso-2022-jp'] as const)('body and subject in %s', (charset) => {
    const subject = `=?${charset}?B?${b64(encodeOld('会議の件（再送）', charset))}?=`
    const mail = bytesOf(
      `From: =?${charset}?B?${b64(encodeOld('総務課　山田', charset))}?= <y@example.jp>\r\nSubject: ${subject}\r\n`,
      `Content-Type: text/plain; charset="${charset}"\r\n\r\n`,
      encodeOld(text, charset),
    )
    const { message, texts } = disarmMail(mail)
    expect(message.subject).toBe('会議の件（再送）')
    expect(message.from).toEqual([{ name: '総務課　山田', address: 'y@example.jp' }])
    expect(texts).toEqual([text])
  })

  it.each([
    ['us-ascii', 'iso-2022-jp'],
    ['iso-8859-1', 'iso-2022-jp'],
    ['utf-8', 'shift_jis'],
    ['iso-2022-jp', 'shift_jis'],
    ['unknown-8bit', 'euc-jp'],
  ] as const)('labelled %s and really %s', (label, charset) => {
    const mail = bytesOf(
      `Subject: x\r\nContent-Type: text/plain; charset=${label}\r\n\r\n`,
      encodeOld(text, charset),
    )
    expect(disarmMail(mail).texts).toEqual([text])
  })

  it('labelled Shift_JIS and really UTF-8', () => {
    const mail = bytesOf('Subject: x\r\nContent-Type: text/plain; charset=shift_jis\r\n\r\n', TEXT)
    expect(disarmMail(mail).texts).toEqual([TEXT])
  })

  it('raw headers in Shift_JIS and ISO-2022-JP, whose letters hold quotes, commas and backslashes', () => {
    const name = '能表ソ十予' // second bytes 0x5C
    for (const charset of ['shift_jis', 'iso-2022-jp', 'euc-jp'] as const) {
      const mail = bytesOf(
        'From: "',
        encodeOld(name, charset),
        '" <a@example.jp>\nSubject: ',
        encodeOld(`${name}，の件`, charset),
        '\n\nx',
      )
      const { message } = disarmMail(mail)
      expect(message.from).toEqual([{ name, address: 'a@example.jp' }])
      expect(message.subject).toBe(`${name}，の件`)
    }
  })

  it('encoded words that are cut in the middle of a letter, or shift without need', () => {
    const utf8 = Buffer.from('霞町役場')
    const words = [utf8.subarray(0, 4), utf8.subarray(4, 7), utf8.subarray(7)].map(
      (piece) => `=?UTF-8?B?${b64(piece)}?=`,
    )
    expect(
      disarmMail(bytesOf(`Subject: Re: ${words.join('\r\n ')} x\r\n\r\n`)).message.subject,
    ).toBe('Re: 霞町役場 x')
    const jis = ['霞町', '役場'].map(
      (piece) => `=?iso-2022-jp?B?${b64(encodeOld(piece, 'iso-2022-jp'))}?=`,
    )
    expect(disarmMail(bytesOf(`Subject: ${jis.join(' ')}\r\n\r\n`)).message.subject).toBe(
      '霞町役場',
    )
    expect(
      disarmMail(bytesOf('Subject: =?ISO-2022-JP?Q?=1B$B2q5D=1B(B_A?=\r\n\r\n')).message.subject,
    ).toBe('会議 A')
  })

  it('half-width kana and letters of vendors in ISO-2022-JP', () => {
    const kana = bytesOf(
      'Subject: x\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\n',
      '\u001b(I123\u001b(B \u001b$B|b-!-j\u001b(B\r\n',
    )
    expect(disarmMail(kana).texts).toEqual(['ｱｲｳ 髙①㈱\r\n'])
  })

  it('葛󠄂城, 𠮷 and 髙 in subject, name, text and file name', () => {
    const name = '葛\u{E0102}城𠮷髙.txt'
    const mail = bytesOf(
      `From: =?utf-8?B?${b64(Buffer.from('葛\u{E0102}城 𠮷'))}?= <a@example.jp>\r\nSubject: =?utf-8?B?${b64(Buffer.from('髙﨑'.repeat(40)))}?=\r\n`,
      multi(
        'mixed',
        [
          plain('葛\u{E0102}城 𠮷 髙'),
          attached('x', 'text', `; filename*=UTF-8''${encodeURIComponent(name)}`.replace(';', '')),
        ].map((part) => ({ ...part, header: part.header.replace('filename="x"', '') })),
      ),
    )
    const { message, texts, files } = disarmMail(mail)
    expect(message.from[0]?.name).toBe('葛\u{E0102}城 𠮷')
    expect(message.subject).toBe('髙﨑'.repeat(40))
    expect(texts).toEqual(['葛\u{E0102}城 𠮷 髙'])
    expect(files).toEqual([`${name} application/octet-stream`])
  })
})

describe('file names, however they are written', () => {
  const cases: readonly [string, string, string][] = [
    ['RFC 2231', `filename*=UTF-8''%E6%A7%98%E5%BC%8F.txt`, '様式.txt'],
    [
      'RFC 2231 in pieces',
      `filename*0*=iso-2022-jp''%1B%24%42%4D%4D; filename*1*=%3C%30%1B%28%42.txt`,
      '様式.txt',
    ],
    [
      'encoded words in quotes',
      `filename="=?UTF-8?B?${b64(Buffer.from('様式.txt'))}?="`,
      '様式.txt',
    ],
    ['no quotes and blanks', 'filename=this is it.txt', 'this is it.txt'],
    ['a path', 'filename="C:\\\\temp\\\\a.txt"', 'a.txt'],
    ['two names', 'filename="a.txt"; filename="b.exe"', 'a.txt'],
    ['letters that turn the reading direction', `filename*=UTF-8''a%E2%80%AEfdp.txt`, 'afdp.txt'],
  ]
  it.each(cases)('%s', (_what, parameter, expected) => {
    const part = {
      header: `Content-Type: text/plain\r\nContent-Disposition: attachment; ${parameter}`,
      body: 'text',
    }
    expect(disarmMail(bytesOf(HEADER, multi('mixed', [part]))).files).toEqual([
      `${expected} application/octet-stream`,
    ])
  })
})

describe('M-HEADER: the header is written anew', () => {
  it('of fifteen fields, in one order, with nothing of the way the mail took', () => {
    const { eml, removed } = disarmMail(
      bytesOf(
        'Received: from x\r\nDKIM-Signature: v=1\r\nX-Mailer: y\r\nSubject: s\r\nDate: 25 Nov 26 14:38 JST\r\nFrom: a@b.jp\r\nBcc: c@d.jp\r\n\r\nx',
      ),
    )
    expect(eml).toMatch(
      /^From: a@b\.jp\r\nDate: Wed, 25 Nov 2026 14:38:00 \+0900\r\nSubject: s\r\nMIME-Version: 1\.0\r\n/,
    )
    expect(eml).not.toMatch(/Received|DKIM|X-Mailer|Bcc/)
    expect(removed).toContain('M-HEADER')
  })

  it('the first of two different senders counts, and the report says so', () => {
    const { message, removed } = disarmMail(bytesOf('From: a@b.jp\r\nFrom: evil@e.jp\r\n\r\nx'))
    expect(message.from).toEqual([{ name: '', address: 'a@b.jp' }])
    expect(removed).toContain('M-HEADER')
  })

  it('no field can be put in through an encoded line end', () => {
    const { eml } = disarmMail(
      bytesOf(`Subject: =?utf-8?B?${b64(Buffer.from('a\r\nBcc: e@e.jp\r\n\r\nx'))}?=\r\n\r\nbody`),
    )
    expect(eml).toContain('Subject: a Bcc: e@e.jp x\r\nMIME-Version')
  })

  it('damaged addresses stay as words', () => {
    const { message } = disarmMail(
      bytesOf(
        'From: "a, b" <x@y.jp>, 役場 <broken>, undisclosed-recipients:;, c..d.@docomo.ne.jp (名)\r\n\r\nx',
      ),
    )
    expect(message.from).toEqual([
      { name: 'a, b', address: 'x@y.jp' },
      { name: '役場 broken', address: undefined },
      { name: 'undisclosed-recipients', address: undefined },
      { name: '名', address: 'c..d.@docomo.ne.jp' },
    ])
  })

  it.each([
    ['25 Nov 2026 14:38 -600', '-0600'],
    ['25 Nov 2026 14:38 +930', '+0930'],
    ['25 Nov 2026 14:38 -60', '+0000'],
  ])('a zone without its first zero: %s', (date, zone) => {
    const { eml } = disarmMail(bytesOf(`From: a@b.jp\r\nDate: ${date}\r\n\r\nx`))
    expect(eml).toContain(`Date: Wed, 25 Nov 2026 14:38:00 ${zone}\r\n`)
  })

  it('an address is never read as an encoded word', () => {
    const { message } = disarmMail(bytesOf('From: <=?UTF-8?B?YQ==?=b@c.jp>\r\n\r\nx'))
    expect(message.from).toEqual([{ name: 'ab@c.jp', address: undefined }])
  })

  it.each([
    ['two addresses are two people', 'X <a@b.jp> Y <c@d.jp>', ['a@b.jp', 'c@d.jp']],
    ['an encoded word is a name', '=?us-ascii?B?YUBiLmpw?=', [undefined]],
    ['a remark inside parts it', 'a@b(x).jp', [undefined]],
    ['a remark in the brackets, too', '<a@b.jp(@d.jp)>', [undefined]],
    ['a way stands before it', '<@x.jp,@y.jp:a@b.jp>', ['a@b.jp']],
    ['raw Japanese is a name', '\u8C37\u5C71 <a@b.jp>', ['a@b.jp']],
  ])('an address is what every program takes for one: %s', (_, from, addresses) => {
    const { message } = disarmMail(bytesOf(`From: ${from}\r\n\r\nx`))
    expect(message.from.map(({ address }) => address)).toEqual(addresses)
  })

  it('no address hides in the letters of another encoding', () => {
    const raw = Buffer.from('From: \x1b$B<me@evil.example>!\x1b(B <a@b.jp>\r\n', 'latin1')
    const type = 'Content-Type: text/plain; charset=iso-2022-jp\r\n\r\nx'
    const sjis = Buffer.from('From: \x81\\"<me@evil.example>, \x81\\" <a@b.jp>\r\n\r\nx', 'latin1')
    for (const mail of [Buffer.concat([raw, Buffer.from(type)]), sjis])
      for (const { address } of disarmMail(mail).message.from)
        expect(address ?? 'me@evil.example').toBe('me@evil.example')
  })

  it('M-TRACK: what asks for an answer unseen goes', () => {
    const { eml, removed } = disarmMail(
      bytesOf(
        'From: a@b.jp\r\nDisposition-Notification-To: a@b.jp\r\nReturn-Receipt-To: a@b.jp\r\n\r\nx',
      ),
    )
    expect(removed).toContain('M-TRACK')
    expect(eml).not.toMatch(/Notification|Receipt/)
  })
})

describe('parts', () => {
  it('a boundary that begins another, or never ends, is read as mail programs read it', () => {
    const inner = multi('mixed', [plain('inner')], 'ab').toString()
    const mail = `${HEADER}Content-Type: multipart/mixed; boundary=ab-1\r\n\r\n--ab-1\r\nContent-Type: text/plain\r\n\r\nouter\r\n--ab-1\r\n${inner}\r\n--ab-1\r\n\r\nlast`
    expect(disarmMail(bytesOf(mail)).texts.map((text) => text.trim())).toEqual([
      'outer',
      'inner',
      'last',
    ])
  })

  it('the best text and the best page of alternatives are kept, with their files', () => {
    const mail = bytesOf(
      HEADER,
      multi('alternative', [
        plain('文'),
        { header: 'Content-Type: text/x-amp-html', body: '<x>' },
        html('<p>頁'),
      ]),
    )
    const { texts, pages, removed } = disarmMail(mail)
    expect(texts).toEqual(['文'])
    expect(pages[0]).toContain('<p>頁</p>')
    expect(removed).toContain('M-PART')
  })

  it('pictures of a page come with it, rebuilt and renumbered; what no page shows is an attachment for all to see', () => {
    const image = (id: string, bytes: Uint8Array) => ({
      header: `Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <${id}>`,
      body: b64(bytes),
    })
    const stuffed = Buffer.concat([png, Buffer.from('PK')])
    const mail = bytesOf(
      HEADER,
      multi('related', [
        html('<img src="cid:a@b" alt=絵><img src="cid:none"><img src="https://e/p.gif">'),
        image('a@b', stuffed),
        image('hidden@b', placeholderPng(4, 4)),
      ]),
    )
    const { eml, pages, files, removed } = disarmMail(mail)
    expect(pages[0]).toContain('<img alt="絵" src="cid:image1@sekisho"></body>')
    expect(eml).toContain(
      `Content-ID: <image1@sekisho>\r\nContent-Disposition: inline; filename="image1.png"\r\n\r\n${b64(png).slice(0, 40)}`,
    )
    expect(files).toEqual(['image1.png image/png', 'file.png image/png'])
    expect(removed).toContain('H-REMOTE')
  })

  it('M-HTML: where the town wants plain text, a page becomes its words', () => {
    const { texts, pages, removed } = disarmMail(
      bytesOf(
        HEADER,
        html('').header,
        '\r\n\r\n<p>一<br>二<ul><li>三</ul><table><tr><td>四<td>五</table><script>x</script>',
      ),
      { mailBody: 'text' },
    )
    expect(texts).toEqual(['一\r\n二\r\n・三\r\n四\t五\r\n'])
    expect(pages).toEqual([])
    expect(removed).toContain('M-HTML')
  })

  it('H-SCRIPT: a page in a mail goes through the rules of pages', () => {
    const { pages, removed } = disarmMail(
      bytesOf(
        HEADER,
        html('').header,
        '\r\n\r\n<body onload=x()><script>x</script><a href="https://evil.example/">www.soumu.go.jp</a>',
      ),
    )
    expect(pages[0]).toContain(
      '<body><a href="https://evil.example/">www.soumu.go.jp［evil.example］</a></body>',
    )
    expect(removed).toEqual(expect.arrayContaining(['H-SCRIPT', 'H-PHISH']))
  })

  it('M-PART: pieces of other messages, parts that lie elsewhere and signatures go', () => {
    const parts = [
      plain('文'),
      { header: 'Content-Type: message/partial; number=1; total=2; id=x', body: 'x' },
      {
        header: 'Content-Type: message/external-body; access-type=URL; URL="http://e/"',
        body: 'x',
      },
      { header: 'Content-Type: application/pgp-signature', body: 'x' },
    ]
    const { texts, files, removed, eml } = disarmMail(bytesOf(HEADER, multi('mixed', parts)))
    expect([texts, files]).toEqual([['文'], []])
    expect(removed).toContain('M-PART')
    expect(eml).not.toMatch(/partial|external|signature/)
  })

  it('a signed mail is delivered without its signature, an encrypted one is refused', () => {
    const inside = bytesOf('Content-Type: text/plain; charset=utf-8\r\n\r\n署名された文')
    const opaque = (bytes: Uint8Array, kind: string) =>
      bytesOf(
        HEADER,
        `Content-Type: application/pkcs7-mime; smime-type=${kind}; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n`,
        b64(bytes),
      )
    expect(disarmMail(opaque(signedSpecimen(inside), 'signed-data')).texts).toEqual([
      '署名された文',
    ])
    expect(disarmMail(opaque(envelopedSpecimen(), 'enveloped-data')).reason).toBe('RIGHTS')
    const signed = multi('signed', [
      plain('文'),
      { header: 'Content-Type: application/pkcs7-signature; name=smime.p7s', body: 'x' },
    ])
    expect(disarmMail(bytesOf(HEADER, signed))).toMatchObject({ texts: ['文'], files: [] })
    expect(disarmMail(bytesOf(HEADER, multi('encrypted', [plain('x')]))).reason).toBe('RIGHTS')
  })

  it('what is readable beside an encrypted part is delivered, and the part is listed', () => {
    const enveloped = {
      header: 'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m',
      body: envelopedSpecimen(),
    }
    const beside = disarmMail(bytesOf(HEADER, multi('mixed', [plain('文'), enveloped])))
    expect(beside).toMatchObject({
      texts: ['文'],
      files: ['除外一覧.txt application/octet-stream'],
    })
    expect(beside.removed).toContain('M-ATT')
    // Only words that say something count: a blank text beside it changes nothing.
    const alone = disarmMail(bytesOf(HEADER, multi('mixed', [plain(' '), enveloped])))
    expect(alone.reason).toBe('RIGHTS')
  })

  it('mails inside of mails are rebuilt, and beyond ten are left out', () => {
    const wrapped = (inner: Uint8Array, depth: number): Buffer =>
      depth === 0
        ? Buffer.from(inner)
        : wrapped(
            bytesOf(
              HEADER,
              multi(
                'mixed',
                [plain(`層${depth}`), { header: 'Content-Type: message/rfc822', body: inner }],
                `b${depth}`,
              ),
            ),
            depth - 1,
          )
    const core = bytesOf('Subject: =?utf-8?B?5Lit?=\r\nX-Evil: 1\r\n\r\n芯')
    const { eml, files, removed } = disarmMail(wrapped(core, 9))
    expect(files).toEqual(['message.eml message'])
    expect(eml).toContain(b64(Buffer.from('芯')))
    expect(eml).not.toContain('X-Evil')
    expect(removed).not.toContain('M-ATT')
    expect(disarmMail(wrapped(core, 12)).removed).toContain('M-ATT')
  })

  it('files inside of a text (uuencode) come out of it', () => {
    const { texts, files } = disarmMail(
      bytesOf(HEADER, '\r\n前\r\nbegin 644 a.txt\r\n#86)C\r\n`\r\nend\r\n後\r\n'),
    )
    expect(texts).toEqual(['前\r\n後\r\n'])
    expect(files).toEqual(['a.txt application/octet-stream'])
  })

  it('files inside of winmail.dat come out of it', () => {
    const tnef = tnefSpecimen([
      [0x9002, Buffer.alloc(14)],
      [0x8010, Buffer.concat([Buffer.from(encodeOld('様式.txt', 'shift_jis')), Buffer.of(0)])],
      [0x800f, Buffer.from('text')],
    ])
    const part = {
      header:
        'Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64',
      body: b64(tnef),
    }
    const { texts, files } = disarmMail(bytesOf(HEADER, multi('mixed', [plain('文'), part])))
    expect(texts).toEqual(['文'])
    expect(files).toEqual(['様式.txt application/octet-stream'])
  })

  it('an invitation keeps when, where and who, and loses alarms, attachments and the rest', () => {
    const calendar = `BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nPRODID:x\r\nVERSION:2.0\r\nX-EVIL:1\r\nBEGIN:VEVENT\r\nDTSTART;TZID=Asia/Tokyo:20261201T100000\r\nSUMMARY:庁議\r\n （定例）\r\nORGANIZER;CN=町長;X-A=b:mailto:a@town.kasumi.lg.jp\r\nATTACH:http://e/x.exe\r\nURL:http://e/\r\nBEGIN:VALARM\r\nACTION:AUDIO\r\nATTACH:file://e/s\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`
    const { message, files, eml, removed } = disarmMail(
      bytesOf(
        HEADER,
        multi('mixed', [
          plain('文'),
          { header: 'Content-Type: text/calendar; charset=utf-8', body: calendar },
        ]),
      ),
    )
    expect(files).toEqual(['calendar'])
    expect(eml).toContain('Content-Type: text/calendar; charset=utf-8; method=REQUEST')
    const [, item] = message.items
    expect(item?.kind === 'calendar' ? item.text : '').toBe(
      'BEGIN:VCALENDAR\r\nPRODID:-//Sekisho//JA\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nDTSTART;TZID="Asia/Tokyo":20261201T100000\r\nSUMMARY:庁議（定例）\r\nORGANIZER;CN="町長":mailto:a@town.kasumi.lg.jp\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n',
    )
    expect(removed).toEqual(
      expect.arrayContaining(['ICS-ALARM', 'ICS-ATTACH', 'ICS-PART', 'URL-REMOVED']),
    )
  })

  it('a delivery report is read as text', () => {
    const parts = [
      plain('届きませんでした'),
      { header: 'Content-Type: message/delivery-status', body: 'Reporting-MTA: dns; x' },
      { header: 'Content-Type: text/rfc822-headers', body: 'Subject: y' },
    ]
    expect(disarmMail(bytesOf(HEADER, multi('report', parts))).texts).toEqual([
      '届きませんでした',
      'Reporting-MTA: dns; x',
      'Subject: y',
    ])
  })
})

describe('M-ATT: attachments', () => {
  it('are rebuilt by their own type and named by it; what may not come in is left out and listed', () => {
    const parts = [
      plain('パスワードは kasumi です'),
      attached('写真.txt', png),
      attached('a.exe', 'MZ'),
      attached('b.pdf', 'MZ'),
      attached('c.exe.txt', 'text'),
    ]
    const { files, leftOut, removed } = disarmMail(bytesOf(HEADER, multi('mixed', parts)))
    expect(files).toEqual([
      '写真.png image/png',
      'c_exe.txt application/octet-stream',
      '除外一覧.txt application/octet-stream',
    ])
    expect(leftOut).toContain(
      'a.exe\tプログラムとして動くファイルのため、通せません。（TYPE-DENIED）',
    )
    expect(leftOut).toContain('b.pdf\t')
    expect(removed).toContain('M-ATT')
  })

  it('of one name get two names', () => {
    expect(
      disarmMail(bytesOf(HEADER, multi('mixed', [attached('a.txt', 'x'), attached('A.txt', 'y')])))
        .files,
    ).toEqual(['a.txt application/octet-stream', 'A (2).txt application/octet-stream'])
  })

  it('a password in the text opens nothing', () => {
    const crypt = Buffer.from('PK\u0003\u0004\u0014\u0000\u0001\u0000', 'latin1')
    const { leftOut } = disarmMail(
      bytesOf(HEADER, multi('mixed', [plain('パスワード: 1234'), attached('a.zip', crypt)])),
    )
    expect(leftOut).toContain('a.zip')
  })
})

describe('hostile mails', () => {
  const piece = fc.constantFrom(
    'From: a@b.jp\r\n',
    'Subject: =?utf-8?B?4pyT?=\r\n',
    'Subject: =?x?y?z?=\n',
    '\r\n',
    '\n',
    '--b0\r\n',
    '--b0--\r\n',
    '--b1\r\n',
    '--b1--',
    'Content-Type: multipart/mixed; boundary=b0\r\n',
    'Content-Type: multipart/alternative; boundary="b1"\r\n',
    'Content-Type: multipart/related; boundary=b1\r\n',
    'Content-Type: text/html; charset=iso-2022-jp\r\n',
    'Content-Type: text/plain; charset=utf-7\r\n',
    'Content-Type: message/rfc822\r\n',
    'Content-Type: text/calendar\r\n',
    'Content-Type: application/ms-tnef\r\n',
    'Content-Transfer-Encoding: base64\r\n',
    'Content-Transfer-Encoding: quoted-printable\r\n',
    'Content-Disposition: attachment; filename=a.txt\r\n',
    'Content-ID: <i@x>\r\n',
    '<p>x<img src="cid:i@x">',
    'begin 644 x.txt\r\n#86)C\r\n`\r\nend\r\n',
    'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n',
    'END:VEVENT\r\nEND:VCALENDAR\r\n',
    '\u001b$B2q5D\u001b(B',
    '=E6=9C=AC',
    '本文',
    '\u0000',
    '\u202e',
    'x'.repeat(1200),
    'To: a <a@b.jp>, (c) d@e.jp;\r\n',
    'Date: 1 Jan 20 1:1 +0900\r\n',
    b64(png),
  )

  it('are written so that both readers agree, and a second rebuild changes nothing', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const { reason } = disarmMail(bytesOf(`Subject: x\r\n${pieces.join('')}`))
        expect([undefined, 'M-PART', 'H-SIZE']).toContain(reason)
      }),
      { numRuns: 800 },
    )
  })

  it('cannot make the reader fall, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(disarmMail(bytesOf('A:b\n', bytes)).reason).not.toBe('ENG-CRASH')
      }),
      { numRuns: 300 },
    )
  })

  it('of thousands of parts or of multiparts without end are refused', () => {
    const many = `${HEADER}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\n'.repeat(3_000)}`
    expect(disarmMail(bytesOf(many)).reason).toBe('LIMIT-ENTRIES')
    const deep = Array.from(
      { length: 40 },
      (_, level) => `Content-Type: multipart/mixed; boundary=b${level}x\r\n\r\n--b${level}x\r\n`,
    ).join('')
    expect(disarmMail(bytesOf(HEADER, deep)).reason).toBe('M-PART')
  })
})
