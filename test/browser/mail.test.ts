/**
 * メール: from a sender on the internet to the desk, the attachment one click away, in a real browser.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sendRaw, startMailServer } from '../../apps/server/src/mail.test-support.ts'
import type { MailServer } from '../../apps/server/src/mail.test-support.ts'
import { startBoundary } from './boundary.ts'
import type { Boundary } from './boundary.ts'
import { expectFit } from './fit.ts'

const KATSURAGI = 'katsuragi@town.kasumi.example.jp'
const PASSWORD = 'himitsu'
const LOCKED = join(import.meta.dirname, '../../corpus/disarm/pdf/password-aes-256-r6.pdf')

let server: MailServer
let boundary: Boundary
beforeAll(async () => {
  server = await startMailServer()
  boundary = await startBoundary('', { nextMailServer: { host: '127.0.0.1', port: server.port } })
}, 120_000)
afterEach(() => boundary?.closePages())
afterAll(async () => {
  await boundary?.stop()
  await server?.close()
})

const encoded = (text: string): string => `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`

interface Attached {
  readonly name: string
  readonly bytes: Buffer
}

/** A mail as an office program of a company writes it. */
function letter(subject: string, text: string, file?: Attached): string {
  const head = [
    `From: ${encoded('株式会社あおば 髙橋')} <takahashi@aoba.example>`,
    `To: <${KATSURAGI}>`,
    `Subject: ${encoded(subject)}`,
    'Date: Thu, 26 Nov 2026 09:00:00 +0900',
    `Message-ID: <${randomBytes(8).toString('hex')}@aoba.example>`,
    'MIME-Version: 1.0',
  ]
  const words = [
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(text).toString('base64'),
  ]
  if (file === undefined) return [...head, ...words].join('\r\n')
  const name = encoded(file.name)
  return [
    ...head,
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    ...words,
    '--b',
    `Content-Type: application/octet-stream; name="${name}"`,
    `Content-Disposition: attachment; filename="${name}"`,
    'Content-Transfer-Encoding: base64',
    '',
    ...(file.bytes.toString('base64').match(/.{1,76}/gu) ?? []),
    '--b--',
  ].join('\r\n')
}

async function send(message: string): Promise<void> {
  expect(await sendRaw(boundary.town.mailPort!, message, [KATSURAGI])).toMatch(/^2/u)
}

/** Opens メール and waits for the mail to be there, handed on. */
async function openMail(page: Page, subject: string): Promise<void> {
  const row = page
    .getByRole('listitem')
    .filter({ hasText: subject })
    .filter({ hasText: '届きました' })
  await row.first().waitFor({ timeout: 60_000 })
  await row.first().getByRole('link').click()
  await page.getByRole('heading', { name: subject }).waitFor()
}

function waiting(page: Page, name: string): Locator {
  return page.getByRole('listitem').filter({ hasText: name }).first()
}

