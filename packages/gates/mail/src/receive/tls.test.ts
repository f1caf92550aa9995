import 'reflect-metadata'
import { PemConverter, X509CertificateGenerator } from '@peculiar/x509'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CLERK, OPENING, TO_CLERK, Talk, receiving } from './receiving.test-support.ts'
import type { Receiving } from './receiving.test-support.ts'

let tls: { key: string; cert: string }
beforeAll(async () => {
  const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256', namedCurve: 'P-256' }
  const keys = await crypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned(
    { name: 'CN=mx.kasumi.example.jp', keys, signingAlgorithm, notAfter: new Date('2099-01-01') },
    crypto,
  )
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
  tls = { key: PemConverter.encode(key, 'PRIVATE KEY'), cert: certificate.toString('pem') }
})

let gate: Receiving
afterEach(() => gate.end())

describe('STARTTLS', () => {
  it('is offered, and what is sent inside it is kept with the version', async () => {
    gate = await receiving({ tls })
    const talk = await Talk.to(gate.port)
    expect(await talk.ask('EHLO mx.example.com')).toContain('STARTTLS')
    expect(await talk.ask('STARTTLS')).toMatch(/^220 /u)
    await talk.startTls()
    expect(await talk.ask('EHLO mx.example.com')).not.toContain('STARTTLS')
    talk.send(TO_CLERK)
    for (let n = 0; n < 3; n += 1) await talk.hear()
    expect(await talk.ask('Subject: t\r\n\r\nx\r\n.')).toMatch(/^250 /u)
    expect((await gate.spool.about(gate.spool.ids()[0]!)).peer.tls).toMatch(/^TLSv1\.3 /u)
  })

  it('lines are as strict inside as outside', async () => {
    gate = await receiving({ tls })
    const talk = await Talk.to(gate.port)
    await talk.ask('EHLO mx.example.com')
    await talk.ask('STARTTLS')
    await talk.startTls()
    await talk.ask('EHLO mx.example.com')
    talk.send(TO_CLERK)
    for (let n = 0; n < 3; n += 1) await talk.hear()
    talk.send('x\n.\r\nQUIT\r\n')
    expect((await talk.rest())[0]).toContain('521 5.5.2 SMTP-BARE-LINE-END')
    expect(gate.spool.ids()).toEqual([])
  })

  it('what was said in clear behind it is not carried out inside', async () => {
    gate = await receiving({ tls })
    const talk = await Talk.to(gate.port)
    await talk.ask('EHLO mx.example.com')
    talk.send('STARTTLS\r\nMAIL FROM:<attacker@example.com>\r\n')
    expect(await talk.hear()).toMatch(/^220 /u)
    await talk.startTls().catch(() => {})
    await talk.ask('EHLO mx.example.com')
    expect(await talk.ask(`RCPT TO:<${CLERK.address}>`)).not.toMatch(/^250/u)
  })

  it('is needed first where the town says so', async () => {
    gate = await receiving({ tls, requireTls: true })
    const talk = await Talk.to(gate.port)
    talk.send(OPENING)
    await talk.hear()
    expect(await talk.ask('MAIL FROM:<a@example.com>')).toContain('530 5.7.0 SMTP-TLS-NEEDED')
  })

  it('a client that speaks no TLS after it, or an old one, harms nobody else', async () => {
    gate = await receiving({ tls })
    const talk = await Talk.to(gate.port)
    await talk.ask('EHLO mx.example.com')
    await talk.ask('STARTTLS')
    talk.send('this is no handshake\r\n')
    await talk.rest()
    expect(await (await Talk.to(gate.port)).ask('NOOP')).toMatch(/^250 /u)
  })
})
