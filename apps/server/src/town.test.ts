/**
 * One real town, both sides: what people and attackers can do through the doors that are open to browsers.
 */
import { randomBytes } from 'node:crypto'
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type {
  Calendar,
  CutPage,
  EvidencePage,
  EvidenceProof,
  ModelsPage,
  Problem,
  RiskPage,
  SelfCheck,
  TownCheck,
  Transfer,
} from './api.ts'
import { Browser, until } from './browser.test-support.ts'
import { demoCodes } from './demo.ts'
import { startTown } from './start-town.ts'
import { startTestTown } from './town.test-support.ts'
import type { TestTown } from './town.test-support.ts'
import { verifyClean } from '@sekisho/disarm/verify'
import { verifyProof } from '@sekisho/evidence/verify'

const TEXT = new TextEncoder().encode('葛\u{E0102}城 𠮷田 髙橋 山﨑\r\n')
/** Held, because a formula that calls a program is active content. */
const FORMULA = new TextEncoder().encode(
  '名前,値\r\n葛\u{E0102}城,"=HYPERLINK(""http://x.example"",""a"")"\r\n',
)
const NAME = '葛\u{E0102}城𠮷髙﨑.txt'

let town: TestTown
let clerk: Browser
let reader: Browser
let approver: Browser
let officer: Browser
beforeAll(async () => {
  town = await startTestTown()
  clerk = await town.signIn('low', 'clerk')
  reader = await town.signIn('high', 'clerk')
  approver = await town.signIn('high', 'approver')
  officer = await town.signIn('high', 'it-officer')
})
afterAll(() => town.remove())

async function problemOf(response: Response): Promise<Problem> {
  const problem: Problem = await response.json()
  for (const line of ['reason', 'what', 'why', 'cure', 'at'] as const)
    expect(problem[line], line).toMatch(/./u)
  return problem
}

function ended(id: string, state: string): Promise<Transfer> {
  return until(
    async () => {
      const transfer = await clerk.transfer(id)
      return transfer.state === state && transfer
    },
    { what: state },
  )
}

describe('a file and its name', () => {
  test('cross unchanged in name, and the bytes arrive that were verified', async () => {
    const given = await clerk.give(NAME, TEXT)
    expect(given).toMatchObject({ fileName: NAME, state: 'received', offset: TEXT.length })
    await ended(given.id, 'delivered')
    const item = (await reader.inbox()).find(({ number }) => number === given.number)
    expect(item).toMatchObject({ fileName: NAME, outputName: NAME, state: 'delivered' })
    const file = await reader.ask('GET', `/api/inbox/${item?.id}/file`)
    expect(decodeURIComponent(file.headers.get('content-disposition') ?? '')).toContain(NAME)
    expect(file.headers.get('content-disposition')).toMatch(/^attachment/u)
    expect(Buffer.from(await file.arrayBuffer())).toEqual(Buffer.from(TEXT))
    expect((await reader.inbox()).find(({ id }) => id === item?.id)?.takenAt).toBeDefined()
  })

  test('somebody else does not see it, neither here nor there', async () => {
    const given = await clerk.give('mine.txt', TEXT)
    await ended(given.id, 'delivered')
    const other = await town.signIn('low', 'approver')
    for (const method of ['GET', 'DELETE'])
      expect((await other.ask(method, `/api/transfers/${given.id}`)).status).toBe(404)
    expect((await other.send({ id: given.id, offset: 0 }, TEXT)).status).toBe(404)
    expect((await approver.ask('GET', `/api/inbox/${given.id}/file`)).status).toBe(404)
    expect(await approver.inbox()).toEqual([])
  })
})

