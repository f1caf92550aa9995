/**
 * 工程表 and what is taken along from 点検, over the doors that are open to browsers.
 */
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SekishoError } from '@sekisho/core'
import { findFont } from '@sekisho/report'
import { townTemplate } from '@sekisho/town'
import type { Problem, RoadmapState, TargetsPage } from './api.ts'
import { until } from './browser.test-support.ts'
import type { Browser } from './browser.test-support.ts'
import { Roadmaps } from './high/roadmaps.ts'
import type { RoadmapFound, RoadmapWork } from './high/roadmaps.ts'
import { startTestTown } from './town.test-support.ts'
import type { TestTown } from './town.test-support.ts'

const TODAY = townTemplate('α') ?? ''
const NAME = 'よそに書かれてはならない葛\u{E0102}城橋'
/** The same town with one flow under another purpose, and with one more. */
const TARGET = TODAY.replace(/purpose: [^\n]+/u, `purpose: ${NAME}`)

let town: TestTown
let clerk: Browser
let approver: Browser
let officer: Browser
beforeAll(async () => {
  town = await startTestTown()
  lay('changed', { 'target.yaml': TARGET, 'plan.yaml': 'capacity: 3\n' })
  lay('broken', { 'target.yaml': `${TODAY}\nstaf: 1\n` })
  lay('empty', {})
  clerk = await town.signIn('high', 'clerk')
  approver = await town.signIn('high', 'approver')
  officer = await town.signIn('high', 'it-officer')
})
afterAll(() => town.remove())

function lay(name: string, files: Readonly<Record<string, string>>): void {
  const folder = join(town.folder, 'targets', name)
  mkdirSync(folder, { recursive: true })
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
}

async function reasonOf(response: Response): Promise<readonly [number, string]> {
  return [response.status, ((await response.json()) as Problem).reason]
}

/** Asks again until the way is there, as the page does. */
function found(path: string): Promise<RoadmapState> {
  return until(async () => {
    const state = (await (await officer.ask('GET', path)).json()) as RoadmapState
    return state.state !== 'working' && state
  })
}

const give = (who: Browser, body: object) => who.json('POST', '/api/roadmap/given', body)

describe('weak points and plans of the town', () => {
  const READS = [
    '/api/roadmap/targets',
    '/api/roadmap?target=changed',
    `/api/roadmap/given/${'0'.repeat(64)}`,
    `/api/roadmap/made/${'0'.repeat(64)}.pdf`,
    '/api/check.xlsx',
    '/api/check.pdf',
    '/api/self-check.xlsx',
    '/api/self-check.pdf',
    '/api/cut?target=peer:eltax',
  ]
  test.each(READS)('%s is nothing for staff and approvers', async (path) => {
    for (const who of [clerk, approver])
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await reasonOf(await who.ask('GET', path))).toEqual([403, 'NOT-YOUR-ROLE'])
  })

  test('are not computed with what staff or approvers bring', async () => {
    for (const who of [clerk, approver])
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await reasonOf(await give(who, { target: TARGET }))).toEqual([403, 'NOT-YOUR-ROLE'])
  })
})

