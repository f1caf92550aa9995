import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  KEYS,
  TODAY,
} from '../../../../../packages/gates/web/src/destination/destination.test-support.ts'
import {
  bodyOf,
  bytesOf,
  headOf,
  uploadCases,
} from '../../../../../packages/gates/web/src/upload/uploads.test-support.ts'
import type { Told } from '@sekisho/disarm'
import { approveFile } from './file-approvals.ts'
import { body, exchangeOf, guardBed, pair, send, whole } from './guard.test-support.ts'
import type { GuardBed, Pair } from './guard.test-support.ts'

const JSON_BODY = [['content-type', 'application/json']] as const
const reasonOf = (answer: { readonly result: string; readonly reason?: string }): string =>
  answer.reason ?? answer.result

let bed: GuardBed
beforeAll(async () => {
  bed = await guardBed()
})
afterAll(() => bed.stop())

const sent = async (text: string, more: Parameters<typeof exchangeOf>[0] = {}) =>
  bed.guard.upload(exchangeOf({ headers: JSON_BODY, ...more }), body(text))

describe('what leaves', () => {
  it('is what was judged, to the byte, whether it waited in memory or on the disk', async () => {
    for (const length of [10, 1_000_000, 3_000_000]) {
      const text = JSON.stringify({ words: 'あ い。'.repeat(length / 10) })
      const answer = await bed.guard.upload(
        exchangeOf({ headers: JSON_BODY }),
        body(text.slice(0, 7), text.slice(7)),
      )
      if (answer.result !== 'pass') throw new Error(answer.reason)
      const sha256 = createHash('sha256').update(text).digest('hex')
      expect([answer.bytes, answer.sha256]).toEqual([Buffer.byteLength(text), sha256])
      expect((await whole(answer.body)).toString()).toBe(text)
    }
  })

  it('waits where nobody finds it, and nothing is left of it', async () => {
    const big = JSON.stringify({ words: 'あ い。'.repeat(300_000) })
    const answer = await sent(big)
    if (answer.result !== 'pass') throw new Error(answer.reason)
    // It has no name while it waits: a gate that is killed now leaves nothing behind.
    expect(await readdir(join(bed.dataDir, 'waiting'))).toEqual([])
    await answer.body?.[Symbol.asyncIterator]().return?.()
  })

  it('a request without a body has none', async () => {
    const answer = await bed.guard.upload(exchangeOf({ method: 'GET' }), body())
    expect(answer).toEqual({ result: 'pass', bytes: 0 })
  })
})

describe('what stays', () => {
  it('a method that may not be stays before a byte of its body is taken', async () => {
    let taken = 0
    const counted = (async function* () {
      taken += 1
      yield Buffer.from('secret')
    })()
    const answer = await bed.guard.upload(exchangeOf({ method: 'BREW' }), counted)
    expect([reasonOf(answer), taken]).toEqual(['X11-SEND-METHOD', 0])
  })

  it('a body without an end is not taken further than its use allows', async () => {
    let taken = 0
    const endless = (async function* () {
      for (;;) {
        taken += 65_536
        yield Buffer.alloc(65_536, 97)
      }
    })()
    const answer = await bed.guard.upload(exchangeOf({ pattern: 'sign-in' }), endless)
    expect(reasonOf(answer)).toBe('X11-SEND-SIZE')
    expect(taken).toBeLessThanOrEqual(256 * 1024 + 65_536)
  })

  it('each refusal says its rule, its sentence and its cure', async () => {
    const answer = await sent('{"個人番号":"123456789018"}')
    expect(answer).toMatchObject({
      result: 'refuse',
      reason: 'X11-SEND-NUMBER',
      service: 'exchange',
      finding: { rule: 'X11-SEND-NUMBER', cure: { who: 'clerk' } },
    })
  })

  it('a body that stops, a box that is gone: nothing passes', async () => {
    const stopping = (async function* () {
      yield Buffer.from('{"a":')
      throw new Error('the terminal is gone')
    })()
    const answer = await bed.guard.upload(exchangeOf({ headers: JSON_BODY }), stopping)
    expect(reasonOf(answer)).toBe('WEB-CLOSED')
    const ask = () => Promise.reject(new Error('no worker'))
    const download = { disarm: () => Promise.reject(new Error('no worker')) }
    const boxless = await guardBed({ pools: { upload: { ask }, download } })
    const other = await boxless.guard.upload(exchangeOf({ headers: JSON_BODY }), body('{}'))
    expect(reasonOf(other)).toBe('WEB-CLOSED')
    await boxless.stop()
  })

  it('what a box says that an attacker has taken over is believed in its closed form only', async () => {
    const facts = {
      carries: 'data',
      reading: 'whole',
      fileType: 'none',
      sight: 'all',
      level: '1',
      label: 'known',
      myNumbers: 0,
      personalRows: 0,
    }
    let lie: unknown
    const ask = async <T>(
      _: unknown,
      __: unknown,
      read: (header: unknown, body: Uint8Array) => T | undefined,
    ): Promise<Told<T>> => {
      const told = read(lie, new Uint8Array())
      return told === undefined ? { ok: false, reason: 'ENG-LIE' } : { ok: true, told }
    }
    const download = { disarm: () => Promise.reject(new Error('not asked')) }
    const taken = await guardBed({ pools: { upload: { ask }, download } })
    const answer = async (told: unknown): Promise<string> => {
      lie = told
      return reasonOf(await taken.guard.upload(exchangeOf({ headers: JSON_BODY }), body('{}')))
    }
    expect(await answer({ facts, over: false, files: [] })).toBe('pass')
    for (const told of [
      { facts, over: false, files: [], more: 1 },
      { facts: { ...facts, level: '0' }, over: false, files: [] },
      { facts: { ...facts, myNumbers: -1 }, over: false, files: [] },
      { facts: { ...facts, approved: true }, over: false, files: [] },
      { facts: { ...facts, carries: 'file' }, over: false, files: [] },
      { facts, over: false },
    ])
      expect(await answer(told)).toBe('X11-SEND-FORM')
    await taken.stop()
  })
})

