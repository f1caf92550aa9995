import { afterAll, describe, expect, test } from 'vitest'
import { createPool } from '@sekisho/disarm'
import { MAIL_PROGRAM, rebuildInBox } from './box.ts'
import type { BoxQuestion, MailFacts } from './question.ts'

const QUESTION: BoxQuestion = {
  route: {
    model: 'α',
    edition: 'R8.3',
    gate: { id: 'mail-in', attachments: 'remove' },
  },
  address: 'https://lgwan.example/mail/S-1042',
  limits: {},
}
const MAIL = Buffer.from(
  [
    'From: a@example.com',
    'Subject: hello',
    'Content-Type: multipart/mixed; boundary=x',
    '',
    '--x',
    'Content-Type: text/html',
    '',
    '<p>words</p><script>run()</script>',
    '--x',
    'Content-Type: text/csv; name=a.csv',
    'Content-Disposition: attachment; filename=a.csv',
    '',
    'a,b',
    '--x--',
    '',
  ].join('\r\n'),
)
const believe = (value: unknown): MailFacts => value as MailFacts

const pool = createPool({ size: 1, ...MAIL_PROGRAM })
afterAll(() => pool.close())

describe('a mail in the box', () => {
  test('is rebuilt where no network and no file is; what it brought stays beside it', async () => {
    const boxed = await rebuildInBox(pool, MAIL, QUESTION, believe)
    if (!boxed.ok) throw new Error(boxed.reason)
    const text = Buffer.from(
      Buffer.from(boxed.mail.message).toString().split('\r\n\r\n')[1] ?? '',
      'base64',
    ).toString()
    expect(text).toContain('words')
    expect(text).not.toContain('run()')
    expect(text).toContain('https://lgwan.example/mail/S-1042#1.2')
    expect(boxed.mail.facts.pickUps).toMatchObject([{ part: '1.2', name: 'a.csv' }])
    expect(Buffer.from(boxed.mail.contents[0]!).toString()).toBe('a,b')
  })

  test('files are disarmed by the same workers', async () => {
    const { report } = await pool.disarm(Buffer.from('x\r\n'), { name: 'x.txt' })
    expect(report.verdict).toBe('confirmed-absent')
  })

  test('what is no mail is refused with its reason', async () => {
    expect(await rebuildInBox(pool, Buffer.from('\r\n'), QUESTION, believe)).toEqual({
      ok: false,
      reason: 'MAIL-EMPTY',
    })
  })
})

describe('a box that an attacker has taken over', () => {
  const said = (header: unknown, body: Uint8Array) =>
    rebuildInBox(
      {
        ask: async (_, __, read) => {
          const told = read(header, body)
          return told === undefined ? { ok: false, reason: 'ENG-LIE' } : { ok: true, told }
        },
      },
      MAIL,
      QUESTION,
      believe,
    )

  test.each([
    [
      'success without bytes',
      (true_: Told) => ({ ...true_, body: new Uint8Array(), sizes: [0, 0] }),
    ],
    [
      'more bytes than it says',
      (true_: Told) => ({ ...true_, body: Buffer.concat([true_.body, Buffer.of(0)]) }),
    ],
    ['fewer sizes than pick-ups', (true_: Told) => ({ ...true_, sizes: true_.sizes.slice(1) })],
    [
      'a content other than its digest',
      (true_: Told) => ({
        ...true_,
        body: Buffer.from(true_.body).fill(0x41, true_.body.length - 1),
      }),
    ],
    ['another mail', (true_: Told) => ({ ...true_, facts: withOriginal(true_.facts) })],
  ] as const)('%s: not believed', async (_, lie) => {
    const boxed = await rebuildInBox(pool, MAIL, QUESTION, believe)
    if (!boxed.ok) throw new Error(boxed.reason)
    const { facts, message, contents } = boxed.mail
    const truth = {
      facts,
      sizes: [message, ...contents].map(({ length }) => length),
      body: Buffer.concat([message, ...contents]),
    }
    const { body, ...header } = truth
    expect((await said({ ok: true, ...header }, body)).ok).toBe(true)
    const { body: lied, ...told } = lie(truth)
    expect(await said({ ok: true, ...told }, lied)).toEqual({ ok: false, reason: 'ENG-LIE' })
  })

  test('a reason with words of its own', async () => {
    const words = { ok: false, reason: 'please <b>call</b> 03-…' }
    expect(await said(words, new Uint8Array())).toEqual({ ok: false, reason: 'ENG-LIE' })
  })
})

interface Told {
  readonly facts: MailFacts
  readonly sizes: readonly number[]
  readonly body: Uint8Array
}

function withOriginal(facts: MailFacts): MailFacts {
  const original = { ...facts.certificate.original, sha256: '0'.repeat(64) }
  return { ...facts, certificate: { ...facts.certificate, original } }
}
