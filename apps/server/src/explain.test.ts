/**
 * 理由・条項を調べる, over the doors that are open to browsers.
 */
import { OPEN_POINTS } from '@sekisho/core'
import { loadGuideline } from '@sekisho/guideline'
import { PASSAGE_REASONS } from '@sekisho/passage'
import { townTemplate } from '@sekisho/town'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Explained, OpenPointsPage, Problem } from './api.ts'
import type { Browser } from './browser.test-support.ts'
import { SERVER_REASONS } from './host/problem.ts'
import { startTestTown } from './town.test-support.ts'
import type { TestTown } from './town.test-support.ts'

const CHOSEN = `
readings:
  O5: { reading: class-2, approvedBy: 副町長, title: 電子申請の分類について, date: 2026-04-01 }
  O3: { reading: permit-list, approvedBy: 副町長, title: 媒体の捨て方について, date: 2099-04-01 }
`

let town: TestTown
let officer: Browser
beforeAll(async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'sekisho-readings-')), 'town.yaml')
  writeFileSync(file, `${townTemplate('α') ?? ''}${CHOSEN}`)
  town = await startTestTown({ town: file })
  officer = await town.signIn('high', 'it-officer')
})
afterAll(() => town.remove())

const ask = (asked: string, who = officer) =>
  who.ask('GET', `/api/explain?${new URLSearchParams({ asked }).toString()}`)
async function found(asked: string): Promise<Explained> {
  return (await (await ask(asked)).json()) as Explained
}

describe('an officer who looks something up', () => {
  test('gets every rule of the guideline, with its clause and whether it is for this town', async () => {
    const zone = await found('ZN-06')
    if (zone.kind !== 'rule') throw new Error(zone.kind)
    expect(zone.parts.length).toBeGreaterThan(1)
    for (const { rule } of zone.parts)
      expect(rule).toMatchObject({ applies: true, effect: 'refuse', from: 'H30.9' })
    expect(await found('AP-01')).toMatchObject({ parts: [{ rule: { applies: false } }] })
    expect(await found('CL-3B-TRANSACTION')).toMatchObject({ points: [{ point: 'O5' }] })
  })

  test.each([
    ['番号法19条', 'clause'],
    ['特定通信', 'clause'],
    ['旧機密性3', 'class'],
    ['機密性３', 'bare-class'],
    [' O5 ', 'point'],
    ['OX-VBA', 'reason'],
    ['CH-OUT', 'reason'],
  ])('%s is a %s', async (asked, kind) => {
    expect((await found(asked)).kind).toBe(kind)
  })

  test('is told what may have been meant', async () => {
    expect(await found('ZN-6')).toEqual({ kind: 'nothing', near: 'ZN-06' })
  })

  test('finds every reason that a screen of this side may show, with nothing left to fill in', async () => {
    for (const id of [...PASSAGE_REASONS, ...SERVER_REASONS]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const answer = await found(id)
      expect([id, answer.kind]).toEqual([id, id === 'NOT-PERMITTED' ? 'rule' : 'reason'])
      expect(JSON.stringify(answer)).not.toMatch(/\{[a-z]+\}/u)
    }
  })

  test('finds every control that the self-check names', async () => {
    for (const { id } of loadGuideline().controls)
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect([id, (await found(id)).kind]).toEqual([id, 'rule'])
  })
})

describe('what is asked', () => {
  test.each(['', ' ', 'ア'.repeat(101)])('is not taken when it is %j', async (asked) => {
    const response = await ask(asked)
    expect(response.status).toBe(400)
    expect(((await response.json()) as Problem).reason).toBe('ASKED-INVALID')
  })

  test.each(['clerk', 'approver'] as const)('is nothing for %s', async (role) => {
    const who = await town.signIn('high', role)
    for (const response of [await ask('ZN-06', who), await who.ask('GET', '/api/open-points')])
      expect(response.status).toBe(403)
  })

  test('is not there on the side towards the Internet', async () => {
    const low = await town.signIn('low', 'it-officer')
    expect((await ask('ZN-06', low)).status).toBe(404)
  })
})

describe('open points', () => {
  test('are all there, with every reading and the one in force here', async () => {
    const page = (await (await officer.ask('GET', '/api/open-points')).json()) as OpenPointsPage
    expect(page.points.map(({ id }) => id)).toEqual(OPEN_POINTS)
    for (const { kind, readings } of page.points) {
      expect(readings.length).toBeGreaterThan(1)
      expect(readings.filter(({ inForce }) => inForce)).toHaveLength(kind === 'design' ? 0 : 1)
    }
    const inForce = (id: string) =>
      page.points.find((one) => one.id === id)?.readings.find((one) => one.inForce)?.id
    expect(inForce('O5')).toBe('class-2')
    expect(inForce('O4')).toBe('R7.3')
  })

  test('chosen for a later day are not in force before, and say so', async () => {
    expect(await found('O3')).toMatchObject({
      point: {
        waits: '2099-04-01',
        chosen: { reading: 'permit-list', approvedBy: '副町長' },
        readings: [{ id: 'destroy', inForce: true }, { inForce: false }],
      },
    })
  })
})
