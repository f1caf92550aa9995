/**
 * 台帳, over the doors that are open to browsers.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  exportRegisters,
  MAX_WORKBOOK_BYTES,
  readWorkbook,
  registerTemplate,
} from '@sekisho/report'
import { readTown } from '@sekisho/town'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SHEETS, withCells } from '../../../packages/report/src/register/book.test-support.ts'
import type { ImportState, Problem, RegisterPage, RegistersPage } from './api.ts'
import { until } from './browser.test-support.ts'
import type { Browser } from './browser.test-support.ts'
import { startTestTown } from './town.test-support.ts'
import type { TestTown } from './town.test-support.ts'

const KASUMI = join(import.meta.dirname, '../../../examples/kasumi/town.yaml')
const TEXT = readFileSync(KASUMI, 'utf8')
const read = readTown(TEXT)
if (!read.ok) throw new Error('kasumi')
const BOOK = exportRegisters(read, '2026-11-25')
const RENAMED = withCells(BOOK, SHEETS.people, { B2: '葛\u{E0102}城 由美子' })

/** Longest wait for one workbook on a busy machine, ms. */
const SLOW = 180_000

let town: TestTown
let officer: Browser
beforeAll(async () => {
  town = await startTestTown({ town: KASUMI })
  officer = await town.signIn('high', 'it-officer')
})
afterAll(() => town.remove())

async function reasonOf(response: Response): Promise<readonly [number, string]> {
  return [response.status, ((await response.json()) as Problem).reason]
}

async function table(key: string, query = ''): Promise<RegisterPage> {
  return (await (
    await officer.ask('GET', `/api/registers/table/${key}?${query}`)
  ).json()) as RegisterPage
}

const give = (bytes: Uint8Array, query = 'name=registers.xlsx', who = officer) =>
  who.ask('POST', `/api/registers/import?${query}`, {
    headers: { 'content-type': 'application/octet-stream' },
    body: new Uint8Array(bytes),
  })

async function looked(bytes: Uint8Array, query?: string): Promise<ImportState> {
  const { id } = (await (await give(bytes, query)).json()) as ImportState
  return until(
    async () => {
      const response = await officer.ask('GET', `/api/registers/import/${id}`)
      const state = (await response.json()) as ImportState
      return state.state !== 'working' && state
    },
    { ms: SLOW },
  )
}

