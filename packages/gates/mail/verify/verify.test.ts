import { beforeAll, describe, expect, test } from 'vitest'
import { disarmHere } from '@sekisho/disarm'
import { verifyClean } from '@sekisho/disarm/verify'
import { certificateNumber } from '../src/message/certificate.ts'
import { FOOTER_LINE, LIST_LINE } from '../src/message/compose.ts'
import { partKey } from '../src/message/pick-up.ts'
import { rebuildMessage } from '../src/message/rebuild.ts'
import { readRebuilt, verifyRebuilt } from './index.ts'
import type { Expected } from './index.ts'
import type { MailRoute } from '../src/message/route.ts'
import { verifyText } from './text.ts'

const ADDRESS = 'https://lgwan.example/mail/S-1042'
const MAIL = [
  'From: =?UTF-8?B?6JGb5Z+OIOeUsee+jg==?= <a@example.com>',
  'To: hanako@town.example.jp',
  'Subject: =?UTF-8?B?6KaL56mN44KC44KK?=',
  'Message-ID: <1@example.com>',
  'Content-Type: multipart/mixed; boundary=x',
  '',
  '--x',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'See https://elsewhere.example/mail/S-1042#1.2 and https://example.com/.',
  '--x',
  'Content-Type: text/csv; name=a.csv',
  'Content-Disposition: attachment; filename=a.csv',
  '',
  'a,b',
  '--x--',
  '',
].join('\r\n')

let message: string
let text: string
let expected: Expected

beforeAll(async () => {
  const rebuilt = await rebuildMessage(
    Buffer.from(MAIL),
    { model: 'α', edition: 'R8.3', gate: { id: 'mail-in', attachments: 'remove' } },
    { link: ({ part }) => `${ADDRESS}#${partKey(part)}` },
  )
  if (!rebuilt.ok) throw new Error(rebuilt.reason)
  message = Buffer.from(rebuilt.message).toString('latin1')
  text = readRebuilt(rebuilt.message).text
  expected = {
    address: ADDRESS,
    parts: rebuilt.pickUps.map(({ part }) => partKey(part)),
    listLine: LIST_LINE,
    lastLine: FOOTER_LINE(certificateNumber(rebuilt.certificate)),
  }
})

const DOUBT = 'この差出人に注意'

function verdictOf(changed: string): unknown {
  return verifyRebuilt(Buffer.from(changed, 'latin1'), expected)
}

/** The message with other words, spelled as the rebuilder spells them. */
function saying(words: string): string {
  const lines =
    Buffer.from(words)
      .toString('base64')
      .match(/.{1,76}/gu) ?? []
  return `${message.slice(0, message.indexOf('\r\n\r\n') + 4)}${lines.join('\r\n')}\r\n`
}

describe('a mail whose sender is doubtful', () => {
  test('is accepted only when its readers are told so first', () => {
    const doubtful = { ...expected, firstLine: DOUBT }
    const told = (words: string): unknown =>
      verifyRebuilt(Buffer.from(saying(words), 'latin1'), doubtful)
    expect(told(`${DOUBT}\r\n\r\n${text}`)).toMatchObject({ ok: true })
    for (const words of [text, `先に\r\n${DOUBT}\r\n${text}`, `${DOUBT}ません\r\n${text}`])
      expect(told(words)).toMatchObject({ ok: false, reason: 'MAIL-HEAD' })
  })
})

describe('what the mail gate writes', () => {
  test('is accepted, and read as it was meant', () => {
    expect(verdictOf(message)).toEqual({
      ok: true,
      mail: {
        subject: '見積もり',
        from: '葛城 由美 <a@example.com>',
        attachments: 0,
        textOnly: true,
      },
    })
    expect(saying(text)).toBe(message)
    expect(text).toContain('｜See https://elsewhere.example/mail/S-1042#1.2')
  })
})

type Lie = () => string

