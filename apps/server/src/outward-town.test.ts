/**
 * A whole town: from the mail server of the office to the mail server of the internet side, through both processes and the link.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from './browser.test-support.ts'
import type { OutgoingMail, OutgoingMailCard } from './api.ts'
import { CLERK, startMailServer, withMailGate, withOutward } from './mail.test-support.ts'
import type { MailServer } from './mail.test-support.ts'
import { swaks } from './outward.test-support.ts'
import { startTestTown } from './town.test-support.ts'
import type { TestTown } from './town.test-support.ts'

const OUTSIDE = 'info@vendor.example.com'
let town: TestTown
let inside: MailServer
let outside: MailServer

beforeAll(async () => {
  inside = await startMailServer()
  outside = await startMailServer()
  town = await startTestTown({
    edit: (declaration) => withOutward(withMailGate(declaration)),
    ports: { low: 0, high: 0, mail: 0, submission: 0 },
    nextMailServer: { host: '127.0.0.1', port: inside.port },
    outsideMailServer: { host: '127.0.0.1', port: outside.port },
  })
}, 240_000)
afterAll(async () => {
  await town?.remove()
  await inside.close()
  await outside.close()
}, 60_000)

describe('a mail from the office to the internet', () => {
  it('is taken from the declared server, approved on the page, and leaves from the low side', async () => {
    expect(await swaks(town.submissionPort ?? 0, { from: CLERK, to: [OUTSIDE] })).toContain(
      '250 2.',
    )
    const approver = await town.signIn('high', 'approver')
    const card = await until(async () => {
      const answer = await approver.ask('GET', '/api/mail-out/approvals')
      const { cards } = (await answer.json()) as { cards: OutgoingMailCard[] }
      return cards[0]
    })
    expect(card).toMatchObject({ number: 'M-1001', external: [OUTSIDE], level: '1' })
    const { sha256, destination, purpose } = card
    const bound = { sha256, destination, purpose, comment: '' }
    const path = '/api/mail-out/approvals/M-1001'
    const answer = await approver.json('POST', path, { decision: 'approve', ...bound })
    expect(answer.status).toBe(200)
    const letter = await until(async () => outside.letters[0])
    expect(letter).toMatchObject({ from: CLERK, to: [OUTSIDE] })
    expect(letter.message).not.toMatch(/X-Desk|10\.20\.3\.41|Received/u)
    const clerk = await town.signIn('high', 'clerk')
    const mine = await until(async () => {
      const mails = (await (await clerk.ask('GET', '/api/mail-out')).json()) as {
        items: OutgoingMail[]
      }
      return mails.items.find(({ state }) => state === 'sent')
    })
    expect(mine).toMatchObject({ number: 'M-1001', mayRecall: false })
    expect(inside.letters.filter(({ to }) => to.includes(OUTSIDE))).toEqual([])
  }, 240_000)
})
