import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { verifyClean } from '@sekisho/disarm/verify'
import {
  addMailTurned,
  findMailDelivery,
  highMigrations,
  insertMail,
  mailMigrations,
  markMailLeaving,
  migrate,
  openStore,
  saveCrossing,
} from '@sekisho/store'
import type { HighTables, MailTables } from '@sekisho/store'
import { todayInJapan } from '@sekisho/town'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../run.test-support.ts'

const KASUMI = join(import.meta.dirname, '../../../../examples/kasumi/town.yaml')
const HOUR = 3600 * 1000
const at = (hours: number): string => new Date(Date.now() + hours * HOUR).toISOString()

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-gate-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const MAIL = [
  'From: a@vendor.example',
  'To: katsuragi@town.kasumi.example.jp',
  'Subject: hello',
  'X-Bidi: \u202Egnp',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain',
  '',
  'words',
  '--b',
  'Content-Type: application/octet-stream; name="=1+1\u001B[2Jrun.exe"',
  '',
  'MZ\u0090\u0000',
  '--b--',
  '',
].join('\r\n')

function mail(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe('sekisho gate mail check', () => {
  it('tells every part of a mail and what becomes of it, and writes a mail that the other side accepts', async () => {
    const out = join(folder, 'out.eml')
    const file = mail('a.eml', MAIL)
    const told = await run('gate', 'mail', 'check', file, '--town', KASUMI, '--out', out)
    expect(told.code).toBe(0)
    expect(told.out).toMatch(/1\.1 .*本文に入れました/u)
    expect(told.out).toMatch(/1\.2 .*外で待っています（TYPE-DENIED）/u)
    expect(told.out).not.toContain('\u001B')
    const written = readFileSync(out)
    expect(verifyClean(written, 'eml').clean).toBe(true)
    expect(written.toString()).not.toContain('MZ')
  })

  it('says the same to a program, with the certificate', async () => {
    const { out } = await run('gate', 'mail', 'check', mail('b.eml', MAIL), '--format', 'json')
    const said = JSON.parse(out) as { certificate: { parts: unknown[] } }
    expect(said).toMatchObject({
      kind: 'MailCheck',
      result: 'pass',
      pickUps: [{ part: '1.2', will: 'refused', reason: 'TYPE-DENIED' }],
    })
    expect(said.certificate.parts).toHaveLength(3)
  })

  it('says what is to be done with a mail that does not pass, and ends with 4', async () => {
    const told = await run('gate', 'mail', 'check', mail('empty.eml', '\r\n'))
    expect(told.code).toBe(4)
    expect(told.out).toContain('送り主に、もう一度送るよう頼んでください。（MAIL-EMPTY）')
  })
})

/** A data folder whose queue holds one message in its window, one that waits for another try, and one that is leaving. */
async function dataFolder(place = 'high/mail.sqlite'): Promise<string> {
  const data = mkdtempSync(join(folder, 'data-'))
  mkdirSync(dirname(join(data, place)), { recursive: true })
  const store = await openStore<MailTables>({ path: join(data, place) })
  await migrate(store, mailMigrations)
  await store.write(async (tx) => {
    await enter(tx, 'in-window', 1, 1)
    await enter(tx, 'later', -2, 3)
    await enter(tx, 'leaving', -2, 3)
    await markMailLeaving(tx, 'leaving/out')
  })
  await store.close()
  return data
}

async function enter(
  tx: Parameters<typeof insertMail>[0],
  id: string,
  release: number,
  next: number,
): Promise<void> {
  await insertMail(
    tx,
    {
      id,
      message_id: `<${id}@town>`,
      sender: '=cmd@town.kasumi.example.jp',
      sha256: 'ab',
      size: 2048,
      telling: 'sender',
      created_at: at(-2),
      release_at: at(release),
      expires_at: at(100),
      kept: 1,
    },
    [
      {
        id: `${id}/out`,
        message: id,
        hop: 'out',
        state: 'waiting',
        attempts: 1,
        unanswered: 0,
        next_at: at(next),
        created_at: at(-2),
        last_reason: 'MAIL-OUT-HOP-DOWN',
        last_reply: '451 \u202Elater',
        last_at: at(-1),
      },
    ],
    [
      {
        delivery: `${id}/out`,
        address: `${id}@example.com`,
        state: 'waiting',
        reason: '',
        status: '',
        reply: '',
        settled_at: '',
      },
    ],
  )
}

const nextOf = async (data: string, id: string): Promise<string> => {
  const store = await openStore<MailTables>({ path: join(data, 'high/mail.sqlite') })
  const found = await findMailDelivery(store.db, id)
  await store.close()
  return found!.next_at
}

describe('sekisho gate mail queue', () => {
  it('lists what waits, with the reason and the words of the peer made visible', async () => {
    const data = await dataFolder()
    const { out } = await run('gate', 'mail', 'queue', 'list', '--data', data)
    expect(out).toContain('later@example.com')
    expect(out).toContain('MAIL-OUT-HOP-DOWN')
    expect(out).not.toContain('\u202E')
    const rows = await run('gate', 'mail', 'queue', 'list', '--data', data, '--json')
    expect((JSON.parse(rows.out) as { rows: unknown[] }).rows).toHaveLength(3)
  })

  it('takes back what has not left, and says so of what may have', async () => {
    const data = await dataFolder()
    const recall = (id: string) => run('gate', 'mail', 'queue', 'recall', id, '--data', data)
    expect(await recall('in-window')).toMatchObject({ code: 0 })
    const late = await recall('leaving')
    expect(late.code).toBe(4)
    expect(late.out).toContain('MAIL-OUT-RECALL-LATE')
    expect((await recall('nobody')).code).toBe(1)
    const { out } = await run('gate', 'mail', 'queue', 'list', '--data', data)
    expect(out).not.toContain('in-window')
  })

  it('hurries what waits for another try, and never what can still be recalled', async () => {
    const data = await dataFolder()
    const before = await nextOf(data, 'in-window/out')
    expect((await run('gate', 'mail', 'queue', 'retry', '--data', data)).out).toContain('2件を')
    expect(await nextOf(data, 'in-window/out')).toBe(before)
    expect(Date.parse(await nextOf(data, 'later/out'))).toBeLessThanOrEqual(Date.now())
  })

  it('exports a table in which a hostile address is no formula', async () => {
    const data = await dataFolder()
    const out = join(data, 'queue.csv')
    await run('gate', 'mail', 'export', '--data', data, '--out', out)
    const text = readFileSync(out, 'utf8')
    expect(text.split('\r\n')).toHaveLength(5)
    expect(text).toContain(`"'=cmd@town.kasumi.example.jp"`)
  })

  it.each([
    ['out', 'low/mail-out/queue.sqlite'],
    ['lgwan', 'high/outward/lgwan/queue.sqlite'],
  ])('lists, hurries and exports what goes %s, and tells the oldest', async (way, place) => {
    const data = await dataFolder(place)
    const told = (...words: readonly string[]) =>
      run('gate', 'mail', ...words, '--way', way, '--data', data)
    expect((await told('queue', 'list')).out).toContain('3件が待っています。いちばん古いもの 2時間')
    expect((await told('queue', 'retry')).out).toContain('2件を')
    const out = join(data, 'queue.csv')
    expect((await told('export', '--out', out)).code).toBe(0)
    const { out: status } = await run('gate', 'mail', 'status', '--data', data)
    expect(status).toContain('外への送り待ち　3通　いちばん古いもの 2時間')
    // What the high side has on record as sent is taken back by who sent it, not here.
    expect((await told('queue', 'recall', 'in-window')).code).toBe(2)
    expect((await run('gate', 'mail', 'queue', 'list', '--way', 'up', '--data', data)).code).toBe(2)
  })

  it('makes nothing in a folder that has no queue', async () => {
    const told = await run('gate', 'mail', 'queue', 'list', '--data', join(folder, 'none'))
    expect(told).toMatchObject({ code: 1, out: '' })
    expect(told.err).toContain('--data')
  })
})

describe('sekisho gate mail status', () => {
  it('tells queues, the oldest in each, and what was turned away most', async () => {
    const data = await dataFolder()
    mkdirSync(join(data, 'low/mail/mail'), { recursive: true })
    const since = at(-3).replaceAll(/[-:.]/gu, '')
    writeFileSync(join(data, `low/mail/mail/${since}-0123456789abcdef.mail`), 'x')
    const store = await openStore<HighTables>({ path: join(data, 'high/store.sqlite') })
    await migrate(store, highMigrations)
    const day = todayInJapan(new Date())
    await store.write((tx) => addMailTurned(tx, day, 'SMTP-RECIPIENT', 12))
    await store.close()
    const { out } = await run('gate', 'mail', 'status', '--data', data)
    expect(out).toContain('組み直し待ち　1通（1バイト）　いちばん古いもの 3時間')
    expect(out).toContain(
      '送り待ち　out あて 3通（うち取り消せるもの 1通）　いちばん古いもの 2時間',
    )
    expect(out).toMatch(/12件.*SMTP-RECIPIENT/u)
    // A town that lets no mail out is told nothing of one.
    expect(out).not.toContain('外への')
  })

  it('tells what waits for a person on the way out, and since when', async () => {
    const data = await dataFolder()
    mkdirSync(join(data, 'high/outward'), { recursive: true })
    const store = await openStore<HighTables>({ path: join(data, 'high/outward/outward.sqlite') })
    await migrate(store, highMigrations)
    for (const [number, state] of [
      ['M-1001', 'held'],
      ['M-1002', 'delivered'],
    ] as const)
      await store.write((tx) => saveCrossing(tx, heldMail(number, state)))
    await store.close()
    const { out } = await run('gate', 'mail', 'status', '--data', data)
    expect(out).toContain('外への承認待ち　1通　いちばん古いもの 5時間')
    expect(out).toContain('外への送り待ち　ありません')
  })
})

function heldMail(number: string, state: string) {
  const created_at = at(-5)
  const rest = { person: 's0001', step: 'ask', progress: '{}', blob: '', decided_by: '' }
  return { id: number, number, state, created_at, changed_at: created_at, ...rest }
}
