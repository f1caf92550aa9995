import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EvidenceEntry } from '@sekisho/core'
import { openLogReader } from '@sekisho/evidence'
import type { MailPage, MailQueuePage, MailsPage, OriginalRequestView } from './api.ts'
import { until } from './browser.test-support.ts'
import {
  CLERK,
  OFFICER,
  SECTION,
  sendRaw,
  startMailServer,
  swaks,
  withMailGate,
} from './mail.test-support.ts'
import type { Letter, MailServer } from './mail.test-support.ts'
import { startTestTown } from './town.test-support.ts'
import type { TestTown } from './town.test-support.ts'

let town: TestTown
let server: MailServer
let port: number
const folder = mkdtempSync(join(tmpdir(), 'sekisho-mail-'))

beforeAll(async () => {
  server = await startMailServer()
  town = await startTestTown({
    edit: withMailGate,
    nextMailServer: { host: '127.0.0.1', port: server.port },
  })
  port = town.mailPort ?? 0
}, 240_000)
afterAll(async () => {
  await town?.remove()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
}, 60_000)

function arrived(words: string): Promise<Letter> {
  return until(async () => server.letters.find(({ text }) => text.includes(words)), {
    what: words,
    ms: 50_000,
  })
}

async function entriesOf(number: string): Promise<EvidenceEntry[]> {
  const entries: EvidenceEntry[] = []
  const reader = await openLogReader({ dir: join(town.dataDir, 'high/log') })
  for await (const { entry } of reader.entries()) if (entry.number === number) entries.push(entry)
  return entries
}

