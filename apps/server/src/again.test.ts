/**
 * A refused file tried again, through both sides of a real town: with its password, and as pictures.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { systemToolbox } from '@sekisho/disarm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EvidencePage, Transfer } from './api.ts'
import type { Browser } from './browser.test-support.ts'
import { until } from './browser.test-support.ts'
import { startTestTown } from './town.test-support.ts'
import type { TestTown } from './town.test-support.ts'

const CASES = join(import.meta.dirname, '../../../corpus/disarm/pdf')
const LOCKED = readFileSync(join(CASES, 'password-aes-256-r6.pdf'))
const STRANGE = readFileSync(join(CASES, 'filter-chain.pdf'))
const PASSWORD = 'himitsu'

let town: TestTown
let clerk: Browser
let reader: Browser
let officer: Browser
beforeAll(async () => {
  town = await startTestTown()
  clerk = await town.signIn('low', 'clerk')
  reader = await town.signIn('high', 'clerk')
  officer = await town.signIn('high', 'it-officer')
})
afterAll(() => town.remove())

function ended(id: string): Promise<Transfer> {
  return until(
    async () => {
      const transfer = await clerk.transfer(id)
      return ['delivered', 'refused', 'held'].includes(transfer.state) && transfer
    },
    { what: 'an end', ms: 60_000 },
  )
}

const again = (id: string, body: object): Promise<Response> =>
  clerk.json('POST', `/api/transfers/${id}/again`, body)

async function refusedOne(name: string, bytes: Uint8Array): Promise<Transfer> {
  const given = await clerk.give(name, bytes)
  const transfer = await ended(given.id)
  expect(transfer.state).toBe('refused')
  return transfer
}

describe('a file with a password', () => {
  test('is refused with an offer, opened with the password, and delivered under a number of its own', async () => {
    const first = await refusedOne('台帳.pdf', LOCKED)
    expect([first.problem?.reason, first.offers]).toEqual(['ENCRYPTED', ['password']])
    const wrong: Transfer = await (
      await again(first.id, { idempotencyKey: 'wrong-password', password: 'x' })
    ).json()
    const second = await ended(wrong.id)
    expect([second.problem?.reason, second.offers, second.again]).toEqual([
      'PASSWORD-WRONG',
      ['password'],
      first.number,
    ])
    const right: Transfer = await (
      await again(second.id, { idempotencyKey: 'right-password', password: PASSWORD })
    ).json()
    const third = await ended(right.id)
    expect([third.state, third.again]).toEqual(['delivered', second.number])
    const item = (await reader.inbox()).find(({ number }) => number === third.number)
    expect(item).toMatchObject({ fileName: '台帳.pdf', again: second.number, outcome: 'rebuild' })
    const refused = (await reader.inbox()).find(({ number }) => number === second.number)
    expect(refused).toMatchObject({ offers: ['password'], again: first.number })
    expect(new Set([first.number, second.number, third.number]).size).toBe(3)
  })

  test('the password is in no file of either side, in no answer and in no record', async () => {
    const places = readdirSync(town.dataDir, { recursive: true, withFileTypes: true })
    const holding = places
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name))
      .filter((path) => readFileSync(path).includes(PASSWORD))
    expect(holding).toEqual([])
    const page = await (await officer.ask('GET', '/api/evidence?page=1')).text()
    expect(page).not.toContain(PASSWORD)
    expect(
      readdirSync(join(town.dataDir, 'low', 'passwords')).filter((name) => name.endsWith('.key')),
    ).toEqual([])
  })

  test('is tried again once for a double click, and only by the one who gave it', async () => {
    const first = await refusedOne('二度押し.pdf', LOCKED)
    const body = { idempotencyKey: 'pressed-twice', password: PASSWORD }
    const both = await Promise.all([again(first.id, body), again(first.id, body)])
    const [one, two]: Transfer[] = await Promise.all(both.map((answer) => answer.json()))
    expect(one?.id).toBe(two?.id)
    const other = await town.signIn('low', 'approver')
    expect((await other.json('POST', `/api/transfers/${first.id}/again`, body)).status).toBe(404)
  })

  test('what was not offered is not done', async () => {
    const given = await clerk.give('ふつう.txt', new TextEncoder().encode('a'))
    await ended(given.id)
    const answer = await again(given.id, { idempotencyKey: 'not-offered-1' })
    expect([answer.status, (await answer.json()).reason]).toEqual([409, 'AGAIN-NOT-OFFERED'])
  })
})

describe.skipIf(!systemToolbox().has('pages'))('a file that cannot be rebuilt', () => {
  test('becomes pictures only when a person asks for it, and the record says so', async () => {
    const first = await refusedOne('図.pdf', STRANGE)
    expect(first.offers).toEqual(['flatten'])
    const wished: Transfer = await (
      await again(first.id, { idempotencyKey: 'as-pictures-1' })
    ).json()
    expect(wished).toMatchObject({ outcome: 'flatten', again: first.number })
    const last = await ended(wished.id)
    expect(last.removed.join()).toContain('画像化')
    const item = (await reader.inbox()).find(({ number }) => number === last.number)
    expect(item).toMatchObject({ outcome: 'flatten', again: first.number, macros: [] })
    expect(item?.likeness.join('')).toMatch(/^(?:ページの見た目|文字).*です。$/u)
    const page: EvidencePage = await (
      await officer.ask('GET', `/api/evidence?crossing=${encodeURIComponent(last.number)}`)
    ).json()
    const details = page.rows.map(({ entry }) => [entry.kind, entry.detail])
    expect(JSON.stringify(details)).toContain('"outcome":"flatten"')
  })
})

describe('the certificate of a clean file', () => {
  test('is in the entry of its delivery: both digests, rules, what was removed, likeness, verified', async () => {
    const given = await clerk.give('証明.csv', new TextEncoder().encode('氏名,値\r\n髙橋,1\r\n'))
    const done = await ended(given.id)
    expect(done.state).toBe('delivered')
    const page: EvidencePage = await (await officer.ask('GET', '/api/evidence?page=1')).json()
    const delivery = page.rows.find(
      ({ entry }) => entry.kind === 'delivered' && entry.number === done.number,
    )
    expect(delivery?.entry.detail).toMatchObject({
      certificate: 'clean-file',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/u),
      outputSha256: expect.stringMatching(/^[0-9a-f]{64}$/u),
      ruleset: expect.stringMatching(/^[0-9.]+$/u),
      verdict: 'confirmed-absent',
      removedRules: [],
      verifiedAs: 'csv',
      textLikeness: 1000,
    })
  })
})
