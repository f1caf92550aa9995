/**
 * The queue of mail, the same on both databases.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  countMailKeeping,
  countMailWaiting,
  findMailDelivery,
  insertMail,
  isConflict,
  listMailDue,
  listMailExpired,
  listMailFinished,
  mailMigrations,
  markMailLeaving,
  migrate,
  nextMailDue,
  openStore,
  releaseMail,
  updateMailDelivery,
} from '../index.ts'
import type { MailDeliveryRow, MailMessageRow, Store } from '../index.ts'
import { postgresMissing, startPostgres } from '../postgres.test-support.ts'
import type { TestPostgres } from '../postgres.test-support.ts'
import type { MailTables } from '../tables.ts'

const missing = postgresMissing()
const at = (minute: number): string => `2027-04-01T09:${String(minute).padStart(2, '0')}:00.000Z`

function message(id: string, release: number): MailMessageRow {
  return {
    id,
    message_id: `<${id}@x>`,
    sender: 'a@x',
    sha256: 'ab',
    size: 1,
    telling: 'sender',
    created_at: at(0),
    release_at: at(release),
    expires_at: at(release + 30),
    kept: 1,
  }
}

function delivery(of: string, hop: string, next: number): MailDeliveryRow {
  return {
    id: `${of}/${hop}`,
    message: of,
    hop,
    state: 'waiting',
    attempts: 0,
    unanswered: 0,
    next_at: at(next),
    created_at: at(0),
    last_reason: '',
    last_reply: '',
    last_at: '',
  }
}

describe.each(['sqlite', 'postgres'] as const)('%s', (kind) => {
  const skip = kind === 'postgres' && missing !== undefined && process.env['CI'] !== 'true'

  describe.skipIf(skip)('the queue of mail (skipped where PostgreSQL is not installed)', () => {
    let folder: string
    let server: TestPostgres | undefined
    let store: Store<MailTables>
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'sekisho-mail-queries-'))
      if (kind === 'postgres') server = await startPostgres()
      store = await openStore<MailTables>(
        server ? { url: await server.freshUrl() } : { path: join(folder, 'mail.sqlite') },
      )
      await migrate(store, mailMigrations)
      await store.write(async (tx) => {
        await insertMail(tx, message('m1', 0), [delivery('m1', 'h', 0), delivery('m1', 'g', 0)], [])
        await insertMail(tx, message('m2', 10), [delivery('m2', 'h', 10)], [])
      })
    })
    afterAll(async () => {
      await store.close()
      await server?.stop()
      rmSync(folder, { recursive: true, force: true })
    })

    test('counts what waits per hop, and what can still be recalled', async () => {
      expect(await countMailWaiting(store.db, at(5))).toEqual([
        { hop: 'g', waiting: 1, held: 0, oldest: at(0) },
        { hop: 'h', waiting: 2, held: 1, oldest: at(0) },
      ])
    })

    test('gives what is due, and when the next is', async () => {
      expect((await listMailDue(store.db, 'h', at(5), 10)).map(({ id }) => id)).toEqual(['m1/h'])
      expect((await listMailDue(store.db, 'h', at(10), 10)).map(({ id }) => id)).toEqual([
        'm1/h',
        'm2/h',
      ])
      expect(await nextMailDue(store.db, 'h')).toBe(at(0))
      expect(await nextMailDue(store.db, 'none')).toBeUndefined()
      expect((await listMailExpired(store.db, at(35), 10)).map(({ hop }) => hop)).toHaveLength(2)
    })

    test('a message is not there twice', async () => {
      const twice = store.write((tx) => insertMail(tx, message('m1', 0), [], []))
      await expect(twice).rejects.toSatisfy(isConflict)
    })

    test('what no longer waits may not leave; bytes are kept while anything waits', async () => {
      expect(await store.write((tx) => markMailLeaving(tx, 'm1/h'))).toBe(true)
      expect(await findMailDelivery(store.db, 'm1/h')).toMatchObject({ unanswered: 1 })
      await store.write((tx) => updateMailDelivery(tx, 'm1/h', { state: 'done' }))
      expect(await store.write((tx) => markMailLeaving(tx, 'm1/h'))).toBe(false)
      expect(await listMailFinished(store.db, 10)).toEqual([])
      await store.write((tx) => updateMailDelivery(tx, 'm1/g', { state: 'recalled' }))
      expect(await listMailFinished(store.db, 10)).toEqual([{ id: 'm1', sha256: 'ab' }])
      expect(await countMailKeeping(store.db, 'ab')).toBe(2)
      await store.write((tx) => releaseMail(tx, 'm1'))
      expect(await countMailKeeping(store.db, 'ab')).toBe(1)
    })
  })
})
