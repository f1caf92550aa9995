/**
 * One file through the gate, as people live it: given on one side, decided and taken on the other.
 */
import { readFile } from 'node:fs/promises'
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { dropFiles, startBoundary } from './boundary.ts'
import type { Boundary, Role } from './boundary.ts'
import { macroWorkbook, pdf, program, text } from './files.ts'
import type { SentFile } from './files.ts'

const PURPOSE = '𠮷田橋の架け替え工事の見積書を確認するため'

let boundary: Boundary
beforeAll(async () => {
  boundary = await startBoundary()
}, 120_000)
afterEach(() => boundary?.closePages())
afterAll(() => boundary?.stop())

/** Drops files on the area as a mouse would, and hands them over. */
async function give(page: Page, files: readonly SentFile[]): Promise<void> {
  await page.getByLabel('利用目的').fill(PURPOSE)
  await dropFiles(page, page.getByText('または、このエリア内にドラッグ＆ドロップ'), files)
  await page.getByRole('button', { name: `${files.length}件を渡す` }).click()
}

function row(page: Page, name: string): Locator {
  return page.getByRole('listitem').filter({ hasText: name }).filter({ hasText: /S-\d+/u })
}

async function numberOf(page: Page, name: string): Promise<string> {
  const words = (await row(page, name).first().textContent()) ?? ''
  return /S-\d+/u.exec(words)?.[0] ?? ''
}

/** Gives one file as `role` and waits until it waits for a person. */
async function giveAndHold(role: Role, file: SentFile): Promise<string> {
  const page = await boundary.open('low', role, '/send')
  await give(page, [file])
  await row(page, file.name).getByText('承認する人の確認を待っています').waitFor()
  const number = await numberOf(page, file.name)
  await page.context().close()
  return number
}

describe('a macro workbook dropped on the Internet side', () => {
  it('arrives without its macro on the other side, after somebody approved exactly these bytes', async () => {
    const name = '葛󠄂城・𠮷田・髙橋・﨑川の見積書.xlsm'
    const number = await giveAndHold('clerk', macroWorkbook(name))

    const card = await boundary.open('high', 'approver', `/approve/${number}`)
    const facts = card.getByRole('region', { name: '承認する' })
    await facts.getByText(boundary.account('clerk').name, { exact: true }).waitFor()
    await facts.getByText(name).waitFor()
    await facts.getByText(PURPOSE).waitFor()
    await card.getByRole('region', { name: '関所が直したところ' }).getByText('マクロ').waitFor()
    await card
      .getByRole('region', { name: '承認を求めている決まり' })
      .getByText(/X\d/u)
      .first()
      .waitFor()
    await card.getByRole('cell', { name: '000123' }).waitFor()
    await card.getByRole('cell', { name: '葛󠄂城 𠮷田 髙橋 﨑川' }).waitFor()
    await card.getByRole('button', { name: '承認する' }).click()
    await card.getByText('承認しました').waitFor()

    const inbox = await boundary.open('high', 'clerk', '/receive')
    const item = row(inbox, number)
    await item.getByText('受け取れます').waitFor()
    await item.getByText('マクロ').first().waitFor()
    const coming = inbox.waitForEvent('download')
    await item.getByRole('button', { name: /受け取る/u }).click()
    const taken = await coming
    expect(taken.suggestedFilename()).toBe(name.replace('.xlsm', '.xlsx'))
    const bytes = await readFile(await taken.path())
    expect(bytes.subarray(0, 2).toString()).toBe('PK')
    expect(bytes.includes('vbaProject')).toBe(false)
    await item.getByText('に受け取り済み').waitFor()
  })

  it('is shown with what was removed to the one who gave it', async () => {
    const page = await boundary.open('low', 'clerk', '/send')
    const given = page
      .locator('[data-standing="delivered"]')
      .filter({ hasText: '葛󠄂城・𠮷田・髙橋・﨑川の見積書.xlsm' })
    await given.getByText('マクロ').first().waitFor()
    expect(await given.count()).toBe(1)
  })
})

describe('a program', () => {
  it('is refused in four lines with a number that can be said on the telephone', async () => {
    const page = await boundary.open('low', 'clerk', '/send')
    await give(page, [program('請求書.pdf')])
    const refusal = row(page, '請求書.pdf').locator('[data-four-lines]')
    await refusal.waitFor()
    const lines = await refusal.locator('p, dd').allTextContents()
    expect(lines).toHaveLength(4)
    for (const line of lines) expect(line.length).toBeGreaterThan(8)
    expect(lines[3]).toMatch(/受付番号 S-\d+/u)
  })
})

