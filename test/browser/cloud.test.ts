/**
 * クラウドの利用: what went through the cloud gate, in a real browser, from a record that the gate's own record wrote.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogKey } from '@sekisho/evidence'
import { daysAfter, readTown, todayInJapan } from '@sekisho/town'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { approveFile } from '../../apps/server/src/cloud/guard/file-approvals.ts'
import { tunnel, writeRecord } from '../../apps/server/src/cloud/record.test-support.ts'
import { startBoundary } from './boundary.ts'
import type { Boundary } from './boundary.ts'
import { expectFit } from './fit.ts'

const CISO = createLogKey('s0004')

const ALPHA_PRIME = join(import.meta.dirname, '../../examples/kasumi-alpha-prime/target.yaml')
const TODAY = todayInJapan(new Date())
const YESTERDAY = daysAfter(TODAY, -1)

const root = mkdtempSync(join(tmpdir(), 'sekisho-browser-cloud-'))
const cloud = { dataDir: join(root, 'cloud-data'), lists: join(root, 'lists') }
const MEETING = {
  department: 'soumu',
  from: '10.20.5.1',
  target: 'meet.kaigi.example:443',
  service: 'kaigi',
}

let boundary: Boundary
beforeAll(async () => {
  await writeRecord(cloud.dataDir, [
    { on: `${YESTERDAY}T00:00:00`, kind: 'orders', mode: 'report' },
    ...tunnel(`${YESTERDAY}T00:01:00`, {
      ...MEETING,
      client: 's0051',
      department: 'fukushi',
      target: 'files.somewhere.example:443',
      service: '',
      address: '203.0.113.9',
      reason: 'X11-LISTED',
    }),
    ...tunnel(`${YESTERDAY}T10:00:00`, { ...MEETING, client: 's0050', up: 90_000_000, down: 5e8 }),
    ...tunnel(`${TODAY}T00:10:00`, { ...MEETING, client: 's0051', up: 1_000, down: 2_000 }),
    {
      on: `${TODAY}T00:20:00`,
      ...MEETING,
      client: 's0051',
      service: '',
      target: '\u202Ewww.evil.example<img src=x>:443',
      reason: 'X11-LISTED',
    },
  ])
  const declaration = readFileSync(ALPHA_PRIME, 'utf8').replace(
    'listDays: 38',
    `listDays: 38\n      signers: ['${CISO.verifier}']`,
  )
  const read = readTown(declaration)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const approval = {
    sha256: 'a'.repeat(64),
    service: 'kaigi',
    sender: 's0050',
    name: 'お知らせ\u202Efdp.exe',
  }
  await approveFile(
    cloud.dataDir,
    approval,
    { key: CISO.signer, at: new Date() },
    { signers: [CISO.verifier], people: read.town.people, today: TODAY },
  )
  boundary = await startBoundary(() => declaration, { cloud })
}, 180_000)
afterEach(() => boundary?.closePages())
afterAll(async () => {
  await boundary?.stop()
  rmSync(root, { recursive: true, force: true })
})

describe('クラウドの利用', () => {
  it('shows an officer what to look at, and takes note of it with a reason', async () => {
    const page = await boundary.open('low', 'it-officer', '/cloud')
    const spike = page.getByRole('listitem').filter({ hasText: 'WATCH-SPIKE' }).first()
    await spike.getByText(/85\.8MB を送りました/).waitFor()
    await expectFit(page)
    await spike.getByRole('button', { name: /確かめたと記録する/ }).click()
    await spike.getByText('4文字から500文字で書いてください。').waitFor()
    await spike.getByLabel(/確かめたこと/).fill('選挙の録画を渡したと本人に聞いた')
    await spike.getByRole('button', { name: /確かめたと記録する/ }).click()
    await page.getByText('選挙の録画を渡したと本人に聞いた').waitFor()
    await page.getByRole('heading', { name: '確かめた知らせ' }).waitFor()
  }, 120_000)

  it('says the same in bars, in a table and in what is taken along', async () => {
    const page = await boundary.open('low', 'it-officer', '/cloud?view=people')
    const table = page.getByRole('table', { name: '職員別' })
    await table.getByRole('row').nth(2).waitFor()
    expect(await table.getByRole('row').nth(1).innerText()).toContain('85.8MB')
    await page.getByRole('figure', { name: '職員別の量の図' }).waitFor()
    await expectFit(page)
    const saving = page.waitForEvent('download')
    await page.getByRole('link', { name: 'CSVで保存' }).click()
    const csv = readFileSync(await (await saving).path(), 'utf8')
    expect(csv.startsWith('\uFEFF')).toBe(true)
    expect(csv).toContain('"90000000"')
    const book = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Excelで保存' }).click()
    expect((await book).suggestedFilename()).toBe('cloud-people.xlsx')
  }, 120_000)

  it('is narrowed by the keyboard, and keeps it in the address', async () => {
    const page = await boundary.open('low', 'it-officer', '/cloud?view=services')
    await page.getByLabel('この日から').fill(TODAY)
    await page.getByLabel('サービス', { exact: true }).selectOption('kaigi')
    await page.getByLabel('この日から').press('Enter')
    await page.waitForURL(/service=kaigi/)
    await page.getByText(/送った量 1000バイト/).waitFor()
    expect(await page.getByRole('row').count()).toBe(2)
  }, 120_000)

  it('shows what a terminal asked for as text, with what cannot be seen written out', async () => {
    const page = await boundary.open('low', 'it-officer', '/cloud?view=destinations')
    await page.getByText('U+202E').first().waitFor()
    expect(await page.locator('img').count()).toBe(0)
    await expectFit(page)
    expect(boundary.complaints).toEqual([])
  }, 120_000)

  it('finds in a log of the firewall who went round the gate, and keeps nothing of it', async () => {
    const page = await boundary.open('low', 'it-officer', '/cloud?view=logs')
    const log = `date=${TODAY} time=12:00:00 tz="+0900" type="traffic" subtype="forward" srcip=10.20.5.1 srcport=5 dstip=203.0.113.77 dstport=443 proto=6 action="close" sentbyte=2048 rcvdbyte=1 hostname="evil.example"\nnonsense\n`
    await page
      .getByLabel('記録のファイル')
      .setInputFiles({ name: 'fw.log', mimeType: 'text/plain', buffer: Buffer.from(log) })
    await page.getByRole('button', { name: '調べる' }).click()
    const around = page.getByRole('row').filter({ hasText: '関所を通らずに出た通信' })
    await around.filter({ hasText: 'evil.example' }).first().waitFor()
    await page.getByText('記録 2行のうち、1行は').waitFor()
    await expectFit(page)
    await page.getByLabel('記録の種類').selectOption('audit-log')
    await page.getByLabel('記録のファイル').setInputFiles({
      name: 'audit.json',
      mimeType: 'application/json',
      buffer: Buffer.from(
        JSON.stringify([
          {
            Id: 'e1',
            CreationTime: `${TODAY}T00:00:00`,
            Operation: 'FileUploaded',
            UserId: 'guest@other.example',
          },
        ]),
      ),
    })
    await page.getByRole('button', { name: '調べる' }).click()
    await page.getByText('町の職員の一覧にない人の利用').waitFor()
  }, 120_000)

  it('shows before anything is stopped what would be, with the text that keeps it working to copy', async () => {
    const page = await boundary.open('low', 'it-officer', '/cloud?view=rehearsal')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByText('見守った日は 1日です。14日たつと（あと13日）').waitFor()
    const one = page.getByRole('article').filter({ hasText: 'files.somewhere.example:443' })
    await one.getByText('小林 亮（福祉課）').waitFor()
    await one.getByText('足す宣言').click()
    await one.getByRole('button', { name: /^この文を写す：新しいファイル/u }).click()
    await one.getByText('写しました。').waitFor()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    expect(copied).toContain('"names":["files.somewhere.example"]')
    await expectFit(page)
    const saving = page.waitForEvent('download')
    await page.getByRole('link', { name: 'CSVで保存' }).click()
    expect(readFileSync(await (await saving).path(), 'utf8')).toContain('s0051')
    await page.getByLabel('さかのぼる日数').selectOption('7')
    await page.waitForURL(/days=7/)
  }, 120_000)

  it('lists who approved which file, for whom and until when', async () => {
    const page = await boundary.open('low', 'it-officer', '/cloud?view=approvals')
    const row = page.getByRole('row').filter({ hasText: 'a'.repeat(64) })
    await row.getByText('送れます').waitFor()
    const text = await row.innerText()
    for (const part of ['U+202E', '小島 陽菜', '佐々木 由美']) expect(text).toContain(part)
    expect(text).not.toContain('\u202E')
    await expectFit(page)
    const saving = page.waitForEvent('download')
    await page.getByRole('link', { name: 'CSVで保存' }).click()
    const saved = readFileSync(await (await saving).path(), 'utf8')
    for (const part of ['ダイジェスト', 'a'.repeat(64), '小島 陽菜', '送れます'])
      expect(saved).toContain(part)
    const excel = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Excelで保存' }).click()
    expect(
      readFileSync(await (await excel).path())
        .subarray(0, 2)
        .toString(),
    ).toBe('PK')
  }, 120_000)

  it('is not there for a clerk, nor by its address', async () => {
    const page = await boundary.open('low', 'clerk', '/cloud')
    await page.getByText('この画面を使う人は決まっています').waitFor()
    expect(await page.getByRole('link', { name: 'クラウドの利用' }).count()).toBe(0)
    const status = await page.evaluate(async () => (await fetch('/api/cloud')).status)
    expect(status).toBe(403)
    const csv = await page.evaluate(async () => (await fetch('/api/cloud.csv?table=people')).status)
    expect(csv).toBe(403)
    for (const path of [
      'rehearsal',
      'rehearsal.csv',
      'approvals',
      'approvals.csv',
      'approvals.xlsx',
    ])
      expect(
        await page.evaluate(async (name) => (await fetch(`/api/cloud/${name}`)).status, path),
      ).toBe(403)
    const brought = await page.evaluate(
      async () => (await fetch('/api/cloud/discover', { method: 'POST', body: 'x' })).status,
    )
    expect(brought).toBe(403)
  }, 120_000)
})
