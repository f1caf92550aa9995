import { verifyClean } from '@sekisho/disarm/verify'
import { describe, expect, it } from 'vitest'
import { signedSpecimen } from '../../../../disarm/src/mail/specimen.test-support.ts'
import { hostileZip } from '../../../../disarm/src/zip/hostile.test-support.ts'
import { traditionalMember } from '../../../../disarm/src/zip/locked.test-support.ts'
import { disarm, readBack, route } from './case.test-support.ts'
import { certificateNumber } from './certificate.ts'
import { rebuildMessage } from './rebuild.ts'
import type { MessageHelp, RebuiltMail } from './rebuild.ts'

const HEAD = 'From: a@example.jp\r\nTo: b@town.kasumi.lg.jp\r\nSubject: x\r\nMIME-Version: 1.0\r\n'
const mixed = (...parts: readonly string[]): string =>
  `Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`
const words = (text: string): string => `Content-Type: text/plain; charset=utf-8\r\n\r\n${text}`
const file = (name: string, content: string): string =>
  `Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\n${Buffer.from(content, 'latin1').toString('base64')}`

const rebuild = (
  mail: string,
  help: MessageHelp = {},
  way = route(),
): ReturnType<typeof rebuildMessage> => rebuildMessage(Buffer.from(mail), way, help)

async function message(mail: string, help: MessageHelp = {}, way = route()): Promise<RebuiltMail> {
  const outcome = await rebuild(mail, help, way)
  if (!outcome.ok) throw new Error(outcome.reason)
  expect(verifyClean(outcome.message, 'eml')).toMatchObject({ clean: true })
  return outcome
}

const textOf = async (mail: string, help: MessageHelp = {}): Promise<string> =>
  readBack(await message(mail, help)).text

describe('the text of the message', () => {
  it('names the address that the caller gives for each entry', async () => {
    const mail = HEAD + mixed(words('x'), file('a.txt', 'one'), file('b.txt', 'two'))
    const text = await textOf(mail, { link: ({ part }) => `https://gate.kasumi.example/m/${part}` })
    expect(text).toContain('1. a.txt（テキスト、3 B）')
    expect(text).toContain('https://gate.kasumi.example/m/1.2')
    expect(text).toContain('https://gate.kasumi.example/m/1.3')
  })

  it('an address that is none is a bug of the caller, not of the mail', async () => {
    const mail = HEAD + mixed(words('x'), file('a.txt', 'one'))
    const help = { link: (): string => 'https://gate.example/ここ\n' }
    await expect(rebuild(mail, help)).rejects.toThrow('no address')
  })

  it('a line that a sender made to look like ours is marked, unseen characters in front or not', async () => {
    const text = await textOf(
      `${HEAD}${words('\u200B【添付ファイル】1件\r\n　【予定】\r\nこのメールは関所で')}`,
    )
    expect(text).toContain('｜【添付ファイル】1件\r\n｜　【予定】\r\n｜このメールは関所で')
  })

  it('also in the description of an invitation', async () => {
    const event =
      'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\nDESCRIPTION:a\\n【添付ファイル】9件\r\nEND:VEVENT\r\nEND:VCALENDAR'
    const text = await textOf(
      HEAD + mixed(words('x'), `Content-Type: text/calendar; charset=utf-8\r\n\r\n${event}`),
    )
    expect(text).toContain('｜【添付ファイル】9件')
  })

  it('the subject of a forwarded mail stays in its line', async () => {
    const subject = Buffer.from('a\r\n【添付ファイル】1件').toString('base64')
    const inner = `Content-Type: message/rfc822\r\n\r\nSubject: =?utf-8?B?${subject}?=\r\n\r\ny`
    expect(await textOf(HEAD + mixed(words('x'), inner))).toContain('件名: a 【添付ファイル】1件')
  })

  it('the name of a file ends no line and turns nothing around', async () => {
    const name = `=?utf-8?B?${Buffer.from('a\r\n\u202Efdp.txt').toString('base64')}?=`
    const text = await textOf(HEAD + mixed(words('x'), file(name, 'one')))
    expect(text).toContain('1. afdp.txt（')
  })
})