describe('the registers', () => {
  test('are those of the workbook, and 特定通信 apart, with as many rows as the declaration has', async () => {
    const { registers } = (await (
      await officer.ask('GET', '/api/registers')
    ).json()) as RegistersPage
    const counts = Object.fromEntries(registers.map(({ key, count }) => [key, count]))
    expect(Object.keys(counts)).toEqual([
      'assets',
      'services',
      'flows',
      'fixed',
      'people',
      'contracts',
      'contractPapers',
      'subcontractors',
      'media',
      'incidents',
    ])
    const { assets, flows, people } = read.town
    expect(counts).toMatchObject({
      assets: assets.length,
      flows: flows.length,
      people: people.length,
    })
    expect(counts['fixed']).toBe(flows.filter(({ fixed }) => fixed !== undefined).length)
  })

  test('show each name as it is stored, and days as officials write them', async () => {
    const { columns, rows } = await table('people')
    const at = columns.indexOf('氏名')
    expect(rows.map((row) => row[at])).toEqual(
      read.town.people.slice(0, 100).map(({ name }) => name),
    )
    expect(JSON.stringify(rows)).toMatch(/令和\d+年/u)
  })

  test('tell which columns hold names, which need a font with every character of them', async () => {
    const { columns, named } = await table('people')
    expect(columns.filter((_, at) => named[at])).toEqual(['氏名', '課'])
  })

  test('are sought by every word, whatever its width or variant', async () => {
    const [first] = read.town.people.filter(({ name }) => /\p{Variation_Selector}/u.test(name))
    const plain = (first?.name ?? '').replaceAll(/\p{Variation_Selector}/gu, '')
    const wanted = new URLSearchParams({ find: plain }).toString()
    expect((await table('people', wanted)).found).toBeGreaterThan(0)
    const none = await table(
      'people',
      new URLSearchParams({ find: `${plain} どこにもない` }).toString(),
    )
    expect([none.found, none.all]).toEqual([0, read.town.people.length])
  })

  test.each(['nothing', '__proto__', 'toString'])('%s is no register', async (key) => {
    expect(await reasonOf(await officer.ask('GET', `/api/registers/table/${key}`))).toEqual([
      404,
      'NOT-FOUND',
    ])
  })

  test.each(['page=0', 'page=-1', 'page=1e9', `find=${'a'.repeat(201)}`])(
    '%s is not taken',
    async (query) => {
      const response = await officer.ask('GET', `/api/registers/table/assets?${query}`)
      expect(await reasonOf(response)).toEqual([400, 'BODY-INVALID'])
    },
  )

  test.each(['export', 'template', 'decisions'])('%s goes along as a workbook', async (name) => {
    const response = await officer.ask('GET', `/api/registers/${name}.xlsx`)
    expect(response.headers.get('content-disposition')).toMatch(/-\d{4}-\d{2}-\d{2}\.xlsx"$/u)
    expect(readWorkbook(new Uint8Array(await response.arrayBuffer()))).toBeDefined()
  })
})

describe('a workbook that an officer brings', () => {
  test(
    'is shown as what would change, and the changed declaration can be taken along',
    async () => {
      const state = await looked(RENAMED)
      if (state.state !== 'preview') throw new Error(JSON.stringify(state))
      expect(state.counts).toEqual({ add: 0, change: 1, remove: 0 })
      expect(state.changes[0]?.sentence).toContain('葛\u{E0102}城 由美子')
      const response = await officer.ask('GET', `/api/registers/import/${state.id}.yaml`)
      expect(response.headers.get('content-disposition')).toBe('attachment; filename="town.yaml"')
      const text = await response.text()
      expect(readTown(text).ok).toBe(true)
      expect(text.split('\n').filter((line, at) => line !== TEXT.split('\n')[at])).toHaveLength(1)
      // Neither the file nor what is in force was touched.
      expect(readFileSync(KASUMI, 'utf8')).toBe(TEXT)
      expect(JSON.stringify(await table('people'))).not.toContain('由美子')
    },
    SLOW,
  )

  test(
    'that is our own export changes nothing',
    async () => {
      expect(await looked(BOOK)).toMatchObject({ state: 'preview', changes: [] })
    },
    SLOW,
  )

  test(
    'with rows left out keeps them, unless their removal is asked for',
    async () => {
      const empty = registerTemplate('2026-11-25', read)
      const kept = await looked(empty, 'name=a.xlsx')
      expect(kept).toMatchObject({ state: 'preview', counts: { add: 0, change: 0, remove: 0 } })
      if (kept.state === 'preview') expect(kept.notices.length).toBeGreaterThan(0)
      const { registers } = (await (
        await officer.ask('GET', '/api/registers')
      ).json()) as RegistersPage
      const every = registers
        .filter(({ key }) => key !== 'fixed')
        .reduce((sum, { count }) => sum + count, 0)
      expect(await looked(empty, 'name=a.xlsx&remove=1')).toMatchObject({
        state: 'preview',
        counts: { add: 0, change: 0, remove: every },
      })
    },
    SLOW,
  )

  test(
    'tells every cell that is to be mended, and gives no declaration',
    async () => {
      const state = await looked(withCells(BOOK, SHEETS.people, { E3: 'きのう', E4: 'あした' }))
      if (state.state !== 'problems') throw new Error(state.state)
      expect(state.problems.map(({ cell }) => cell)).toEqual(['E3', 'E4'])
      const response = await officer.ask('GET', `/api/registers/import/${state.id}.yaml`)
      expect(await reasonOf(response)).toEqual([404, 'IMPORT-GONE'])
    },
    SLOW,
  )

  test(
    'that is no workbook, or a damaged one, is refused by the disarmer, in words',
    async () => {
      for (const bytes of [Buffer.from('MZ\u0090 not a workbook'), BOOK.subarray(0, 2000)]) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        const state = await looked(bytes)
        if (state.state !== 'problems') throw new Error(state.state)
        expect(state.problems[0]?.reason).toMatch(/^REG-NOT-/u)
      }
    },
    SLOW,
  )
})

describe('what is brought', () => {
  test('needs a name and bytes, and no more than there is room for', async () => {
    expect(await reasonOf(await give(BOOK, ''))).toEqual([400, 'BODY-INVALID'])
    expect(await reasonOf(await give(BOOK, `name=${'a'.repeat(256)}`))).toEqual([
      400,
      'BODY-INVALID',
    ])
    expect(await reasonOf(await give(new Uint8Array(0)))).toEqual([400, 'FILE-EMPTY'])
    const large = new Uint8Array(MAX_WORKBOOK_BYTES + 1)
    expect(await reasonOf(await give(large))).toEqual([413, 'WORKBOOK-TOO-LARGE'])
  })

  test.each(['clerk', 'approver'] as const)('and all of it is nothing for %s', async (role) => {
    const who = await town.signIn('high', role)
    for (const path of [
      '/api/registers',
      '/api/registers/table/people',
      '/api/registers/export.xlsx',
      '/api/registers/template.xlsx',
      '/api/registers/decisions.xlsx',
      `/api/registers/import/${'a'.repeat(64)}`,
      `/api/registers/import/${'a'.repeat(64)}.yaml`,
    ])
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect([path, (await who.ask('GET', path)).status]).toEqual([path, 403])
    expect((await give(BOOK, undefined, who)).status).toBe(403)
  })

  test('is forgotten by its number, and never a file of this machine', async () => {
    for (const id of ['b'.repeat(64), '..%2f..%2ftown', `${'b'.repeat(64)}.yaml`])
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await reasonOf(await officer.ask('GET', `/api/registers/import/${id}`))).toEqual([
        404,
        'IMPORT-GONE',
      ])
  })
})
