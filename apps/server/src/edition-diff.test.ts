/**
 * 版のちがい, over the doors that are open to browsers.
 */
import { createJudge } from '@sekisho/judge'
import { diffEditions, readTown, townTemplate } from '@sekisho/town'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DiffPage, Problem } from './api.ts'
import type { Browser } from './browser.test-support.ts'
import { startTestTown } from './town.test-support.ts'
import type { TestTown } from './town.test-support.ts'

let town: TestTown
let officer: Browser
beforeAll(async () => {
  town = await startTestTown()
  officer = await town.signIn('high', 'it-officer')
})
afterAll(() => town.remove())

const DAY = '2026-11-25'

async function page(query: string): Promise<DiffPage> {
  return (await (await officer.ask('GET', `/api/diff?${query}`)).json()) as DiffPage
}

describe('two editions', () => {
  test('say of the town what the command says', async () => {
    const read = readTown(townTemplate('α') ?? '')
    if (!read.ok) throw new Error('template')
    const wanted = diffEditions(read, 'R4.3', 'R8.3', DAY, { judge: createJudge() })
    const { appear, vanish } = await page(`from=R4.3&to=R8.3&at=${DAY}`)
    const ids = (all: typeof appear) => all.map(({ rule, path }) => `${rule} ${path ?? ''}`)
    expect(ids(appear)).toEqual(ids(wanted.appear))
    expect(ids(vanish)).toEqual(ids(wanted.vanish))
  })

  test('have every rule between them, with the findings that move by it', async () => {
    const { rules, appear, vanish } = await page(`from=R6.10&to=R7.3&at=${DAY}`)
    expect(rules.map(({ id, change }) => `${change} ${id}`)).toContain('change ZN-12')
    for (const { id, findings } of rules)
      expect([id, findings]).toEqual([
        id,
        [...appear, ...vanish].filter(({ rule }) => rule === id).length,
      ])
  })

  test('without a choice are the newest and the one before, for a town that goes by the newest', async () => {
    expect(await page('')).toMatchObject({ from: 'R7.3', to: 'R8.3', own: 'R8.3' })
    expect(await page('to=R6.10')).toMatchObject({ from: 'R8.3', to: 'R6.10' })
  })

  test('go along as a workbook, under both names and the day', async () => {
    const response = await officer.ask('GET', `/api/diff.xlsx?from=R7.3&to=R8.3&at=${DAY}`)
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename="diff-R7.3-R8.3-${DAY}.xlsx"`,
    )
    expect(
      Buffer.from(await response.arrayBuffer())
        .subarray(0, 2)
        .toString(),
    ).toBe('PK')
  })
})

describe('what is asked', () => {
  test.each([
    'from=R9.9',
    'to=R7.3%22%0d%0ax',
    'from=__proto__',
    'at=2026-02-30',
    'at=2026-11-25T00:00',
  ])('%s is not taken for something else', async (query) => {
    for (const path of ['/api/diff', '/api/diff.xlsx']) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const response = await officer.ask('GET', `${path}?${query}`)
      expect(response.status).toBe(400)
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(((await response.json()) as Problem).reason).toBe('BODY-INVALID')
    }
  })

  test.each(['clerk', 'approver'] as const)('is nothing for %s', async (role) => {
    const who = await town.signIn('high', role)
    for (const path of ['/api/diff', '/api/diff.xlsx'])
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect((await who.ask('GET', path)).status).toBe(403)
  })
})
