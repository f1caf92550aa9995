/**
 * 判断する: a clerk asks, keeps the answer, and later replaces it.
 */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startBoundary } from './boundary.ts'
import type { Boundary } from './boundary.ts'
import { expectFit } from './fit.ts'

let boundary: Boundary
beforeAll(async () => {
  boundary = await startBoundary()
}, 120_000)
afterEach(() => boundary?.closePages())
afterAll(() => boundary?.stop())

const answer = (page: Page) => page.getByRole('button', { name: '答えを見る' }).click()
const choose = (page: Page, question: string, value: string) =>
  page.getByRole('group', { name: question }).getByLabel(value, { exact: true }).check()

async function useExample(page: Page, title: string): Promise<void> {
  await page.getByText('見本', { exact: true }).click()
  await page.getByRole('button', { name: `「${title}」を入れる` }).click()
}

describe('a clerk who asks which class something is', () => {
  it('is told what is still open, and then the class with its reasons', async () => {
    const page = await boundary.open('high', 'clerk', '/decide/classify')
    await answer(page)
    await page.getByText('か所が、まだ選ばれていません。').waitFor()
    await useExample(page, '職員の人事情報')
    await answer(page)
    await page.getByText('自治体機密性3C', { exact: true }).waitFor()
    await page.getByText('職員の属性に基づく個人情報は、自治体機密性3C以上です。').waitFor()
    await expectFit(page)
  })

  it('sees that the answer belongs to what was chosen, not to what is chosen now', async () => {
    const page = await boundary.open('high', 'clerk', '/decide/classify')
    await useExample(page, '公表済みの統計')
    await answer(page)
    await page.getByText('自治体機密性1', { exact: true }).waitFor()
    await choose(page, '公表するものですか', 'いずれ公表する（すぐではない）')
    await page.getByText('もう一度「答えを見る」を押してください').waitFor()
    expect(await page.getByRole('button', { name: '記録する' }).count()).toBe(0)
    await answer(page)
    await page.getByText('自治体機密性2', { exact: true }).waitFor()
  })

  it('sees both readings where the sources leave it open, and is not asked to choose one', async () => {
    const page = await boundary.open('high', 'clerk', '/decide/classify')
    await useExample(page, '電子申請1件のデータ（初めの読み方）')
    expect(await page.getByText('と団体で決めていますか').count()).toBe(0)
    await answer(page)
    await page.getByText('解釈が分かれています（O5）。').waitFor()
    await page.getByText('「3B」（今の読み方）').waitFor()
    await page.getByText('出所：検討会第9回').waitFor()
    await page.getByText('機密性 自治体機密性2', { exact: true }).waitFor()
    await expectFit(page)
  })

  it('keeps the answer, finds it in the log, and replaces it with a reason', async () => {
    const page = await boundary.open('high', 'clerk', '/decide/classify')
    await useExample(page, '電子申請1件のデータ（初めの読み方）')
    await answer(page)
    await page.getByRole('button', { name: '記録する' }).click()
    await page.getByText('何についての判断かを書いてください。').waitFor()
    await page.getByLabel('何についての判断ですか').fill('葛\u{E0102}城橋 電子申請')
    await page.getByRole('button', { name: '記録する' }).click()
    await page.getByText('判断D-1として記録しました。').waitFor()
    await page.getByRole('link', { name: '判断D-1を新しい判断に置き換える' }).click()
    await page.getByText('判断D-1「葛\u{E0102}城橋 電子申請」に代わる判断です。').waitFor()
    await choose(page, '誰の情報が入っていますか', '個人情報はない')
    await answer(page)
    await page.getByText('自治体機密性3C', { exact: true }).waitFor()
    await page.getByRole('button', { name: '記録する' }).click()
    await page.getByText('何が変わったのかを書いてください。').waitFor()
    await page.getByLabel('前の判断に代わる理由').fill('個人情報を除いたため')
    await page.getByRole('button', { name: '記録する' }).click()
    await page.getByText('判断D-2に置き換わりました。').waitFor()
    await expectFit(page)
    await page.goto(new URL('/evidence?kind=decided', page.url()).href)
    await page.getByText('「情報資産の分類」に答えました').first().waitFor()
    expect(boundary.complaints).toEqual([])
  })

  it('finds a decision again when its day comes', async () => {
    const page = await boundary.open('high', 'clerk', '/decide/register-flow')
    await useExample(page, 'eLTAXから申告データを受け取る')
    await page.getByLabel('使う期間の終わりの日はいつですか').fill('2020-03-31')
    await answer(page)
    await page.getByLabel('何についての判断ですか').fill('eLTAX')
    await page.getByRole('button', { name: '記録する' }).click()
    const due = page.getByRole('region', { name: '日が来る判断' })
    await due.getByText('過ぎています').waitFor()
    await expectFit(page)
    const officer = await boundary.open('high', 'it-officer', '/check?tab=calendar')
    await officer.getByRole('region', { name: '日が来る判断' }).getByText('2020-03-31').waitFor()
    await expectFit(officer)
  })
})

describe('a clerk who comes from a page of the cloud gate', () => {
  it('finds written in what the gate knows, through the sign-in, and adds the rest', async () => {
    const known = new URLSearchParams({
      subject: 'chat.example.jp:443',
      refused: 'W-A1B2C3-7',
      breakoutPath: 'direct',
      breakoutListed: 'false',
      breakoutPattern: 'communication',
    })
    const page = await boundary.open('high', 'clerk', `/decide/breakout?${known.toString()}`)
    await page.getByText('クラウドの関所から、分かっていることを書き込みました。').waitFor()
    await page.getByText('chat.example.jp:443', { exact: true }).waitFor()
    const chosen = page.getByLabel('コミュニケーション（Web会議、チャット、メール）')
    expect(await chosen.isChecked()).toBe(true)
    await expectFit(page)
    await useExample(page, 'Web会議へLGWAN接続系から直接つなぐ（α′モデルの団体）')
    await answer(page)
    await page.getByRole('heading', { name: 'この答えを記録する' }).waitFor()
    expect(await page.getByLabel('何についての判断ですか').inputValue()).toBe('chat.example.jp:443')
    expect(await page.getByLabel('補足（任意）').inputValue()).toContain('受付番号W-A1B2C3-7')
    await page.getByRole('button', { name: '記録する' }).click()
    await page.getByText('として記録しました').waitFor()
    await page.getByRole('cell', { name: 'chat.example.jp:443' }).first().waitFor()
  })
})
