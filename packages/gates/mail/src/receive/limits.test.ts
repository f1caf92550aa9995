import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Admission, networkOf } from './admission.ts'
import { MAIL_LIMITS, mailLimits } from './limits.ts'
import { MessageMeter } from './message-meter.ts'
import { TO_CLERK, Talk, receiving } from './receiving.test-support.ts'
import type { Receiving, Settings } from './receiving.test-support.ts'

async function sent(talk: Talk, text: string): Promise<string> {
  talk.send(TO_CLERK)
  for (let n = 0; n < 3; n += 1) await talk.hear()
  return talk.ask(`${text}\r\n.`)
}

describe('one message', () => {
  let shared: Receiving
  beforeAll(async () => {
    shared = await receiving({ own })
  })
  afterAll(() => shared.end())
  const own = { messageBytes: 2_000, lineBytes: 100, headerBytes: 200, headerFields: 5, hops: 2 }
  const field = (bytes: number): string => `X: ${'x'.repeat(bytes - 3)}`
  it.concurrent.each([
    ['a line as long as may be', `A: b\r\n\r\n${'x'.repeat(100)}`, '250'],
    ['a line one longer', `A: b\r\n\r\n${'x'.repeat(101)}`, '554 5.6.0 SMTP-LINE'],
    ['a header as long as may be', `${field(98)}\r\n${field(96)}\r\n\r\nx`, '250'],
    ['a header one longer', `${field(98)}\r\n${field(99)}\r\n\r\nx`, '554 5.6.0 SMTP-HEADER'],
    ['a long body behind a short header', `A: b\r\n\r\n${'x\r\n'.repeat(300)}`, '250'],
    ['as many fields as may be', `${'A: b\r\n'.repeat(5)}\r\nx`, '250'],
    ['one field more', `${'A: b\r\n'.repeat(6)}\r\nx`, '554 5.6.0 SMTP-HEADER'],
    ['folded fields, which are one', `A: b\r\n${' c\r\n'.repeat(10)}\r\nx`, '250'],
    ['as many hops as may be', `${'Received: x\r\n'.repeat(2)}\r\nx`, '250'],
    ['one hop more', `${'rEceived: x\r\n'.repeat(3)}\r\nx`, '554 5.4.6 SMTP-LOOP'],
    ['hops in the old syntax', `${'Received : x\r\n'.repeat(3)}\r\nx`, '554 5.4.6 SMTP-LOOP'],
    ['fields that only begin like a hop', `${'Received-SPF: x\r\n'.repeat(3)}\r\nx`, '250'],
    ['hops quoted in the body', `A: b\r\n\r\n${'Received: x\r\n'.repeat(3)}`, '250'],
    ['too large', `A: b\r\n\r\n${'x\r\n'.repeat(700)}`, '552 5.3.4 SMTP-SIZE'],
  ])('%s', async (_, text, answer) => {
    const talk = await Talk.to(shared.port)
    await talk.ask('EHLO mx.example.com')
    expect(await sent(talk, text)).toContain(answer)
    const next = await sent(talk, 'A: b\r\n\r\nnext')
    expect(shared.spool.ids()).toContain(next.split(' ').at(-1))
  })

  it('says the same however it is cut into pieces', () => {
    const line = fc.constantFrom('Received: x', 'A: b', ' c', '', 'x'.repeat(101), 'x'.repeat(90))
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.array(fc.nat(40)), (lines, cuts) => {
        const bytes = Buffer.from(lines.map((one) => `${one}\r\n`).join(''))
        const limits = mailLimits(own)
        const whole = new MessageMeter(limits)
        whole.push(bytes)
        const pieces = new MessageMeter(limits)
        let from = 0
        for (const cut of cuts) pieces.push(bytes.subarray(from, (from += cut)))
        pieces.push(bytes.subarray(from))
        // Of two bounds that were both passed, the first seen is named.
        expect(pieces.reason === undefined).toBe(whole.reason === undefined)
      }),
    )
  })

  it('announced too large is refused before it is sent', async () => {
    const talk = await Talk.to(shared.port)
    await talk.ask('EHLO mx.example.com')
    expect(await talk.ask('MAIL FROM:<a@example.com> SIZE=2001')).toContain('552 5.3.4 SMTP-SIZE')
    expect(await talk.ask('MAIL FROM:<a@example.com> SIZE=2000')).toContain('250')
  })
})

