/**
 * まちの構成: an officer looks at the town, asks what one system can reach, and prints it.
 */
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { LAPTOP, PHONE, ZOOMED, startBoundary } from './boundary.ts'
import type { Boundary } from './boundary.ts'

let boundary: Boundary
beforeAll(async () => {
  boundary = await startBoundary()
}, 120_000)
afterEach(() => boundary?.closePages())
afterAll(() => boundary?.stop())

async function open(path = '/town'): Promise<Page> {
  const page = await boundary.open('high', 'it-officer', path)
  await page.getByRole('figure').waitFor()
  return page
}

const link = (page: Page, name: string | RegExp) =>
  page.getByRole('figure').getByRole('link', { name })

/** Presses Tab until the name of what has the focus holds a text; tells all names on the way. */
async function tabTo(page: Page, text: string, most = 200): Promise<readonly string[]> {
  const names: string[] = []
  for (let press = 0; press < most; press += 1) {
    await page.keyboard.press('Tab')
    const name = await page.evaluate(
      () =>
        document.activeElement?.getAttribute('aria-label') ??
        document.activeElement?.textContent ??
        '',
    )
    names.push(name)
    if (name.includes(text)) return names
  }
  throw new Error(`not reached: ${text}`)
}

describe('the page まちの構成', () => {
  it.each([
    ['/town', '43本の通信です'],
    ['/town?only=mynumber', '13本の通信です'],
    ['/town?from=system:lg-tanmatsu', '業務端末 から届く先'],
    ['/town?from=person:s0001', '名前が「福祉課」で始まる端末'],
    ['/town?flow=eltax', '申告データと国税連携データの受け取り'],
    ['/town?gate=file:file-in', 'ここで確かめたものだけが通ります'],
  ])('%s has no finding of axe and fits a laptop, 200 %% and a phone', async (path, seen) => {
    const page = await open(path)
    await page.getByText(seen).first().waitFor()
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([])
    for (const size of [LAPTOP, ZOOMED, PHONE]) {
      await page.setViewportSize(size)
      const over = await page.evaluate(() =>
        Math.max(0, document.documentElement.scrollWidth - innerWidth),
      )
      expect([size.width, over]).toEqual([size.width, 0])
    }
    // Letters of the picture are never drawn smaller than 12 pixels, whatever the screen.
    const letters = await page
      .getByRole('figure')
      .locator('text')
      .first()
      .evaluate((text: SVGGraphicsElement) => 14 * (text.getScreenCTM()?.a ?? 0))
    expect(letters).toBeGreaterThanOrEqual(12)
  })

  it('is for officers and auditors, and stands in nobody else’s list', async () => {
    const officer = await open()
    expect(await officer.getByRole('link', { name: 'まちの構成' }).count()).toBe(1)
    const clerk = await boundary.open('high', 'clerk', '/town')
    await clerk.getByText('この画面を使う役目ではありません。').waitFor()
    expect(await clerk.getByRole('link', { name: 'まちの構成' }).count()).toBe(0)
    expect(await clerk.locator('svg text').count()).toBe(0)
  })

  it('tells of an arrow what for, whose, by which clause, last use and end', async () => {
    const page = await open()
    await link(page, /通信5「eLTAX/u)
      .locator('rect')
      .click()
    const dialog = page.getByRole('dialog', { name: '通信5「eLTAXの申告データ取り込み」' })
    for (const text of [
      '申告データと国税連携データの受け取り',
      '税務課',
      '香特-05',
      '令和11年（2029年）3月31日',
      '記録なし',
      'FLOW',
    ])
      await dialog.getByText(text).first().waitFor()
    await page.goto(new URL('/town?flow=kenko-hoshu', page.url()).href)
    await page
      .getByRole('dialog')
      .getByText('MAC アドレスまで決めた特定通信として登録されていない')
      .waitFor()
  })

  it('lights what one system can reach, thicker and not only in colour, and lists it', async () => {
    const page = await open()
    const width = (name: RegExp) =>
      link(page, name)
        .locator('path[stroke="currentColor"]')
        .evaluate((path) => Number(path.getAttribute('stroke-width')))
    const before = await width(/通信27「仮想ブラウザーの画面」/u)
    await page
      .getByLabel('どこから届く先を見ますか')
      .selectOption({ label: 'LGWAN接続系：業務端末' })
    await page.getByText('直接つなげられる相手は7件です。').waitFor()
    await page.getByText('ファイルの関所「file-in」').first().waitFor()
    await page
      .getByText('通信「仮想ブラウザーの閲覧」で県の自治体情報セキュリティクラウド')
      .waitFor()
    expect(await width(/通信27「仮想ブラウザーの画面」/u)).toBeGreaterThan(before)
    expect(await width(/通信1「住基ネットとの連携」/u)).toBeLessThan(before * 2.5)
    await page.reload()
    await page.getByText('直接つなげられる相手は7件です。').waitFor()
  })

  it('opens a flow from the list of what can be reached, also when the picture does not hold it', async () => {
    const page = await open('/town?only=mynumber&from=system:lg-tanmatsu')
    await page.getByText('13本の通信です').waitFor()
    await page.getByRole('link', { name: '27「仮想ブラウザーの画面」' }).click()
    await page.getByRole('dialog', { name: '通信27「仮想ブラウザーの画面」' }).waitFor()
  })

  it('is worked with the keyboard alone: box, its arrow, what it is, and back', async () => {
    const page = await open()
    const names = await tabTo(page, '住民記録システム（マイナンバー利用事務系）')
    expect(names).toContain('図を飛ばして、通信の表へ進む')
    await page.keyboard.press('Tab')
    const arrow = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    expect(arrow).toBe(
      '通信1「住基ネットとの連携」 住民記録システムから住民基本台帳ネットワークへ（特定通信）',
    )
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: '通信1「住基ネットとの連携」' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      arrow,
    )
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Enter')
    await page.getByText('住民記録システム から届く先').waitFor()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toContain(
      '住民記録システム',
    )
  })

  it('shows where the focus is: a thick line, and the number framed', async () => {
    const page = await open()
    const strokes = () =>
      link(page, /通信1「/u).evaluate((arrow) =>
        ['path[stroke="currentColor"]', 'rect'].map((part) => {
          const { strokeWidth, stroke } = getComputedStyle(arrow.querySelector(part)!)
          return stroke === 'none' ? 'none' : strokeWidth
        }),
      )
    expect(await strokes()).toEqual(['3.5px', 'none'])
    await tabTo(page, '通信1「')
    expect(await strokes()).toEqual(['5px', '8px'])
    await page.keyboard.press('Shift+Tab')
    expect(await strokes()).toEqual(['3.5px', 'none'])
  })

  it('is printed on one sheet on its side, whatever the paper, and then the table', async () => {
    const page = await open()
    await page.emulateMedia({ media: 'print' })
    for (const format of ['A4', 'A3'] as const) {
      const pdf = (await page.pdf({ format })).toString('latin1')
      const sheets = [...pdf.matchAll(/\/MediaBox\s*\[0 0 ([0-9.]+) ([0-9.]+)\]/gu)]
      expect(sheets.length).toBeGreaterThan(1)
      expect(sheets.every(([, wide, high]) => Number(wide) > Number(high))).toBe(true)
    }
  })

  it('keeps on paper by which flow something is reached, and leaves the buttons out', async () => {
    const page = await open('/town?from=system:lg-tanmatsu')
    const by = page.getByRole('cell', { name: '27「仮想ブラウザーの画面」', exact: true })
    await by.waitFor()
    await page.emulateMedia({ media: 'print' })
    await by.waitFor()
    await page
      .getByRole('button', { name: '通信1「住基ネットとの連携」を詳しく見る' })
      .waitFor({ state: 'hidden' })
  })

  it('leads past the picture to the table', async () => {
    const page = await open()
    await tabTo(page, '図を飛ばして')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('flows')
  })

  it('is saved as a picture and as a table', async () => {
    const page = await open('/town?only=mynumber')
    for (const [name, file] of [
      ['図をSVGで保存', 'structure.svg'],
      ['表をExcelで保存', 'structure.xlsx'],
      ['表をCSVで保存', 'structure.csv'],
    ] as const) {
      const coming = page.waitForEvent('download')
      await page.getByRole('link', { name }).click()
      expect((await coming).suggestedFilename()).toBe(file)
    }
  })

  it('keeps to the content security policy', () => {
    expect(boundary.complaints).toEqual([])
  })
})