describe('an approver', () => {
  it('cannot approve what they gave themselves, and is told why', async () => {
    const number = await giveAndHold('approver', macroWorkbook('自分の見積書.xlsm'))
    const card = await boundary.open('high', 'approver', `/approve/${number}`)
    const approve = card.getByRole('button', { name: '承認する' })
    await approve.waitFor()
    expect(await approve.getAttribute('aria-disabled')).toBe('true')
    const reason = await approve.getAttribute('aria-describedby')
    expect(await card.locator(`[id="${reason}"]`).textContent()).toContain('分ける決まり')
    const decisions: string[] = []
    card.on('request', (request) => {
      if (request.method() === 'POST') decisions.push(request.url())
    })
    await approve.click({ force: true })
    expect(decisions).toEqual([])
  })

  it('is refused by the server as well, when the button is gone round', async () => {
    const page = await boundary.open('high', 'approver', '/approve')
    const answer = await page.evaluate(async () => {
      const list = await fetch('/api/approvals?state=waiting').then((response) => response.json())
      const own = list.cards.find((card: { cannotDecide?: string }) => card.cannotDecide)
      const { sha256, destination, purpose, number } = own
      const body = JSON.stringify({
        decision: 'approve',
        sha256,
        destination,
        purpose,
        comment: '',
      })
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(`/api/approvals/${number}`, { method: 'POST', headers, body })
      return { status: response.status, problem: await response.json() }
    })
    expect(answer.status).toBe(403)
    expect(answer.problem.reason).toBe('APPROVAL-SELF')
  })

  it('returns a file with a reason, and not without', async () => {
    const number = await giveAndHold('clerk', macroWorkbook('差し戻す見積書.xlsm'))
    const card = await boundary.open('high', 'approver', `/approve/${number}`)
    await card.getByRole('button', { name: '差し戻す' }).click()
    await card.getByText('差し戻す理由を書いてください。').waitFor()
    await card.getByLabel('ひとこと').fill('金額の欄が空いています。')
    await card.getByRole('button', { name: '差し戻す' }).click()
    await card.getByText('差し戻しました').waitFor()

    const page = await boundary.open('low', 'clerk', '/send')
    await row(page, number).getByText('差戻し').first().waitFor()
    const reason = row(page, number).getByText('金額の欄が空いています。')
    await reason.waitFor()
    expect(await reason.isVisible()).toBe(true)
  })

  it('sees the pages of a PDF drawn, and can read its words', async () => {
    const sender = await boundary.open('low', 'clerk', '/send')
    await give(sender, [pdf('協定書.pdf')])
    await row(sender, '協定書.pdf').getByText('承認する人の確認を待っています').waitFor()
    const number = await numberOf(sender, '協定書.pdf')
    const card = await boundary.open('high', 'approver', `/approve/${number}`)
    const page = card.getByRole('img', { name: '1ページめの見た目' })
    await page.waitFor()
    await card.getByText('このページの文字だけを読む').click()
    await card.getByText('Kasumi Town').waitFor()
    const dark = await page.evaluate((element) => {
      const canvas = element as HTMLCanvasElement
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data
      return pixels?.some((value, index) => index % 4 === 0 && value < 100) ?? false
    })
    expect(dark).toBe(true)
  })
})

describe('the evidence', () => {
  it('is searched by the digest of a file in hand, and proven in the browser', async () => {
    const file = macroWorkbook('証跡の見積書.xlsm')
    const number = await giveAndHold('clerk', file)
    const page = await boundary.open('high', 'it-officer', '/evidence')
    await page.getByText('手元のファイルから計算する').click()
    await page.getByLabel('手元のファイルから計算する').setInputFiles([file])
    await page.getByText('のSHA-256を入れました').waitFor()
    await page.getByRole('button', { name: '絞り込む' }).click()
    await page.waitForURL(/sha256=[0-9a-f]{64}/u)
    await page.getByRole('row').filter({ hasText: number }).first().waitFor()
    await page
      .getByRole('button', { name: /の証明を見る/u })
      .first()
      .click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('この記録は、記録全体の中に正しく入っています。').waitFor()
    expect(await dialog.getByText('確かめた', { exact: true }).count()).toBe(3)
    const coming = page.waitForEvent('download')
    await dialog.getByRole('button', { name: '証明をJSONで保存' }).click()
    const saved: unknown = JSON.parse(await readFile(await (await coming).path(), 'utf8'))
    expect(saved).toHaveProperty('checkpoint')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  it('is not believed when the server alters an entry', async () => {
    const page = await boundary.open('high', 'it-officer', '/evidence')
    await page.route('**/proof', async (route) => {
      const answer = await route.fetch()
      const proof = (await answer.json()) as { entry: string }
      const altered = Buffer.from(proof.entry, 'base64').toString().replace('"v":1', '"v":2')
      await route.fulfill({ json: { ...proof, entry: Buffer.from(altered).toString('base64') } })
    })
    await page
      .getByRole('button', { name: /の証明を見る/u })
      .first()
      .click()
    await page.getByRole('dialog').getByText('この記録は、確かめられませんでした。').waitFor()
    expect(await page.getByText('正しく入っています').count()).toBe(0)
  })

  it('is saved as CSV with the same filter, readable by Excel', async () => {
    const page = await boundary.open('high', 'it-officer', '/evidence?kind=approved')
    const coming = page.waitForEvent('download')
    await page.getByRole('link', { name: 'CSVで保存' }).click()
    const bytes = await readFile(await (await coming).path())
    expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf')
    expect(bytes.toString('utf8')).toContain('\r\n')
  })
})

describe('many files', () => {
  it('go together, each with its own number', async () => {
    const page = await boundary.open('low', 'it-officer', '/send')
    const files = [text('一.txt'), text('二.txt'), text('三.txt')]
    await give(page, files)
    for (const { name } of files) await row(page, name).first().waitFor()
    const numbers = await Promise.all(files.map(({ name }) => numberOf(page, name)))
    expect(new Set(numbers).size).toBe(3)
  })
})

describe('the pages', () => {
  it('made the browser complain about nothing', () => {
    expect(boundary.complaints).toEqual([])
  })
})
