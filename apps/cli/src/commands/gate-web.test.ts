import { createHash } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createLogKey } from '@sekisho/evidence'
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

describe('an approval of a file', () => {
  const keys = { ciso: createLogKey('s0002'), officer: createLogKey('s0001') }
  const approve = (who: keyof typeof keys, ...more: string[]) => {
    mkdirSync(data, { recursive: true })
    const places = ['town.yaml', 'key', 'file.pdf'].map((name) => join(data, name))
    const [town = '', key = '', file = ''] = places
    const signers = Object.values(keys).map(({ verifier }) => verifier)
    writeFileSync(
      town,
      readFileSync(TOWN, 'utf8').replace('signers: []', `signers: [${signers.join(', ')}]`),
    )
    writeFileSync(key, keys[who].signer)
    writeFileSync(file, '%PDF-1.7')
    return web('approve', file, town, '--key', key, ...more)
  }

  it('is kept where the gate finds it, and says for what it stands', async () => {
    const given = await approve('ciso', '--service', 'exchange', '--for', 's0003')
    expect([given.code, given.out]).toEqual([
      0,
      expect.stringContaining('s0003 は、このファイルだけを'),
    ])
    expect(given.out).toContain(createHash('sha256').update('%PDF-1.7').digest('hex'))
    expect(readdirSync(join(data, 'approvals'))).toHaveLength(1)
  })

  it('is on record with the name that the approver saw', async () => {
    await approve('ciso', '--service', 'exchange', '--for', 's0003')
    const record = join(data, 'approval-record')
    const [day = ''] = readdirSync(record).filter((name) => name.endsWith('.jsonl'))
    expect(JSON.parse(readFileSync(join(record, day), 'utf8'))).toMatchObject({
      kind: 'approved',
      name: 'file.pdf',
      note: expect.stringContaining('sender s0003'),
    })
  })

  it.each([
    ['of who sends it', ['--service', 'exchange', '--for', 's0002'], 3, 'ほかの承認者かCISO'],
    ['for nobody', ['--service', 'exchange'], 2, '--for'],
    [
      'for a service that the gate has not',
      ['--service', 'exchnge', '--for', 's0003'],
      2,
      'exchange ですか',
    ],
  ] as const)('%s is none', async (_, flags, code, said) => {
    const given = await approve('ciso', ...flags)
    expect(given.code).toBe(code)
    expect(given.out + given.err).toContain(said)
    expect(existsSync(join(data, 'approvals'))).toBe(false)
  })

  it('of the IT officer, who approves lists, is none', async () => {
    expect((await approve('officer', '--service', 'exchange', '--for', 's0003')).code).toBe(3)
  })
})

describe('what a gate that only watches would have stopped', () => {
  const line = (more: object): string =>
    JSON.stringify({
      at: new Date().toISOString(),
      client: 's0003',
      department: 'fukushi',
      kind: 'opened',
      reason: 'X11-LISTED',
      service: '',
      ...more,
    })

  /** A record of today, each line naming the one before it. */
  function recorded(...entries: readonly object[]): void {
    mkdirSync(join(data, 'requests'), { recursive: true })
    let before = '0'.repeat(64)
    const lines = entries.map((entry) => {
      const text = line({ ...entry, before })
      before = createHash('sha256').update(text).digest('hex')
      return `${text}\n`
    })
    const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo' }).format(new Date())
    writeFileSync(join(data, `requests/${day}.jsonl`), lines.join(''))
  }

  it('is said with who, since when, and the text that would make it pass', async () => {
    recorded(
      { kind: 'started', mode: 'report', reason: undefined },
      { number: 'W-1', target: 'chat.somewhere.example:443' },
      { number: 'W-2', target: 'chat.somewhere.example:443', client: 's0001' },
      { number: 'W-3', target: 'teams.microsoft.com:443', reason: 'X11-PERSON', service: 'teams' },
      { number: 'W-4', target: '\u001b[31mx:443', reason: 'X11-NAME' },
    )
    const text = await web('report', TOWN)
    expect(text.code).toBe(3)
    expect(text.out).toContain('chat.somewhere.example:443　2回　2人（福祉課）')
    expect(text.out).toContain('このサイトは、業務で使うサイトの一覧に入っていません。')
    expect(text.out).toContain('"names":["chat.somewhere.example"]')
    expect(text.out).toContain('このサービスを使う課と人に、入っていません。')
    expect(text.out).toContain('departments: ["fukushi"]')
    expect(text.out).toContain('見守った日は 1日です。14日たつと')
    expect(text.out).not.toContain('\u001b')
    const json = JSON.parse((await web('report', TOWN, '--json')).out)
    expect(json).toMatchObject({ kind: 'CloudRehearsal', watched: 1, needed: 14, ready: false })
    expect(json.destinations).toHaveLength(3)
    const sheet = (await web('report', TOWN, '--format', 'csv')).out
    expect(sheet.split('\r\n')[0]).toContain('行き先')
    expect(sheet).toContain('chat.somewhere.example:443')
  })

  it('is found by the number that somebody reads out, as letters only', async () => {
    recorded({ number: 'W-A1B2C3-7', kind: 'refused', target: '\u001b[31mx.example:443' })
    const shown = await web('show', 'W-A1B2C3-7')
    expect(shown.code).toBe(0)
    expect(shown.out).toContain('外へ出しませんでした')
    expect(shown.out).toContain('s0003')
    expect(shown.out).toContain('X11-LISTED')
    expect(shown.out).not.toContain('\u001b')
    expect((await web('show', 'W-A1B2C3-8')).code).toBe(3)
    expect((await web('show', '../x')).code).toBe(2)
    const json = JSON.parse((await web('show', 'W-A1B2C3-7', '--json')).out)
    expect(json.entries).toHaveLength(1)
  })

  it('is nothing when nothing was, and is said to be cut short where the record does not hold', async () => {
    recorded({ kind: 'started', mode: 'report', reason: undefined })
    expect((await web('report', TOWN)).code).toBe(0)
    recorded({ kind: 'started', mode: 'report', reason: undefined }, { target: 'a.example:443' })
    appendFileSync(
      join(data, 'requests', readdirSync(join(data, 'requests'))[0]!),
      '{"before":"1"}\n',
    )
    const broken = await web('report', TOWN)
    expect(broken.code).toBe(3)
    expect(broken.out).toContain('つながっていません')
  })
})
