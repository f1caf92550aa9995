import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Person, Town } from '@sekisho/core'
import { NOT_CHECKED } from '@sekisho/gates/mail'
import { listEvents, lowMigrations, migrate, openStore, openVault } from '@sekisho/store'
import type { LowTables, Store } from '@sekisho/store'
import { readTown, townTemplate } from '@sekisho/town'
import { mailRoute } from '../host/mail-route.ts'
import { linkMail } from '../link/mail-messages.ts'
import { LOW_CHANGES, readPollAnswer } from '../link/messages.ts'
import { CLERK, withMailGate } from '../mail.test-support.ts'
import { DECIDE_HOURS, Originals, TAKE_HOURS } from './originals.ts'
import type { Asked } from './originals.ts'
import { Spool } from './spool.ts'

const MESSAGE = Buffer.from('From: a@example.com\r\n\r\nwords\r\n')
const town = townWith((one) => one)
const HANAKO = personWith('s0001')
const TARO = personWith('s0002')
const JIRO = personWith('s0003')

let folder: string
let store: Store<LowTables>
let spool: Spool
let originals: Originals
let hours: number
let number: string

const clock = () => new Date(Date.parse('2026-11-02T00:00:00Z') + hours * 3_600_000)

beforeEach(async () => {
  hours = 0
  folder = mkdtempSync(join(tmpdir(), 'sekisho-originals-'))
  store = await openStore<LowTables>({ path: join(folder, 'spool.sqlite') })
  await migrate(store, lowMigrations)
  const vault = await openVault(join(folder, 'vault'), randomBytes(32))
  const none = await openVault(join(folder, 'none'), randomBytes(32))
  const others = { outputs: none, passwords: none, parts: none }
  spool = new Spool({ store, originals: vault, ...others, originalDays: 7, mailDays: 7, clock })
  originals = originalsOf(town)
  number = await arrived([CLERK])
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

function townWith(change: (declaration: string) => string): Town {
  const read = readTown(change(withMailGate(townTemplate('α') ?? '')))
  if (!read.ok) throw new Error('the template')
  return read.town
}

function personWith(id: string): Person {
  const found = town.people.find((one) => one.id === id)
  if (!found) throw new Error(id)
  return found
}

function originalsOf(declared: Town): Originals {
  const route = mailRoute(declared)
  if (!route) throw new Error('no mail gate')
  return new Originals({ town: declared, route, store, spool, clock })
}

async function arrived(recipients: readonly string[]): Promise<string> {
  const mail = {
    from: 'a@example.com',
    recipients,
    peer: { address: '192.0.2.1', helo: 'mx.example.com', tls: '' },
    authenticity: NOT_CHECKED,
  }
  expect(linkMail(mail)).toBeDefined()
  const row = await spool.take(
    {
      account: '@mail',
      key: String(Math.random()),
      person: '',
      kind: 'mail',
      fileName: 'mail.eml',
      purpose: '',
      size: MESSAGE.length,
      receivedAt: clock().toISOString(),
      mail: JSON.stringify(mail),
    },
    async function* () {
      yield MESSAGE
    },
  )
  await spool.show(row.id, { state: 'delivered', step: 'deliver', removed: [] })
  return row.number
}

/** What the other side is told, in its own reading of it. */
async function told(): Promise<readonly string[]> {
  const events = await listEvents(store.db, 0, 64)
  const said = { spool: 'a'.repeat(26), items: [], events: events.map(asSent) }
  const read = readPollAnswer(said)
  expect(read).toBeDefined()
  return (read?.events ?? []).map(({ actor, detail }) => `${actor} ${detail['what'] ?? ''}`)
}

function asSent({ seq, event }: { seq: number; event: string }): object {
  const parsed: object = JSON.parse(event)
  return { ...parsed, seq }
}

async function asked(person = HANAKO): Promise<Extract<Asked, { ok: true }>['request']> {
  const answer = await originals.ask(person, number, '見積書の体裁を確かめる')
  if (!answer.ok) throw new Error(answer.reason)
  return answer.request
}

const YES = { decision: 'approve', comment: '' } as const

async function approved(): Promise<string> {
  const { row } = await asked()
  const { sha256, reason } = row
  expect(await originals.decide(TARO, row.id, { ...YES, sha256, reason })).toMatchObject({
    ok: true,
  })
  return row.id
}

describe('the sealed original of a mail', () => {
  test('is had once, by whoever asked, after another person agreed; each step is told', async () => {
    const id = await approved()
    for (const other of [TARO, JIRO])
      expect(await originals.take(other, id)).toEqual({ ok: false, reason: 'ORIGINAL-NO-MAIL' })
    const taken = await originals.take(HANAKO, id)
    expect(taken).toEqual({ ok: true, number, bytes: MESSAGE })
    expect(await originals.take(HANAKO, id)).toEqual({ ok: false, reason: 'ORIGINAL-NOT-OPEN' })
    expect(await told()).toEqual([
      's0001 mail-original-asked',
      's0002 mail-original-approved',
      's0001 mail-original-taken',
    ])
  })

  test('of somebody else does not exist, also for an IT officer, and however the number is typed for one’s own', async () => {
    for (const other of [TARO, JIRO])
      expect(await originals.ask(other, number, 'x')).toEqual({
        ok: false,
        reason: 'ORIGINAL-NO-MAIL',
      })
    const wide = number
      .toLowerCase()
      .replaceAll(/[0-9]/gu, (digit) => String.fromCodePoint(0xff10 + Number(digit)))
    expect(await originals.ask(HANAKO, ` ${wide}-2 `, 'x')).toMatchObject({ ok: true })
  })

  test('a mail to the section is one of everybody in it', async () => {
    number = await arrived(['soumu@town.example.jp'])
    expect((await asked(TARO)).row.person).toBe('s0002')
  })

  test('whoever asked cannot agree, whatever their roles', async () => {
    number = await arrived(['soumu@town.example.jp'])
    for (const person of [TARO, JIRO]) {
      const { row } = await asked(person)
      const { sha256, reason } = row
      const own = await originals.decide(person, row.id, { ...YES, sha256, reason })
      expect(own).toEqual({ ok: false, reason: 'ORIGINAL-SELF' })
      expect(originals.mayDecide(person, row)).toBe(false)
    }
  })

  test('a clerk who is neither does not see the request and cannot agree to it', async () => {
    number = await arrived(['soumu@town.example.jp'])
    const { row } = await asked(TARO)
    const { sha256, reason } = row
    expect(await originals.list(HANAKO)).toEqual([])
    const no = await originals.decide(HANAKO, row.id, { ...YES, sha256, reason })
    expect(no).toMatchObject({ ok: false })
    expect(await originals.take(HANAKO, row.id)).toMatchObject({ ok: false })
    expect(await originals.list(JIRO)).toHaveLength(1)
  })

  test('a yes is for the digest and the reason that were shown, and for nothing else', async () => {
    const { row } = await asked()
    for (const other of [{ sha256: '0'.repeat(64) }, { reason: 'ほかの理由' }]) {
      const input = { ...YES, sha256: row.sha256, reason: row.reason, ...other }
      const decided = await originals.decide(TARO, row.id, input)
      expect(decided).toEqual({ ok: false, reason: 'ORIGINAL-DIFFERS' })
    }
    expect(await originals.take(HANAKO, row.id)).toMatchObject({ ok: false })
  })

  test('a no has a reason, and stays a no', async () => {
    const { row } = await asked()
    const { sha256, reason } = row
    const no = { decision: 'return', sha256, reason } as const
    expect(await originals.decide(TARO, row.id, { ...no, comment: ' ' })).toMatchObject({
      reason: 'ORIGINAL-COMMENT',
    })
    expect(
      await originals.decide(TARO, row.id, { ...no, comment: '本文で足ります' }),
    ).toMatchObject({
      ok: true,
    })
    expect(await originals.decide(JIRO, row.id, { ...YES, sha256, reason })).toMatchObject({
      reason: 'ORIGINAL-DECIDED',
    })
    expect(await originals.take(HANAKO, row.id)).toMatchObject({ ok: false })
  })

  test('nobody decides after the time, nobody takes after the time, and both are told', async () => {
    const late = await asked()
    hours = DECIDE_HOURS
    const { sha256, reason } = late.row
    expect(await originals.decide(TARO, late.row.id, { ...YES, sha256, reason })).toMatchObject({
      reason: 'ORIGINAL-DECIDED',
    })
    const id = await approved()
    hours += TAKE_HOURS
    expect(await originals.take(HANAKO, id)).toMatchObject({ reason: 'ORIGINAL-NOT-OPEN' })
    await originals.tidy()
    expect((await told()).filter((one) => one === 'system mail-original-lapsed')).toHaveLength(2)
  })

  test('after its days it is shredded, and says so even to whoever had leave to see it', async () => {
    hours = 6 * 24 + 23
    const id = await approved()
    hours = 7 * 24 + 1
    await spool.tidy()
    expect(await originals.take(HANAKO, id)).toEqual({ ok: false, reason: 'ORIGINAL-GONE' })
    expect(await originals.ask(HANAKO, number, 'x')).toEqual({ ok: false, reason: 'ORIGINAL-GONE' })
  })

  test('whoever left the section since cannot ask for its mail any more', async () => {
    const left = townWith((declaration) =>
      declaration.replace(
        `roles: [clerk], from: 2024-04-01, mail`,
        `roles: [clerk], from: 2024-04-01, until: 2026-10-31, mail`,
      ),
    )
    expect(await originalsOf(left).ask(HANAKO, number, 'x')).toMatchObject({
      reason: 'ORIGINAL-NO-MAIL',
    })
  })
})

describe('what the low side may say has changed there', () => {
  const event = { seq: 1, kind: 'changed', at: '2026-11-02T00:00:00.000Z', actor: 'system' }
  const answer = (detail: object, kind = 'changed') =>
    readPollAnswer({ spool: 'a'.repeat(26), items: [], events: [{ ...event, kind, detail }] })

  test('is a closed list: not that a mail was sent, nor under another kind', () => {
    for (const what of LOW_CHANGES) expect(answer({ what })).toBeDefined()
    for (const what of ['mail-sent', 'mail-notice', 'mail-pick-up', 'delivery-expired', ''])
      expect(answer({ what })).toBeUndefined()
    expect(answer({})).toBeUndefined()
    expect(answer({ what: 'account' }, 'sign-in')).toBeUndefined()
  })
})
