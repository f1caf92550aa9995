import { domainToASCII } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { CLERK, DOMAIN, OPENING, TO_CLERK, Talk, receiving } from './receiving.test-support.ts'
import type { Receiving, Settings } from './receiving.test-support.ts'

let gate: Receiving
afterEach(() => gate.end())

async function talking(settings: Settings = {}): Promise<Talk> {
  gate = await receiving(settings)
  const talk = await Talk.to(gate.port)
  talk.send(OPENING)
  await talk.hear()
  return talk
}

async function toData(talk: Talk): Promise<void> {
  talk.send(TO_CLERK)
  for (const code of ['250', '250', '354'])
    expect(await talk.hear()).toMatch(new RegExp(`^${code}`, 'u'))
}

describe('a message for a clerk', () => {
  it('is in the spool, byte for byte, when it is acknowledged', async () => {
    const talk = await talking()
    await toData(talk)
    const reply = await talk.ask('Subject: t\r\n\r\n..dot\r\n.. two\r\nlast\r\n.')
    const [id] = gate.spool.ids()
    expect(reply).toBe(`250 2.0.0 kept as ${id}`)
    expect(await gate.messages()).toEqual(['Subject: t\r\n\r\n.dot\r\n. two\r\nlast\r\n'])
    expect(await gate.spool.about(id!)).toMatchObject({
      receivedAt: '2027-04-01T00:00:00.000Z',
      peer: { address: '127.0.0.1', helo: 'mx.example.com', tls: null },
      envelope: { from: 'a@example.com', recipients: [CLERK.address], utf8: false },
      size: 33,
    })
  })

  it('comes several times in one connection, commands sent ahead', async () => {
    const talk = await talking()
    await toData(talk)
    talk.send(`one\r\n.\r\n${TO_CLERK}`)
    for (const code of ['250', '250', '250', '354']) expect(await talk.hear()).toContain(code)
    talk.send('two\r\n.\r\nNOOP\r\nQUIT\r\n')
    expect((await talk.rest()).map((reply) => reply.slice(0, 3))).toEqual(['250', '250', '221'])
    expect((await gate.messages()).toSorted()).toEqual(['one\r\n', 'two\r\n'])
  })

  it('says what the gate can', async () => {
    gate = await receiving({ own: { messageBytes: 12_345 } })
    const talk = await Talk.to(gate.port)
    const offer = await talk.ask('EHLO mx.example.com')
    for (const word of ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'SIZE 12345'])
      expect(offer).toContain(word)
    for (const word of ['AUTH', 'STARTTLS', 'VRFY', 'CHUNKING', 'XCLIENT'])
      expect(offer).not.toContain(word)
  })
})

describe('recipients', () => {
  it.each([
    ['a clerk', CLERK.address, '250'],
    ['a clerk in other letters', `S0001@KASUMI.example.JP`, '250'],
    ['one whose last day it is', `s0091@${DOMAIN}`, '250'],
    [
      'the Japanese domain as DNS writes it',
      `postmaster@${domainToASCII('香澄町.example.jp')}`,
      '250',
    ],
    ['one whose first day it is', `s0093@${DOMAIN}`, '250'],
    ['the postmaster', 'postmaster', '250'],
    ['the postmaster of the domain', `Postmaster@${DOMAIN}`, '250'],
    ['one who left yesterday', `s0090@${DOMAIN}`, '550 5.1.1 SMTP-RECIPIENT'],
    ['one who comes tomorrow', `s0092@${DOMAIN}`, '550 5.1.1 SMTP-RECIPIENT'],
    ['nobody', `root@${DOMAIN}`, '550 5.1.1 SMTP-RECIPIENT'],
    ['another town', 's0001@example.org', '550 5.7.1 SMTP-RELAY'],
    ['another town behind ours', `s0001%example.org@${DOMAIN}`, '550 5.1.1 SMTP-RECIPIENT'],
    ['another town by a route', `@${DOMAIN}:s0001@example.org`, '550 5.7.1 SMTP-RELAY'],
    ['a domain that only ends like ours', `s0001@x${DOMAIN}`, '550 5.7.1 SMTP-RELAY'],
  ])('%s', async (_, address, answer) => {
    const talk = await talking()
    await talk.ask('MAIL FROM:<>')
    expect(await talk.ask(`RCPT TO:<${address}>`)).toContain(answer)
  })

  it('the sender cannot tell who left from who never was; the record can', async () => {
    const talk = await talking()
    await talk.ask('MAIL FROM:<a@example.com>')
    const replies = [
      await talk.ask(`RCPT TO:<s0090@${DOMAIN}>`),
      await talk.ask(`RCPT TO:<s0092@${DOMAIN}>`),
      await talk.ask(`RCPT TO:<nobody@${DOMAIN}>`),
    ]
    expect(new Set(replies).size).toBe(1)
    expect(gate.refused.map(({ recipient }) => recipient?.problem)).toEqual([
      'ended',
      'not-yet',
      'unknown',
    ])
  })

  it('who tries names is sent away', async () => {
    const talk = await talking({ own: { unknownRecipients: 2 } })
    await talk.ask('MAIL FROM:<a@example.com>')
    for (const name of ['a', 'b'])
      expect(await talk.ask(`RCPT TO:<${name}@${DOMAIN}>`)).toContain('550')
    expect(await talk.ask(`RCPT TO:<${CLERK.address}>`)).toContain('250')
    talk.send(`RCPT TO:<c@${DOMAIN}>\r\n`)
    expect(await talk.rest()).toEqual(['421 4.7.0 SMTP-MANY-UNKNOWN too many unknown recipients'])
  })

  it('too many at once are put off, not lost', async () => {
    const talk = await talking({ own: { recipients: 1 } })
    await talk.ask('MAIL FROM:<a@example.com>')
    expect(await talk.ask(`RCPT TO:<${CLERK.address}>`)).toContain('250')
    expect(await talk.ask(`RCPT TO:<s0093@${DOMAIN}>`)).toContain('452 4.5.3 SMTP-MANY-RECIPIENTS')
  })

  it('a Japanese name is taken with SMTPUTF8 and not without', async () => {
    const talk = await talking()
    const name = Buffer.from('香澄').toString('latin1')
    await talk.ask('MAIL FROM:<a@example.com>')
    expect(await talk.ask(`RCPT TO:<${name}@${DOMAIN}>`)).toContain('553 5.6.7 SMTP-UTF8')
    await talk.ask('RSET')
    await talk.ask('MAIL FROM:<a@example.com> SMTPUTF8 BODY=8BITMIME')
    expect(await talk.ask(`RCPT TO:<${name}@${DOMAIN}>`)).toContain('250')
    await talk.ask('DATA')
    await talk.ask(`Subject: ${name}\r\n\r\n${name}\r\n.`)
    const about = await gate.spool.about(gate.spool.ids()[0]!)
    expect(about.envelope).toMatchObject({ recipients: [`香澄@${DOMAIN}`], utf8: true })
    expect(await gate.messages()).toEqual([`Subject: ${name}\r\n\r\n${name}\r\n`])
  })
})
