/**
 * 理由・条項を調べる: an officer or an auditor finds out what an id, a clause, a word, a class or an open point means.
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

const officer = (path: string): Promise<Page> => boundary.open('high', 'it-officer', path)

describe('an officer who reads a finding', () => {
  it('follows its number with the keyboard, reads what it means, and comes back to where they were', async () => {
    const page = await officer('/check?at=2026-11-25&edition=R8.3')
    const link = page.getByRole('cell').getByRole('link').first()
    const id = (await link.textContent()) ?? ''
    await link.press('Enter')
    await page
      .getByRole('heading', { level: 2, name: new RegExp(`^${id}`, 'u') })
      .first()
      .waitFor()
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(`/explain?asked=${id}`)
    await page.getByText('このまちの版とモデルに当てはまります。').first().waitFor()
    await expectFit(page)
    await page.goBack()
    await page.getByText('個の問いのうち').waitFor()
  })
})

describe('an officer who has a clause, a word or a class in hand', () => {
  it('types it, presses Enter, and follows one of the rules', async () => {
    const page = await officer('/explain')
    await page.getByLabel('何を調べますか').fill('番号法19条')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: /にかかわる決まり/u }).waitFor()
    await expectFit(page)
    await page.getByRole('link', { name: 'PRV-MN-PROVIDE' }).click()
    await page.getByRole('heading', { level: 2, name: /^PRV-MN-PROVIDE/u }).waitFor()
    expect(await page.getByLabel('何を調べますか').inputValue()).toBe('PRV-MN-PROVIDE')
  })

  it('is told that a level without its scheme means nothing, and where to ask', async () => {
    const page = await officer('/explain?asked=%E6%A9%9F%E5%AF%86%E6%80%A73')
    await page.getByRole('heading', { name: /だけでは、どの分類か決まりません。/u }).waitFor()
    await expectFit(page)
    await page.getByRole('link', { name: '「判断する」の分類の問いで確かめる' }).click()
    await page.getByRole('button', { name: '答えを見る' }).waitFor()
  })

  it('is asked to type something, and led on after a slip of the hand', async () => {
    const page = await officer('/explain')
    await page.getByRole('button', { name: '調べる' }).click()
    await page.getByText('調べることばを入れてください。').waitFor()
    await page.getByLabel('何を調べますか').fill('ZN-6')
    await page.getByRole('button', { name: '調べる' }).click()
    await page.getByText('という番号も、条項も、ことばもありません。').waitFor()
    await expectFit(page)
    await page.getByRole('link', { name: 'ZN-06' }).click()
    await page
      .getByRole('heading', { level: 2, name: /^ZN-06/u })
      .first()
      .waitFor()
  })

  it('sees what they typed as it is, not what it would do', async () => {
    const asked = '<img src=x onerror=alert(1)>\u202Egnp'
    const page = await officer(`/explain?${new URLSearchParams({ asked }).toString()}`)
    await page.getByText('<img src=x onerror=alert(1)>U+202Egnp').waitFor()
  })
})

describe('an auditor who asks what is still open', () => {
  it('sees every point with each reading, and the one this town goes by', async () => {
    const page = await officer('/explain')
    const point = page.getByRole('region', { name: 'O5　電子申請1件の情報の分類' })
    await point.getByText('「3B」').waitFor()
    await point.getByText('「2」').waitFor()
    expect(await point.getByRole('listitem').filter({ hasText: '今の読み方' }).count()).toBe(1)
    expect(await page.getByRole('region', { name: /^O\d+\s/u }).count()).toBe(10)
    await expectFit(page)
    await point.getByRole('link', { name: 'CL-3B-TRANSACTION' }).click()
    await page.getByRole('link', { name: 'O5　電子申請1件の情報の分類' }).click()
    await page.getByText('住民の申請1件の情報を、自治体機密性3Bと読むか').waitFor()
  })
})

describe('somebody who neither mends nor audits the town', () => {
  it('has no link and sees numbers as text', async () => {
    const page = await boundary.open('high', 'clerk', '/explain?asked=ZN-06')
    await page.getByText('この画面を使う役目ではありません。').waitFor()
    expect(await page.getByRole('link', { name: '理由・条項を調べる' }).count()).toBe(0)
    expect(await page.getByRole('link', { name: 'NOT-YOUR-ROLE' }).count()).toBe(0)
    await page.getByText('NOT-YOUR-ROLE').waitFor()
  })

  it('made the browser complain about nothing', () => {
    expect(boundary.complaints).toEqual([])
  })
})
