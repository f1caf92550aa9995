/**
 * The way out when the plug is pulled and when the disk is full: what was answered with 250 is kept, what was approved is not asked for again, and what was
 * handed over leaves once.
 */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { copyFileSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SekishoError } from '@sekisho/core'
import type { MailOutward } from '@sekisho/core'
import type { Dial } from '@sekisho/gates/mail'
import { readTown } from '@sekisho/town'
import { until } from '../apps/server/src/browser.test-support.ts'
import { dialTo } from '../apps/server/src/high/dial.ts'
import { openMailOutDesk } from '../apps/server/src/low/mail-out.ts'
import type { MailOutDesk } from '../apps/server/src/low/mail-out.ts'
import { startMailServer } from '../apps/server/src/mail.test-support.ts'
import { CLERK, outwardBench, swaks } from '../apps/server/src/outward.test-support.ts'
import type { OutwardBench } from '../apps/server/src/outward.test-support.ts'
import { disksImpossible, makeDisk } from '../scripts/power-cut/disk.ts'
import type { Disk } from '../scripts/power-cut/disk.ts'

const impossible = disksImpossible()
if (impossible !== undefined && process.env['CI'] === 'true') throw new Error(impossible)
const why = impossible === undefined ? '' : ` (skipped: ${impossible})`

const APPROVER = { account: 'a2', person: 's0002', name: '𠮷田 健一' }
const KASUMI = resolve(import.meta.dirname, '../examples/kasumi/town.yaml')
const OUTSIDE = 'info@vendor.example.com'
/** The log, three databases, and room for mails. */
const MEBIBYTES = 48

