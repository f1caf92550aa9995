/**
 * 台帳: an officer looks something up in the registers, mends one in Excel, and sees what that would change.
 */
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exportRegisters } from '@sekisho/report'
import { readTown } from '@sekisho/town'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { SHEETS, withCells } from '../../packages/report/src/register/book.test-support.ts'
import { startBoundary } from './boundary.ts'
import type { Boundary } from './boundary.ts'
import { expectFit } from './fit.ts'

const TEXT = readFileSync(join(import.meta.dirname, '../../examples/kasumi/town.yaml'), 'utf8')
const read = readTown(TEXT)
if (!read.ok) throw new Error('kasumi')
const BOOK = exportRegisters(read, '2026-11-25')
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
/** Longest wait for one workbook, on a busy machine. */
const LOOKED = { timeout: 120_000 }

let boundary: Boundary
beforeAll(async () => {
  boundary = await startBoundary()
}, 120_000)
afterEach(() => boundary?.closePages())
afterAll(() => boundary?.stop())

const officer = (path: string): Promise<Page> => boundary.open('high', 'it-officer', path)

async function bring(page: Page, bytes: Uint8Array, name: string): Promise<void> {
  await page
    .getByLabel('直した台帳（.xlsx）')
    .setInputFiles({ name, mimeType: XLSX, buffer: Buffer.from(bytes) })
  await page.getByRole('button', { name: '変わることを見る' }).press('Enter')
}

describe('an officer who looks something up in a register', () => {
  it('chooses the register, narrows it by words, and takes all of it along', async () => {
    const page = await officer('/registers')
    await page.getByLabel('どの台帳ですか').selectOption('people')
    await page.getByRole('heading', { level: 2, name: '職員' }).waitFor()
    await expectFit(page)
    await page.getByLabel('ことばでしぼる').fill('葛城 福祉')
    await page.keyboard.press('Enter')
    await page.getByText(/件のうち、1件が当てはまります。/u).waitFor()
    await page.getByRole('cell', { name: '葛\u{E0102}城 由美' }).waitFor()
    expect(new URL(page.url()).searchParams.get('register')).toBe('people')
    await page.getByLabel('ことばでしぼる').fill('どこにもない')
    await page.getByRole('button', { name: 'しぼる' }).click()
    await page.getByText('当てはまる行はありません。').waitFor()
    const coming = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Excelで保存' }).click()
    expect((await coming).suggestedFilename()).toMatch(/^registers-\d{4}-\d{2}-\d{2}\.xlsx$/u)
  })

  it('finds 特定通信 apart from the other flows, and the decisions', async () => {
    const page = await officer('/registers?register=fixed')
    await page.getByRole('heading', { level: 2, name: '特定通信' }).waitFor()
    await expectFit(page)
    await page.getByLabel('どの台帳ですか').selectOption('decisions')
    await page.getByRole('heading', { name: 'これまでの判断' }).waitFor()
    const coming = page.waitForEvent('download', LOOKED)
    await page.getByRole('button', { name: 'Excelで保存' }).click()
    expect((await coming).suggestedFilename()).toMatch(/^decisions-/u)
  }, 150_000)
})

describe('an officer who mends a register in Excel', () => {
  it('sees what would change, finds it again after leaving, and takes the declaration along', async () => {
    const page = await officer('/registers?tab=mend')
    await page.getByRole('button', { name: '変わることを見る' }).click()
    await page.getByText('直した台帳のファイルを選んでください。').waitFor()
    await bring(page, withCells(BOOK, SHEETS.people, { C2: '住民課' }), '人事異動.xlsx')
    await page.getByText('「人事異動.xlsx」で変わること').waitFor(LOOKED)
    await page.getByText('まだ何も書いていません。').waitFor()
    await page.getByRole('cell', { name: /の課が.*「住民課」に変わります。/u }).waitFor()
    await expectFit(page)
    await page.reload()
    await page.getByText('「人事異動.xlsx」で変わること').waitFor(LOOKED)
    await page.getByText('--activate を付けて始めると効きます。').waitFor()
    const coming = page.waitForEvent('download')
    await page.getByRole('button', { name: '変わった後の宣言を保存する' }).click()
    const saved = await coming
    expect(saved.suggestedFilename()).toBe('town.yaml')
    const text = await readFile(await saved.path(), 'utf8')
    expect(readTown(text).ok).toBe(true)
    expect(text).not.toBe(TEXT)
  }, 240_000)

  it('is told every cell to mend, and nothing is offered to take along', async () => {
    const page = await officer('/registers?tab=mend')
    await bring(page, withCells(BOOK, SHEETS.people, { E3: 'きのう' }), '台帳.xlsx')
    await page.getByText('「台帳.xlsx」に直すところが1件あります。').waitFor(LOOKED)
    await page.getByRole('cell', { name: '「職員」E3' }).waitFor()
    await page.getByText('「きのう」は日付として読めません。').waitFor()
    expect(await page.getByRole('button', { name: '変わった後の宣言を保存する' }).count()).toBe(0)
    await expectFit(page)
  }, 240_000)
})

describe('somebody who neither mends nor audits the town', () => {
  it('has no link, and is refused by the address', async () => {
    const page = await boundary.open('high', 'clerk', '/registers?register=people')
    await page.getByText('この画面を使う役目ではありません。').waitFor()
    expect(await page.getByRole('link', { name: '台帳', exact: true }).count()).toBe(0)
    expect(await page.getByRole('table').count()).toBe(0)
  })

  it('made the browser complain about nothing', () => {
    expect(boundary.complaints).toEqual([])
  })
})
