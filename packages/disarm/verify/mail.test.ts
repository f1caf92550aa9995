import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disarmBytes } from '../src/engine.ts'
import { placeholderPng } from '../src/image/index.ts'
import { verifyClean } from './index.ts'

const BASE64 = 'Content-Transfer-Encoding: base64\r\n'
const lines = (bytes: Uint8Array): string =>
  `${(
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,76}/gu) ?? ['']
  ).join('\r\n')}\r\n`
const coded = (type: string, content: string | Uint8Array, more = ''): string =>
  `Content-Type: ${type}\r\n${BASE64}${more}\r\n${lines(Buffer.from(content as string))}`

function multipart(kind: string, parts: readonly string[]): string {
  const digest = createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32)
  const mark = `=_${digest}`
  const body = parts.map((part) => `--${mark}\r\n${part}`).join('')
  return `Content-Type: multipart/${kind};\r\n boundary="${mark}"\r\n\r\n${body}--${mark}--\r\n`
}

const page = (body: string): string =>
  `<!DOCTYPE html>\n<html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src cid:; style-src 'unsafe-inline'"><title></title></head><body>${body}</body></html>`
const HEAD =
  'From: =?UTF-8?B?5bGx55Sw?= <a@town.kasumi.lg.jp>\r\nTo: b@example.jp,\r\n "x, y" <c@example.jp>,\r\n undisclosed-recipients:;\r\n' +
  'Date: Wed, 25 Nov 2026 14:38:49 +0900\r\nSubject: =?UTF-8?B?5Lya6K2w44Gu5Lu2?=\r\nMessage-ID: <1@x>\r\nMIME-Version: 1.0\r\n'
const text = (content: string): string => coded('text/plain; charset=utf-8', content)
const file = (name: string, type: string, content: string | Uint8Array): string =>
  coded(type, content, `Content-Disposition: attachment;\r\n ${name}\r\n`)
const image = (number: number, bytes: Uint8Array): string =>
  coded(
    'image/png',
    bytes,
    `Content-ID: <image${number}@sekisho>\r\nContent-Disposition: inline; filename="image${number}.png"\r\n`,
  )
const inner = (message: string, name = 'filename="message.eml"'): string =>
  `Content-Type: message/rfc822\r\nContent-Disposition: attachment;\r\n ${name}\r\n\r\n${message}`

const HTML = coded(
  'text/html; charset=utf-8',
  page('<p>頁<img alt="" src="cid:image1@sekisho"></p>'),
)
const RELATED = multipart('related', [HTML, image(1, placeholderPng(3, 2))])
const CALENDAR =
  'BEGIN:VCALENDAR\r\nPRODID:-//Sekisho//JA\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nDTSTART;TZID="Asia/Tokyo":20261201T100000\r\nSUMMARY:庁議\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'
const calendar = (content: string): string =>
  coded('text/calendar; charset=utf-8; method=REQUEST', content)
const PARTS = [
  multipart('alternative', [text('本文\r\n'), RELATED]),
  file('filename="a.txt"', 'application/octet-stream', 'text'),
  file("filename*=UTF-8''%E6%A7%98%E5%BC%8F.png", 'image/png', placeholderPng(2, 2)),
  calendar(CALENDAR),
  inner(`Subject: inner\r\nMIME-Version: 1.0\r\n${text('x')}`),
]
const mixed = (parts: readonly string[]): string => HEAD + multipart('mixed', parts)
const CLEAN = mixed(PARTS)

const verdictOf = (mail: string): string => {
  const verdict = verifyClean(Buffer.from(mail, 'latin1'), 'eml')
  return verdict.clean ? 'clean' : verdict.reason
}
const withPart = (...parts: readonly string[]): string => mixed([...PARTS, ...parts])

