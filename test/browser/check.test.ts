/**
 * 点検: an IT officer finds out what another model takes and what stops when something is cut, and takes it along.
 */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { findFont } from '@sekisho/report'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startBoundary } from './boundary.ts'
import type { Boundary } from './boundary.ts'
import { expectFit } from './fit.ts'

/** So that the answers do not change with the calendar. */
const DAY = 'at=2026-11-25'
/** Longest wait for one way, on a busy machine. */
const PLANNED = { timeout: 90_000 }

let boundary: Boundary
beforeAll(async () => {
  boundary = await startBoundary()
}, 120_000)
afterEach(() => boundary?.closePages())
afterAll(() => boundary?.stop())

const officer = (path: string): Promise<Page> => boundary.open('high', 'it-officer', path)

describe('an officer who asks what β′ costs and when it is done', () => {
  it('chooses it with the keyboard, is told that it is computed, and reads both answers', async () => {
    const page = await officer(`/check?${DAY}`)
    await page.getByRole('link', { name: '工程表' }).press('Enter')
    const target = page.getByLabel('どの目標までの工程ですか')
    await target.focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    expect(await target.locator('option:checked').textContent()).toContain('β′')
    // Passing α′ on the way began nothing.
    expect(new URL(page.url()).searchParams.has('target')).toBe(false)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('status').getByText('計算しています。').waitFor()
    // Others are served while it is computed.
    const clerk = await boundary.open('high', 'clerk', '/receive')
    await clerk.getByRole('heading', { name: '受け取る' }).waitFor()
    await page.getByText('令和10年10月1日にできあがります。').waitFor(PLANNED)
    await page.getByText('日付もすべて守れます').waitFor()
    const answer = page.getByRole('definition')
    await answer.getByText('継続して監視する機器 184台（24時間の監視の契約）').waitFor()
    await answer.getByText('金額は出しません。').waitFor()
    await answer.getByText('私たちの見積もり').waitFor()
    await answer.getByText('情報担当で、約192時間増えます').waitFor()
    await expectFit(page)
  }, 150_000)

  it('sees what each fiscal year brings, and follows a step to what it waits for', async () => {
    const page = await officer(`/check?tab=roadmap&target=kasumi-beta-prime&${DAY}`)
    await page.getByRole('link', { name: '令和10年度' }).waitFor(PLANNED)
    const model = page.getByRole('listitem').filter({ hasText: 'モデルを「α」から「β′」に変える' })
    await model.getByText('BT-08（緊急対応の訓練の記録）').waitFor()
    await model.getByText('先にしたときの指摘：AP-13').waitFor()
    const link = model.getByRole('link', { name: /^手順\d+$/u }).first()
    const number = ((await link.textContent()) ?? '').replace('手順', '')
    await link.press('Enter')
    expect(new URL(page.url()).hash).toBe(`#step-${number}`)
    const step = page.locator(`#step-${number}`)
    await step.getByText('対策の文書「').first().waitFor()
    expect(await step.evaluate((element) => element.getBoundingClientRect().top)).toBeGreaterThan(
      -1,
    )
    expect(await page.getByText('にできあがります').count()).toBe(1)
  }, 150_000)

  it('brings a declaration of their own, and is told the line that cannot be read', async () => {
    const page = await officer(`/check?tab=roadmap&${DAY}`)
    await page.getByText('ほかの目標を試す').click()
    await page.getByRole('button', { name: '工程を計算する' }).click()
    await page.getByText('目標の定義のファイルを選んでください。').waitFor()
    const buffer = Buffer.from('town:\n  name: 香澄町\n  staf: 184\n')
    await page
      .getByLabel('目標の定義（target.yaml）')
      .setInputFiles({ name: '目標.yaml', mimeType: 'application/yaml', buffer })
    await page.getByRole('button', { name: '工程を計算する' }).click()
    await page.getByRole('cell', { name: '目標の定義の3行' }).waitFor()
    await page.getByText('もしかして「staff」ですか。').waitFor()
    await expectFit(page)
    // The address keeps it as long as the process does; it lies nowhere else.
    await page.reload()
    await page.getByRole('cell', { name: '目標の定義の3行' }).waitFor()
  })
})

