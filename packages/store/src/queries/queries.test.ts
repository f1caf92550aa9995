/**
 * The same queries against both databases.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EvidenceEntry } from '@sekisho/core'
import {
  announceTransfer,
  countEvidence,
  evidenceRow,
  findCrossing,
  findDelivery,
  findTransferByKey,
  forgetEvents,
  highMigrations,
  insertDelivery,
  insertEvidence,
  insertTransfer,
  isConflict,
  listAnnounced,
  listDisposable,
  listEvents,
  listEvidence,
  listOpenCrossings,
  listUntold,
  lowMigrations,
  markTaken,
  markTold,
  migrate,
  nextCount,
  nextEvidence,
  numberTaken,
  openStore,
  pushEvent,
  releaseBlob,
  saveCrossing,
  searchKey,
  updateTransfer,
} from '../index.ts'
import type { CrossingRow, EvidenceFilter, HighTables, LowTables, Store } from '../index.ts'
import { postgresMissing, startPostgres } from '../postgres.test-support.ts'
import type { TestPostgres } from '../postgres.test-support.ts'

const missing = postgresMissing()

describe.each(['sqlite', 'postgres'] as const)('%s', (kind) => {
  const skip = kind === 'postgres' && missing !== undefined && process.env['CI'] !== 'true'

  describe.skipIf(skip)('both sides (skipped where PostgreSQL is not installed)', () => {
    let folder: string
    let server: TestPostgres | undefined
    let low: Store<LowTables>
    let high: Store<HighTables>
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'sekisho-queries-'))
      if (kind === 'postgres') server = await startPostgres()
      high = await openStore<HighTables>(
        server ? { url: await server.freshUrl() } : { path: join(folder, 'high.sqlite') },
      )
      // The low side's spool is always its own file.
      low = await openStore<LowTables>({ path: join(folder, 'low.sqlite') })
      await migrate(high, highMigrations)
      await migrate(low, lowMigrations)
    })
    afterAll(async () => {
      await low.close()
      await high.close()
      await server?.stop()
      rmSync(folder, { recursive: true, force: true })
    })

    function transfer(id: string, key: string, account = 'a1') {
      return low.write((tx) =>
        insertTransfer(tx, {
          id,
          account,
          person: 's0001',
          idempotency_key: key,
          file_name: '葛\u{E0102}城.docx',
          purpose: '確認',
          size: 10,
          received: 0,
          state: 'receiving',
          step: 'receive',
          created_at: '2026-11-22T05:00:00.000Z',
          finished_at: null,
          input_sha256: null,
          problem: null,
          removed: '[]',
          version: 0,
          taken_up: 0,
          cancel_requested: 0,
          cured: null,
          outcome: 'rebuild',
          again_of: '',
          shred_at: null,
          shredded: 0,
        }),
      )
    }

    test('an account cannot begin two transfers with one key, another account can', async () => {
      const first = await transfer('t1', 'key')
      expect(first.number).toBe('S-1001')
      await expect(transfer('t2', 'key')).rejects.toSatisfy(isConflict)
      await transfer('t3', 'key', 'a2')
      const found = await findTransferByKey(low.db, 'a1', 'key')
      expect(found).toMatchObject({ id: 't1', file_name: '葛\u{E0102}城.docx' })
    })

    test('the high side hears of whole transfers in order, and not of those that ended before', async () => {
      await transfer('w1', 'w1')
      await transfer('w2', 'w2')
      const whole = { state: 'received', input_sha256: '0'.repeat(64) }
      for (const id of ['w2', 'w1']) await low.write((tx) => announceTransfer(tx, id, whole))
      expect((await listAnnounced(low.db, 0, 10)).map(({ id }) => id)).toEqual(['w2', 'w1'])
      await low.write((tx) =>
        updateTransfer(tx, 'w2', { state: 'cancelled', finished_at: '2026-11-22T06:00:00.000Z' }),
      )
      expect((await listAnnounced(low.db, 0, 10)).map(({ id }) => id)).toEqual(['w1'])
    })

    test('events wait until they are in the log', async () => {
      for (const event of ['1', '2', '3']) await low.write((tx) => pushEvent(tx, event))
      await low.write((tx) => forgetEvents(tx, 2))
      expect(await listEvents(low.db, 0, 10)).toEqual([{ seq: 3, event: '3' }])
    })

    test('counters give each number once, to units that run together too', async () => {
      const counts = await Promise.all(
        Array.from({ length: 10 }, () => low.write((tx) => nextCount(tx, 'together'))),
      )
      expect(new Set(counts).size).toBe(10)
    })

    function row(id: string, change: Partial<CrossingRow> = {}): Omit<CrossingRow, 'told'> {
      const { told: _, ...crossing } = {
        id,
        number: `S-${id}`,
        person: 's0001',
        state: 'received',
        step: 'ask',
        progress: '{}',
        created_at: '2026-11-22T05:00:00.000Z',
        changed_at: '2026-11-22T05:00:00.000Z',
        blob: '',
        decided_by: '',
        told: '',
        ...change,
      }
      return crossing
    }

    test('a crossing saved twice is one, and what the other side was told is kept', async () => {
      await high.write((tx) => saveCrossing(tx, row('c1')))
      await high.write((tx) => markTold(tx, 'c1', 'received/ask'))
      expect((await listUntold(high.db, 10)).map(({ id }) => id)).not.toContain('c1')
      await high.write((tx) => saveCrossing(tx, row('c1', { state: 'held', step: 'hold' })))
      expect(await findCrossing(high.db, 'c1')).toMatchObject({
        state: 'held',
        told: 'received/ask',
      })
      expect((await listUntold(high.db, 10)).map(({ id }) => id)).toContain('c1')
      expect((await listOpenCrossings(high.db)).map(({ id }) => id)).toContain('c1')
      expect(await numberTaken(high.db, 'S-c1', 'other')).toBe(true)
      expect(await numberTaken(high.db, 'S-c1', 'c1')).toBe(false)
    })

    function delivery(crossing: string, sha256: string, until: string) {
      return high.write((tx) =>
        insertDelivery(tx, {
          crossing,
          person: 's0001',
          sha256,
          output_name: 'a.txt',
          size: 1,
          delivered_at: '2026-11-22T05:00:00.000Z',
          until,
        }),
      )
    }

    test('a crossing is delivered once, whoever delivers it again', async () => {
      await high.write((tx) => saveCrossing(tx, row('d1')))
      await delivery('d1', 'aa', '2026-12-22T05:00:00.000Z')
      await delivery('d1', 'bb', '2026-12-22T05:00:00.000Z')
      expect(await findDelivery(high.db, 'd1')).toMatchObject({ sha256: 'aa', taken_at: null })
      for (const at of ['2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z'])
        await high.write((tx) => markTaken(tx, 'd1', at))
      expect((await findDelivery(high.db, 'd1'))?.taken_at).toBe('2026-11-23T00:00:00.000Z')
    })

    test('bytes are let go only when nobody needs them any more', async () => {
      await high.write((tx) => saveCrossing(tx, row('b1', { state: 'delivered', blob: 'x' })))
      await high.write((tx) => saveCrossing(tx, row('b2', { state: 'held', blob: 'x' })))
      await high.write((tx) => saveCrossing(tx, row('b3', { state: 'refused', blob: 'y' })))
      await delivery('b1', 'x', '2026-12-01T00:00:00.000Z')
      const disposable = async (now: string) =>
        (await listDisposable(high.db, now, 10)).map(({ id }) => id).toSorted()
      expect(await disposable('2026-11-30T00:00:00.000Z')).toEqual(['b3'])
      expect(await disposable('2026-12-02T00:00:00.000Z')).toEqual(['b1', 'b3'])
      expect(await high.write((tx) => releaseBlob(tx, 'b1', 'x'))).toBe(1)
      expect(await high.write((tx) => releaseBlob(tx, 'b3', 'y'))).toBe(0)
    })

    function entry(change: Partial<EvidenceEntry> = {}): EvidenceEntry {
      return {
        v: 1,
        kind: 'delivered',
        at: '2026-11-22T14:03:00+09:00',
        side: 'high',
        model: 'm',
        actor: 'system',
        number: 'S-1042',
        detail: {
          file: '葛\u{E0102}城 100%.docx',
          person: 's0001',
          rules: ['X3', 'X3-APPROVAL'],
          sha256: 'a'.repeat(64),
        },
        ...change,
      }
    }

    test('evidence is found by what people know, and by nothing that only looks like it', async () => {
      const other = entry({
        kind: 'sign-in',
        at: '2026-11-23T14:03:00+09:00',
        actor: 's0002',
        number: 'S-1',
        detail: {},
      })
      const rows = [evidenceRow(0, entry()), evidenceRow(1, other)]
      await high.write((tx) => insertEvidence(tx, rows))
      await high.write((tx) => insertEvidence(tx, rows))
      expect(await nextEvidence(high.db)).toBe(2)
      const found = async (filter: EvidenceFilter) =>
        (await listEvidence(high.db, filter, { limit: 10, offset: 0 })).map(({ idx }) => idx)
      expect(await found({})).toEqual([1, 0])
      for (const filter of [
        { file: '葛城' },
        { file: '葛\u{E0102}城' },
        { file: '100%' },
        { file: '１００％.DOCX' },
        { rule: 'X3' },
        { person: 's0001' },
        { onlyPerson: 's0001' },
        { sha256: 'A'.repeat(64) },
        { number: 's-1042' },
        { kind: 'delivered' },
        { from: '2026-11-22T05:03:00.000Z', to: '2026-11-22T05:03:00.001Z' },
      ])
        expect(await found(filter), JSON.stringify(filter)).toEqual([0])
      for (const filter of [
        { file: '%x' },
        { file: '_城' },
        { rule: 'X3-' },
        { sha256: 'a' },
        { number: 'S-104' },
        { person: 's000' },
        { to: '2026-11-22T05:03:00.000Z' },
        { person: 's0002', onlyPerson: 's0001' },
      ])
        expect(await found(filter), JSON.stringify(filter)).toEqual([])
      expect(await countEvidence(high.db, { person: 's0002' })).toBe(1)
    })

    test('everything about a mail is found by the person it is for, and by nobody whose id only begins alike', async () => {
      const detail = { file: 'S-7.eml', person: '' }
      const readers = ['person:s0007', 'department:soumu']
      const mail = { number: 'S-96', detail }
      const rows = [
        evidenceRow(10, entry({ ...mail, kind: 'received', detail: { ...detail, readers } })),
        evidenceRow(11, entry(mail)),
        evidenceRow(12, entry({ number: 'S-97', detail })),
        // What the low side says is text: it cannot make somebody the reader of a mail.
        evidenceRow(13, entry({ number: 'S-97', detail: { readers: 'person:s0007' } })),
      ]
      await high.write((tx) => insertEvidence(tx, rows))
      const found = async (filter: EvidenceFilter) =>
        (await listEvidence(high.db, filter, { limit: 10, offset: 0 })).map(({ idx }) => idx)
      expect(await found({ person: 's0007' })).toEqual([11, 10])
      expect(await countEvidence(high.db, { person: 's0007' })).toBe(2)
      for (const person of ['s000', 's00071', 'soumu']) expect(await found({ person })).toEqual([])
      // Whoever sees only what is about them is not shown the other recipients of a mail by asking for one.
      expect(await found({ person: 's0007', onlyPerson: 's0002' })).toEqual([])
    })
  })
})

test('a name is found however it is typed, and never changed for it', () => {
  expect(searchKey('葛\u{E0102}城')).toBe('葛城')
  expect(searchKey('ＡＢＣ')).toBe('abc')
  expect(searchKey('𠮷田 髙橋 山﨑')).toBe('𠮷田 髙橋 山﨑')
})