describe('a mail', () => {
  it.each([
    ['with everything', CLEAN],
    ['of one text', HEAD + text('本文\r\n')],
    ['without a word', HEAD + text('')],
    ['of one page', HEAD + coded('text/html; charset=utf-8', page('x'))],
    ['of one file', mixed([PARTS[1]!])],
    ['without any field', `MIME-Version: 1.0\r\n${text('x')}`],
  ])('%s is clean, and is what the disarmer writes', (_what, mail) => {
    expect(verdictOf(mail)).toBe('clean')
    const { output, report } = disarmBytes(Buffer.from(mail, 'latin1'), 'eml')
    expect(report.removed).toEqual([])
    expect(Buffer.from(output!).toString('latin1')).toBe(mail)
  })

  const changed = (from: string, to: string): string => {
    expect(CLEAN).toContain(from)
    return CLEAN.replace(from, to)
  }
  const head = (line: string): string => changed('Subject:', `${line}\r\nSubject:`)
  const alone = (part: string): string => HEAD + part
  const rows: readonly [string, string, string][] = [
    ['a field of the way', head('Received: from x'), 'VERIFY-MAIL-HEADER'],
    ['a request for an answer', head('Disposition-Notification-To: a@b.jp'), 'VERIFY-MAIL-HEADER'],
    ['two senders', changed('To: b', 'From: e@e.jp\r\nTo: b'), 'VERIFY-MAIL-HEADER'],
    [
      'fields in another order',
      changed('MIME-Version: 1.0\r\n', '').replace('From:', 'MIME-Version: 1.0\r\nFrom:'),
      'VERIFY-MAIL-PART',
    ],
    [
      'a subject in another spelling',
      changed('=?UTF-8?B?5Lya6K2w44Gu5Lu2?=', '=?utf-8?B?5Lya6K2w44Gu5Lu2?='),
      'VERIFY-MAIL-HEADER',
    ],
    [
      'a subject with a line end',
      changed(
        '=?UTF-8?B?5Lya6K2w44Gu5Lu2?=',
        `=?UTF-8?B?${Buffer.from('a\nb').toString('base64')}?=`,
      ),
      'VERIFY-MAIL-HEADER',
    ],
    ['a day that is none', changed('Wed, 25', 'Thu, 25'), 'VERIFY-MAIL-HEADER'],
    ['bare line feeds', changed('MIME-Version: 1.0\r\n', 'MIME-Version: 1.0\n'), 'VERIFY-MAIL'],
    ['raw bytes', changed('<1@x>', '<\u00e9@x>'), 'VERIFY-MAIL'],
    [
      'another boundary',
      CLEAN.replaceAll(/=_[0-9a-f]{32}/gu, '=_00000000000000000000000000000000'),
      'VERIFY-MAIL-BOUNDARY',
    ],
    [
      'a boundary that is no digest',
      mixedWith('=_00000000000000000000000000000000'),
      'VERIFY-MAIL-BOUNDARY',
    ],
    ['anything behind the end', `${CLEAN}x\r\n`, 'VERIFY-MAIL-PART'],
    [
      'anything before the parts',
      changed('"\r\n\r\n--', '"\r\n\r\nhello\r\n--'),
      'VERIFY-MAIL-PART',
    ],
    [
      'a script in the page',
      alone(coded('text/html; charset=utf-8', page('<script></script>'))),
      'VERIFY-HTML-NESTING',
    ],
    [
      'a remote picture in the page',
      alone(coded('text/html; charset=utf-8', page('<img alt="" src="https://e/">'))),
      'VERIFY-HTML-ATTRIBUTE',
    ],
    ['a picture that is not there', alone(HTML), 'VERIFY-MAIL-IMAGE'],
    [
      'a picture that nothing shows',
      alone(
        multipart('related', [
          coded('text/html; charset=utf-8', page('x')),
          image(1, placeholderPng(3, 2)),
        ]),
      ),
      'VERIFY-MAIL-IMAGE',
    ],
    [
      'a picture that is none',
      alone(multipart('related', [HTML, image(1, Buffer.from('MZ'))])),
      'VERIFY-PNG',
    ],
    [
      'a program',
      withPart(file('filename="a.exe"', 'application/octet-stream', 'MZ')),
      'VERIFY-TEXT-TYPE',
    ],
    [
      'a program that calls itself text',
      withPart(file('filename="b.txt"', 'application/octet-stream', '#!/bin/sh')),
      'VERIFY-TEXT-TYPE',
    ],
    [
      'a program in its name',
      withPart(file('filename="b.exe.txt"', 'application/octet-stream', 'x')),
      'VERIFY-MAIL-NAME',
    ],
    [
      'a path in a name',
      withPart(file("filename*=UTF-8''a%2Fb.txt", 'application/octet-stream', 'x')),
      'VERIFY-MAIL-NAME',
    ],
    [
      'a name that turns the reading direction',
      withPart(file("filename*=UTF-8''a%E2%80%AEb.txt", 'application/octet-stream', 'x')),
      'VERIFY-MAIL-NAME',
    ],
    [
      'a name of a device',
      withPart(file('filename="con.txt"', 'application/octet-stream', 'x')),
      'VERIFY-MAIL-NAME',
    ],
    [
      'a name twice',
      withPart(file('filename="A.txt"', 'application/octet-stream', 'x')),
      'VERIFY-MAIL-NAME',
    ],
    [
      'another media type',
      withPart(file('filename="b.txt"', 'text/html', 'x')),
      'VERIFY-MAIL-NAME',
    ],
    [
      'a part of an encrypted mail',
      withPart(coded('application/pkcs7-mime', 'x')),
      'VERIFY-MAIL-PART',
    ],
    [
      'a part that lies elsewhere',
      withPart('Content-Type: message/external-body; access-type=URL\r\n\r\nx\r\n'),
      'VERIFY-MAIL-PART',
    ],
    [
      'an alarm in an invitation',
      withPart(
        calendar(CALENDAR.replace('END:VEVENT', 'BEGIN:VALARM\r\nEND:VALARM\r\nEND:VEVENT')),
      ),
      'VERIFY-MAIL-CALENDAR',
    ],
    [
      'a file of an invitation',
      withPart(calendar(CALENDAR.replace('END:VEVENT', 'ATTACH:http://e/\r\nEND:VEVENT'))),
      'VERIFY-MAIL-CALENDAR',
    ],
    ['an invitation twice', withPart(calendar(CALENDAR)), 'VERIFY-MAIL-CALENDAR'],
    ['a file in the text', alone(text('begin 644 a.exe\r\n#86)C\r\nend\r\n')), 'VERIFY-MAIL-TEXT'],
    ['letters that turn the reading direction', alone(text('\u202E')), 'VERIFY-MAIL-TEXT'],
    ['base64 in other lines', changed('5pys5paHDQo=', '5pys\r\n5paHDQo='), 'VERIFY-MAIL-BOUNDARY'],
    [
      'a mail inside with a field of the way',
      withPart(inner(`X-A: b\r\nMIME-Version: 1.0\r\n${text('x')}`, 'filename="b.eml"')),
      'VERIFY-MAIL-HEADER',
    ],
    ['twelve mails in one another', nested(12), 'VERIFY-LIMIT'],
  ]
  it.each(rows)('with %s is not clean', (_what, mail, reason) => {
    expect(mail).not.toBe(CLEAN)
    expect(verdictOf(mail)).toBe(reason)
  })
})