describe('a lying low side gets through', () => {
  const field =
    (line: string): Lie =>
    () =>
      message.replace('MIME-Version', `${line}\r\nMIME-Version`)
  const type =
    (written: string): Lie =>
    () =>
      message.replace('Content-Type: text/plain; charset=utf-8', `Content-Type: ${written}`)
  const words =
    (change: (said: string) => string): Lie =>
    () =>
      saying(change(text))
  const lies: readonly (readonly [what: string, lie: Lie])[] = [
    ['no field of the way: Received', field('Received: from x')],
    ['no field for a filter', field('X-Priority: 1')],
    ['no second Subject', field('Subject: other')],
    ['no second sender', field('From: b@example.com')],
    ['no page', type('text/html; charset=utf-8')],
    ['no page beside the text', type('multipart/alternative; boundary="x"')],
    ['no other charset', type('text/plain; charset=utf-7')],
    ['no calendar', type('text/calendar; charset=utf-8')],
    ['no message', type('message/rfc822')],
    [
      'no file as the only part',
      (): string =>
        message.replace(
          'MIME-Version: 1.0\r\n',
          'MIME-Version: 1.0\r\nContent-Disposition: attachment; filename="a.txt"\r\n',
        ),
    ],
    ['no other encoding', (): string => message.replace('base64', '8bit')],
    ['no bytes above ASCII', (): string => `${message}\u00e9\r\n`],
    ['no words behind the last', words((said) => `${said}\r\nhttps://evil.example/`)],
    [
      'no other certificate',
      words((said) => said.replace(/[0-9a-f]{16} を/u, '0000000000000000 を')),
    ],
    ['no list without a file', words((said) => `${LIST_LINE}1件\r\n${said}`)],
    [
      'no list that leads elsewhere',
      words((said) =>
        said.replace(`   ${ADDRESS}#`, '   https://lgwan.example.evil.example/mail/S-1042#'),
      ),
    ],
    [
      'no list that leads to another mail',
      words((said) => said.replace(`${ADDRESS}#`, 'https://lgwan.example/mail/S-1041#')),
    ],
    [
      'no further address in the list',
      words((said) => said.replace(`   ${ADDRESS}#`, `   http://evil.example/\r\n   ${ADDRESS}#`)),
    ],
    ['no list without its address', words((said) => said.replace(/ {3}https:\S+\r\n/u, ''))],
    ['no unmarked address like ours', words((said) => said.replace('｜See', 'See'))],
    [
      'no address like ours behind what is not seen',
      words((said) => said.replace('｜See', '\u200dSee')),
    ],
    ['no letter above ASCII in a field', () => message.replace('Subject: ', 'Subject: \u00e9')],
    ['no letters that the decoder passes over', () => `${message}!!!\r\n`],
    ['no other version of MIME', () => message.replace('MIME-Version: 1.0', 'MIME-Version: 2.0')],
    ['nothing that is no mail', () => 'MZ\u0000'],
  ]
  test.each(lies)('%s', (_, lie) => {
    const changed = lie()
    expect(changed).not.toBe(message)
    expect(verdictOf(changed)).toMatchObject({ ok: false })
  })

  test('no list where nothing waits', () => {
    const bare = text.replace(/ {3}https:\S+\r\n/u, '')
    const verdict = verifyRebuilt(Buffer.from(saying(bare), 'latin1'), { ...expected, parts: [] })
    expect(verdict).toEqual({ ok: false, reason: 'MAIL-LIST', where: 'text' })
  })

  test('harmless is not enough: a page that was disarmed is no text', () => {
    const page = MAIL.replace('text/plain', 'text/html').replaceAll('See ', '<p>See ')
    const { output } = disarmHere(Buffer.from(page), { name: 'a.eml' })
    expect(verifyClean(output!, 'eml')).toMatchObject({ clean: true })
    expect(verifyRebuilt(output!, expected)).toMatchObject({ ok: false })
  })
})

describe('a mail for the desk in the internet zone', () => {
  const keep = { id: 'mail-in', from: 'internet', to: 'desk', attachments: 'keep', body: 'text' }
  const desk = async (mail: string) => {
    const rebuilt = await rebuildMessage(
      Buffer.from(mail),
      { model: 'β', edition: 'R8.3', gate: keep as MailRoute['gate'] },
      { disarm: async (bytes, name) => disarmHere(bytes, { name }) },
    )
    if (!rebuilt.ok) throw new Error(rebuilt.reason)
    const { certificate, pickUps } = rebuilt
    const files = certificate.parts.flatMap(({ disarm }) => (disarm ? [disarm.sha256] : []))
    return {
      message: rebuilt.message,
      said: readRebuilt(rebuilt.message).text,
      expected: {
        address: ADDRESS,
        parts: pickUps.map(({ part }) => partKey(part)),
        listLine: LIST_LINE,
        lastLine: FOOTER_LINE(certificateNumber(certificate)),
        inside: { files, calendars: 0 },
      },
    }
  }

  test('is accepted when all its files are in it and none waits', async () => {
    const { message: written, said, expected: wanted } = await desk(MAIL)
    expect(wanted).toMatchObject({ parts: [], inside: { files: [expect.any(String)] } })
    expect(said).toContain(LIST_LINE)
    expect(verifyRebuilt(written, wanted)).toMatchObject({ ok: true, mail: { attachments: 1 } })
    const none = { ...wanted, inside: { files: [], calendars: 0 } }
    expect(verifyRebuilt(written, none)).toMatchObject({ ok: false, reason: 'MAIL-INSIDE' })
    expect(() => verifyText(said, none)).toThrow('MAIL-LIST')
  })

  test('lists its files once, and no address among them', async () => {
    const { said, expected: wanted } = await desk(MAIL)
    expect(() => verifyText(said, wanted)).not.toThrow()
    expect(() => verifyText(`${LIST_LINE}1件\r\n${said}`, wanted)).toThrow('MAIL-LIST')
    const led = said.replace(LIST_LINE, `${LIST_LINE}1件\r\n   https://evil.example/\r\n`)
    expect(() => verifyText(led, wanted)).toThrow('MAIL-LINK')
  })
})

describe('a message with a file', () => {
  const head =
    'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="=_0"\r\n\r\n--=_0\r\n' +
    'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nQQ==\r\n--=_0\r\n'
  const part = (type: string, how = 'attachment'): string =>
    `${head}Content-Type: ${type}\r\nContent-Disposition: ${how}; filename="a"\r\n\r\nQQ==\r\n--=_0--\r\n`
  const seen = (changed: string): unknown =>
    verifyRebuilt(Buffer.from(changed), { ...expected, parts: [], lastLine: 'A' })

  test('is counted, so that the judge hears of it', () => {
    expect(seen(part('application/pdf'))).toMatchObject({ ok: true, mail: { attachments: 1 } })
  })

  test.each([
    ['a page', part('text/html')],
    ['a mail', part('message/rfc822')],
    ['parts of its own', part('multipart/mixed; boundary="y"')],
    ['what opens itself', part('application/pdf', 'inline')],
    [
      'words before the first part',
      part('application/pdf').replace('\r\n\r\n--=_0', '\r\n\r\nwords\r\n--=_0'),
    ],
    ['words behind the last part', `${part('application/pdf')}words\r\n`],
    ['a boundary of other letters', part('application/pdf').replaceAll('=_0', 'a b')],
  ])('is not accepted with %s', (_, changed) => {
    expect(changed).not.toBe(part('application/pdf'))
    expect(seen(changed)).toMatchObject({ ok: false })
  })
})
