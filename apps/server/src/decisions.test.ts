/**
 * Questions that people ask, over the doors that are open to browsers.
 */
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { townTemplate } from '@sekisho/town'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadGuideline } from '@sekisho/guideline'
import type {
  DecisionAnswer,
  DecisionPage,
  DecisionRow,
  DueDecisions,
  EvidencePage,
  Form,
  Problem,
} from './api.ts'
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

const TRANSACTION = classify!.examples.find(({ title }) => title.includes('初めの読み方'))!.facts

async function answered(who: Browser, facts: object): Promise<DecisionAnswer> {
  const response = await who.json('POST', '/api/questions/classify/answer', { facts })
  return (await response.json()) as DecisionAnswer
}

describe('an open point', () => {
  test('is not asked of whoever fills the form in, and cannot be slipped in', async () => {
    const form = (await (await clerk.ask('GET', '/api/questions/classify')).json()) as Form
    expect(form.facts.map(({ name }) => name)).not.toContain('transactionAs2')
    const { found } = await answered(clerk, { ...TRANSACTION, transactionAs2: true })
    expect(found).toContainEqual({ label: '機密性', value: '自治体機密性3B' })
  })

  test('stands beside the answer with every reading, its source, and what it would say', async () => {
    const { open } = await answered(clerk, TRANSACTION)
    expect(open.map(({ point }) => point)).toEqual(['O5'])
    expect(
      open[0]?.readings.map(({ inForce, outcome }) => [inForce, outcome?.found[0]?.value]),
    ).toEqual([
      [true, undefined],
      [false, '自治体機密性2'],
    ])
    expect((await answered(clerk, STAFF)).open).toEqual([])
  })

  test('is read as the town chose, and shown in three levels where it chose so', async () => {
    const file = join(town.folder, 'readings.yaml')
    const paper = 'approvedBy: 町長, title: 分類の読み方, date: 2026-04-01'
    writeFileSync(
      file,
      `${townTemplate('α')}\nreadings:\n  O5: { reading: class-2, ${paper} }\n  O8: { reading: three }\n`,
    )
    const other = await startTestTown({ town: file })
    try {
      const who = await other.signIn('high', 'clerk')
      const [level] = (await answered(who, TRANSACTION)).found
      expect(level?.value).toBe('自治体機密性2')
      expect((await answered(who, STAFF)).found[0]?.value).toBe('自治体機密性3（うち3C）')
      expect(await decide(who, { facts: STAFF })).toMatchObject({
        found: ['自治体機密性3（うち3C）', '自治体完全性1', '自治体可用性1'],
        facts: { level: '3C' },
      })
    } finally {
      await other.remove()
    }
  })
})

describe('a decision with a date in it', () => {
  const flow = loadGuideline().forms.find(({ question }) => question === 'register-flow')!
  const ELTAX = flow.examples.find(({ title }) => title.startsWith('eLTAX'))!.facts

  const due = async (who: Browser, at = '2030-02-01'): Promise<readonly string[]> => {
    const response = await who.ask('GET', `/api/decisions/due?at=${at}`)
    return ((await response.json()) as DueDecisions).rows.map(({ number }) => number)
  }

  test('comes back by it to its author and to those who see everything, until it is replaced', async () => {
    const facts = { ...ELTAX, registerUntil: '2030-03-31' }
    const register = { question: 'register-flow', facts }
    const { number } = await decide(clerk, register)
    expect([await due(clerk), await due(officer), await due(approver)]).toEqual([
      [number],
      [number],
      [],
    ])
    expect(await due(clerk, '2030-01-29')).toEqual([])
    await decide(clerk, {
      ...register,
      facts: { ...facts, registerUntil: '2033-03-31' },
      supersedes: number,
      reason: '期間を延ばしたため',
    })
    expect(await due(officer)).toEqual([])
  })

  test('is not asked for by a day that does not exist, and does not take one', async () => {
    expect((await officer.ask('GET', '/api/decisions/due?at=2026-02-30')).status).toBe(400)
    const { result } = await decide(clerk, {
      question: 'register-flow',
      facts: { ...ELTAX, registerUntil: '2030-02-30' },
    })
    expect(result).toBe('refuse')
  })
})