describe('an officer who asks what stops when something is cut', () => {
  it('finds it by a part of its name, and reads what stops and whom to tell before', async () => {
    const page = await officer('/check')
    await page.getByRole('link', { name: '止めると使えなくなるもの' }).click()
    await page.getByLabel('名前でしぼる').fill('ｅｌｔａｘ')
    const target = page.getByLabel('何を止めますか')
    expect(await target.locator('option').count()).toBeLessThan(5)
    await target.selectOption({ label: 'eLTAX（地方税ポータル）' })
    await page.getByText('先に伝える課は、税務課です。').waitFor()
    await page.getByText('「税務システム」が影響を受けます。').waitFor()
    await page.getByLabel('名前でしぼる').fill('どこにもない名前')
    await page.getByText('この名前のものはありません。').waitFor()
    await expectFit(page)
  })
})

describe('an officer who asks what another edition changes', () => {
  it('chooses two editions, reads what comes and goes and why, and takes it along', async () => {
    const page = await officer(`/check?${DAY}`)
    await page.getByRole('link', { name: '版のちがい' }).click()
    await page.getByRole('heading', { name: /R7\.3 → R8\.3/u }).waitFor()
    await page.getByLabel('もとの版').selectOption('R6.10')
    await page.getByLabel('くらべる版').selectOption('R7.3')
    await page.getByRole('button', { name: 'くらべる' }).click()
    await page.getByRole('heading', { name: /R6\.10 → R7\.3\s令和8年11月25日の時点/u }).waitFor()
    expect(new URL(page.url()).search).toContain('from=R6.10&to=R7.3')
    const rules = page.getByRole('region', { name: 'ガイドラインで変わる決まり' })
    await rules.getByRole('row').filter({ hasText: 'ZN-12' }).getByText('変わる').first().waitFor()
    await page.getByText('令和7年3月版').last().waitFor()
    await expectFit(page)
    const coming = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Excelで保存' }).click()
    expect((await coming).suggestedFilename()).toBe('diff-R6.10-R7.3-2026-11-25.xlsx')
  })
})

describe('an officer who is asked for papers by the council', () => {
  it('makes the whole set, leaves while it is made, comes back to it, and saves it', async () => {
    const page = await officer(`/check?tab=report&${DAY}`)
    await page.getByLabel('移行の手順も入れますか').waitFor()
    await page.getByRole('button', { name: '一式を作る' }).press('Enter')
    if ((await findFont()) === undefined) {
      await page.getByText('fonts-ipamj-mincho').waitFor(PLANNED)
      return
    }
    await page.getByRole('status').getByText('一式を作っています。').waitFor()
    await page.getByText('ほかの画面へ移っても、計算は続きます。').waitFor()
    const address = page.url()
    expect(address).toMatch(/set=[0-9a-f]{64}/u)
    await page.goto(new URL('/decide', address).href)
    await page.getByRole('heading', { name: '判断する' }).waitFor()
    await page.goto(address)
    await page.getByRole('heading', { name: '一式ができました。' }).waitFor(PLANNED)
    await expectFit(page)
    const told = await page.getByRole('row').filter({ hasText: '点検.pdf' }).textContent()
    expect(told).toMatch(/[0-9a-f]{64}/u)
    const coming = page.waitForEvent('download')
    await page.getByRole('button', { name: /^一式を保存する/u }).click()
    const saved = await coming
    expect(saved.suggestedFilename()).toBe('report-2026-11-25.zip')
    expect((await readFile(await saved.path())).subarray(0, 2).toString()).toBe('PK')
    await page.getByText('保存しました。').waitFor()
  }, 150_000)
})

