import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createOTP } from '@better-auth/utils/otp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readTown, townTemplate } from '@sekisho/town'
import type { Person, Town } from '@sekisho/core'
import { ADDRESS_HEADER, openAccounts } from './accounts.ts'
import type { Accounts } from './accounts.ts'

const ORIGIN = 'http://localhost:8082'
const ACCOUNT = {
  email: 'clerk@demo.example',
  password: 'correct horse battery',
  totpSecret: 'abcdefghijklmnopqrstuvwx',
}

function townWith(person: Partial<Person>): Town {
  const read = readTown(townTemplate('α') ?? '')
  if (!read.ok) throw new Error('template')
  const somebody: Person = {
    id: 's0001',
    name: '葛\u{E0102}城',
    department: read.town.departments[0]?.id ?? '',
    roles: ['clerk'],
    from: '2020-04-01',
    ...person,
  }
  return { ...read.town, people: [somebody] }
}

let folder: string
let accounts: Accounts
let recorded: string[]
/** What was recorded while the account was made. */
let made: string[]
let recording: () => Promise<void>

async function open(town: Town = townWith({})): Promise<void> {
  accounts = await openAccounts({
    side: 'high',
    database: join(folder, 'accounts.sqlite'),
    secret: 'x'.repeat(48),
    origin: ORIGIN,
    town,
    record: async (kind, actor, detail) => {
      await recording()
      recorded.push(`${kind} ${actor} ${detail['way'] ?? ''}`)
    },
  })
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-accounts-'))
  recorded = []
  recording = () => Promise.resolve()
  await open()
  await accounts.create({ ...ACCOUNT, person: 's0001' })
  made = recorded
  recorded = []
})
afterEach(() => {
  accounts.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A browser: keeps cookies. */
class Browser {
  cookies = new Map<string, string>()
  flags: string[] = []

  async post(path: string, body: object): Promise<Response> {
    const response = await accounts.handle(
      new Request(`${ORIGIN}/api/auth${path}`, {
        method: 'POST',
        headers: { ...this.headers(), origin: ORIGIN, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    )
    for (const cookie of response.headers.getSetCookie()) {
      this.flags.push(cookie)
      const [pair = ''] = cookie.split(';')
      const at = pair.indexOf('=')
      this.cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return response
  }

  headers(): Record<string, string> {
    return {
      cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      [ADDRESS_HEADER]: '127.0.0.1',
    }
  }

  who(): ReturnType<Accounts['whoIs']> {
    return accounts.whoIs(new Headers(this.headers()))
  }
}

async function code(): Promise<string> {
  return createOTP(ACCOUNT.totpSecret).totp()
}

async function signIn(browser: Browser, extra: object = {}): Promise<Response> {
  await browser.post('/sign-in/email', ACCOUNT)
  return browser.post('/two-factor/verify-totp', { code: await code(), ...extra })
}

test('a new account is on record before it exists', () => {
  expect(made).toEqual(['changed system '])
})

describe('signing in', () => {
  test('password and code open a session that is on record, for one working day', async () => {
    const browser = new Browser()
    expect((await signIn(browser)).status).toBe(200)
    const who = await browser.who()
    expect(who?.person).toMatchObject({ id: 's0001', name: '葛\u{E0102}城' })
    expect(recorded).toEqual(['sign-in s0001 password+code'])
    const hours = (Date.parse(who?.sessionEnds ?? '') - Date.now()) / 3_600_000
    expect(Math.round(hours)).toBe(8)
  })

  test('the session cookie is out of reach of scripts and of other sites', async () => {
    const browser = new Browser()
    await signIn(browser)
    const cookie = browser.flags.find((one) => one.includes('session_token')) ?? ''
    expect(cookie).toMatch(/^sekisho-high\./u)
    expect(cookie).toMatch(/HttpOnly/u)
    expect(cookie).toMatch(/SameSite=Strict/u)
  })

  test('a password alone opens nothing and leaves no session', async () => {
    const browser = new Browser()
    const response = await browser.post('/sign-in/email', ACCOUNT)
    expect(await response.json()).toMatchObject({ twoFactorRedirect: true })
    expect(await browser.who()).toBeUndefined()
    expect(recorded).toEqual([])
  })

  test('a wrong password and an unknown address get the same answer', async () => {
    const wrong = await new Browser().post('/sign-in/email', {
      ...ACCOUNT,
      password: 'not this one',
    })
    const unknown = await new Browser().post('/sign-in/email', {
      ...ACCOUNT,
      email: 'nobody@demo.example',
    })
    expect(wrong.status).toBe(401)
    expect(unknown.status).toBe(401)
    expect(await wrong.json()).toEqual(await unknown.json())
  })

  test('a wrong code opens nothing', async () => {
    const browser = new Browser()
    await browser.post('/sign-in/email', ACCOUNT)
    const response = await browser.post('/two-factor/verify-totp', { code: '000000' })
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(await browser.who()).toBeUndefined()
  })

  test('when the sign-in cannot be put on record there is no session', async () => {
    recording = () => Promise.reject(new Error('disk full'))
    const browser = new Browser()
    expect((await signIn(browser)).status).toBeGreaterThanOrEqual(400)
    expect(await browser.who()).toBeUndefined()
  })

  test('a device cannot ask to be trusted without a code next time', async () => {
    const browser = new Browser()
    expect((await signIn(browser, { trustDevice: true })).status).toBe(403)
    expect(await browser.who()).toBeUndefined()
  })

  test('nobody signs up', async () => {
    const response = await new Browser().post('/sign-up/email', {
      ...ACCOUNT,
      email: 'new@demo.example',
      name: 'x',
    })
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(await accounts.has('new@demo.example')).toBe(false)
  })

  test.each([
    ['has left', { until: '2026-03-31' }],
    ['has not come yet', { from: '2999-04-01' }],
    ['is not of this town', { id: 's9999' }],
  ])('a person who %s opens nothing, whatever they know', async (_, person) => {
    accounts.close()
    await open(townWith(person))
    const browser = new Browser()
    expect((await signIn(browser)).status).toBe(403)
    expect(await browser.who()).toBeUndefined()
  })

  test('a session ends the day the person leaves, not hours later', async () => {
    const browser = new Browser()
    await signIn(browser)
    accounts.close()
    await open(townWith({ until: '2026-03-31' }))
    expect(await browser.who()).toBeUndefined()
  })
})