describe('a target beside the town', () => {
  test('is listed by the name of its folder, with its model, and so is one that cannot be read', async () => {
    const page = (await (await officer.ask('GET', '/api/roadmap/targets')).json()) as TargetsPage
    expect(page.targets).toEqual([{ id: 'broken' }, { id: 'changed', model: 'α' }])
  })

  test('gives its steps with the capacity of its plan', async () => {
    const state = await found('/api/roadmap?target=changed&at=2026-11-25')
    if (state.state !== 'done') throw new Error(state.state)
    const { outcome, capacity, steps, cost, at } = state.page
    expect([outcome, capacity, at]).toEqual(['found', 3, '2026-11-25'])
    expect(steps.map(({ fiscalYear }) => fiscalYear)).toEqual(['令和8年度'])
    expect(steps[0]?.changes.join('')).toContain(NAME)
    // The model stays: nothing is said about what another would cost.
    expect(cost).toBeUndefined()
  })

  test('that cannot be read says in which line and what to write', async () => {
    const state = await found('/api/roadmap?target=broken')
    expect(state).toMatchObject({
      state: 'unreadable',
      problems: [{ file: 'target', line: TODAY.split('\n').length + 1, path: 'staf' }],
    })
  })

  test.each(['../targets/changed', '..', '', 'empty', 'changed/../changed', 'changed%00'])(
    'is none for the name «%s»',
    async (name) => {
      const path = `/api/roadmap?target=${encodeURIComponent(name)}`
      expect(await reasonOf(await officer.ask('GET', path))).toEqual([404, 'NOT-FOUND'])
    },
  )

  test('is a folder that lies there, not a way to another one', async () => {
    symlinkSync(join(town.folder, 'data'), join(town.folder, 'targets', 'link'))
    lay('device', {})
    symlinkSync('/dev/zero', join(town.folder, 'targets', 'device', 'target.yaml'))
    for (const name of ['link', 'device'])
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect((await officer.ask('GET', `/api/roadmap?target=${name}`)).status).toBe(404)
  })
})

describe('a target that an officer brings', () => {
  test('is computed with, found again by its number, and written nowhere', async () => {
    const given = await give(officer, { target: TARGET, at: '2026-11-25' })
    const { id } = (await given.json()) as RoadmapState
    const state = await found(`/api/roadmap/given/${id}`)
    expect(state.state).toBe('done')
    expect(filesWith(town.dataDir, NAME)).toEqual([])
  })

  test('that nobody brought, or that is gone, says to choose it again', async () => {
    const answer = await officer.ask('GET', `/api/roadmap/given/${'a'.repeat(64)}`)
    expect(await reasonOf(answer)).toEqual([404, 'TARGET-GONE'])
  })

  test('that is an alias bomb, or no declaration at all, is told and hangs nothing', async () => {
    const bomb = `a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [${'*c, '.repeat(500)}*c]\n`
    for (const body of [{ target: bomb }, { target: TODAY, plan: bomb }, { target: '\u0000' }]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { id } = (await (await give(officer, body)).json()) as RoadmapState
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect((await found(`/api/roadmap/given/${id}`)).state).toBe('unreadable')
    }
  })

  test('is bounded, and has exactly its form', async () => {
    const large = await give(officer, { target: '#'.repeat(10 * 1024 * 1024 + 1) })
    expect(await reasonOf(large)).toEqual([413, 'TARGET-TOO-LARGE'])
    for (const body of [
      { target: '#'.repeat(5 * 1024 * 1024 + 1) },
      { target: TODAY, plan: '#'.repeat(64 * 1024 + 1) },
      { target: TODAY, at: '2026-02-30' },
      { target: TODAY, more: 1 },
      {},
    ])
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await reasonOf(await give(officer, body))).toEqual([400, 'BODY-INVALID'])
  })

  test('does not come from another site', async () => {
    const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' }
    const answer = await fetch(`${town.high.url}/api/roadmap/given`, {
      method: 'POST',
      headers: { ...headers, origin: 'https://attacker.example' },
      body: JSON.stringify({ target: TODAY }),
    })
    expect(await reasonOf(answer)).toEqual([403, 'OTHER-ORIGIN'])
  })
})

/** Files below a folder that hold these words. */
function filesWith(folder: string, words: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(words))
}

