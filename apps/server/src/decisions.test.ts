/**
 * Questions that people ask, over the doors that are open to browsers.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadGuideline } from '@sekisho/guideline'
import type { DecisionAnswer, DecisionPage, DecisionRow, EvidencePage, Problem } from './api.ts'
import type { Browser } from './browser.test-support.ts'
import { startTestTown } from './town.test-support.ts'
import type { TestTown } from './town.test-support.ts'

const [classify] = loadGuideline().forms
const STAFF = classify!.examples.find(({ title }) => title === '職員の人事情報')!.facts

let town: TestTown
let clerk: Browser
let approver: Browser
let officer: Browser
beforeAll(async () => {
  town = await startTestTown()
  clerk = await town.signIn('high', 'clerk')
  approver = await town.signIn('high', 'approver')
  officer = await town.signIn('high', 'it-officer')
})
afterAll(() => town.remove())

function decision(changes: object = {}): object {
  return {
    idempotencyKey: randomUUID(),
    question: 'classify',
    subject: '人事給与システム 葛\u{E0102}',
    facts: STAFF,
    reason: '',
    ...changes,
  }
}

async function decide(who: Browser, changes: object = {}): Promise<DecisionRow> {
  const response = await who.json('POST', '/api/decisions', decision(changes))
  expect(response.status).toBe(200)
  return (await response.json()) as DecisionRow
}

async function refused(who: Browser, changes: object): Promise<readonly [number, string]> {
  const response = await who.json('POST', '/api/decisions', decision(changes))
  return [response.status, ((await response.json()) as Problem).reason]
}

async function listed(who: Browser): Promise<readonly string[]> {
  const page = (await (await who.ask('GET', '/api/decisions')).json()) as DecisionPage
  return page.rows.map(({ number }) => number)
}

describe('a question', () => {
  test('is answered without leaving a trace', async () => {
    const response = await clerk.json('POST', '/api/questions/classify/answer', { facts: STAFF })
    const said = (await response.json()) as DecisionAnswer
    expect(said.answer.result).toBe('pass')
    expect(said.found).toContainEqual({ label: '機密性', value: '自治体機密性3C' })
    expect(said.grounds[0]?.findings.map(({ rule }) => rule)).toContain('CL-3C-STAFF')
    expect(await listed(officer)).toEqual([])
  })

  test('that nobody knows, or facts that are none, get four lines', async () => {
    expect((await clerk.ask('GET', '/api/questions/nothing')).status).toBe(404)
    for (const facts of [[], 'x', { a: null }, { a: 1.5 }, { a: 'x'.repeat(61) }]) {
      const response = await clerk.json('POST', '/api/questions/classify/answer', { facts })
      expect(response.status).toBe(400)
    }
    const missing = await clerk.json('POST', '/api/questions/classify/answer', { facts: {} })
    expect(((await missing.json()) as DecisionAnswer).answer.basis).toBe('error')
  })
})

describe('a decision', () => {
  test('is in the log with its facts, and the same key is the same decision', async () => {
    const idempotencyKey = randomUUID()
    const first = await decide(clerk, { idempotencyKey })
    const again = await decide(clerk, { idempotencyKey, subject: '別のもの' })
    expect(again).toEqual(first)
    expect(first).toMatchObject({ result: 'pass', subject: '人事給与システム 葛\u{E0102}' })
    expect(first.facts).toMatchObject({ ...STAFF, model: 'α', level: '3C' })
    const page = (await (
      await officer.ask('GET', `/api/evidence?number=${first.number}`)
    ).json()) as EvidencePage
    expect(page.rows.map(({ index }) => index)).toEqual([first.index])
    expect(page.rows[0]?.sentence).toContain('「情報資産の分類」')
  })

  test('is seen by its author and by those who see everything, not by others', async () => {
    const { number } = await decide(clerk)
    expect(await listed(clerk)).toContain(number)
    expect(await listed(officer)).toContain(number)
    expect(await listed(approver)).not.toContain(number)
    expect((await approver.ask('GET', `/api/decisions/${number}`)).status).toBe(404)
  })

  test('is replaced with a reason, once, by who may see it, and stays as it was', async () => {
    const before = await decide(clerk)
    const replacing = { supersedes: before.number, reason: '資料を確かめ直したため' }
    expect(await refused(clerk, { ...replacing, reason: ' ' })).toEqual([400, 'DECISION-REASON'])
    expect(await refused(approver, replacing)).toEqual([404, 'NOT-FOUND'])
    expect(await refused(clerk, { ...replacing, supersedes: 'D-999999' })).toEqual([
      404,
      'NOT-FOUND',
    ])
    const after = await decide(officer, replacing)
    expect(await refused(clerk, replacing)).toEqual([409, 'DECISION-REPLACED'])
    const response = await clerk.ask('GET', `/api/decisions/${before.number}`)
    expect(await response.json()).toEqual({ ...before, supersededBy: after.number })
  })

  test('two at once do not both replace the same one', async () => {
    const { number } = await decide(clerk)
    const replacing = { supersedes: number, reason: '資料を確かめ直したため' }
    const answers = await Promise.all(
      [1, 2, 3].map(() => clerk.json('POST', '/api/decisions', decision(replacing))),
    )
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409])
  })

  test('needs a subject and a known question', async () => {
    expect(await refused(clerk, { subject: '  ' })).toEqual([400, 'BODY-INVALID'])
    expect(await refused(clerk, { question: 'cross' })).toEqual([400, 'BODY-INVALID'])
    expect(await refused(clerk, { more: 1 })).toEqual([400, 'BODY-INVALID'])
  })
})
