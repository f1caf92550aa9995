import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { run } from '../run.test-support.ts'

const root = mkdtempSync(join(tmpdir(), 'sekisho-gate-web-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const TOWN = resolve(import.meta.dirname, '../../../../corpus/cloud/town.yaml')

let data = ''
let count = 0
beforeEach(() => {
  data = join(root, String((count += 1)))
})
const web = (...rest: string[]) => run('gate', 'web', ...rest, '--data', data)

describe('an emergency cut', () => {
  it('says what stops working and how it comes back, and is there for the gate to find', async () => {
    const cut = await web('cut', 'exchange', TOWN, '--by', 's0001')
    expect(cut.code).toBe(0)
    expect(cut.out).toContain('通信「メール」が止まります')
    expect(cut.out).toContain('sekisho gate web open exchange')
    expect(JSON.parse(readFileSync(join(data, 'cut/exchange'), 'utf8'))).toMatchObject({
      by: 's0001',
    })
    expect((await web('open', 'exchange', TOWN)).out).toContain('また通します')
    expect((await web('open', 'exchange', TOWN)).out).toContain('止まっていません')
  })

  it.each(['exchnge', '../exchange', 'kaigi', ''])(
    'is not of what the gate has not: 「%s」',
    async (service) => {
      const cut = await web('cut', service, TOWN)
      expect(cut.code).toBe(2)
      expect(cut.out).toBe('')
    },
  )

  it('suggests the service that was meant', async () => {
    expect((await web('cut', 'exchnge', TOWN)).err).toContain('もしかして exchange ですか')
  })
})

describe('the state of the gate', () => {
  it('says that there is none yet', async () => {
    expect((await web('status')).out).toContain('記録がありません')
  })

  it('is told as found when the record does not hold', async () => {
    mkdirSync(join(data, 'requests'), { recursive: true })
    const file = join(data, 'requests/2026-11-26.jsonl')
    writeFileSync(file, '{"before":"0","kind":"refused","reason":"X11-LISTED"}\n{"before":"1"}\n')
    const status = await web('status')
    expect(status.code).toBe(3)
    expect(status.out).toContain('2026-11-26.jsonl の 2行')
    expect(status.out).toContain('1件　X11-LISTED')
  })
})

describe('a password for a person', () => {
  it('is said once, kept as a hash that only its owner reads, and takes the place of the last', async () => {
    const people = join(root, 'people')
    const first = await run('gate', 'web', 'password', 's0003', '--people', people)
    const password = /　(\S+)\n/u.exec(first.out)?.[1] ?? ''
    expect(password.length).toBeGreaterThanOrEqual(20)
    await run('gate', 'web', 'password', 's0001', '--people', people)
    await run('gate', 'web', 'password', 's0003', '--people', people)
    const lines = readFileSync(people, 'utf8').trim().split('\n')
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['s0001', 's0003'])
    expect(lines.join('')).not.toContain(password)
    expect(statSync(people).mode & 0o077).toBe(0)
  })
})

describe('the authority of the gate', () => {
  it('is made for what the town reads inside, shown with its fingerprint, and never twice', async () => {
    const made = await web('ca', 'create', TOWN)
    expect(made.code).toBe(0)
    expect(made.out).toContain('ca/cert.pem')
    expect(made.out).toMatch(/[0-9A-F]{2}(:[0-9A-F]{2}){31}/u)
    expect(made.out).toContain('login.microsoftonline.com')
    const key = readFileSync(join(data, 'ca/key.pem'), 'utf8')
    const again = await web('ca', 'create', TOWN)
    expect([again.code, again.out]).toEqual([1, ''])
    expect(readFileSync(join(data, 'ca/key.pem'), 'utf8')).toBe(key)
    const shown = await web('ca', 'show', TOWN, '--json')
    expect(JSON.parse(shown.out)).toMatchObject({ hosts: ['login.microsoftonline.com'] })
    for (const text of [made.out, made.err, shown.out]) expect(text).not.toContain('PRIVATE')
  })

  it('says which host it cannot speak for since the town was changed', async () => {
    await web('ca', 'create', TOWN)
    const changed = join(root, 'changed.yaml')
    const more = 'inspect: [{ host: login.live.com, reason: 確認 }, '
    writeFileSync(changed, readFileSync(TOWN, 'utf8').replace('inspect: [', more))
    expect((await web('ca', 'show', changed)).out).toContain('× login.live.com は入っていません')
  })

  it('may speak for every name only where the town shows pages of what it refused, and says what that means', async () => {
    const pages = join(root, 'pages.yaml')
    writeFileSync(
      pages,
      readFileSync(TOWN, 'utf8').replace('listDays: 38', 'listDays: 38\n      refusalPages: true'),
    )
    expect((await web('ca', 'create', pages)).out).toContain('どの接続先にもなりすませます')
  })

  it('is not there until it was made, and made only where something is read inside', async () => {
    expect((await web('ca', 'show', TOWN)).err).toContain('認証局がありません')
    expect((await web('ca', 'remove', TOWN)).code).toBe(2)
  })
})

it('does not start without a way to know who asks', async () => {
  const started = await web('run', TOWN)
  expect(started.code).toBe(2)
  expect(started.err).toContain('--certificates')
})
