/**
 * まちの構成 over the doors that are open to browsers.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ReachPage, RegisterPage, StructurePage } from './api.ts'
import { until } from './browser.test-support.ts'
import type { Browser } from './browser.test-support.ts'
import { startTestTown } from './town.test-support.ts'
import type { TestTown } from './town.test-support.ts'

const folder = mkdtempSync(join(tmpdir(), 'sekisho-structure-'))
const file = join(folder, 'town.yaml')
const flowUse = join(folder, 'flow-use.json')
const HOSTILE = '=1+1</text><script>alert(1)</script>'

let town: TestTown
let clerk: Browser
let officer: Browser
beforeAll(async () => {
  const kasumi = readFileSync(
    join(import.meta.dirname, '../../../examples/kasumi/town.yaml'),
    'utf8',
  )
  writeFileSync(file, kasumi.replace('name: 電子入札\n', `name: '${HOSTILE}'\n`))
  town = await startTestTown({ town: file, flowUse })
  clerk = await town.signIn('high', 'clerk')
  officer = await town.signIn('high', 'it-officer')
})
afterAll(async () => {
  await town?.remove()
  rmSync(folder, { recursive: true, force: true })
})

const page = async (query = ''): Promise<StructurePage> =>
  (await (await officer.ask('GET', `/api/structure${query}`)).json()) as StructurePage
const reach = async (from: string): Promise<ReachPage> =>
  (await (await officer.ask('GET', `/api/structure/reach?from=${from}`)).json()) as ReachPage
const text = async (path: string): Promise<string> => (await officer.ask('GET', path)).text()

const PATHS = [
  '/api/structure',
  '/api/structure.svg',
  '/api/structure.csv',
  '/api/structure.xlsx',
  '/api/structure/reach?from=system:vdi',
  '/api/structure/reach.csv',
  '/api/structure/reach.xlsx',
]

describe('まちの構成', () => {
  test.each(PATHS)('%s is for officers and auditors', async (path) => {
    expect((await clerk.ask('GET', path)).status).toBe(403)
    expect((await officer.ask('GET', path)).status).toBe(200)
  })

  test('gives every flow its purpose, owner, clause, end and last use', async () => {
    const { flows, drawing } = await page()
    expect(flows).toHaveLength(43)
    expect(drawing.arrows.map(({ id }) => id)).toEqual(flows.map(({ id }) => id))
    const eltax = flows.find(({ id }) => id === 'eltax')
    expect(eltax).toMatchObject({
      number: 5,
      from: 'eLTAX 連携サーバー',
      what: 'TCP 443',
      purpose: '申告データと国税連携データの受け取り',
      owner: '税務課',
      expires: '2029-03-31',
      fixed: { number: '香特-05' },
    })
    expect(eltax?.rules[0]?.clause).toContain('第')
    expect(eltax).not.toHaveProperty('lastUse')
    const held = flows.find(({ id }) => id === 'kenko-hoshu')
    expect(held?.shut?.message).toContain('特定通信として登録されていない')
    expect(held?.rules).toContainEqual(expect.objectContaining({ rule: 'ZN-02' }))
  })

  test('tells when something last came through the file gate, once something has', async () => {
    const used = async () => (await page()).gates.find(({ id }) => id === 'file-in')?.lastUse
    expect(await used()).toBeUndefined()
    const before = new Date().toISOString()
    const low = await town.signIn('low', 'clerk')
    await low.give('議事録.txt', Buffer.from('本文\n'))
    expect((await until(used)) >= before).toBe(true)
  })

  test('tells when the firewall last counted a flow, and which it has not for 90 days', async () => {
    const flowOf = async (id: string) => (await page()).flows.find((one) => one.id === id)
    const [now, long] = [new Date(), new Date(Date.now() - 91 * 86_400_000)]
    const since = long.toISOString()
    const flows = {
      eltax: { packets: 3, since, last: now.toISOString() },
      'web-vdi': { packets: 0, since },
    }
    const known = { sekisho: '1', kind: 'FlowUse', since, seen: now.toISOString(), flows }
    writeFileSync(flowUse, JSON.stringify(known))
    expect(await flowOf('eltax')).toMatchObject({ lastUse: now.toISOString() })
    expect(await flowOf('eltax')).not.toHaveProperty('unusedDays')
    expect(await flowOf('web-vdi')).toMatchObject({ unusedDays: 90 })
    expect(await text('/api/structure.csv')).toContain('記録なし、90日のあいだ使われていません')
    const register = async (key: string, find: string): Promise<RegisterPage> =>
      JSON.parse(await text(`/api/registers/table/${key}?find=${encodeURIComponent(find)}`))
    for (const key of ['flows', 'fixed']) {
      const { columns, rows } = await register(key, 'eLTAX')
      expect(columns.at(-1)).toBe('最後に使った日')
      const today = new Intl.DateTimeFormat('ja-JP-u-ca-japanese', {
        dateStyle: 'long',
        timeZone: 'Asia/Tokyo',
      }).format(now)
      expect(rows.some((row) => row.length === columns.length && row.at(-1) === today)).toBe(true)
    }
    // What is on record is sought as well: those that nobody uses are the ones to ask about.
    const unused = await register('flows', '90日のあいだ')
    expect(unused.rows).toHaveLength(1)
    expect(unused.rows[0]!.at(-1)).toBe('記録なし、90日のあいだ使われていません')
    // A register that is about no flows has no such column.
    expect((await register('people', '')).used).toBe(false)
    writeFileSync(flowUse, '{"kind":"FlowUse"')
    expect(await flowOf('eltax')).not.toHaveProperty('lastUse')
    expect((await register('flows', '令和8年のありえない日')).rows).toEqual([])
  })

  test('is narrowed to a zone, and by an unknown name to nothing else', async () => {
    expect((await page('?only=mynumber')).drawing.arrows).toHaveLength(13)
    expect((await text('/api/structure.csv?only=mynumber')).trimEnd().split('\r\n')).toHaveLength(
      14,
    )
    expect((await page('?only=nonsense')).drawing.arrows).toHaveLength(43)
  })

  test('tells what a system and a person can reach, with what is lit in the picture', async () => {
    const terminals = await reach('system:lg-tanmatsu')
    expect(terminals.direct).toContainEqual(
      expect.objectContaining({ to: '仮想ブラウザー', by: '仮想ブラウザーの画面', number: 27 }),
    )
    expect(terminals.lit.flows).toContain('web-vdi')
    expect(terminals.gates.join('')).toContain('file-in')
    expect((await reach('person:s0001')).caution).toContain('福祉課')
    expect((await officer.ask('GET', '/api/structure/reach?from=system:x')).status).toBe(404)
  })

  test('keeps a hostile name a text in every file', async () => {
    const svg = await text('/api/structure.svg')
    expect(svg).not.toContain('<script>')
    expect(svg).toContain('&lt;script&gt;')
    const csv = await text('/api/structure.csv')
    expect(csv).toContain(`"'=1+1</text>`)
    expect(await text('/api/structure/reach.csv')).toContain(`"'=1+1</text>`)
  })
})