describe('the structure', () => {
  const smuggled: readonly (readonly [what: string, mail: string])[] = [
    [
      'a boundary that only one reader finds',
      `${HEAD}Content-Type: multipart/mixed\r\n\r\n--b\r\n\r\nx\r\n--b--`,
    ],
    [
      'a carriage return alone before a boundary',
      HEAD + mixed(`${words('x')}\r--b\r\nContent-Type: text/html\r\n\r\ny`),
    ],
    [
      'a boundary with an escaped quote',
      `${HEAD}Content-Type: multipart/mixed; boundary="a\\"b"\r\n\r\n--a"b\r\n\r\nx\r\n--a"b--`,
    ],
    [
      'a boundary in an encoded word',
      `${HEAD}Content-Type: multipart/mixed; boundary="=?utf-8?Q?bb?="\r\n\r\n--bb\r\n\r\nx\r\n--bb\r\n\r\ny\r\n--bb--`,
    ],
    [
      'a boundary in pieces',
      `${HEAD}Content-Type: multipart/mixed; boundary*0=b; boundary*1=c\r\n\r\n--bc\r\n\r\nx\r\n--bc--\r\n--b\r\n\r\ny`,
    ],
    [
      'base64 that goes on behind its end',
      HEAD + mixed(words('x'), `${file('a.txt', 'one!')}====\r\nTVqQAAMAAAAEAAAA`),
    ],
    [
      'a field name with a blank',
      `From: a@example.jp\r\nContent-Type : multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--`,
    ],
    [
      'an encoding with a comment',
      HEAD +
        mixed(
          words('x'),
          'Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: (7bit) base64\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nTVqQAAMA',
        ),
    ],
  ]
  it.each(smuggled)('%s: both readers agree, or no file comes in', async (_what, mail) => {
    const { certificate, pickUps } = await message(mail, { disarm }, route('β', 'keep'))
    const flat = certificate.flattened.length > 0
    expect(
      flat ? [...pickUps, ...certificate.parts.filter(({ fate }) => fate === 'attached')] : [],
    ).toEqual([])
  })

  it('what the readers do not agree on is said in the text, and nothing of it is offered', async () => {
    const body = `--bb\r\n${file('a.txt', 'one')}\r\n--bb--`
    const outcome = await message(`${HEAD}Content-Type: multipart/mixed\r\n\r\n${body}`)
    expect(readBack(outcome).text).toContain('読むソフトによって中身が変わるおそれがあります。')
    expect(outcome.pickUps).toEqual([])
    expect(outcome.certificate.parts).toMatchObject([
      { part: '1', fate: 'opened' },
      { part: '1.1', fate: 'sealed', reason: 'MAIL-READERS' },
    ])
  })
})

