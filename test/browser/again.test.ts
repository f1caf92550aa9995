/**
 * A refused file once more: with its password, and as pictures; and a macro that the town lets stay.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { systemToolbox } from '@sekisho/disarm'
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { LAPTOP, PHONE, ZOOMED, startBoundary } from './boundary.ts'
import type { Boundary } from './boundary.ts'
import { macroProject, macroWorkbook } from './files.ts'
import type { SentFile } from './files.ts'

const PURPOSE = '補助金の申請書を確認するため'
const CASES = join(import.meta.dirname, '../../corpus/disarm/pdf')
const PASSWORD = 'himitsu'
const LISTED = macroProject(7)
const MACROS = `
macros:
  - id: kyufu-keisan
    name: 給付計算マクロ（国の様式）
    sha256: ${createHash('sha256').update(LISTED).digest('hex')}
    system: zei
    reason: 国の様式に入っているため
    approvedBy: 情報政策室長
    from: 2026-04-01
    until: 2099-03-31
`

let boundary: Boundary
beforeAll(async () => {
  boundary = await startBoundary(MACROS)
}, 120_000)
afterEach(() => boundary?.closePages())
afterAll(() => boundary?.stop())

function pdfCase(name: string, file: string): SentFile {
  return { name, mimeType: 'application/pdf', buffer: readFileSync(join(CASES, file)) }
}

async function give(page: Page, file: SentFile): Promise<void> {
  await page.locator('input[type=file]').setInputFiles([file])
  await page.getByLabel('利用目的').fill(PURPOSE)
  await page.getByRole('button', { name: '1件を渡す' }).click()
}

/** The newest row with this name is the first. */
function row(page: Page, text: string): Locator {
  return page.getByRole('listitem').filter({ hasText: text }).filter({ hasText: /S-\d+/u }).first()
}

async function numberOf(place: Locator): Promise<string> {
  return /S-\d+/u.exec((await place.textContent()) ?? '')?.[0] ?? ''
}

function withNumber(page: Page, number: string): Locator {
  return page.getByRole('listitem').filter({ has: page.getByText(number, { exact: true }) })
}

/** Nothing found by axe, nothing sideways on a laptop, at 200 % and on a telephone. */
async function inOrder(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([])
  for (const size of [PHONE, ZOOMED, LAPTOP]) {
    await page.setViewportSize(size)
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect([size.width, Math.max(0, over)]).toEqual([size.width, 0])
  }
}

async function countOf(page: Page, name: string): Promise<number> {
  return page.evaluate(async (wanted) => {
    const list = await fetch('/api/transfers').then((response) => response.json())
    return list.transfers.filter((one: { fileName: string }) => one.fileName === wanted).length
  }, name)
}

describe('a PDF with a password', () => {
  const NAME = '補助金の申請書.pdf'

  it('is opened with it where it was refused, by keyboard alone, and a wrong one blames nobody', async () => {
    const page = await boundary.open('low', 'clerk', '/send')
    await give(page, pdfCase(NAME, 'password-aes-256-r6.pdf'))
    const first = row(page, NAME)
    const field = page.getByLabel('ファイルのパスワード')
    await field.waitFor()
    await inOrder(page)
    const asked = await numberOf(first)

    await field.focus()
    await page.keyboard.press('Enter')
    await page.getByText('パスワードを入れてください。', { exact: true }).waitFor()
    await page.keyboard.type('chigau')
    expect(await field.getAttribute('type')).toBe('password')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    expect(await field.getAttribute('type')).toBe('text')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')

    await row(page, `${asked} の渡し直しです。`)
      .getByText('パスワードが合いませんでした。')
      .waitFor()
    const wrong = await numberOf(row(page, NAME))
    // The focus waits at the new row; the old one is folded away, and one form is left.
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain(wrong)
    expect(await page.getByRole('status').textContent()).toContain('パスワードが合いませんでした。')
    await withNumber(page, asked).getByText(`このあと ${wrong} で渡し直しました。`).waitFor()
    expect(await field.count()).toBe(1)

    await page.keyboard.press('Tab')
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true)
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press('Enter')
    await page.locator('[data-standing="delivered"]').filter({ hasText: NAME }).waitFor()
    expect(await field.count()).toBe(0)
    expect(await countOf(page, NAME)).toBe(3)
    await inOrder(page)
  })

  it('is taken on the other side; the refused ones say what became of them', async () => {
    const inbox = await boundary.open('high', 'clerk', '/receive')
    const item = row(inbox, NAME)
    await item.getByText('受け取れます').waitFor()
    expect(await inbox.getByText(/^このあと S-\d+ で渡し直しました。$/u).count()).toBe(2)
    const coming = inbox.waitForEvent('download')
    await item.getByRole('button', { name: /受け取る/u }).click()
    const bytes = await readFile(await (await coming).path())
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-')
    expect(bytes.includes('/Encrypt')).toBe(false)
  })

  it('not tried again yet is explained on the other side without a form that is not there', async () => {
    const page = await boundary.open('low', 'clerk', '/send')
    await give(page, pdfCase('まだの申請書.pdf', 'password-aes-256-r6.pdf'))
    await row(page, 'まだの申請書.pdf').getByLabel('ファイルのパスワード').waitFor()
    const inbox = await boundary.open('high', 'clerk', '/receive')
    await row(inbox, 'まだの申請書.pdf')
      .getByText(
        'インターネット接続系の画面の「渡したファイル」で、パスワードを入れて渡し直せます。',
      )
      .waitFor()
    await inOrder(inbox)
  })
})

