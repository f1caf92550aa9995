/**
 * A whole town between two real Postfix servers: one in front, as the security cloud of the prefecture is, one behind, as the mail server on LGWAN is. Mail
 * goes in through both, and out through both.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OutgoingMailCard } from '../apps/server/src/api.ts'
import { until } from '../apps/server/src/browser.test-support.ts'
import { CLERK, swaks, withMailGate, withOutward } from '../apps/server/src/mail.test-support.ts'
import { swaks as handIn } from '../apps/server/src/outward.test-support.ts'
import { startTestTown } from '../apps/server/src/town.test-support.ts'
import type { TestTown } from '../apps/server/src/town.test-support.ts'
import { POSTFIX, freePort, startPostfix } from '../packages/gates/mail/src/postfix.test-support.ts'
import type { Postfix } from '../packages/gates/mail/src/postfix.test-support.ts'

const CI = process.env['CI'] === 'true'
const OWN = 'town.example.jp'
const OUTSIDE = 'info@vendor.example.com'

describe.skipIf(!POSTFIX && !CI)(
  `between two Postfix servers${POSTFIX ? '' : ' (skipped: not installed, or not root)'}`,
  () => {
    let town: TestTown
    let front: Postfix
    let behind: Postfix
    const folder = mkdtempSync(join(tmpdir(), 'sekisho-mail-'))

    beforeAll(async () => {
      const mail = await freePort()
      const submission = await freePort()
      front = await startPostfix({
        next: mail,
        relayDomains: [OWN],
        ownDomains: ['vendor.example.com'],
      })
      behind = await startPostfix({ next: submission, relayDomains: [], ownDomains: [OWN] })
      town = await startTestTown({
        edit: (declaration) => withOutward(withMailGate(declaration)),
        ports: { low: 0, high: 0, mail, submission },
        nextMailServer: { host: '127.0.0.1', port: behind.port },
        outsideMailServer: { host: '127.0.0.1', port: front.port },
      })
    }, 240_000)
    afterAll(async () => {
      await town?.remove()
      front?.stop()
      behind?.stop()
      rmSync(folder, { recursive: true, force: true })
    }, 60_000)

    const inMailbox = (server: Postfix, words: string): Promise<string> =>
      until(
        async () =>
          server.mailbox().find((mail) => mail.includes(words) || textOf(mail).includes(words)),
        { what: `${words} in the mailbox`, ms: 60_000 },
      )

    test('a mail from the internet lies in the mailbox as text, its attachment one click away', async () => {
      const file = join(folder, 'yosan.txt')
      writeFileSync(file, 'himitsu 100\r\n')
      const said = await swaks(
        front.port,
        [CLERK],
        '--header',
        'Subject: mitsumori',
        '--body',
        'kotoba desu',
        '--attach',
        `@${file}`,
      )
      expect(said).toContain('250 2.0.0 Ok: queued')
      const mail = await inMailbox(behind, 'kotoba desu')
      const header = mail.slice(0, mail.indexOf('\n\n'))
      expect(header).toMatch(/^Return-Path: <>$/mu)
      expect(header).toMatch(new RegExp(`^Delivered-To: ${CLERK}$`, 'mu'))
      expect(header).toMatch(/^Received: by localhost with SMTP id S-1001;/mu)
      expect(header).toMatch(/^Subject: mitsumori$/mu)
      expect(header.match(/^MIME-Version:/gmu)).toHaveLength(1)
      expect(header).not.toMatch(/front\.example\.com.*queued|X-Mailer|swaks/u)
      expect(textOf(mail)).not.toContain('himitsu')
      const [, number = '', part = ''] = /\/mail\/(S-[0-9]+)#(\S+)/u.exec(textOf(mail)) ?? []
      const reader = await town.signIn('high', 'clerk')
      const click = { idempotencyKey: 'click-0001' }
      const asked = await reader.json('POST', `/api/mails/${number}/pick-ups/${part}`, click)
      expect(asked.status).toBe(200)
      const item = await until(
        async () =>
          (await reader.inbox()).find(
            ({ fileName, state }) => fileName === 'yosan.txt' && state === 'delivered',
          ),
        { what: 'the attachment', ms: 60_000 },
      )
      const taken = await reader.ask('GET', `/api/inbox/${item.id}/file`)
      expect(await taken.text()).toContain('himitsu 100')
      await until(async () => front.queue().includes('Mail queue is empty'))
      expect(behind.mailbox()).toHaveLength(1)
    }, 240_000)

    test('a mail to the internet leaves through both, approved, without a word about the desk', async () => {
      expect(await handIn(behind.port, { from: CLERK, to: [OUTSIDE], body: 'soto e' })).toContain(
        '250 2.0.0 Ok: queued',
      )
      const approver = await town.signIn('high', 'approver')
      const card = await until(
        async () => {
          const answer = await approver.ask('GET', '/api/mail-out/approvals')
          return ((await answer.json()) as { cards: OutgoingMailCard[] }).cards[0]
        },
        { what: 'a card', ms: 60_000 },
      )
      const { number, sha256, destination, purpose } = card
      const bound = { decision: 'approve', sha256, destination, purpose, comment: '' }
      const approved = await approver.json('POST', `/api/mail-out/approvals/${number}`, bound)
      expect(approved.status).toBe(200)
      const mail = await inMailbox(front, 'soto e')
      const header = mail.slice(0, mail.indexOf('\n\n'))
      expect(header).toMatch(new RegExp(`^Return-Path: <${CLERK}>$`, 'mu'))
      expect(header).toMatch(new RegExp(`^Delivered-To: ${OUTSIDE}$`, 'mu'))
      expect(header).not.toMatch(/X-Desk|10\.20\.3\.41|pc-041 \(/u)
      // Its own line alone: the way inside is nobody's business.
      expect(header.match(/^Received:/gmu)).toHaveLength(1)
      expect(front.mailbox()).toHaveLength(1)
    }, 240_000)
  },
)

/** The words of a mail whose text is written as base64, as Postfix keeps it: with bare line feeds. */
function textOf(mail: string): string {
  return Buffer.from(mail.slice(mail.indexOf('\n\n') + 2), 'base64').toString()
}