describe('what is taken along', () => {
  test.each(['check', 'self-check'])('%s is a workbook with the day in its name', async (name) => {
    const answer = await officer.ask('GET', `/api/${name}.xlsx?at=2026-11-25`)
    expect(answer.headers.get('content-disposition')).toContain(`${name}-2026-11-25.xlsx`)
    expect(
      Buffer.from(await answer.arrayBuffer())
        .subarray(0, 2)
        .toString(),
    ).toBe('PK')
  })

  test.each(['check', 'self-check'])(
    '%s is a PDF where there is a font, and names the package where there is none',
    async (name) => {
      const answer = await officer.ask('GET', `/api/${name}.pdf?at=2026-11-25`)
      if ((await findFont()) === undefined) {
        expect(((await answer.json()) as Problem).cure).toContain('fonts-ipamj-mincho')
        expect(answer.status).toBe(503)
        return
      }
      expect(answer.headers.get('content-disposition')).toContain(`${name}-2026-11-25.pdf`)
      expect(
        Buffer.from(await answer.arrayBuffer())
          .subarray(0, 5)
          .toString(),
      ).toBe('%PDF-')
    },
  )

  test.each([
    ['xlsx', 'PK'],
    ['pdf', '%PDF'],
  ])('the way is a %s, as long as it is in memory', async (kind, magic) => {
    const { id } = await found('/api/roadmap?target=changed&at=2026-11-25')
    const answer = await officer.ask('GET', `/api/roadmap/made/${id}.${kind}`)
    if (answer.status === 503) expect(await findFont()).toBeUndefined()
    else {
      expect(answer.headers.get('content-disposition')).toContain(`roadmap-2026-11-25.${kind}`)
      expect(Buffer.from(await answer.arrayBuffer()).toString('latin1')).toContain(magic)
    }
    const gone = await officer.ask('GET', `/api/roadmap/made/${'b'.repeat(64)}.${kind}`)
    expect(await reasonOf(gone)).toEqual([404, 'TARGET-GONE'])
  })

  test('needs a day of the calendar', async () => {
    for (const path of ['check.xlsx', 'check.pdf', 'self-check.xlsx', 'self-check.pdf'])
      expect(
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await reasonOf(await officer.ask('GET', `/api/${path}?at=2026-02-30`)),
      ).toEqual([400, 'BODY-INVALID'])
  })
})

describe('ways that are computed', () => {
  const work = (name: string): RoadmapWork => ({ town: '', target: name, at: '2026-11-25' })
  const nothing: RoadmapFound = { state: 'unreadable', problems: [] }

  test('wait for each other, are computed once, and no more than four wait', async () => {
    const begun: string[] = []
    let finish = (): void => undefined
    const held = new Promise<void>((resolve) => {
      finish = resolve
    })
    const roadmaps = new Roadmaps(async ({ target }) => {
      begun.push(target)
      await held
      return nothing
    })
    const names = ['a', 'b', 'c', 'd', 'e'] as const
    const jobs = names.map((name) => roadmaps.ask(work(name)))
    expect(jobs.map((job) => job !== undefined)).toEqual([true, true, true, true, false])
    expect(roadmaps.ask(work('a'))?.id).toBe(jobs[0]?.id)
    await Promise.resolve()
    expect(begun).toEqual(['a'])
    finish()
    await until(async () => roadmaps.find(jobs[3]?.id ?? '')?.found)
    expect(begun).toEqual(['a', 'b', 'c', 'd'])
    expect(roadmaps.ask(work('e'))).toBeDefined()
  })

  test('that take too long are told as such, and the next one has its turn', async () => {
    const roadmaps = new Roadmaps(({ target }) =>
      target === 'long'
        ? Promise.reject(new SekishoError('TIMEOUT', 'x'))
        : Promise.resolve(nothing),
    )
    const [long, short] = [roadmaps.ask(work('long')), roadmaps.ask(work('short'))]
    await until(async () => roadmaps.find(short?.id ?? '')?.found)
    expect(roadmaps.find(long?.id ?? '')?.found).toEqual({ state: 'stopped' })
  })

  test('are forgotten, the oldest first', async () => {
    const roadmaps = new Roadmaps(() => Promise.resolve(nothing))
    const ids: string[] = []
    for (let count = 0; count < 14; count += 1) {
      const id = roadmaps.ask(work(String(count)))?.id ?? ''
      ids.push(id)
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await until(async () => roadmaps.find(id)?.found)
    }
    expect(ids.filter((id) => roadmaps.find(id) === undefined)).toEqual(ids.slice(0, 2))
  })
})
