/**
 * Takes the pictures of the guide from the running program: starts the example town on free ports in a folder of its
 * own, lets its people carry a macro workbook through the gate, and keeps what they saw.
 */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exportRegisters } from '@sekisho/report'
import { readTown } from '@sekisho/town'
import type { Locator, Page } from 'playwright-core'
import { SHEETS, withCells } from '../packages/report/src/register/book.test-support.ts'
import { dropFiles, startBoundary } from '../test/browser/boundary.ts'
import type { Boundary } from '../test/browser/boundary.ts'
import { macroWorkbook, program } from '../test/browser/files.ts'
import { repacked } from './guide-pictures/repack.ts'

const CASES = join(import.meta.dirname, '../corpus/disarm/pdf')
const KASUMI = join(import.meta.dirname, '../examples/kasumi/town.yaml')
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const FOLDER = join(import.meta.dirname, '../docs/guide/pictures')
/** The guide is read over thin lines: a picture of one screen, and all of them together, bytes. */
const PICTURE_MAX = 150 * 1024
const ALL_MAX = 1500 * 1024
const PURPOSE = '葛󠄂城橋の架け替え工事の見積書を確認するため'
const WORKBOOK = '葛󠄂城橋の見積書.xlsm'
const WAITING = '承認する人の確認を待っています'

mkdirSync(FOLDER, { recursive: true })
const taken: string[] = []
const boundary = await startBoundary()
try {
  await signingIn(boundary)
  const number = await handingOver(boundary)
  await deciding(boundary, number)
  await receiving(boundary, number)
  await lookingUp(boundary, number)
  await planning(boundary)
  await lookingAtTown(boundary)
  await lookingIn(boundary)
} finally {
  await boundary.stop()
}
report()

async function signingIn({ openUnknown, account }: Boundary): Promise<void> {
  const page = await openUnknown('low', '/')
  const { email, password } = account('clerk')
  await page.getByLabel('メールアドレス').fill(email)
  await page.getByLabel('パスワード').fill(password)
  await keep(page, 'sign-in')
  await page.getByRole('button', { name: '次へ' }).click()
  await page.getByLabel('確認コード').waitFor()
  await keep(page, 'sign-in-code')
  await page.context().close()
}

/** @returns number of the workbook that now waits for a person */
async function handingOver({ open }: Boundary): Promise<string> {
  const page = await open('low', 'clerk', '/send')
  await give(page, WORKBOOK, macroWorkbook(WORKBOOK), 'send-chosen')
  const workbook = row(page, WORKBOOK)
  await workbook.getByText(WAITING).waitFor()
  await atTop(page, workbook)
  await keep(page, 'send-waiting')
  await give(page, '請求書.pdf', program('請求書.pdf'))
  const refused = row(page, '請求書.pdf')
  await refused.locator('[data-four-lines]').waitFor()
  await atTop(page, refused)
  await keep(page, 'send-refused')
  await tryingAgain(page)
  const number = /S-\d+/u.exec((await workbook.textContent()) ?? '')?.[0]
  if (number === undefined) throw new Error('the workbook has no number')
  await page.context().close()
  return number
}

/** Two refused files that can be tried again at once. */
async function tryingAgain(page: Page): Promise<void> {
  const [locked, strange] = ['補助金の申請書.pdf', '橋の図面.pdf'] as const
  await give(page, locked, pdfCase(locked, 'password-aes-256-r6.pdf'))
  await row(page, locked).getByLabel('ファイルのパスワード').waitFor()
  await atTop(page, row(page, locked))
  await keep(page, 'send-password')
  await give(page, strange, pdfCase(strange, 'filter-chain.pdf'))
  await row(page, strange)
    .getByRole('button', { name: /画像化して受け取る/u })
    .waitFor()
  await atTop(page, row(page, strange))
  await keep(page, 'send-flatten')
}

function pdfCase(name: string, file: string): ReturnType<typeof program> {
  return { name, mimeType: 'application/pdf', buffer: readFileSync(join(CASES, file)) }
}

async function deciding({ open }: Boundary, number: string): Promise<void> {
  const page = await open('high', 'approver', '/approve')
  await page.getByText(number).first().waitFor()
  await keep(page, 'approve-list')
  await page.goto(new URL(`/approve/${number}`, page.url()).href)
  await page.getByRole('cell', { name: '000123' }).waitFor()
  await keep(page, 'approve-card')
  const approve = page.getByRole('button', { name: '承認する' })
  await approve.scrollIntoViewIfNeeded()
  await keep(page, 'approve-decide')
  await approve.click()
  await page.getByText('承認しました').waitFor()
  await page.context().close()
}

async function receiving({ open }: Boundary, number: string): Promise<void> {
  const page = await open('high', 'clerk', '/receive?state=ready')
  const item = row(page, number)
  await item.getByText('受け取れます').waitFor()
  await keep(page, 'receive')
  const download = page.waitForEvent('download')
  await item.getByRole('button', { name: /受け取る/u }).click()
  await download
  await item.getByText('に受け取り済み').waitFor()
  await page.context().close()
}

