import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SekishoError } from '@sekisho/core'
import { NOT_CHECKED, openSpool } from '@sekisho/gates/mail'
import type { Spool as MailSpool } from '@sekisho/gates/mail'
import { lowMigrations, migrate, openStore, openVault } from '@sekisho/store'
import type { LowTables, Store, Vault } from '@sekisho/store'
import { until } from '../browser.test-support.ts'
import { linkMail } from '../link/mail-messages.ts'
import { fromJson } from '../shape.ts'
import { MailMover } from './mail-mover.ts'
import { Spool } from './spool.ts'

let folder: string
let store: Store<LowTables>
let originals: Vault
let spool: Spool
let mails: MailSpool
const MESSAGE = Buffer.from('From: a@example.com\r\n\r\nwords\r\n')

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-mover-'))
  store = await openStore<LowTables>({ path: join(folder, 'spool.sqlite') })
  await migrate(store, lowMigrations)
  const key = randomBytes(32)
  originals = await openVault(join(folder, 'originals'), key)
  spool = new Spool({
    store,
    originals,
    outputs: await openVault(join(folder, 'outputs'), key),
    passwords: await openVault(join(folder, 'passwords'), key),
    parts: await openVault(join(folder, 'parts'), key),
    originalDays: 7,
    mailDays: 7,
  })
  mails = await openSpool({ folder: join(folder, 'mail'), maxBytes: 1e6, now: () => new Date() })
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

async function received(helo = 'mx.example.com', from = 'a@example.com'): Promise<string> {
  const draft = await mails.begin()
  await draft.write(MESSAGE)
  const { id } = await draft.commit({
    peer: { address: '192.0.2.1', helo, tls: null },
    envelope: { from, recipients: ['hanako@town.example.jp'], utf8: false },
    authenticity: NOT_CHECKED,
  })
  return id
}

/** Everything the mover does until it has nothing to do. */
async function moved(): Promise<void> {
  const mover = new MailMover({ mails, spool })
  mover.start()
  await until(async () => mails.ids().length === 0)
  await mover.close()
}

function rows() {
  return store.db.selectFrom('transfer').selectAll().execute()
}

describe('a mail on its way out of the spool', () => {
  test('is sealed and announced, and only then gone from the spool', async () => {
    await received()
    await moved()
    const [row] = await rows()
    expect(row).toMatchObject({ kind: 'mail', state: 'received', size: MESSAGE.length })
    expect(await spool.original(row!.id)).toEqual(MESSAGE)
  })

  test('killed after it was sealed: it is known again, and is one mail', async () => {
    const id = await received()
    const about = await mails.about(id)
    const arrival = { account: '@mail', key: id, person: '', kind: 'mail' } as const
    const more = { fileName: 'mail.eml', purpose: '', size: about.size, mail: '{}' }
    await spool.take({ ...arrival, ...more, receivedAt: about.receivedAt }, () => mails.message(id))
    await moved()
    expect(await rows()).toHaveLength(1)
  })

  test('killed while it was being sealed, at the worst instant: the side starts, and the mail is whole', async () => {
    await received()
    const half = new SekishoError('STORE_UNAVAILABLE', 'killed')
    const mover = new MailMover({
      mails: {
        ids: () => mails.ids(),
        about: (id) => mails.about(id),
        remove: (id) => mails.remove(id),
        async *message() {
          yield MESSAGE.subarray(0, 5)
          throw half
        },
      },
      spool,
    })
    mover.start()
    const row = await until(async () => (await rows())[0])
    await mover.close()
    expect(row).toMatchObject({ state: 'receiving' })
    // Between the removal of the half and its new beginning there is no place for the bytes.
    await originals.remove(row.id)
    await spool.recover()
    await moved()
    expect(await rows()).toHaveLength(1)
    expect(await spool.original(row.id)).toEqual(MESSAGE)
  })

  test('is not thrown away with the uploads that nobody continues', async () => {
    await received()
    const late = new Spool({
      store,
      originals,
      outputs: originals,
      passwords: originals,
      parts: originals,
      originalDays: 7,
      mailDays: 7,
      clock: () => new Date(Date.now() + 100 * 3_600_000),
    })
    const cut = {
      account: '@mail',
      key: 'x',
      person: '',
      kind: 'mail',
      fileName: 'mail.eml',
    } as const
    const about = { purpose: '', size: 9, mail: '{}', receivedAt: new Date().toISOString() }
    await expect(
      spool.take({ ...cut, ...about }, async function* () {
        yield Buffer.from('half')
      }),
    ).rejects.toThrow('not the bytes')
    await late.tidy()
    expect((await rows())[0]).toMatchObject({ state: 'receiving', finished_at: null })
  })

  test('carries over the link only what the link can say, whatever a stranger called himself', async () => {
    await received(`a\u0000\u202e${'x'.repeat(400)}`, `\u{1F600}"\u200b"@${'y'.repeat(400)}`)
    await moved()
    const [row] = await rows()
    const mail = fromJson(row?.mail ?? '', linkMail)
    expect(mail?.peer.helo).toMatch(/^a {2}x+$/u)
    expect(mail?.from.length).toBeLessThanOrEqual(320)
  })
})