/** Parts that hold nothing of this boundary, so that only the digest can tell. */
function mixedWith(boundary: string): string {
  const parts = [PARTS[1]!, PARTS[2]!].map((part) => `--${boundary}\r\n${part}`)
  return `${HEAD}Content-Type: multipart/mixed;\r\n boundary="${boundary}"\r\n\r\n${parts.join('')}--${boundary}--\r\n`
}

function nested(depth: number): string {
  const core = `MIME-Version: 1.0\r\n${text('x')}`
  return depth === 0
    ? core
    : `MIME-Version: 1.0\r\n${multipart('mixed', [inner(nested(depth - 1))])}`
}

describe('whatever is accepted after a change', () => {
  const word = fc.constantFrom(
    ...'From To Cc Subject Date x@y.jp <x@y.jp> "a" a,b :; 01 31 Jan 2026 +0000 -0000 =?UTF-8?B?YQ==?= =?UTF-8?B?5Lya?= filename="b.txt" b.txt text/plain text/html mixed related alternative image/png'.split(
      ' ',
    ),
    ' ',
    '\r\n',
    '\r\n ',
    '',
  )
  const sign = (mail: string): string => {
    const kinds = /boundary="=_[0-9a-f]{32}"/u
    // Digests follow from the parts, so a change of a part is only interesting with its digest.
    const found = kinds.exec(mail)?.[0].slice(10, -1)
    if (found === undefined) return mail
    const start = mail.indexOf(`--${found}\r\n`)
    const end = mail.lastIndexOf(`--${found}--`)
    if (start < 0 || end < 0) return mail
    const parts = mail.slice(start + found.length + 4, end).split(`--${found}\r\n`)
    return mail.slice(0, mail.indexOf('Content-Type: multipart')) + multipart('mixed', parts)
  }

  it('is what the disarmer would write', () => {
    const seeds = [CLEAN, HEAD + text('本文\r\n'), mixed([PARTS[1]!, PARTS[3]!])]
    let accepted = 0
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.array(fc.tuple(fc.nat(), word), { minLength: 1, maxLength: 2 }),
        (seed, list) => {
          const pieces = seed.split(/(\r\n ?|[^ :;,<>"\r\n]+)/u).filter((piece) => piece !== '')
          for (const [at, piece] of list) pieces[at % pieces.length] = piece
          const mail = sign(pieces.join(''))
          if (verdictOf(mail) !== 'clean') {
            expect(verdictOf(mail)).not.toBe('VERIFY-CRASH')
            return
          }
          accepted++
          const { output, report } = disarmBytes(Buffer.from(mail, 'latin1'), 'eml')
          const written = Buffer.from(output ?? []).toString('latin1')
          expect({ removed: report.removed, written }).toEqual({ removed: [], written: mail })
        },
      ),
      { numRuns: 1000 },
    )
    expect(accepted).toBeGreaterThan(25)
  })
})