async function lookingUp({ open }: Boundary, number: string): Promise<void> {
  const page = await open('high', 'it-officer', `/evidence?number=${number}`)
  await page.getByRole('row').filter({ hasText: number }).first().waitFor()
  await keep(page, 'evidence')
  await page
    .getByRole('button', { name: /の証明を見る/u })
    .first()
    .click()
  await page.getByText('この記録は、記録全体の中に正しく入っています。').waitFor()
  await keep(page, 'evidence-proof')
  await page.goto(new URL('/settings', page.url()).href)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.getByText('パスキーを登録する').waitFor()
  await keep(page, 'settings')
  await page.context().close()
}

/** What another model takes, and what stops when something is cut. */
async function planning({ open }: Boundary): Promise<void> {
  const page = await open('high', 'it-officer', '/check?tab=roadmap&target=kasumi-beta-prime')
  await page.getByText('にできあがります').waitFor({ timeout: 120_000 })
  await keep(page, 'roadmap')
  await page.goto(new URL('/check?tab=cut&target=peer:eltax', page.url()).href)
  await page.getByText('先に伝える課は').waitFor()
  await keep(page, 'cut')
}

async function lookingAtTown({ open }: Boundary): Promise<void> {
  const page = await open('high', 'it-officer', '/town')
  await page.getByRole('figure').waitFor()
  await keep(page, 'town')
  await page.goto(new URL('/town?from=system:lg-tanmatsu', page.url()).href)
  await page.getByText('直接つなげられる相手は').waitFor()
  await keep(page, 'town-reach')
  await page.context().close()
}

/** What a number means, what another edition changes, and a register that was mended in Excel. */
async function lookingIn({ open }: Boundary): Promise<void> {
  const page = await open('high', 'it-officer', '/explain?asked=ZN-06')
  await page.getByText('このまちの版とモデルに当てはまります。').first().waitFor()
  await keep(page, 'explain', 560)
  const show = (path: string) => page.goto(new URL(path, page.url()).href)
  await show('/check?tab=diff&from=R4.3&to=R8.3')
  await page.getByText('ガイドラインで変わる決まり').first().waitFor()
  await keep(page, 'diff', 560)
  await show('/registers?tab=mend')
  await page
    .getByLabel('直した台帳（.xlsx）')
    .setInputFiles({ name: '人事異動.xlsx', mimeType: XLSX, buffer: movedPeople() })
  await page.getByRole('button', { name: '変わることを見る' }).click()
  const preview = page.getByRole('heading', { name: '「人事異動.xlsx」で変わること' })
  await preview.waitFor({ timeout: 240_000 })
  await preview.evaluate((element) => element.scrollIntoView({ block: 'start' }))
  await keep(page, 'registers')
  await page.context().close()
}

/** The registers of the example town, with one person in another section. */
function movedPeople(): Buffer {
  const read = readTown(readFileSync(KASUMI, 'utf8'))
  if (!read.ok) throw new Error('the example does not read')
  return Buffer.from(
    withCells(exportRegisters(read, '2026-11-25'), SHEETS.people, { C2: '住民課' }),
  )
}

async function give(
  page: Page,
  name: string,
  file: ReturnType<typeof program>,
  picture?: string,
): Promise<void> {
  await page.getByLabel('利用目的').fill(PURPOSE)
  await dropFiles(page, page.getByText('または、このエリア内にドラッグ＆ドロップ'), [file])
  await page.getByText(name).first().waitFor()
  if (picture !== undefined) await keep(page, picture)
  await page.getByRole('button', { name: '1件を渡す' }).click()
}

function row(page: Page, text: string): Locator {
  return page.getByRole('listitem').filter({ hasText: text }).filter({ hasText: /S-\d+/u }).first()
}

async function atTop(page: Page, place: Locator): Promise<void> {
  await place.evaluate((element) => element.scrollIntoView({ block: 'center' }))
  await page.mouse.move(0, 0)
}

/** @param most height of the picture, px: what is below it is said by the page already */
async function keep(page: Page, name: string, most = Infinity): Promise<void> {
  const path = join(FOLDER, `${name}.png`)
  const height = page.viewportSize()?.height ?? 0
  const clip = {
    x: 0,
    y: 0,
    width: page.viewportSize()?.width ?? 0,
    height: Math.min(height, most),
  }
  const picture = await page.screenshot({ clip, animations: 'disabled', caret: 'hide' })
  writeFileSync(path, repacked(picture))
  taken.push(path)
}

function report(): void {
  const sizes = taken.map((path) => statSync(path).size)
  const large = taken.filter((_, index) => (sizes[index] ?? 0) > PICTURE_MAX)
  const all = sizes.reduce((sum, size) => sum + size, 0)
  process.stdout.write(`${taken.length} pictures, ${Math.ceil(all / 1024)} KiB\n`)
  for (const path of large) process.stderr.write(`larger than ${PICTURE_MAX} bytes: ${path}\n`)
  if (large.length > 0 || all > ALL_MAX) process.exitCode = 1
}
