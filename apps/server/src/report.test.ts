/**
 * 報告書一式, over the doors that are open to browsers.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { partsOf } from '@sekisho/disarm'
import { findFont } from '@sekisho/report'
import { townTemplate } from '@sekisho/town'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Problem, ReportState } from './api.ts'
import { until } from './browser.test-support.ts'
import type { Browser } from './browser.test-support.ts'
import { createReports } from './high/reports.ts'
import type { ReportWork } from './high/reports.ts'
import { startTestTown } from './town.test-support.ts'
import type { TestTown } from './town.test-support.ts'

const TODAY = townTemplate('α') ?? ''
const DAY = '2026-11-25'

let town: TestTown
let officer: Browser
beforeAll(async () => {
  town = await startTestTown()
  lay('changed', TODAY.replace(/purpose: [^\n]+/u, 'purpose: 別の目的'))
  lay('broken', `${TODAY}\nstaf: 1\n`)
  officer = await town.signIn('high', 'it-officer')
})
afterAll(() => town.remove())

function lay(name: string, target: string): void {
  mkdirSync(join(town.folder, 'targets', name), { recursive: true })
  writeFileSync(join(town.folder, 'targets', name, 'target.yaml'), target)
}

const wish = (body: object, who = officer) => who.json('POST', '/api/report', body)
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function made(body: object): Promise<ReportState> {
  const { id } = (await (await wish(body)).json()) as ReportState
  return until(
    async () => {
      const state = (await (await officer.ask('GET', `/api/report/${id}`)).json()) as ReportState
      return state.state !== 'working' && state
    },
    { ms: 120_000 },
  )
}

async function zipOf({ id }: ReportState): Promise<Buffer> {
  const response = await officer.ask('GET', `/api/report/${id}.zip`)
  expect(response.headers.get('content-disposition')).toBe(
    `attachment; filename="report-${DAY}.zip"`,
  )
  return Buffer.from(await response.arrayBuffer())
}

describe('a set for a council or an auditor', () => {
  test('is one file whose list holds the SHA-256 of each of its files', async () => {
    const state = await made({ at: DAY })
    if ((await findFont()) === undefined) {
      expect(state.state).toBe('no-font')
      return
    }
    if (state.state !== 'done') throw new Error(state.state)
    const zip = await zipOf(state)
    expect(sha256(zip)).toBe(state.zip.sha256)
    const parts = partsOf(zip)
    const list = Buffer.from(parts.get('一覧.txt') ?? []).toString('utf8')
    expect([...parts.keys()]).toEqual([...state.files.map(({ name }) => name), state.list])
    for (const { name, sha256: told } of state.files) {
      expect([name, sha256(parts.get(name) ?? new Uint8Array())]).toEqual([name, told])
      expect(list).toContain(`${told}  ${name}`)
    }
    expect(state.files.map(({ name }) => name)).toEqual([
      '点検.xlsx',
      '点検.pdf',
      '評価.xlsx',
      '評価.pdf',
      '点検.sarif',
      '評価.json',
    ])
    // Asked again, the very same one is there, and nothing is made anew.
    expect(((await (await wish({ at: DAY })).json()) as ReportState).state).toBe('done')
  }, 150_000)

  test('has the way to a target that lies beside the town, and what became of it', async () => {
    if ((await findFont()) === undefined) return
    const state = await made({ at: DAY, target: 'changed' })
    if (state.state !== 'done') throw new Error(state.state)
    expect(state.files.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['移行.xlsx', '移行.pdf']),
    )
    expect(state.way).not.toBe('')
  }, 150_000)

  test('is not made towards a target that cannot be read: the line is told', async () => {
    if ((await findFont()) === undefined) return
    const state = await made({ at: DAY, target: 'broken' })
    expect(state).toMatchObject({ state: 'unreadable', problems: [{ file: 'target' }] })
    expect((await officer.ask('GET', `/api/report/${state.id}.zip`)).status).toBe(404)
  }, 60_000)
})

describe('what is asked', () => {
  test.each([
    { at: '2026-02-30' },
    { edition: 'R9.9' },
    { target: 1 },
    { town: 'x' },
    { target: 'a'.repeat(300) },
  ])('%j is not taken', async (body) => {
    const response = await wish(body)
    expect([response.status, ((await response.json()) as Problem).reason]).toEqual([
      400,
      'BODY-INVALID',
    ])
  })

  test.each(['../targets/changed', '.', 'nothing'])(
    '%s is no target: an address only picks one that lies there',
    async (target) => {
      expect((await wish({ target })).status).toBe(404)
    },
  )

  test.each(['a'.repeat(64), `${'a'.repeat(64)}.zip`, 'x', '..%2f..%2fetc'])(
    '%s is no set',
    async (id) => {
      const response = await officer.ask('GET', `/api/report/${id}`)
      expect([response.status, ((await response.json()) as Problem).reason]).toEqual([
        404,
        'REPORT-GONE',
      ])
    },
  )

  test.each(['clerk', 'approver'] as const)('is nothing for %s', async (role) => {
    const who = await town.signIn('high', role)
    const { id } = (await (await wish({ at: DAY })).json()) as ReportState
    for (const response of [
      await wish({ at: DAY }, who),
      await who.ask('GET', `/api/report/${id}`),
      await who.ask('GET', `/api/report/${id}.zip`),
    ])
      expect(response.status).toBe(403)
  })
})

describe('sets that are made', () => {
  const work = { town: '' } as ReportWork

  test('tell how far they are, and no more than three wait', async () => {
    let finish = (): void => undefined
    const held = new Promise<void>((resolve) => {
      finish = resolve
    })
    const reports = createReports(async (_, tell) => {
      tell({ done: 2, all: 6 })
      await held
      return { state: 'no-font' }
    })
    const about = { at: DAY, edition: 'R8.3' } as const
    const asked = ['a', 'b', 'c', 'd'].map((id) => reports.ask(id, work, about))
    expect(asked.map((job) => job !== undefined)).toEqual([true, true, true, false])
    await until(async () => reports.find('a')?.progress)
    expect(reports.find('a')).toMatchObject({ progress: { done: 2, all: 6 }, at: DAY })
    finish()
    await until(async () => reports.find('c')?.found)
  })
})
