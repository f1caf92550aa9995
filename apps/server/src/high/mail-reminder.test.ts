import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { EvidenceEntry } from '@sekisho/core'
import { NOT_CHECKED, rebuildMessage } from '@sekisho/gates/mail'
import type { MailFacts, Submission } from '@sekisho/gates/mail'
import {
  highMigrations,
  insertPickUp,
  migrate,
  openBlobs,
  openStore,
  saveCrossing,
  updateMailRow,
} from '@sekisho/store'
import type { HighTables, Store } from '@sekisho/store'
import { readTown, townTemplate } from '@sekisho/town'
import { mailRoute } from '../host/mail-route.ts'
import { CLERK, withMailGate } from '../mail.test-support.ts'
import { rowOf } from './crossings.ts'
import { MailWay, REMIND_DAYS } from './mail-way.ts'

const DAY = 86_400_000
const START = Date.parse('2026-11-02T00:00:00Z')
/** As the town of these tests says. */
const ORIGINAL_DAYS = 7
const ID = 'a'.repeat(26)

let folder: string
let store: Store<HighTables>
let now: number
let way: MailWay
let facts: MailFacts
const sent: Submission[] = []
const log = new Map<string, EvidenceEntry>()

beforeAll(async () => {
  facts = await factsOfLockedZip()
})
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-remind-'))
  store = await openStore<HighTables>({ path: join(folder, 'store.sqlite') })
  await migrate(store, highMigrations)
  now = START
  sent.length = 0
  log.clear()
  way = await openWay()
  await delivered()
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

async function factsOfLockedZip(): Promise<MailFacts> {
  const place = mkdtempSync(join(tmpdir(), 'sekisho-zip-'))
  writeFileSync(join(place, 'himitsu.txt'), 'mitsumori 100\r\n')
  execFileSync('zip', ['-q', '-j', '-P', 'x', join(place, 'a.zip'), join(place, 'himitsu.txt')])
  const zip = readFileSync(join(place, 'a.zip')).toString('base64')
  rmSync(place, { recursive: true })
  const message = [
    'From: sender@example.com',
    `To: ${CLERK}`,
    'Subject: x',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'words',
    '--b',
    'Content-Type: application/zip; name="himitsu.zip"',
    'Content-Disposition: attachment; filename="himitsu.zip"',
    'Content-Transfer-Encoding: base64',
    '',
    zip,
    '--b--',
    '',
  ].join('\r\n')
  const gate = { id: 'mail-in', attachments: 'remove' } as const
  const made = await rebuildMessage(
    Buffer.from(message),
    { model: 'α', edition: 'R8.3', gate },
    { link: () => 'https://sekisho.example/mail/S-1001' },
  )
  if (!made.ok) throw new Error(made.reason)
  const pickUps = made.pickUps.map(({ content, ...one }) => ({
    ...one,
    bytes: content.length,
  }))
  return { certificate: made.certificate, pickUps }
}

async function openWay(): Promise<MailWay> {
  const read = readTown(withMailGate(townTemplate('α') ?? ''))
  const route = read.ok ? mailRoute(read.town) : undefined
  if (!read.ok || !route) throw new Error('the template')
  const blobs = await openBlobs(join(folder, 'blobs'))
  return new MailWay({
    town: read.town,
    route,
    model: 'm',
    log: {
      append: async (key, entry) => {
        if (!log.has(key)) log.set(key, entry)
        return { index: 0, leaf: '' }
      },
    },
    store,
    blobs,
    queue: {
      submit: async (submission) => {
        sent.push(submission)
        return { ok: true, again: false }
      },
    },
    submitted: () => undefined,
    origin: 'https://sekisho.example',
    clock: () => new Date(now),
  })
}

/** A mail with a file under a password, delivered at the start. */
async function delivered(): Promise<void> {
  const link = {
    from: 'sender@example.com',
    recipients: [CLERK],
    peer: { address: '192.0.2.1', helo: 'mx.example.com', tls: '' },
    authenticity: NOT_CHECKED,
  }
  const item = {
    id: ID,
    kind: 'mail',
    number: 'S-1001',
    person: '',
    fileName: 'mail.eml',
    size: 9,
    purpose: '',
    inputSha256: '0'.repeat(64),
    receivedAt: new Date(START).toISOString(),
    outcome: 'rebuild',
    again: '',
    cancelRequested: false,
    version: 1,
  } as const
  const progress = { ...way.progressFor(item, link, 'S-1001'), state: 'delivered' } as const
  await store.write((tx) => saveCrossing(tx, rowOf(progress, new Date(START))))
  await way.beforeSave(progress)
  await store.write((tx) => updateMailRow(tx, ID, { facts: JSON.stringify(facts) }))
}

async function after(days: number): Promise<void> {
  now = START + days * DAY
  await way.remind()
}

const SOON = ORIGINAL_DAYS - REMIND_DAYS

function textOf({ bytes }: Submission): string {
  const message = Buffer.from(bytes).toString()
  return Buffer.from(message.slice(message.indexOf('\r\n\r\n')), 'base64').toString()
}

describe('a file of a mail that waits for a password', () => {
  test('is told of once before it is shredded: which, until when, and where; on record', async () => {
    await after(SOON - 1)
    expect(sent).toEqual([])
    await after(SOON)
    await after(SOON + 1)
    expect(sent).toMatchObject([{ id: `${ID}.reminder`, sender: '', recipients: [CLERK] }])
    const text = textOf(sent[0]!)
    expect(text).toContain('himitsu.zip')
    expect(text).toContain('2026年11月9日')
    expect(text).toContain('https://sekisho.example/mail/S-1001')
    expect([...log]).toMatchObject([
      [`${ID}:reminder`, { number: 'S-1001', detail: { what: 'mail-reminder' } }],
    ])
  })

  test('killed after it was put on record, before it was noted: it is the same message again', async () => {
    await after(SOON)
    await store.write((tx) => updateMailRow(tx, ID, { reminded: 0 }))
    await after(SOON + 0.5)
    expect(sent).toHaveLength(2)
    expect(sent[1]).toEqual(sent[0])
  })

  test('and was taken by one reader: nobody is reminded', async () => {
    const { part } = facts.pickUps[0]!
    const pickUp = { key: 'k', mail: ID, part, person: 's0001', crossing: 'c', asked_at: '' }
    await store.write((tx) => insertPickUp(tx, pickUp))
    await after(SOON)
    expect(sent).toEqual([])
  })

  test('and is gone already: nobody is sent to an empty place', async () => {
    await after(ORIGINAL_DAYS)
    expect(sent).toEqual([])
  })

  test('without a password: nobody is reminded', async () => {
    const open = facts.pickUps.map((one) => ({ ...one, will: 'disarm' }))
    const json = JSON.stringify({ ...facts, pickUps: open })
    await store.write((tx) => updateMailRow(tx, ID, { facts: json }))
    await after(SOON)
    expect(sent).toEqual([])
  })
})
