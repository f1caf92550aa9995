/**
 * Who sent a mail, as DNS can tell: asked outside of the low side, told on the page, and at the head of the text where the sender is not who he says.
 */
import { generateKeyPairSync } from 'node:crypto'
import { dkimSign } from 'mailauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MailPage } from './api.ts'
import { until } from './browser.test-support.ts'
import { startNameServer } from './dns.test-support.ts'
import type { NameServer } from './dns.test-support.ts'
import { CLERK, sendRaw, startMailServer, withMailGate } from './mail.test-support.ts'
import type { Letter, MailServer } from './mail.test-support.ts'
import { startTestTown } from './town.test-support.ts'
import type { TestTown } from './town.test-support.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
const ZONE = {
  'example.com': 'v=spf1 ip4:192.0.2.1 -all',
  '_dmarc.example.com': 'v=DMARC1; p=reject',
  's1._domainkey.example.com': `v=DKIM1; k=rsa; p=${publicKey.toString('base64')}`,
}
/** What the sender writes about himself counts for nothing. */
const BOAST = 'Authentication-Results: mx.town.example.jp; dmarc=pass header.from=example.com\r\n'

function letter(words: string): string {
  return `From: Yamada <yamada@example.com>\r\nTo: <${CLERK}>\r\nSubject: ${words}\r\n\r\n${words}\r\n`
}

async function signed(words: string): Promise<string> {
  const key = { signingDomain: 'example.com', selector: 's1', privateKey }
  const text = letter(words)
  const { signatures } = await dkimSign(text, {
    ...key,
    signatureData: [{ ...key, algorithm: 'rsa-sha256' }],
  })
  return signatures + text
}

let names: NameServer
let server: MailServer
let town: TestTown
let port: number

beforeAll(async () => {
  names = await startNameServer(ZONE)
  server = await startMailServer()
  town = await startTestTown({
    edit: withMailGate,
    nextMailServer: { host: '127.0.0.1', port: server.port },
    resolvers: [names.address],
  })
  port = town.mailPort ?? 0
})
afterAll(async () => {
  await town.remove()
  await server.close()
  names.close()
})

function arrived(words: string): Promise<Letter> {
  return until(async () => server.letters.find(({ text }) => text.includes(words)), {
    what: words,
    ms: 20_000,
  })
}

async function sendersOf({ message }: Letter): Promise<readonly string[]> {
  const number = /with SMTP id (S-[0-9]+)/u.exec(message)?.[1] ?? ''
  const reader = await town.signIn('high', 'clerk')
  const page: MailPage = await (await reader.ask('GET', `/api/mails/${number}`)).json()
  return page.authenticity
}

describe('who sent a mail', () => {
  test('is asked of the declared name server; a signature holds, and what the sender boasts of is dropped', async () => {
    await sendRaw(port, BOAST + (await signed('shomei ari')))
    const good = await arrived('shomei ari')
    expect(await sendersOf(good)).toEqual([
      '送信元のサーバー（SPF）（example.com）：差出人のドメインの決まりに合いません。なりすましかもしれません。',
      '電子署名（DKIM）（example.com）：確かめられました。',
      '差出人のドメイン（DMARC）（example.com）：確かめられました。',
    ])
    expect(good.text).not.toContain('差出人に注意')
    expect(good.message).not.toMatch(/Authentication-Results|DKIM-Signature/iu)
    expect(names.asked).toEqual(
      expect.arrayContaining([
        'example.com TXT',
        's1._domainkey.example.com TXT',
        '_dmarc.example.com TXT',
      ]),
    )
  })

  test('a mail that its domain disowns comes, and says so in its first line', async () => {
    await sendRaw(port, BOAST + letter('nisemono'))
    const bad = await arrived('nisemono')
    expect(bad.text).toMatch(/^【差出人に注意】/u)
    expect((await sendersOf(bad)).at(-1)).toContain('なりすましかもしれません')
  })

  test('when nobody answers, that is told, and no mail is held up by it', async () => {
    names.silent = true
    for (const words of ['damatta', 'mata damatta']) {
      expect(await sendRaw(port, letter(words))).toContain('250 2.0.0 kept as')
      const untold = await arrived(words)
      expect((await sendersOf(untold)).join('')).toContain('いまは調べられませんでした')
      expect(untold.text).not.toContain('差出人に注意')
    }
  })
})
