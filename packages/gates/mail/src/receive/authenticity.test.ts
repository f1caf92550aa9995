import { generateKeyPairSync } from 'node:crypto'
import { Readable } from 'node:stream'
import { dkimSign } from 'mailauth'
import { beforeAll, describe, expect, it } from 'vitest'
import { verifyAuthenticity } from './authenticity.ts'
import type { Authenticity, Resolve } from './authenticity.ts'
import { TO_CLERK, OPENING, Talk, receiving } from './receiving.test-support.ts'

const TEXT = 'From: Yamada <yamada@example.jp>\r\nSubject: t\r\n\r\nhello\r\n'
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

const ZONE: Readonly<Record<string, string>> = {
  'example.jp TXT': 'v=spf1 ip4:192.0.2.1 -all',
  '_dmarc.example.jp TXT': 'v=DMARC1; p=reject',
  's1._domainkey.example.jp TXT': `v=DKIM1; k=rsa; p=${publicKey.toString('base64')}`,
}
const zone: Resolve = (name, type) => {
  const found = ZONE[`${name} ${type}`]
  if (found !== undefined) return Promise.resolve([[found]])
  return Promise.reject(Object.assign(new Error('nothing there'), { code: 'ENOTFOUND' }))
}

let signed: string
beforeAll(async () => {
  const key = { signingDomain: 'example.jp', selector: 's1', privateKey }
  const { signatures } = await dkimSign(TEXT, {
    ...key,
    signatureData: [{ ...key, algorithm: 'rsa-sha256' }],
  })
  signed = signatures + TEXT
})

async function verdicts(
  text: string,
  from: string,
  address: string,
  options: { resolve?: Resolve; viaRelay?: boolean; withinMs?: number } = {},
): Promise<string> {
  const { spf, dkim, dmarc } = await askAbout(text, from, address, options)
  return [spf.verdict, dkim.map(({ verdict }) => verdict).join('+') || '-', dmarc.verdict].join(' ')
}

function askAbout(
  text: string,
  from: string,
  address: string,
  { resolve = zone, viaRelay = false, withinMs = 5000 },
): Promise<Authenticity> {
  const sender = { address, helo: 'mx.example.jp', from, viaRelay }
  return verifyAuthenticity(Readable.from([Buffer.from(text)]), sender, {
    name: 'mx',
    resolve,
    withinMs,
  })
}

describe('who the sender is', () => {
  it('signed and from its own server', async () => {
    expect(await askAbout(signed, 'yamada@example.jp', '192.0.2.1', {})).toEqual({
      spf: { verdict: 'pass', domain: 'example.jp' },
      dkim: [{ verdict: 'pass', domain: 'example.jp' }],
      dmarc: { verdict: 'pass', domain: 'example.jp', policy: 'reject' },
    })
  })

  it.each([
    ['from a stranger’s server', () => TEXT, '192.0.2.9', 'fail - fail'],
    ['from a stranger’s server, signed', () => signed, '192.0.2.9', 'fail pass pass'],
    [
      'with another word in the body',
      () => signed.replace('hello', 'hallo'),
      '192.0.2.9',
      'fail neutral fail',
    ],
    [
      'with another subject',
      () => signed.replace('Subject: t', 'Subject: u'),
      '192.0.2.9',
      'fail fail fail',
    ],
  ])('%s', async (_, text, address, expected) => {
    expect(await verdicts(text(), 'yamada@example.jp', address)).toBe(expected)
  })

  it('behind a relay only a signature says anything', async () => {
    const relayed = { viaRelay: true }
    expect(await verdicts(signed, 'yamada@example.jp', '192.0.2.9', relayed)).toBe(
      'not-checked pass pass',
    )
    expect(await verdicts(TEXT, 'yamada@example.jp', '192.0.2.9', relayed)).toBe(
      'not-checked - not-checked',
    )
  })

  it('DNS that fails, hangs or lies in form is not a pass', async () => {
    const broken: Resolve = () =>
      Promise.reject(Object.assign(new Error('x'), { code: 'ESERVFAIL' }))
    const silent: Resolve = () => new Promise(() => {})
    const odd: Resolve = () => Promise.resolve('v=spf1 +all' as never)
    for (const resolve of [broken, silent, odd])
      expect(
        await verdicts(signed, 'yamada@example.jp', '192.0.2.1', { resolve, withinMs: 300 }),
      ).not.toContain('pass')
  })

  it('a thousand signatures do not ask DNS a thousand times', async () => {
    let questions = 0
    const counting: Resolve = (name, type) => {
      questions += 1
      return zone(name, type)
    }
    const signature = signed.slice(0, signed.indexOf('From:'))
    const many =
      Array.from({ length: 1000 }, (_, n) => signature.replace('s=s1', `s=s${n}`)).join('') + TEXT
    const result = await askAbout(many, 'yamada@example.jp', '192.0.2.9', { resolve: counting })
    expect(questions).toBeLessThanOrEqual(60)
    expect(result.dkim.length).toBeLessThanOrEqual(10)
  })

  it('is kept with the message, and turns nobody away', async () => {
    const gate = await receiving({ resolve: zone })
    const talk = await Talk.to(gate.port)
    talk.send(OPENING + TO_CLERK.replace('a@example.com', 'yamada@example.jp'))
    for (let n = 0; n < 4; n += 1) await talk.hear()
    expect(await talk.ask(`${signed}.`)).toMatch(/^250 /u)
    const { authenticity } = await gate.spool.about(gate.spool.ids()[0]!)
    expect(authenticity.spf).toEqual({ verdict: 'fail', domain: 'example.jp' })
    expect(authenticity.dkim).toEqual([{ verdict: 'pass', domain: 'example.jp' }])
    await gate.end()
  })

  it('where the town says so, what DMARC proves to be forged is turned away, and nothing else', async () => {
    const gate = await receiving({ resolve: zone, dmarc: 'refuse' })
    const marking = await receiving({ resolve: zone, dmarc: 'mark' })
    const silent = await receiving({
      resolve: () => Promise.reject(new Error('x')),
      dmarc: 'refuse',
    })
    for (const [where, text, answer] of [
      [gate, TEXT, /^550 5\.7\.1 SMTP-DMARC/u],
      [gate, signed, /^250 /u],
      [gate, TEXT.replace('@example.jp', '@elsewhere.jp'), /^250 /u],
      [silent, TEXT, /^250 /u],
      [marking, TEXT, /^250 /u],
    ] as const) {
      const talk = await Talk.to(where.port)
      talk.send(OPENING + TO_CLERK.replace('a@example.com', 'yamada@example.jp'))
      for (let n = 0; n < 4; n += 1) await talk.hear()
      expect(await talk.ask(`${text}.`)).toMatch(answer)
    }
    expect(gate.spool.ids()).toHaveLength(2)
    expect(gate.refused.map(({ reason }) => reason)).toEqual(['SMTP-DMARC'])
    await Promise.all([gate.end(), silent.end(), marking.end()])
  })
})