describe('what is taken along', () => {
  it('is saved under a name with its day', async () => {
    const page = await officer(`/check?tab=self-check&${DAY}`)
    const coming = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Excelで保存' }).click()
    const saved = await coming
    expect(saved.suggestedFilename()).toBe('self-check-2026-11-25.xlsx')
    expect((await readFile(await saved.path())).subarray(0, 2).toString()).toBe('PK')
    await page.getByText('保存しました。').waitFor()
  })

  it('is the whole way, from the page that shows it', async () => {
    const page = await officer(`/check?tab=roadmap&target=kasumi-beta-prime&${DAY}`)
    await page.getByText('にできあがります').waitFor(PLANNED)
    const coming = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Excelで保存' }).click()
    expect((await coming).suggestedFilename()).toBe('roadmap-2026-11-25.xlsx')
  }, 150_000)

  it('is a PDF, or the name of the package that is missing, and never a refusal saved as one', async () => {
    const page = await officer(`/check?${DAY}`)
    if ((await findFont()) === undefined) {
      await page.getByRole('button', { name: 'PDFで保存' }).click()
      await page.getByText('fonts-ipamj-mincho').waitFor()
      return
    }
    const coming = page.waitForEvent('download', { timeout: 60_000 })
    await page.getByRole('button', { name: 'PDFで保存' }).click()
    expect((await coming).suggestedFilename()).toBe('check-2026-11-25.pdf')
    await page.route('**/api/check.pdf*', (route) =>
      route.fulfill({ status: 503, json: { reason: 'FONT-MISSING', ...FONT } }),
    )
    let downloads = 0
    page.on('download', () => (downloads += 1))
    await page.getByRole('button', { name: 'PDFで保存' }).click()
    await page.getByText(FONT.cure).waitFor()
    expect(downloads).toBe(0)
  })
})

const FONT = {
  what: 'PDFを作れませんでした。',
  why: '関所の機械に、日本語のフォントがありません。',
  cure: '情報担当に、fonts-ipamj-mincho を入れてもらってください。',
  number: '',
  at: '2026-11-25T00:00:00.000Z',
} as const

describe('on paper', () => {
  it('stand the day, the clause of each finding and the state in words, and no control', async () => {
    const page = await officer(`/check?${DAY}`)
    await page.getByText('個の問いのうち').waitFor()
    await page.emulateMedia({ media: 'print' })
    await page.getByText('指摘　令和8年11月25日の時点').waitFor()
    expect(
      await page
        .getByRole('cell', { name: /^第3編/u })
        .first()
        .isVisible(),
    ).toBe(true)
    expect(await page.getByRole('button').count()).toBe(0)
    expect(await page.getByRole('combobox').count()).toBe(0)
    expect(await page.getByRole('navigation').count()).toBe(0)
  })

  it('stands an answer of 判断する with its choices, and nothing to press', async () => {
    const page = await boundary.open('high', 'clerk', '/decide/classify')
    await page.getByRole('button', { name: '答えを見る' }).waitFor()
    await page.emulateMedia({ media: 'print' })
    expect(await page.getByRole('button').count()).toBe(0)
    expect(await page.getByRole('radio').count()).toBeGreaterThan(0)
  })
})

describe('somebody who neither mends nor audits the town', () => {
  it.each(['clerk', 'approver'] as const)(
    '%s has no link, and is refused by the address',
    async (role) => {
      const page = await boundary.open('high', role, '/check?tab=roadmap&target=kasumi-beta-prime')
      expect(await page.getByRole('link', { name: '点検', exact: true }).count()).toBe(0)
      await page.getByText('この画面を使う役目ではありません。').waitFor()
      expect(await page.getByText('kasumi-beta-prime').count()).toBe(0)
    },
  )

  it('made the browser complain about nothing', () => {
    expect(boundary.complaints).toEqual([])
  })
})