describe('a mail from the internet', () => {
  test('reaches the office as text, with everything on record before the next server sees a byte', async () => {
    let recorded: EvidenceEntry[] = []
    server.before = async () => {
      recorded = await entriesOf('S-1001')
    }
    const said = await swaks(port, [CLERK], '--h-Subject', 'mitsumori', '--body', 'kotoba desu')
    expect(said).toContain('250 2.0.0 kept as')
    const letter = await arrived('kotoba desu')
    expect(letter).toMatchObject({ from: '', to: [CLERK] })
    expect(letter.message).toMatch(/^Received: by localhost with SMTP id S-1001; /u)
    expect(recorded.map(({ kind }) => kind)).toEqual([
      'received',
      'answered',
      'disarmed',
      'verified',
      'answered',
      'delivered',
    ])
    const number = recorded.at(-1)?.detail['mailCertificate']
    expect(number).toMatch(/^[0-9a-f]{16}$/u)
    expect(letter.text).toContain(number)
    server.before = async () => undefined
  })

  test('brings its attachment one click away, disarmed, for whoever may read the mail', async () => {
    const csv = join(folder, '予算.csv')
    writeFileSync(csv, '=cmd|calc!A1,1\r\n')
    await swaks(port, [SECTION], '--body', 'tempu ari', '--attach', `@${csv}`)
    const letter = await arrived('tempu ari')
    const address = /https?:\/\/\S+\/mail\/(S-[0-9]+)#(\S+)/u.exec(letter.text)
    const [, number = '', part = ''] = address ?? []
    expect(letter.message).not.toContain('calc')
    const reader = await town.signIn('high', 'clerk')
    const page: MailPage = await (await reader.ask('GET', `/api/mails/${number}`)).json()
    expect(page).toMatchObject({ to: [SECTION], pickUps: 1, state: 'delivered' })
    expect(page.text).toContain('tempu ari')
    // No DNS from the low side: each of the three lines says so, and none claims to know.
    expect(page.authenticity).toHaveLength(3)
    for (const line of page.authenticity) expect(line).toContain('調べていません')
    expect(page.certificate?.parts.map(({ fate }) => fate)).toContain('外で待っています')

    const click = { idempotencyKey: 'click-0001' }
    const path = `/api/mails/${number}/pick-ups/${part}`
    for (const _ of ['first', 'double'])
      expect((await reader.json('POST', path, click)).status).toBe(200)
    const item = await until(async () =>
      (await reader.inbox()).find(({ fileName }) => fileName.endsWith('.csv')),
    )
    const all = (await reader.inbox()).filter(({ fileName }) => fileName.endsWith('.csv'))
    expect(all).toHaveLength(1)
    const done = await until(async () =>
      (await reader.inbox()).find(
        ({ id, state }) => id === item.id && state !== 'received' && state !== 'curing',
      ),
    )
    expect(['held', 'delivered']).toContain(done.state)
    const after: MailPage = await (await reader.ask('GET', `/api/mails/${number}`)).json()
    expect(after.pickUpList[0]?.asked).toMatchObject([{ mine: true, number: item.number }])
  })

  test('brings a zip with a password, once somebody types it; the password is written nowhere', async () => {
    const inside = join(folder, 'himitsu.txt')
    writeFileSync(inside, 'mitsumori 100\r\n')
    const zip = join(folder, 'himitsu.zip')
    execFileSync('zip', ['-q', '-j', '-P', 'Pa55-kasumi', zip, inside])
    await swaks(port, [CLERK], '--body', 'PPAP desu', '--attach', `@${zip}`)
    const letter = await arrived('PPAP desu')
    const [, number = '', part = ''] = /mail\/(S-[0-9]+)#(\S+)/u.exec(letter.text) ?? []
    const reader = await town.signIn('high', 'clerk')
    const path = `/api/mails/${number}/pick-ups/${part}`
    const without = await reader.json('POST', path, { idempotencyKey: 'click-0002' })
    expect(without.status).toBe(400)
    expect(await without.json()).toMatchObject({ reason: 'PICK-UP-PASSWORD' })
    const typed = { idempotencyKey: 'click-0003', password: 'Pa55-kasumi' }
    expect((await reader.json('POST', path, typed)).status).toBe(200)
    const item = await until(async () =>
      (await reader.inbox()).find(
        ({ fileName, state }) => fileName.endsWith('.zip') && state === 'delivered',
      ),
    )
    const file = await reader.ask('GET', `/api/inbox/${item.id}/file`)
    const bytes = Buffer.from(await file.arrayBuffer())
    writeFileSync(zip, bytes)
    expect(execFileSync('unzip', ['-p', zip]).toString()).toContain('mitsumori 100')
    for await (const { entry } of (
      await openLogReader({ dir: join(town.dataDir, 'high/log') })
    ).entries())
      expect(JSON.stringify(entry)).not.toContain('Pa55')
  })

  test('that cannot be rebuilt is not lost: its readers get four lines and a number', async () => {
    expect(await sendRaw(port, 'no mail at all\r\n')).toContain('250')
    const notice = await arrived('本文をお届けしていません')
    expect(notice.to).toEqual([CLERK])
    for (const line of ['どうなったか: ', 'なぜ: ', 'どうすればよいか: ', '受付番号: S-'])
      expect(notice.text).toContain(line)
    expect(notice.text).not.toContain('no mail at all')
    const number = /受付番号: (S-[0-9]+)/u.exec(notice.text)?.[1] ?? ''
    expect((await entriesOf(number)).map(({ kind }) => kind)).toContain('refused')
    const reader = await town.signIn('high', 'clerk')
    const page: MailPage = await (await reader.ask('GET', `/api/mails/${number}`)).json()
    expect(page).toMatchObject({ state: 'refused', problem: { reason: 'MAIL-NONE', number } })
    expect(page.text).toBeUndefined()
  })

  test('can be seen as it came, on the internet side alone, once and with leave of another', async () => {
    await swaks(port, [CLERK], '--body', 'genpon misete')
    const letter = await arrived('genpon misete')
    const number = /with SMTP id (S-[0-9]+)/u.exec(letter.message)?.[1] ?? ''
    const clerk = await town.signIn('low', 'clerk')
    const approver = await town.signIn('low', 'approver')
    const wish = { number, reason: '見出しの項目を確かめる' }
    const foreign = await approver.json('POST', '/api/originals', wish)
    expect(foreign.status).toBe(404)
    const asked: OriginalRequestView = await (
      await clerk.json('POST', '/api/originals', wish)
    ).json()
    expect(asked).toMatchObject({ number, state: 'waiting', mine: true, mayDecide: false })
    const path = `/api/originals/${asked.id}`
    expect((await clerk.json('POST', `${path}/file`)).status).toBe(409)
    const yes = { decision: 'approve', sha256: asked.sha256, reason: asked.reason, comment: '' }
    const own = await clerk.json('POST', `${path}/decision`, yes)
    expect(await own.json()).toMatchObject({ reason: 'ORIGINAL-SELF' })
    const decided = await approver.json('POST', `${path}/decision`, yes)
    expect(await decided.json()).toMatchObject({ state: 'approved', mine: false })
    const file = await clerk.json('POST', `${path}/file`)
    expect(file.headers.get('content-disposition')).toBe(`attachment; filename="${number}.eml"`)
    expect(await file.text()).toContain('genpon misete')
    expect((await clerk.json('POST', `${path}/file`)).status).toBe(409)
    const high = await town.signIn('high', 'clerk')
    expect((await high.ask('GET', '/api/originals')).status).toBe(404)
    const told = await until(async () => {
      const whats = (await entriesOf(number)).map(({ detail }) => detail['what'])
      return whats.includes('mail-original-taken') ? whats : undefined
    })
    expect(told).toEqual(expect.arrayContaining(['mail-original-asked', 'mail-original-approved']))
  })

  test('of somebody else does not exist, and its files cannot be asked for', async () => {
    await swaks(port, [OFFICER], '--body', 'jiro dake ni')
    const letter = await arrived('jiro dake ni')
    const number = /with SMTP id (S-[0-9]+)/u.exec(letter.message)?.[1] ?? ''
    const clerk = await town.signIn('high', 'clerk')
    expect((await clerk.ask('GET', `/api/mails/${number}`)).status).toBe(404)
    const list: MailsPage = await (await clerk.ask('GET', '/api/mails')).json()
    expect(list.mails.map((mail) => mail.number)).not.toContain(number)
    expect(list.mails.length).toBeGreaterThan(2)
    const found: MailsPage = await (await clerk.ask('GET', '/api/mails?q=MITSU')).json()
    expect(found.mails.map(({ subject }) => subject)).toEqual(['mitsumori'])
    expect((await clerk.ask('GET', '/api/mail-queue')).status).toBe(403)
    const officer = await town.signIn('high', 'it-officer')
    expect((await officer.ask('GET', `/api/mails/${number}`)).status).toBe(200)
    const queue: MailQueuePage = await (await officer.ask('GET', '/api/mail-queue')).json()
    expect(queue).toMatchObject({ waiting: 0, unwritten: 0, undelivered: [] })
  })
})