describe.skipIf(!systemToolbox().has('pages'))('a PDF that cannot be rebuilt', () => {
  const NAME = '橋の図面.pdf'

  it('comes as pictures once a person asks for it, once for a double click, and says so on both sides', async () => {
    const page = await boundary.open('low', 'clerk', '/send')
    await give(page, pdfCase(NAME, 'filter-chain.pdf'))
    const refused = row(page, NAME)
    await refused.getByText('編集はできません').waitFor()
    await refused.getByText(/^ほかの方法：/u).waitFor()
    await inOrder(page)
    await refused.getByRole('button', { name: /画像化して受け取る/u }).dblclick()
    await page.getByText('画像化を選びました。').waitFor()
    await page.locator('[data-standing="delivered"]').filter({ hasText: NAME }).waitFor()
    expect(await countOf(page, NAME)).toBe(2)

    const inbox = await boundary.open('high', 'clerk', '/receive')
    const item = row(inbox, NAME)
    await item.getByText('画像化', { exact: true }).waitFor()
    await item.getByText('文字の編集はできません。').waitFor()
    await inOrder(inbox)
  })
})

describe('a macro that the town lets stay', () => {
  it('waits for a person, who is warned, and arrives with its macro', async () => {
    const name = '給付の計算.xlsm'
    const page = await boundary.open('low', 'clerk', '/send')
    await give(page, macroWorkbook(name, LISTED))
    await row(page, name).getByText('承認する人の確認を待っています').waitFor()
    const number = await numberOf(row(page, name))

    const card = await boundary.open('high', 'approver', `/approve/${number}`)
    const facts = card.getByRole('region', { name: '承認する' })
    await facts.getByText('例外として残したマクロが入っています').waitFor()
    await facts.getByText('給付計算マクロ（国の様式）').waitFor()
    await facts.getByText('国の様式に入っているため').waitFor()
    await card
      .getByRole('region', { name: '承認を求めている決まり' })
      .getByText('X3-MACRO-APPROVAL')
      .waitFor()
    await card.getByRole('cell', { name: '000123' }).waitFor()
    await inOrder(card)
    await card.getByRole('button', { name: '承認する' }).click()
    await card.getByText('承認しました').waitFor()

    const inbox = await boundary.open('high', 'clerk', '/receive')
    const item = row(inbox, number)
    await item.getByText('開くとマクロが動きます').waitFor()
    await inOrder(inbox)
    const coming = inbox.waitForEvent('download')
    await item.getByRole('button', { name: /受け取る/u }).click()
    const taken = await coming
    expect(taken.suggestedFilename()).toBe(name)
    expect((await readFile(await taken.path())).includes('xl/vbaProject.bin')).toBe(true)
  })

  it('is removed as ever once it is another macro by a single byte', async () => {
    const name = '別の計算.xlsm'
    const page = await boundary.open('low', 'clerk', '/send')
    await give(page, macroWorkbook(name, macroProject(8)))
    await row(page, name).getByText('承認する人の確認を待っています').waitFor()
    const number = await numberOf(row(page, name))
    const card = await boundary.open('high', 'approver', `/approve/${number}`)
    const changed = card.getByRole('region', { name: '関所が直したところ' })
    await changed.getByText('マクロ（VBA）を1件取り除きました。').waitFor()
    await changed.getByText(/^理由：/u).waitFor()
    await changed.getByText(/^できること：/u).waitFor()
    await card.getByText('別の計算.xlsx').waitFor()
    expect(await card.getByText('例外として残したマクロ').count()).toBe(0)
    await inOrder(card)
  })
})

describe('the pages', () => {
  it('made the browser complain about nothing', () => {
    expect(boundary.complaints).toEqual([])
  })
})
