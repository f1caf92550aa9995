import { randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EvidenceEntry } from '@sekisho/core'
import { createLog, createLogKey, openLog } from '@sekisho/evidence'
import { verifyFolder } from '@sekisho/evidence/verify'
import { openBlobs, openStore, openVault } from '@sekisho/store'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { disksImpossible, makeDisk } from '../scripts/power-cut/disk.ts'
import type { Disk } from '../scripts/power-cut/disk.ts'

const impossible = disksImpossible()
const reason = impossible === undefined ? '' : ` (skipped: ${impossible})`

/** Repeats until it fails, and returns how often it went well and why it then did not. */
async function untilFull(
  step: (n: number) => Promise<unknown>,
): Promise<{ done: number; error: unknown }> {
  for (let n = 0; ; n += 1) {
    try {
      await step(n)
    } catch (error) {
      return { done: n, error }
    }
  }
}

function entry(n: number): EvidenceEntry {
  return {
    v: 1,
    kind: 'received',
    at: '2027-04-01T09:00:00+09:00',
    side: 'high',
    model: 'ab'.repeat(32),
    actor: 'system',
    detail: { n, text: 'x'.repeat(30_000) },
  }
}

describe.skipIf(impossible !== undefined)(`a full disk${reason}`, () => {
  let disk: Disk
  const ballast = (): string => join(disk.path, 'ballast')

  beforeEach(() => {
    disk = makeDisk(16)
    writeFileSync(ballast(), Buffer.alloc(5 * 1024 * 1024))
  })
  afterEach(() => disk.remove())

  test('refuses evidence, keeps what was recorded, and goes on when there is room', async () => {
    const { signer } = createLogKey('full.example')
    const options = { dir: join(disk.path, 'log'), origin: 'full.example', signer }
    const log = await createLog(options)
    const { done, error } = await untilFull((n) => log.append(`k${n}`, entry(n)))
    expect(error).toMatchObject({ code: 'STORE_FULL' })
    expect(done).toBeGreaterThan(0)
    await expect(log.append('again', entry(done))).rejects.toMatchObject({ code: 'STORE_FULL' })
    rmSync(ballast())
    const receipt = await log.append(`k${done}`, entry(done))
    expect(receipt.index).toBe(done)
    expect(await log.append('k0', entry(0))).toMatchObject({ index: 0 })
    await log.close()
    expect(verifyFolder(options.dir)).toMatchObject({ ok: true, size: done + 1 })
    const reopened = await openLog(options)
    expect(reopened.size()).toBe(done + 1)
    await reopened.close()
  })

  test('refuses a unit, keeps what was committed, and goes on when there is room', async () => {
    const store = await openStore({ path: join(disk.path, 'store', 'store.sqlite') })
    await store.write((tx) => sql`create table t (n integer primary key, x blob)`.execute(tx))
    const insert = (n: number): Promise<unknown> =>
      store.write((tx) => sql`insert into t values (${n}, ${randomBytes(100_000)})`.execute(tx))
    const { done, error } = await untilFull(insert)
    expect(error).toMatchObject({ code: 'STORE_FULL' })
    const count = async (): Promise<unknown> =>
      (await sql`select count(*) as n from t`.execute(store.db)).rows[0]
    expect(await count()).toEqual({ n: done })
    rmSync(ballast())
    await insert(done)
    expect(await count()).toEqual({ n: done + 1 })
    await store.close()
  })

  test('refuses blobs and leaves no halves', async () => {
    const blobs = await openBlobs(join(disk.path, 'blobs'))
    const kept: string[] = []
    const { error } = await untilFull(async () => kept.push(await blobs.put(randomBytes(100_000))))
    expect(error).toMatchObject({ code: 'STORE_FULL' })
    for (const sha256 of kept) expect(await blobs.get(sha256)).toHaveLength(100_000)
    rmSync(ballast())
    await blobs.put(randomBytes(100_000))
  })

  test('refuses an append to the vault and goes on at the same place when there is room', async () => {
    const vault = await openVault(join(disk.path, 'vault'), randomBytes(32))
    await vault.create('a')
    const part = 200_000
    const { done, error } = await untilFull((n) =>
      vault.append('a', n * part, Buffer.alloc(part, n)),
    )
    expect(error).toMatchObject({ code: 'STORE_FULL' })
    expect(await vault.size('a')).toBe(done * part)
    rmSync(ballast())
    expect(await vault.append('a', done * part, Buffer.alloc(part, done))).toMatchObject({
      accepted: true,
    })
    await vault.finish('a')
    let seen = 0
    for await (const bytes of vault.read('a')) seen += bytes.length
    expect(seen).toBe((done + 1) * part)
  })
})