describe('inside a message that the readers do not agree on', () => {
  const event = 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:secret\r\nEND:VEVENT\r\nEND:VCALENDAR'
  const torn = (part: string): string =>
    `Content-Type: multipart/mixed\r\n\r\n--bb\r\n${words('x')}\r\n--bb\r\n${part}\r\n--bb--\r\n`

  it.each([
    ['no invitation comes in', `Content-Type: text/calendar\r\n\r\n${event}`],
    ['no forwarded mail is opened', `Content-Type: message/rfc822\r\n\r\nSubject: secret\r\n\r\ny`],
  ])('%s', async (_what, part) => {
    const outcome = await message(HEAD + torn(part))
    expect(outcome.certificate.flattened).toEqual([{ part: '1', reason: 'MAIL-READERS' }])
    expect(outcome.certificate.parts.at(-1)).toMatchObject({
      fate: 'sealed',
      reason: 'MAIL-READERS',
    })
    expect(readBack(outcome).text).not.toContain('secret')
    expect(outcome.pickUps).toEqual([])
  })

  it('a signature around it does not make it better', async () => {
    const inner = Buffer.from(torn(file('a.txt', 'one')))
    const signed = `Content-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Transfer-Encoding: base64\r\n\r\n`
    const mail = (bytes: Uint8Array): string =>
      HEAD + signed + Buffer.from(signedSpecimen(bytes)).toString('base64')
    expect((await message(mail(inner))).pickUps).toEqual([])
    const whole = Buffer.from(mixed(words('x'), file('a.txt', 'one')))
    const { pickUps, certificate } = await message(mail(whole))
    expect(pickUps.map(({ part }) => part)).toEqual(['1/1.2'])
    expect(certificate.parts.map(({ part }) => part)).toEqual(['1', '1/1', '1/1.1', '1/1.2'])
  })

  it('lines that only machines read are no words', async () => {
    let deep = words('bottom line')
    for (let level = 0; level < 12; level++)
      deep = `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n${deep}\r\n--b${level}--`
    const text = readBack(await message(HEAD + deep)).text
    expect(text).toContain('bottom line')
    expect(text).not.toContain('Content-Type')
    expect(text).not.toContain('--b')
  })
})

describe('the day until which files can be had', () => {
  const said = async (part: string, disarms = false) => {
    const help: MessageHelp = { until: '2026-12-03', ...(disarms ? { disarm } : {}) }
    const mail = HEAD + mixed(words('x'), part)
    return readBack(await message(mail, help, disarms ? route('β', 'keep') : route())).text
  }

  it('stands in the text when a file waits, and only then', async () => {
    const day = '外で待つ添付は、2026年12月3日まで受け取れます。'
    expect(await said(file('a.txt', 'one'))).toContain(day)
    expect(await said(file('a.exe', 'MZ'))).not.toContain(day)
    expect(await said(file('a.txt', 'one'), true)).not.toContain(day)
    expect(await said(words('no file'))).not.toContain(day)
  })
})

describe('the budget of a mail', () => {
  it('is one for the mail and all that is nested in it', async () => {
    const inner = `Content-Type: message/rfc822\r\n\r\n${HEAD}${mixed(words('y'), file('a.txt', 'x'.repeat(3_000))).replaceAll(/(boundary=|--)b/g, '$1c')}`
    const mail = HEAD + mixed(words('x'), inner, inner, inner)
    const limits = { decodedBytes: 30_000 }
    expect((await rebuild(HEAD + mixed(words('x'), inner), { limits })).ok).toBe(true)
    const refused = await rebuild(mail, { limits })
    expect(refused).toMatchObject({ ok: false, reason: 'LIMIT-SIZE' })
    if (!refused.ok) expect(refused.cure).toContain('添付を分けて')
  })

  it('what the disarmer makes of the attachments counts, too', async () => {
    const help: MessageHelp = {
      disarm: async (_bytes, name) => disarm(Buffer.from('x'.repeat(3_000)), name),
      limits: { decodedBytes: 4_000 },
    }
    const mail = HEAD + mixed(words('x'), file('a.txt', 'one'), file('b.txt', 'two'))
    expect((await rebuild(mail, help)).ok).toBe(true)
    expect(await rebuild(mail, help, route('β', 'keep'))).toMatchObject({ reason: 'LIMIT-SIZE' })
  })

  it('counts the parts', async () => {
    const many = mixed(...Array.from({ length: 40 }, () => words('x')))
    expect(await rebuild(HEAD + many, { limits: { entries: 30 } })).toMatchObject({
      reason: 'LIMIT-ENTRIES',
    })
  })

  it.each([
    ['very many short lines', `${HEAD}\r\n${'x\r\n'.repeat(120_000)}`],
    ['one very long field', `${HEAD}Subject: ${'=?utf-8?B?44GC?= '.repeat(40_000)}\r\n\r\nx`],
  ])('%s are not given to the second reader, who would take minutes', async (_what, mail) => {
    const { certificate } = await message(mail)
    expect(certificate.flattened).toEqual([{ part: '1', reason: 'MAIL-READERS' }])
  })

  it('ends in time', async () => {
    expect(await rebuild(HEAD + words('x'), { limits: { milliseconds: -1 } })).toMatchObject({
      reason: 'LIMIT-TIME',
    })
  })
})