describe('the check of the declaration in force', () => {
  test('is shown to those who mend or audit it, as of the day and edition they ask for', async () => {
    const ask = async (query: string): Promise<TownCheck> =>
      (await officer.ask('GET', `/api/check${query}`)).json() as Promise<TownCheck>
    expect(await ask('?at=2026-11-25')).toMatchObject({
      result: 'pass',
      edition: 'R8.3',
      model: 'α',
    })
    const later = await ask('?at=2030-01-01')
    expect(later.result).toBe('refuse')
    // Papers that nobody looked at again.
    expect(later.findings.map(({ rule }) => rule)).toContain('OP-04')
    const old = await ask('?at=2026-11-25&edition=R2.12')
    expect([old.edition, old.questions > 10]).toEqual(['R2.12', true])
    expect((await officer.ask('GET', '/api/check?at=2026-02-30')).status).toBe(400)
  })

  test('weak points are not shown to everybody', async () => {
    for (const path of ['/api/check', '/api/cut?target=peer:juki-net']) {
      const response = await reader.ask('GET', path)
      expect(response.status).toBe(403)
      expect((await problemOf(response)).reason).toBe('NOT-YOUR-ROLE')
    }
  })

  test('is told whole: self-check, other models, what falls due, what is at risk', async () => {
    const ask = async <T>(part: string): Promise<T> =>
      (await officer.ask('GET', `/api/assess/${part}`)).json() as Promise<T>
    const { chapters, asked, met } = await ask<SelfCheck>('self-check?at=2026-11-25')
    expect(chapters.map(({ chapter }) => chapter)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect([asked > 0, met < asked]).toEqual([true, true])
    const { delta } = await ask<ModelsPage>('models?to=β′')
    expect(delta?.to).toBe('β′')
    expect(delta?.gained.map(({ control }) => control)).toContain('BT-05')
    const { duties } = await ask<Calendar>('calendar?at=2026-11-25')
    expect(duties.map(({ date }) => date)).toEqual(duties.map(({ date }) => date).toSorted())
    expect((await ask<RiskPage>('risk')).rows.length).toBeGreaterThan(0)
    expect((await officer.ask('GET', '/api/assess/nothing')).status).toBe(404)
  })

  test('goes out as a workbook that the gate itself would let in', async () => {
    const response = await officer.ask('GET', '/api/check.xlsx?at=2030-01-01')
    expect(response.headers.get('content-disposition')).toMatch(/^attachment/u)
    const bytes = new Uint8Array(await response.arrayBuffer())
    expect(verifyClean(bytes, 'xlsx')).toEqual({ clean: true, type: 'xlsx' })
    expect((await reader.ask('GET', '/api/check.xlsx')).status).toBe(403)
  })

  test('says what would stop, and nothing for what nobody declared', async () => {
    const cut = (await (
      await officer.ask('GET', '/api/cut?target=peer:juki-net')
    ).json()) as CutPage
    expect(cut.impact?.lines.map(({ kind }) => kind)).toContain('flow')
    const none = (await (await officer.ask('GET', '/api/cut?target=peer:x')).json()) as CutPage
    expect(none.impact).toBeUndefined()
    expect(none.targets.length).toBeGreaterThan(3)
  })
})

describe('handing over', () => {
  function begin(browser: Browser, change: object = {}): Promise<Response> {
    return browser.json('POST', '/api/transfers', {
      idempotencyKey: 'key-of-this-file',
      fileName: 'a.txt',
      size: 10,
      purpose: '確認',
      ...change,
    })
  }

  test('a double click makes one transfer', async () => {
    const both = await Promise.all([begin(clerk), begin(clerk)])
    const [first, second]: Transfer[] = await Promise.all(both.map((one) => one.json()))
    expect(first?.id).toBe(second?.id)
  })

  test('the same key for another file is not the same transfer', async () => {
    await begin(clerk, { idempotencyKey: 'key-used-twice' })
    const again = await begin(clerk, { idempotencyKey: 'key-used-twice', size: 11 })
    expect(again.status).toBe(409)
    expect((await problemOf(again)).reason).toBe('TRANSFER-DIFFERS')
  })

  test('after a cut line it goes on where the bytes on disk end', async () => {
    const bytes = randomBytes(3000)
    const begun: Transfer = await (
      await begin(clerk, { idempotencyKey: 'key-resumed', fileName: 'r.bin', size: bytes.length })
    ).json()
    await clerk.send(begun, bytes.subarray(0, 1000))
    const lost = await clerk.send({ id: begun.id, offset: 2000 }, bytes.subarray(2000))
    expect(lost.status).toBe(409)
    expect(await lost.json()).toMatchObject({ offset: 1000, reason: 'OFFSET-DIFFERS' })
    const rest = await clerk.send({ id: begun.id, offset: 1000 }, bytes.subarray(1000))
    expect(await rest.json()).toMatchObject({ offset: 3000, state: 'received' })
  })

  test('more bytes than announced are not taken', async () => {
    const begun: Transfer = await (await begin(clerk, { idempotencyKey: 'key-too-many' })).json()
    expect((await clerk.send(begun, new Uint8Array(11))).status).toBe(409)
  })

  test('a piece beyond 8 MiB is not taken', async () => {
    const begun: Transfer = await (
      await begin(clerk, { idempotencyKey: 'key-large-piece', size: 9_000_000 })
    ).json()
    const sent = await clerk.send(begun, new Uint8Array(8 * 1024 * 1024 + 1)).catch(() => undefined)
    if (sent) expect((await problemOf(sent)).reason).toBe('BODY-TOO-LARGE')
    expect((await clerk.transfer(begun.id)).offset).toBe(0)
  })

  test.each([
    ['empty', { size: 0 }, 'FILE-EMPTY', 400],
    ['larger than the town allows', { size: 200_000_000_000 }, 'FILE-TOO-LARGE', 413],
    ['without a purpose', { purpose: ' \u3000 ' }, 'PURPOSE-MISSING', 400],
    ['with a purpose of 201 characters', { purpose: 'あ'.repeat(201) }, 'PURPOSE-MISSING', 400],
    ['named like a path', { fileName: '../../etc/passwd' }, 'FILE-NAME', 400],
    ['with a line feed in its name', { fileName: 'a\r\nset-cookie: x' }, 'FILE-NAME', 400],
    ['with an unknown field', { extra: true }, 'BODY-INVALID', 400],
    ['with a size that is text', { size: '10' }, 'BODY-INVALID', 400],
  ])('a file %s is refused in four lines', async (_, change, reason, status) => {
    const response = await begin(clerk, { idempotencyKey: 'key-refused-here', ...change })
    expect(response.status).toBe(status)
    expect((await problemOf(response)).reason).toBe(reason)
  })

  test('taken back while bytes are still coming: at once', async () => {
    const begun: Transfer = await (await begin(clerk, { idempotencyKey: 'key-cancelled' })).json()
    const cancelled = await clerk.ask('DELETE', `/api/transfers/${begun.id}`)
    expect(await cancelled.json()).toMatchObject({ state: 'cancelled' })
    expect((await clerk.send(begun, new Uint8Array(10))).status).toBe(409)
  })

  test('taken back while it waits for approval: the other side ends it, and it cannot be approved', async () => {
    const given = await clerk.give('later.csv', FORMULA)
    await ended(given.id, 'held')
    const card = (await approver.cards()).find(({ number }) => number === given.number)
    const cancelled = await clerk.ask('DELETE', `/api/transfers/${given.id}`)
    expect(await cancelled.json()).toMatchObject({ state: 'cancelled' })
    if (!card) throw new Error('no card')
    expect((await approver.decide(card)).status).toBe(409)
  })

  test('what has arrived cannot be taken back', async () => {
    const given = await clerk.give('gone.txt', TEXT)
    await ended(given.id, 'delivered')
    const late = await clerk.ask('DELETE', `/api/transfers/${given.id}`)
    expect(late.status).toBe(409)
    expect((await problemOf(late)).number).toBe(given.number)
  })

  test('what cannot cross comes back in four lines with a number, on both sides', async () => {
    const given = await clerk.give('program.txt', new Uint8Array([0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0]))
    const refused = await ended(given.id, 'refused')
    expect(refused.problem).toMatchObject({ number: given.number, reason: /^TYPE-/u })
    const item = (await reader.inbox()).find(({ number }) => number === given.number)
    expect(item?.problem).toEqual(refused.problem)
  })
})

describe('approving', () => {
  async function heldCard(name = '依頼.csv') {
    const given = await clerk.give(name, FORMULA)
    await ended(given.id, 'held')
    const card = (await approver.cards()).find(({ number }) => number === given.number)
    if (!card) throw new Error('no card')
    return card
  }

  test('the approver sees who, what, why and what was removed, and what they approve is what arrives', async () => {
    const card = await heldCard()
    expect(card).toMatchObject({ purpose: '見積もりの確認', fileName: '依頼.csv', state: 'held' })
    expect(card.findings.map(({ rule }) => rule)).toEqual(['X3-APPROVAL'])
    expect(card.removed).not.toEqual([])
    const preview = await approver.ask('GET', `/api/approvals/${card.number}/preview`)
    expect(JSON.stringify(await preview.json())).toContain('葛\u{E0102}城')
    expect(await (await approver.decide(card)).json()).toMatchObject({ state: 'delivered' })
    const item = (await reader.inbox()).find(({ number }) => number === card.number)
    expect(item).toMatchObject({ state: 'delivered', outputSha256: card.sha256 })
  })

  test.each([
    ['bytes', { sha256: '0'.repeat(64) }],
    ['destination', { destination: 'LGWAN接続系／ほか' }],
    ['purpose', { purpose: '別の目的' }],
  ])('on other %s than shown: not taken', async (_, change) => {
    const card = await heldCard()
    const response = await approver.decide(card, change)
    expect(response.status).toBe(409)
    await problemOf(response)
    expect((await approver.cards()).some(({ number }) => number === card.number)).toBe(true)
  })

  test('returned with a comment: the sender reads it', async () => {
    const card = await heldCard()
    expect((await approver.decide(card, { decision: 'return' })).status).toBe(400)
    await approver.decide(card, { decision: 'return', comment: '宛先を確かめてください。' })
    const returned = await ended(card.id, 'returned')
    expect(returned.problem?.why).toBe('宛先を確かめてください。')
  })

  test('nobody approves what they sent themselves', async () => {
    const own = await town.signIn('low', 'approver')
    const given = await own.give('自分.csv', FORMULA)
    const card = await until(async () =>
      (await approver.cards()).find(({ number }) => number === given.number),
    )
    expect(card.cannotDecide).toMatch(/。$/u)
    const response = await approver.decide(card)
    expect(response.status).toBe(403)
    expect((await problemOf(response)).reason).toBe('APPROVAL-SELF')
  })

  test('a clerk sees no cards, cannot open one by its number, and cannot decide', async () => {
    const card = await heldCard()
    expect(await reader.cards()).toEqual([])
    for (const path of ['', '/preview', '/file'])
      expect((await reader.ask('GET', `/api/approvals/${card.number}${path}`)).status).toBe(404)
    expect((await reader.decide(card)).status).toBe(404)
  })

  test('two clicks on approve make one delivery', async () => {
    const card = await heldCard()
    const both = await Promise.all([approver.decide(card), approver.decide(card)])
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 409]))
    const items = (await reader.inbox()).filter(({ number }) => number === card.number)
    expect(items).toHaveLength(1)
  })
})

