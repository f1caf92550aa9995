/**
 * Makes the pictures of the guide from the running program, so that they never show what the program does not.
 *
 * Usage: node scripts/guide-pictures.ts [FOLDER]   (default: docs/guide/pictures)
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { dropFiles, startBoundary } from '../test/browser/boundary.ts'
import type { Boundary } from '../test/browser/boundary.ts'
import { macroWorkbook, program, text } from '../test/browser/files.ts'

const FOLDER = process.argv[2] ?? join(import.meta.dirname, '../docs/guide/pictures')
const WORKBOOK = '葛󠄂城市からの見積書.xlsm'

await mkdir(FOLDER, { recursive: true })
const boundary = await startBoundary()
try {
  await takePictures(boundary)
} finally {
  await boundary.stop()
}

/** The way of one file, in the order of the guide. */
async function takePictures({ open, openUnknown }: Boundary): Promise<void> {
  const stranger = await openUnknown('low', '/send')
  await stranger.getByText('渡す側の画面').waitFor()
  await picture(stranger, '1-sign-in')

  const send = await open('low', 'clerk', '/send')
  const area = send.getByText('または、このエリア内にドラッグ＆ドロップ')
  await dropFiles(send, area, [macroWorkbook(WORKBOOK), text('議事録.txt'), program('請求書.pdf')])
  await send.getByLabel('利用目的').fill('𠮷田橋の架け替え工事の見積書を確認するため')
  await picture(send, '2-choose')
  await send.getByRole('button', { name: '3件を渡す' }).click()
  await send.locator('[data-standing="held"]').waitFor()
  await send.locator('[data-standing="refused"]').waitFor()
  await send.locator('[data-standing="delivered"]').waitFor()
  await picture(send, '3-given')

  const approve = await open('high', 'approver', '/approve')
  await approve.getByRole('link', { name: /見積書/u }).waitFor()
  await picture(approve, '4-approve')
  await approve.getByRole('link', { name: /見積書/u }).click()
  await approve.getByRole('cell', { name: '000123' }).waitFor()
  await picture(approve, '5-card')
  await approve.getByRole('button', { name: '承認する' }).click()
  await approve.getByText('承認しました').waitFor()

  const inbox = await open('high', 'clerk', '/receive')
  await inbox.getByRole('button', { name: /見積書/u }).waitFor()
  await picture(inbox, '6-receive')

  const evidence = await open('high', 'it-officer', '/evidence')
  await evidence.getByRole('cell', { name: '引き渡し' }).first().waitFor()
  await picture(evidence, '7-evidence')
  await evidence
    .getByRole('button', { name: /の証明を見る/u })
    .first()
    .click()
  await evidence.getByText('正しく入っています').waitFor()
  await picture(evidence, '8-proof')
}

async function picture(page: Page, name: string): Promise<void> {
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement && !document.querySelector('dialog'))
      document.activeElement.blur()
    scrollTo(0, 0)
  })
  await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: !name.endsWith('proof') })
}
