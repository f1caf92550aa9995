/**
 * 急いで止める: an officer cuts a service of the cloud gate in a real browser, and opens it again.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readCuts, reopenedBy } from '../../apps/server/src/cloud/cuts.ts'
import { startBoundary } from './boundary.ts'
import type { Boundary } from './boundary.ts'
import { expectFit } from './fit.ts'

const ALPHA_PRIME = join(import.meta.dirname, '../../examples/kasumi-alpha-prime/target.yaml')
const root = mkdtempSync(join(tmpdir(), 'sekisho-browser-cuts-'))
const cloud = { dataDir: join(root, 'cloud-data'), lists: join(root, 'lists') }

let boundary: Boundary
let name = ''
beforeAll(async () => {
  boundary = await startBoundary(() => readFileSync(ALPHA_PRIME, 'utf8'), { cloud })
}, 180_000)
afterEach(() => boundary?.closePages())
afterAll(async () => {
  await boundary?.stop()
  rmSync(root, { recursive: true, force: true })
})

describe('急いで止める', () => {
  it('shows what stops, and stops it for whoever wrote the name and a reason', async () => {
    const page = await boundary.open('low', 'it-officer', '/cloud-cuts?service=kaigi')
    const heading = page.getByRole('heading', { name: /を止めると使えなくなるもの/u })
    await heading.waitFor()
    name = /「(.+)」/u.exec(await heading.innerText())?.[1] ?? ''
    await expectFit(page)
    const stop = page.getByRole('button', { name: '止める', exact: true })
    await page.getByLabel('わけ').fill('委託先から、なりすましの知らせ')
    await page.getByLabel('サービスの名前を、書き写してください').fill(`${name}ではない`)
    await stop.click({ force: true })
    expect(await readCuts(cloud.dataDir)).toEqual([])
    await page.getByLabel('サービスの名前を、書き写してください').fill(name)
    await stop.click()
    await page.getByText('いま止めています（').first().waitFor()
    const [cut] = await readCuts(cloud.dataDir)
    expect(cut).toMatchObject({ service: 'kaigi', reason: '委託先から、なりすましの知らせ' })
    expect(cut?.by).toMatch(/^s\d+$/u)
  })

  it('brings it back, with who and why for the record', async () => {
    const page = await boundary.open('low', 'it-officer', '/cloud-cuts?service=kaigi')
    await page.getByLabel('わけ').fill('知らせは取り消された')
    await page.getByLabel('サービスの名前を、書き写してください').fill(name)
    await page.getByRole('button', { name: 'また通す' }).click()
    await page.getByRole('button', { name: '止める', exact: true }).waitFor()
    expect(await readCuts(cloud.dataDir)).toEqual([])
    expect(await reopenedBy(cloud.dataDir, 'kaigi')).toMatchObject({
      reason: '知らせは取り消された',
    })
  })

  it('is nothing for a clerk, whatever they send', async () => {
    const page = await boundary.open('low', 'clerk', '/send')
    expect(await page.getByRole('link', { name: '急いで止める' }).count()).toBe(0)
    const status = await page.evaluate(async (typed) => {
      const body = JSON.stringify({ service: 'kaigi', open: false, typed, reason: 'いたずら' })
      const headers = { 'content-type': 'application/json' }
      return (await fetch('/api/cloud-cuts', { method: 'POST', headers, body })).status
    }, name)
    expect(status).toBe(403)
    expect(await readCuts(cloud.dataDir)).toEqual([])
    expect(boundary.complaints).toEqual([])
  })
})