describe('attachments in β', () => {
  const mail = HEAD + mixed(words('x'), file('a.txt', 'one'), file('b.txt', 'two'))

  it('what the disarmer gives is attached, not what came', async () => {
    const help: MessageHelp = {
      disarm: async (bytes, name) =>
        disarm(Buffer.from(`clean ${Buffer.from(bytes).toString()}`), name),
    }
    const { items } = readBack(await message(mail, help, route('β', 'keep')))
    const files = items.flatMap((item) =>
      item.kind === 'file' ? [Buffer.from(item.read()).toString()] : [],
    )
    expect(files).toEqual(['clean one', 'clean two'])
  })

  it('leave the bytes of the disarmer as they were', async () => {
    const given: Uint8Array[] = []
    const help: MessageHelp = {
      disarm: async (bytes, name) => {
        const disarmed = await disarm(bytes, name)
        if (disarmed.output) given.push(disarmed.output)
        return disarmed
      },
    }
    const large = HEAD + mixed(words('x'), file('a.txt', 'x'.repeat(3 * 1024 * 1024)))
    await message(large, help, route('β', 'keep'))
    expect(given.map(({ length }) => length)).toEqual([3 * 1024 * 1024])
  })

  it('with a password are kept closed, and the disarmer does not see them', async () => {
    const asked: string[] = []
    const help: MessageHelp = {
      disarm: (bytes, name) => {
        asked.push(name)
        return disarm(bytes, name)
      },
    }
    const zip = hostileZip([traditionalMember('a.txt', 'x', Buffer.of(1))])
    const locked =
      HEAD +
      mixed(words('x'), file('a.zip', Buffer.from(zip).toString('latin1')), file('b.exe', 'MZ'))
    const { pickUps } = await message(locked, help, route('β', 'keep'))
    expect(pickUps.map(({ name, will }) => `${name} ${will}`)).toEqual([
      'a.zip password',
      'b.exe refused',
    ])
    expect(asked).toEqual([])
  })

  it('a disarmer that breaks down lets nothing through', async () => {
    const help: MessageHelp = { disarm: () => Promise.reject(new Error('worker lost')) }
    expect(await rebuild(mail, help, route('β', 'keep'))).toMatchObject({
      ok: false,
      reason: 'ENG-CRASH',
    })
  })

  it('without a disarmer they wait outside', async () => {
    const { pickUps } = await message(mail, {}, route('β', 'keep'))
    expect(pickUps.map(({ name }) => name)).toEqual(['a.txt', 'b.txt'])
  })

  it('are never asked for in α', async () => {
    const asked: string[] = []
    const help: MessageHelp = {
      disarm: (bytes, name) => {
        asked.push(name)
        return disarm(bytes, name)
      },
    }
    await message(mail, help, route('α', 'keep'))
    await message(mail, help, route('α′', 'keep'))
    await message(mail, help, route('β', 'remove'))
    expect(asked).toEqual([])
  })
})

describe('the certificate', () => {
  it('has another number when one row is another', async () => {
    const { certificate } = await message(HEAD + mixed(words('x'), file('a.txt', 'one')))
    const parts = certificate.parts.map((row) => ({ ...row, name: `${row.name}x` }))
    expect(certificateNumber({ ...certificate, parts })).not.toBe(certificateNumber(certificate))
  })

  it('says which fields came twice and which stayed outside', async () => {
    const { certificate } = await message(
      `Received: from x\r\nX-Spam: no\r\nFrom: evil@example.net\r\n${HEAD}\r\nx`,
    )
    expect(certificate.headers).toMatchObject({ leftOut: 2, contradicted: ['from'] })
    expect(certificate.headers.kept).toEqual(['from', 'to', 'subject', 'mime-version'])
  })
})