describe('メール', () => {
  it('shows a clerk the words at once and brings the attachment on a click', async () => {
    const csv = { name: '予算𠮷.csv', bytes: Buffer.from('項目,金額\r\n備品,100\r\n') }
    await send(letter('来週の資料', '葛󠄂城様\r\n資料をお送りします。', csv))
    const page = await boundary.open('high', 'clerk', '/mail')
    await openMail(page, '来週の資料')
    await page.getByText('資料をお送りします。').waitFor()
    expect(await page.getByText('U+000D').count()).toBe(0)
    await expectFit(page)
    await page.getByRole('button', { name: '「予算𠮷.csv」を取り出す' }).click()
    await waiting(page, '予算𠮷.csv').getByText('受け取れます').waitFor({ timeout: 60_000 })
    await page.getByRole('link', { name: '「受け取る」を開く' }).click()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: '「予算𠮷.csv」を受け取る' }).click()
    expect((await download).suggestedFilename()).toBe('予算𠮷.csv')
  }, 150_000)

  it('shows whose mail it was the original, outside, after another person agreed, once', async () => {
    await send(letter('原本の件', '項目を見てください。'))
    const inside = await boundary.open('high', 'clerk', '/mail')
    await openMail(inside, '原本の件')
    const number = /S-[0-9]+/u.exec(inside.url())?.[0] ?? ''
    const page = await boundary.open('low', 'clerk', '/original')
    await page.getByLabel('メールの受付番号').fill(number)
    await page.getByLabel('見る理由').fill('差出人の項目を確かめる')
    await page.getByRole('button', { name: '申し出る' }).click()
    await page.getByText('申し出ました。').waitFor()
    await expectFit(page)
    const approver = await boundary.open('low', 'approver', '/original')
    await approver.getByRole('heading', { name: 'あなたの承認を待つ申し出' }).waitFor()
    await expectFit(approver)
    await approver.getByRole('button', { name: '見てよい' }).click()
    await approver.getByText('受け取れます').waitFor()
    const take = page.getByRole('button', { name: `${number}の原本を受け取る` })
    await take.waitFor({ timeout: 30_000 })
    const download = page.waitForEvent('download')
    await take.click()
    expect((await download).suggestedFilename()).toBe(`${number}.eml`)
    await page.getByText('受け取りました').waitFor()
    expect(await take.count()).toBe(0)
  }, 150_000)

  it('takes the password of a file, with the mail that brought it beside the field', async () => {
    const locked = { name: '見積.pdf', bytes: readFileSync(LOCKED) }
    await send(letter('見積書の件', '見積書です。', locked))
    await send(letter('パスワードのお知らせ', `パスワードは ${PASSWORD} です。`))
    const page = await boundary.open('high', 'clerk', '/mail')
    await page
      .getByRole('listitem')
      .filter({ hasText: 'パスワードのお知らせ' })
      .first()
      .waitFor({ timeout: 60_000 })
    await openMail(page, '見積書の件')
    await page
      .getByLabel('読むメール')
      .selectOption({ label: await optionWith(page, 'パスワードのお知らせ') })
    await page.getByText(`パスワードは ${PASSWORD} です。`).waitFor()
    await expectFit(page)
    await page.getByLabel('ファイルのパスワード').fill('ちがう')
    await page.getByRole('button', { name: 'パスワードを使って取り出す' }).click()
    await waiting(page, '見積.pdf').getByText('差止め').waitFor({ timeout: 60_000 })
    await page.getByLabel('ファイルのパスワード').fill(PASSWORD)
    await page.getByRole('button', { name: 'パスワードを使って取り出す' }).click()
    await waiting(page, '見積.pdf').getByText('受け取れます').waitFor({ timeout: 60_000 })
  }, 180_000)

  it('finds a mail by words of its subject, and says plainly when there is none', async () => {
    await send(letter('花火大会の警備について', '警備の件です。'))
    const page = await boundary.open('high', 'clerk', '/mail')
    await page
      .getByRole('listitem')
      .filter({ hasText: '花火大会' })
      .first()
      .waitFor({ timeout: 60_000 })
    await page.getByLabel('差出人・件名・受付番号').fill('花火')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: '全部を見る' }).waitFor()
    const found = page.getByRole('list', { name: 'メール', exact: true }).getByRole('listitem')
    await found.filter({ hasText: '花火大会' }).waitFor()
    expect(await found.count()).toBe(1)
    await page.getByLabel('差出人・件名・受付番号').fill('どこにもない')
    await page.keyboard.press('Enter')
    await page.getByText('「どこにもない」に合うメールは見つかりませんでした').waitFor()
    await expectFit(page)
  }, 120_000)

  it('is nobody else’s: a colleague of another section finds neither list nor page', async () => {
    await send(letter('人事の相談', 'ご内密に。'))
    const mine = await boundary.open('high', 'clerk', '/mail')
    const row = mine.getByRole('listitem').filter({ hasText: '人事の相談' }).first()
    await row.waitFor({ timeout: 60_000 })
    const number = /S-\d+/u.exec((await row.textContent()) ?? '')?.[0] ?? ''
    const other = await boundary.open('high', 'it-officer', `/mail/${number}`)
    await other.getByRole('alert').waitFor()
    expect(await other.getByText('ご内密に').count()).toBe(0)
  }, 120_000)

  it('shows the IT officer how mails are handed on', async () => {
    const page = await boundary.open('high', 'it-officer', '/mail?view=queue')
    await page.getByText('答えています').waitFor()
    await page.getByText('この7日間に、入口で受け取らなかったもの').waitFor()
    await expectFit(page)
    expect(boundary.complaints).toEqual([])
  }, 60_000)
})

async function optionWith(page: Page, text: string): Promise<string> {
  const option = page.getByLabel('読むメール').locator('option').filter({ hasText: text })
  return (await option.first().textContent()) ?? ''
}