describe.skipIf(impossible !== undefined)(`mail to the outside${why}`, () => {
  let disk: Disk
  let after: Disk | undefined
  let bench: OutwardBench | undefined
  beforeEach(() => {
    disk = makeDisk(MEBIBYTES)
    after = undefined
    bench = undefined
  })
  afterEach(async () => {
    await bench?.close()
    after?.remove()
    disk.remove()
  })

  const home = ({ path }: Disk): string => join(path, 'high')

  async function begin(): Promise<OutwardBench> {
    execFileSync('mkdir', [home(disk)])
    bench = await outwardBench({ delayMinutes: 0 }, home(disk))
    return bench
  }

  /** The bench as it begins after the power came back: only what was synced is there. Its key lies elsewhere, as it should. */
  async function cut(before: OutwardBench): Promise<OutwardBench> {
    after = disk.cut()
    copyFileSync(join(home(disk), 'signer'), join(home(after), 'signer'))
    await before.close()
    bench = await outwardBench({ delayMinutes: 0 }, home(after), before.now)
    return bench
  }

  async function approve(of: OutwardBench): Promise<void> {
    const [{ crossing, cured, destination } = await Promise.reject(new Error('nothing held'))] =
      await of.held()
    const sha256 = cured?.sha256 ?? ''
    const input = { sha256, destination, purpose: crossing.purpose, comment: '' }
    const decision = { ...input, decision: 'approve' } as const
    expect(await of.outward.mails.decide(crossing.id, APPROVER, decision)).toMatchObject({
      ok: true,
    })
  }

  const wordsOf = ({ brought }: OutwardBench): readonly string[] =>
    [...brought.values()].map(({ bytes }) => Buffer.from(bytes).toString('latin1'))

  test('power cut right after the 250: it waits for its approver, whatever was being written', async () => {
    const before = await begin()
    expect(await swaks(before.port, { to: [OUTSIDE] })).toContain('250 2.0.0 kept as')
    const now = await cut(before)
    await now.after(0)
    expect(await now.held()).toHaveLength(1)
  })

  test('power cut right after the approval: it leaves once, and nobody is asked again', async () => {
    const before = await begin()
    await swaks(before.port, { to: [OUTSIDE] })
    await before.after(0)
    before.cut = true
    await approve(before)
    const now = await cut(before)
    expect(await now.held()).toEqual([])
    await now.after(0)
    await now.after(1)
    expect(wordsOf(now)).toHaveLength(1)
    expect([...now.brought.values()]).toMatchObject([{ from: CLERK, recipients: [OUTSIDE] }])
  })

  test('power cut right after it was handed over: it is handed over again as the same, never as another', async () => {
    const before = await begin()
    await swaks(before.port, { to: [OUTSIDE] })
    await before.after(0)
    await approve(before)
    await before.after(1)
    const [id] = before.brought.keys()
    expect(id).toBeDefined()
    const now = await cut(before)
    await now.after(0)
    await now.after(1)
    expect([...now.brought.keys()].filter((one) => one !== id)).toEqual([])
    expect(wordsOf(now).filter((bytes) => !wordsOf(before).includes(bytes))).toEqual([])
  })

  test('power cut on the low side right after it took one: it reaches the next server once, as it was', async () => {
    const server = await startMailServer()
    const at = { host: '127.0.0.1', port: server.port }
    const dialling = Promise.withResolvers<never>()
    dialling.promise.catch(() => undefined)
    const open = ({ path }: Disk, dial: Dial): Promise<MailOutDesk> =>
      openMailOutDesk({
        outward: outwardOfKasumi(),
        at,
        dial,
        dataDir: path,
        ownName: 'mx.town.example.jp',
        bounceAddress: 'postmaster@town.example.jp',
      })
    const message = `From: ${CLERK}\r\nMessage-ID: <out@town.example.jp>\r\n\r\nwords\r\n`
    const mail = { from: CLERK, recipients: [OUTSIDE], bytes: Buffer.from(message) }
    const before = await open(disk, () => dialling.promise)
    await before.take('a'.repeat(26), { ...mail, sha256: '' })
    after = disk.cut()
    dialling.reject(new SekishoError('LINK_DOWN', 'the power is off'))
    await before.close()
    const now = await open(after, dialTo(at))
    try {
      await now.take('a'.repeat(26), { ...mail, sha256: '' })
      await until(async () => server.letters.length > 0)
      const told = await until(async () => {
        const news = await now.news()
        return news.some(({ ended }) => ended.length > 0) && news
      })
      expect(told.flatMap(({ ended }) => ended)).toMatchObject([
        { address: OUTSIDE, state: 'sent' },
      ])
      expect(server.letters).toMatchObject([{ from: CLERK, to: [OUTSIDE], message }])
    } finally {
      await now.close()
      await server.close()
    }
  })

  test('the disk is full: the sender keeps what is not taken, nothing leaves unrecorded, and later all of it leaves once', async () => {
    const now = await begin()
    now.cut = true
    await swaks(now.port, { to: [OUTSIDE], subject: '【自治体機密性1】first' })
    await now.after(0)
    fill(disk, 1 << 20)
    const answers: string[] = []
    for (let n = 0; n < 40 && !answers.some((said) => said.includes(' 452 ')); n += 1)
      answers.push(await swaks(now.port, { to: [OUTSIDE], body: filler(n) }))
    const taken = answers.filter((said) => said.includes('250 2.0.0 kept as')).length + 1
    expect(answers.at(-1)).toContain('452 4.3.1 SMTP-SPOOL-FULL')
    expect(taken).toBeLessThanOrEqual(answers.length)
    fill(disk, 512)
    now.cut = false
    await now.after(1)
    // Nothing more can be written down, so nothing more can be approved or leave.
    expect(now.brought.size).toBe(0)
    empty(disk)
    await now.after(1)
    const held = await until(async () => {
      await now.after(1)
      const all = await now.held()
      return all.length === taken && all
    })
    expect(new Set(held.map(({ crossing }) => crossing.id)).size).toBe(taken)
    for (const _ of held) await approve(now)
    await until(async () => {
      await now.after(1)
      return now.brought.size === taken
    })
    expect(new Set(wordsOf(now)).size).toBe(taken)
  })
})

function outwardOfKasumi(): MailOutward {
  const read = readTown(readFileSync(KASUMI, 'utf8'))
  const outward = read.ok ? read.town.gates.mail.find((gate) => gate.outward)?.outward : undefined
  if (!outward) throw new Error('the town lets no mail out')
  return { ...outward, deliver: { ...outward.deliver, tls: 'opportunistic' } }
}

/** Ballast until not even so many bytes find room. */
function fill({ path }: Disk, least: number): void {
  for (let n = 0, size = 8 << 20; size >= least; n += 1)
    try {
      writeFileSync(join(path, `ballast-${least}-${n}`), Buffer.alloc(size))
    } catch {
      size = Math.floor(size / 2)
    }
}

function empty({ path }: Disk): void {
  for (const name of readdirSync(path).filter((one) => one.startsWith('ballast')))
    rmSync(join(path, name))
  // The file system gives freed blocks back with its next commit.
  execFileSync('sync')
}

function filler(n: number): string {
  const lines = Array.from({ length: 2_000 }, () => randomBytes(45).toString('base64'))
  return `${n}\n${lines.join('\n')}`
}
