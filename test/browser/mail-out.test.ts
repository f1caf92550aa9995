/**
 * 町の外へのメール: sent from the office, held for a person, taken back or let go, in a real browser.
 */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startMailServer } from '../../apps/server/src/mail.test-support.ts'
import type { MailServer } from '../../apps/server/src/mail.test-support.ts'
import { swaks } from '../../apps/server/src/outward.test-support.ts'
import { startBoundary } from './boundary.ts'
import type { Boundary } from './boundary.ts'
import { expectFit } from './fit.ts'

const KATSURAGI = 'katsuragi@town.kasumi.example.jp'
const VENDOR = 'madoguchi@aoba.example'

let inside: MailServer
let outside: MailServer
let boundary: Boundary
beforeAll(async () => {
  inside = await startMailServer()
  outside = await startMailServer()
  boundary = await startBoundary(withServersHere, {
    nextMailServer: { host: '127.0.0.1', port: inside.port },
    outsideMailServer: { host: '127.0.0.1', port: outside.port },
    submission: true,
  })
}, 120_000)
afterEach(() => boundary?.closePages())
afterAll(async () => {
  await boundary?.stop()
  await inside?.close()
  await outside?.close()
})

/** The town's mail servers stand on this machine. */
function withServersHere(declaration: string): string {
  const changes: readonly (readonly [string, string])[] = [
    ['addresses: [10.20.1.18]', 'addresses: [10.20.1.18, 127.0.0.1]'],
    ['networks: [10.20.0.0/16]', 'networks: [10.20.0.0/16, 127.0.0.0/8]'],
    ['port: 25, tls: required, name: mail.town', 'port: 25, tls: opportunistic, name: mail.town'],
  ]
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the declaration has no ${from}`)
    return text.replace(from, to)
  }, declaration)
}

async function send(subject: string, body: string): Promise<void> {
  const said = await swaks(boundary.town.submissionPort ?? 0, {
    from: KATSURAGI,
    to: [VENDOR],
    subject: `【自治体機密性1】${subject}`,
    body,
  })
  expect(said).toContain('250 2.')
}

/** Opens the request as the approver and decides on it. */
async function decide(
  page: Page,
  subject: string,
  word: '承認する' | '差し戻す',
  comment = '',
): Promise<void> {
  const request = page.getByRole('listitem').filter({ hasText: subject }).first()
  await request.waitFor({ timeout: 60_000 })
  await request.getByRole('link', { name: /内容を見る/ }).click()
  await page.getByText(VENDOR).first().waitFor()
  await expectFit(page)
  if (comment !== '') await page.getByLabel('ひとこと').fill(comment)
  await page.getByRole('button', { name: word }).click()
}

function sent(page: Page, subject: string) {
  return page.getByRole('listitem').filter({ hasText: subject }).first()
}

describe('町の外へのメール', () => {
  it('shows the approver who gets which words, and the sender that it waits, and takes it back', async () => {
    await send('花火の案内', '花火大会のご案内です。')
    const approver = await boundary.open('high', 'approver', '/approve')
    await decide(approver, '花火の案内', '承認する')
    await approver.getByText(/承認しました/).waitFor()
    const clerk = await boundary.open('high', 'clerk', '/mail?view=out')
    await sent(clerk, '花火の案内').getByText('出る前').waitFor({ timeout: 60_000 })
    await expectFit(clerk)
    await sent(clerk, '花火の案内')
      .getByRole('button', { name: /取り消す/ })
      .click()
    await sent(clerk, '花火の案内')
      .getByText('取り消し', { exact: true })
      .waitFor({ timeout: 60_000 })
    expect(outside.letters).toEqual([])
  }, 180_000)

  it('brings one back with the reason that the approver gave', async () => {
    await send('見積の依頼', '見積をお願いします。')
    const approver = await boundary.open('high', 'approver', '/approve')
    await decide(approver, '見積の依頼', '差し戻す', '宛先を確かめてください')
    await approver.getByText(/差し戻しました/).waitFor()
    const clerk = await boundary.open('high', 'clerk', '/mail?view=out')
    await sent(clerk, '見積の依頼').getByText('差戻し').first().waitFor({ timeout: 60_000 })
    await sent(clerk, '見積の依頼').getByText('宛先を確かめてください').waitFor()
    await expectFit(clerk)
    expect(outside.letters).toEqual([])
  }, 180_000)

  it('shows the IT officer what waits on its way out', async () => {
    const page = await boundary.open('high', 'it-officer', '/mail?view=queue')
    await page.getByRole('heading', { name: '町の外へのメール' }).waitFor()
    await expectFit(page)
    expect(boundary.complaints).toEqual([])
  }, 60_000)
})