describe('how much', () => {
  it('a person may send to a service in a day counts the bodies of what passes alone', async () => {
    const small = await guardBed({ dailyBytes: 400 })
    const spend = async (text: string) =>
      reasonOf(await small.guard.upload(exchangeOf({ headers: JSON_BODY }), body(text)))
    expect(await spend('{"個人番号":"123456789018"}')).toBe('X11-SEND-NUMBER')
    expect(await spend(`{"a":"${'word '.repeat(60)}"}`)).toBe('pass')
    expect(await spend(`{"a":"${'word '.repeat(60)}"}`)).toBe('X11-SEND-SIZE')
    expect(await spend('{}')).toBe('pass')
    await small.stop()
  })
})

describe('an approval', () => {
  const bytes = bytesOf([{ file: 'pdf', property: '【自治体機密性1】' }])
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const file = { sha256, service: 'exchange', sender: 's0001' }
  const exchange = exchangeOf({
    pattern: 'outside-files',
    method: 'PUT',
    path: '/a.pdf',
    headers: [['content-type', 'application/pdf']],
  })
  const approve = (key: keyof typeof KEYS, at = `${TODAY}T00:00:00Z`, more = {}) =>
    approveFile(
      bed.dataDir,
      { ...file, ...more },
      { key: KEYS[key].signer, at: new Date(at) },
      { signers: bed.town.gates.web![0]!.signers, people: bed.town.people, today: TODAY },
    )
  const asked = async (more = {}, content = bytes) =>
    reasonOf(await bed.guard.upload({ ...exchange, ...more }, body(content)))

  it('of another person lets exactly these bytes go to exactly this service', async () => {
    expect(await asked()).toBe('X11-SEND-APPROVAL')
    expect(await approve('ciso')).toMatchObject({ by: 's0002', sha256 })
    expect(await asked()).toBe('pass')
    expect(await asked({ service: 'teams' })).toBe('X11-SEND-APPROVAL')
    expect(await asked({ person: 's0003' })).toBe('X11-SEND-APPROVAL')
    const other = bytesOf([{ file: 'pdf', property: '【自治体機密性1】別' }])
    expect(await asked({}, other)).toBe('X11-SEND-APPROVAL')
  })

  it('is not given by the sender, by a clerk, too early or for too long', async () => {
    expect(await approve('officer')).toBeUndefined()
    expect(await approve('clerk')).toBeUndefined()
    expect(await approve('ciso', `${TODAY}T00:00:00Z`, { sender: 's0002' })).toBeUndefined()
    expect(await approve('ciso', '2026-11-19T00:00:00Z')).toBeUndefined()
    expect(await approve('ciso', '2026-11-27T00:00:00Z')).toBeUndefined()
    expect(await approve('ciso', '2026-11-20T00:00:00Z')).toMatchObject({ by: 's0002' })
  })
})

describe('through HTTP, in the sandboxed workers', () => {
  let ends: Pair
  beforeAll(async () => {
    ends = await pair(bed.guard, () => ({
      headers: { 'content-type': 'application/json' },
      body: Buffer.from('{"ok":true}'),
    }))
  })
  afterAll(() => ends.stop())
  afterEach(() => {
    ends.arrived.length = 0
    ends.refused.length = 0
  })

  // One of each kind and each answer; all of them are asked without sockets in the gate's own tests.
  const chosen = [...Map.groupBy(uploadCases(), ([file, one]) => `${file} ${one.expect.result}`)]
    .map(([, [first]]) => first!)
    .filter(([, one]) => (one.pattern ?? 'communication') === 'communication')
    .filter(([, { approved, town, method }]) => !approved && !town && method !== 'PROPPATCH')
  for (const [kind, one] of chosen)
    it(`${kind}: ${one.title}`, async () => {
      const bytes = bodyOf(one)
      const answer = await send(ends.port, headOf(one), bytes)
      if (one.expect.result === 'pass') {
        expect([answer.status, answer.body.toString()]).toEqual([200, '{"ok":true}'])
        expect(ends.arrived[0]?.body.equals(bytes)).toBe(true)
      } else {
        expect(one.expect.rules).toContain(answer.body.toString())
        expect(ends.arrived).toEqual([])
      }
    })
})