describe('evidence', () => {
  async function search(browser: Browser, query: string): Promise<EvidencePage> {
    const page: EvidencePage = await (await browser.ask('GET', `/api/evidence?${query}`)).json()
    return page
  }

  test('is found by file name however it is typed, by rule, kind, number and digest', async () => {
    const given = await clerk.give(NAME, TEXT)
    await ended(given.id, 'delivered')
    const name = await search(officer, `file=${encodeURIComponent('葛城𠮷')}&kind=delivered`)
    expect(name.rows[0]?.entry.detail['file']).toBe(NAME)
    expect(name.rows[0]?.sentence).toContain(NAME)
    expect((await search(officer, `number=${given.number}`)).total).toBeGreaterThan(5)
    expect((await search(officer, 'rule=X3-VERIFY')).total).toBeGreaterThan(0)
    const sha256 = name.rows[0]?.entry.detail['outputSha256']
    expect((await search(officer, `sha256=${String(sha256).toUpperCase()}`)).total).toBeGreaterThan(
      0,
    )
    expect((await search(officer, 'file=%25')).total).toBe(0)
    expect((await search(officer, 'from=2999-01-01')).total).toBe(0)
  })

  test('every row can be proved without this server', async () => {
    const { rows } = await search(officer, '')
    const answer = await officer.ask('GET', `/api/evidence/${rows[0]?.index}/proof`)
    const proof: EvidenceProof = await answer.json()
    const entry = Buffer.from(proof.entry, 'base64').toString('utf8')
    expect(verifyProof({ ...proof, entry })).toMatchObject({ ok: true })
    expect(verifyProof({ ...proof, entry: entry.replace('a', 'b') })).toMatchObject({ ok: false })
  })

  test('a clerk sees only what is about them, also when they ask for somebody else', async () => {
    const person = town.account('clerk').person
    for (const query of ['', `person=${town.account('approver').person}`])
      for (const { entry } of (await search(reader, query)).rows)
        expect([entry.actor, entry.detail['person']]).toContain(person)
    const foreign = (await search(officer, 'kind=start')).rows[0]?.index
    expect((await reader.ask('GET', `/api/evidence/${foreign}/proof`)).status).toBe(404)
  })

  test('the table opens in Excel and runs nothing', async () => {
    await clerk.give('=cmd.txt', TEXT).then(({ id }) => ended(id, 'delivered'))
    const response = await officer.ask('GET', '/api/evidence.csv?file=cmd')
    const bytes = Buffer.from(await response.arrayBuffer())
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    expect(bytes.toString('utf8')).not.toMatch(/(?:^|,)"[=+\-@]/mu)
    expect(bytes.toString('utf8').split('\r\n').length).toBeGreaterThan(2)
  })

  test('sign-ins of both sides, failed ones too, are on record, without what was typed', async () => {
    const stranger = new Browser(town.low.url)
    await stranger.json('POST', '/api/auth/sign-in/email', {
      email: 'secret-typed-here@x.example',
      password: 'x',
    })
    await until(async () =>
      (await search(officer, 'kind=sign-in-failed')).rows.some(({ entry }) => entry.side === 'low'),
    )
    const { rows } = await search(officer, 'kind=sign-in')
    expect(new Set(rows.map(({ entry }) => entry.side))).toEqual(new Set(['low', 'high']))
    const all = await (await officer.ask('GET', '/api/evidence.csv')).text()
    expect(all).not.toContain('secret-typed-here')
  })
})

describe('the doors', () => {
  test.each(['low', 'high'] as const)(
    '%s: health, and a policy that runs only our own',
    async (side) => {
      const response = await fetch(`${town[side].url}/healthz`)
      expect(await response.json()).toMatchObject({ status: 'ok', side })
      const policy = response.headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).not.toContain('unsafe-inline')
      expect(policy).not.toContain("'unsafe-eval'")
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    },
  )

  test('without a session nothing is told', async () => {
    for (const [side, path] of [
      ['low', '/api/me'],
      ['low', '/api/transfers'],
      ['high', '/api/inbox'],
      ['high', '/api/approvals'],
      ['high', '/api/evidence'],
      ['high', '/api/evidence.csv'],
      ['high', '/api/whatever'],
    ] as const)
      expect((await fetch(`${town[side].url}${path}`)).status).toBe(401)
  })

  test('a session of one side is none on the other', async () => {
    const cookieless = new Browser(town.high.url)
    expect((await cookieless.ask('GET', '/api/me')).status).toBe(401)
    expect((await clerk.ask('GET', '/api/inbox')).status).toBe(404)
    expect((await reader.ask('GET', '/api/transfers')).status).toBe(404)
  })

  test('another site cannot have a browser change or read anything', async () => {
    const foreign = { origin: 'http://evil.example' }
    const post = await fetch(`${town.low.url}/api/transfers`, { method: 'POST', headers: foreign })
    expect((await problemOf(post)).reason).toBe('OTHER-ORIGIN')
    const none = await fetch(`${town.low.url}/api/transfers`, { method: 'POST' })
    expect(none.status).toBe(403)
    const read = await fetch(`${town.high.url}/api/inbox`, {
      headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' },
    })
    expect(read.status).toBe(403)
  })

  test.each([
    'POST /api/auth/sign-up/email',
    'POST /api/auth/two-factor/disable',
    'POST /api/auth/two-factor/enable',
    'POST /api/auth/change-email',
    'POST /api/auth/update-user',
    'POST /api/auth/request-password-reset',
    'GET /api/auth/list-sessions',
    'GET /api/auth/ok',
  ])('of the sign-in library, %s does not exist here', async (route) => {
    const [method = '', path = ''] = route.split(' ')
    expect((await clerk.json(method, path, method === 'GET' ? undefined : {})).status).toBe(404)
  })

  test('an unknown route is a refusal in four lines, and no path leads out of the pages', async () => {
    expect((await problemOf(await clerk.ask('GET', '/api/nothing'))).reason).toBe('NOT-FOUND')
    for (const path of [
      '/../package.json',
      '/%2e%2e/package.json',
      '/..%2fpackage.json',
      '/assets/..%2f..%2fx.js',
    ])
      expect(await (await fetch(`${town.low.url}${path}`)).text()).not.toContain('"workspaces"')
  })

  test('no folder of a side can be read by others, and the demo file only by its owner', () => {
    if (process.platform === 'win32') return
    for (const side of ['low', 'high'])
      expect(statSync(join(town.dataDir, side)).mode & 0o077).toBe(0)
    expect(statSync(join(town.dataDir, 'demo-accounts.json')).mode & 0o777).toBe(0o600)
    expect(statSync(join(town.dataDir, 'low/secrets.json')).mode & 0o777).toBe(0o600)
  })

  test('the original lies sealed on the low side: nothing of it can be read from the disk', async () => {
    const secret = randomBytes(40).toString('hex')
    const given = await clerk.give('secret.txt', new TextEncoder().encode(secret))
    const sealed = readFileSync(join(town.dataDir, 'low/originals', `${given.id}.data`))
    expect(sealed.length).toBeGreaterThan(80)
    expect(sealed.includes(secret)).toBe(false)
  })

  test('the codes that are printed are the ones that open', async () => {
    const codes = await demoCodes(town.dataDir)
    expect(codes.map(({ role }) => role)).toEqual(['clerk', 'approver', 'it-officer'])
    for (const { code, seconds } of codes) {
      expect(code).toMatch(/^[0-9]{6}$/u)
      expect(seconds).toBeGreaterThan(0)
    }
  })
})

describe('what does not start', () => {
  test('a port that is taken: said in one sentence with what to do', async () => {
    const port = Number(new URL(town.low.url).port)
    const start = startTown({
      town: join(town.folder, 'town.yaml'),
      dataDir: join(town.folder, 'other'),
      ports: { low: port, high: 0 },
    })
    await expect(start).rejects.toThrow(`ポート${port}は、ほかのプログラムが使っています。--`)
  })

  test('a town file that is not the one in force, until somebody puts it in force on record', async () => {
    await town.low.side.stop()
    await town.high.side.stop()
    const file = join(town.folder, 'town.yaml')
    const before = readFileSync(file, 'utf8')
    const options = { town: file, dataDir: town.dataDir, ports: { low: 0, high: 0 } }
    appendFileSync(file, '\n# only a comment\n')
    const same = await startTown(options)
    await same.stop()
    writeFileSync(file, before.replace('staff: 120', 'staff: 121'))
    await expect(startTown(options)).rejects.toThrow('--activate')
    const changed = await startTown({ ...options, activate: true })
    await changed.stop()
  })
})