describe('one peer', () => {
  let gate: Receiving | undefined
  afterEach(async () => {
    await gate?.end()
    gate = undefined
  })
  async function talking(own: NonNullable<Settings['own']>): Promise<Talk> {
    gate = await receiving({ own })
    const talk = await Talk.to(gate.port)
    await talk.ask('EHLO mx.example.com')
    return talk
  }

  it('who only talks is sent away; who sends mail may go on', async () => {
    const talk = await talking({ commands: 8 })
    for (let n = 0; n < 3; n += 1) expect(await sent(talk, 'x')).toMatch(/^250 /u)
    talk.send('NOOP\r\n'.repeat(9))
    const replies = await talk.rest()
    expect(replies).toHaveLength(9)
    expect(replies.at(-1)).toContain('421 4.7.0 SMTP-MANY-COMMANDS')
  })

  it('a command without end is not collected', async () => {
    const talk = await talking({ commandBytes: 100 })
    talk.send(`NOOP ${'x'.repeat(200)}`)
    expect(await talk.rest()).toEqual(['421 4.5.2 SMTP-COMMAND-LONG a command line is too long'])
  })

  it('has so many connections at once, and gets a place when one ends', async () => {
    gate = await receiving({ own: { connectionsPerAddress: 2 } })
    const first = await Talk.to(gate.port)
    await Talk.to(gate.port)
    expect(await Talk.early(gate.port, '')).toEqual([
      '421 4.7.0 SMTP-CONNECTIONS too many connections, come back later',
    ])
    await first.ask('QUIT')
    await first.rest()
    first.end()
    await expect.poll(async () => (await Talk.to(gate!.port)).ask('NOOP')).toMatch(/^250 /u)
  })

  it('who says nothing, and who stays too long, is sent away', async () => {
    gate = await receiving({ own: { idleMs: 400 } })
    expect(await (await Talk.to(gate.port)).rest()).toEqual([
      '421 4.4.2 SMTP-IDLE nothing came for too long',
    ])
    await gate.end()
    gate = await receiving({ own: { connectionMs: 400 } })
    expect(await (await Talk.to(gate.port)).rest()).toEqual([
      '421 4.4.2 SMTP-TIME this connection was open too long',
    ])
  })

  it('sends so many messages a minute', () => {
    let now = 0
    const admission = new Admission(mailLimits({ messagesPerMinute: 2 }), () => now)
    const answers = ['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2'].map((one) =>
      admission.message(one),
    )
    expect(answers).toEqual([undefined, undefined, 'SMTP-RATE', undefined])
    now = 60_000
    expect(admission.message('192.0.2.1')).toBeUndefined()
  })

  it.each([
    ['a stranger', [], '450 4.7.1 SMTP-RATE'],
    ['a declared relay, which brings the mail of everybody', ['127.0.0.1'], '250 '],
  ])('%s, with one message a minute', async (_, relays, answer) => {
    gate = await receiving({ relays, own: { messagesPerMinute: 1 } })
    const talk = await Talk.to(gate.port)
    await talk.ask('EHLO mx.example.com')
    await talk.ask('MAIL FROM:<a@example.com>')
    await talk.ask('RSET')
    expect(await talk.ask('MAIL FROM:<a@example.com>')).toContain(answer)
  })

  it('is told apart by its /64 in IPv6, in any spelling', () => {
    expect(networkOf('2001:DB8:0:1::5')).toBe(networkOf('2001:db8:0000:0001:ffff::1'))
    expect(networkOf('2001:db8:0:1::5')).not.toBe(networkOf('2001:db8:0:2::5'))
    expect(networkOf('::1')).toBe('0:0:0:0')
    expect(networkOf('192.0.2.1')).toBe('192.0.2.1')
  })

  it('cannot fill the memory with addresses, nor be forgotten while it is connected', () => {
    const admission = new Admission(
      mailLimits({ connectionsPerAddress: 1, connections: 20_000 }),
      () => 0,
    )
    expect(admission.enter('192.0.2.1')).toBeUndefined()
    for (let n = 0; n < 11_000; n += 1) admission.message(`10.${n >> 8}.${n & 255}.1`)
    expect(admission.enter('192.0.2.1')).toBe('SMTP-CONNECTIONS')
  })
})

describe('a limit of the town', () => {
  it.each([{ recipients: 0 }, { recipients: 1.5 }, { recipients: -1 }, { recipents: 5 }])(
    'that makes no sense is not started with: %j',
    (own) => {
      expect(() => mailLimits(own)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
    },
  )
  it('takes the place of the usual one', () => {
    expect(mailLimits({ recipients: 5 })).toEqual({ ...MAIL_LIMITS, recipients: 5 })
  })
})
