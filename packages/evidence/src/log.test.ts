import {
  appendFileSync,
  cpSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { EvidenceEntry } from '@sekisho/core'
import { describe, expect, test } from 'vitest'
import { verifyConsistency, verifyFolder, verifyProof } from '../verify/index.ts'
import { createLog, createLogKey, openLog, openLogReader } from './index.ts'
import type { LoggedEntry } from './index.ts'
import { ORIGIN, anEntry, appendMany, emptyLog, filesOf, flip, logOf } from './log.test-support.ts'

function entryWith(length: number): EvidenceEntry {
  return { ...anEntry(1), detail: { x: 'x'.repeat(length) } }
}

async function collect(entries: AsyncIterable<LoggedEntry>): Promise<LoggedEntry[]> {
  const all: LoggedEntry[] = []
  for await (const entry of entries) all.push(entry)
  return all
}

describe('appending', () => {
  test('entries come back exactly as given, in order', async () => {
    const { log } = await emptyLog()
    for (let n = 0; n < 3; n += 1) expect((await log.append(`k${n}`, anEntry(n))).index).toBe(n)
    expect((await log.read(1)).entry).toEqual(anEntry(1))
    const all = await collect(log.entries(1))
    expect(all.map(({ index, key }) => [index, key])).toEqual([
      [1, 'k1'],
      [2, 'k2'],
    ])
    await log.close()
  })

  test('the same key twice writes once and returns the first receipt', async () => {
    const { log } = await emptyLog()
    const first = await log.append('k', anEntry(1))
    const [again, together] = await Promise.all([
      log.append('k', anEntry(2)),
      log.append('k', anEntry(3)),
    ])
    expect([again, together]).toEqual([first, first])
    expect(log.size()).toBe(1)
    await log.close()
  })

  test('the same key is known after a restart', async () => {
    const { log, options } = await emptyLog()
    const first = await log.append('k', anEntry(1))
    await log.close()
    const reopened = await openLog(options)
    expect(await reopened.append('k', anEntry(2))).toEqual(first)
    await reopened.close()
  })

  test('appends that come together share a checkpoint, and all are provable', async () => {
    const { log, dir, key } = await emptyLog()
    await appendMany(log, 600)
    expect(verifyFolder(dir, { key })).toMatchObject({ ok: true, size: 600, checkpoints: 4 })
    for (const index of [0, 255, 256, 599])
      expect(verifyProof(await log.prove(index), { key })).toMatchObject({
        ok: true,
        index,
        size: 600,
      })
    await log.close()
  })

  test('an entry may be changed by its owner while it waits, without changing what is recorded', async () => {
    const { log } = await emptyLog()
    const entry = { ...anEntry(1), detail: { name: 'before' } }
    const done = log.append('k', entry)
    entry.detail.name = 'after'
    await done
    expect((await log.read(0)).entry.detail).toEqual({ name: 'before' })
    await log.close()
  })

  test.each([
    ['too long', { ...anEntry(1), detail: { name: 'x'.repeat(65_535) } }],
    ['of an unknown kind', { ...anEntry(1), kind: 'deleted' }],
    ['that is not plain JSON', { ...anEntry(1), detail: { size: Number.NaN } }],
  ])('an entry %s is refused and leaves no gap', async (_, entry) => {
    const { log } = await emptyLog()
    await expect(log.append('k', entry as never)).rejects.toMatchObject({ code: 'BUG' })
    expect((await log.append('k', anEntry(1))).index).toBe(0)
    await log.close()
  })

  test('the longest entry that fits is accepted, one byte more is not', async () => {
    const { log } = await emptyLog()
    const empty = JSON.stringify({
      entry: entryWith(0),
      key: 'k',
      base: Number.MAX_SAFE_INTEGER,
      seq: Number.MAX_SAFE_INTEGER,
      v: 1,
    }).length
    await expect(log.append('k', entryWith(65_536 - empty))).rejects.toMatchObject({ code: 'BUG' })
    await log.append('k', entryWith(65_535 - empty))
    expect((await log.read(0)).entry).toEqual(entryWith(65_535 - empty))
    await log.close()
  })

  test('a closed log refuses', async () => {
    const { log } = await emptyLog()
    await log.close()
    await expect(log.append('k', anEntry(1))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })
})

describe('proofs', () => {
  test('a later checkpoint is proven to continue an earlier one', async () => {
    const { log, key } = await emptyLog()
    await appendMany(log, 100)
    const older = log.checkpoint()
    await appendMany(log, 200)
    const proof = await log.consistency(100)
    expect(verifyConsistency(older, log.checkpoint(), proof, key)).toBe(true)
    const stranger = createLogKey(ORIGIN).verifier
    expect(verifyConsistency(older, log.checkpoint(), proof, stranger)).toBe(false)
    await log.close()
  })

  test('a proof whose entry, place, path or checkpoint was changed is refused', async () => {
    const { log, key } = await emptyLog()
    await appendMany(log, 20)
    const proof = await log.prove(7)
    const other = await log.prove(8)
    const bad = [
      { ...proof, entry: proof.entry.replace('S-1007', 'S-1008') },
      { ...proof, index: 8 },
      { ...proof, path: other.path },
      { ...proof, path: proof.path.slice(1) },
      { ...proof, path: [...proof.path, ...proof.path] },
      { ...proof, leaf: other.leaf },
      { ...proof, checkpoint: proof.checkpoint.replace('\n20\n', '\n21\n') },
      { ...proof, key: createLogKey(ORIGIN).verifier },
    ]
    expect(bad.map((one) => verifyProof(one, { key }).ok)).toEqual(bad.map(() => false))
    expect(verifyProof({ index: 0 } as never)).toMatchObject({ ok: false, reason: 'proof-form' })
    await log.close()
  })

  test('a proof made without a trusted key says so', async () => {
    const { log } = await emptyLog()
    await appendMany(log, 1)
    expect(verifyProof(await log.prove(0))).toMatchObject({ ok: true, trust: 'key-in-proof' })
    await expect(log.prove(1)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await log.close()
  })

  test('a reader beside the writer needs no secret', async () => {
    const { log, dir, key } = await emptyLog()
    await appendMany(log, 300)
    const reader = await openLogReader({ dir })
    await appendMany(log, 300)
    expect(reader.size()).toBe(300)
    expect(verifyProof(await reader.prove(299), { key })).toMatchObject({ ok: true, size: 300 })
    expect(await collect(reader.entries())).toHaveLength(300)
    await log.close()
  })
})

describe('beginning', () => {
  test('a missing log is never silently replaced by an empty one', async () => {
    const { options } = await logOf([1])
    rmSync(options.dir, { recursive: true })
    await expect(openLog(options)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('a log is never begun where there is one, or the rest of one', async () => {
    const { options, dir } = await logOf([1])
    await expect(createLog(options)).rejects.toMatchObject({ code: 'LOG_CORRUPT' })
    rmSync(join(dir, 'checkpoints'))
    await expect(createLog(options)).rejects.toMatchObject({ code: 'LOG_CORRUPT' })
    await expect(openLog(options)).rejects.toMatchObject({ code: 'LOG_CORRUPT' })
  })

  test('a key of another log cannot carry it on', async () => {
    const { options } = await logOf([1])
    const { signer } = createLogKey(ORIGIN)
    await expect(openLog({ ...options, signer })).rejects.toMatchObject({ code: 'LOG_CORRUPT' })
    await expect(openLog({ ...options, origin: 'other' })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    })
  })

  test('two writers of one log are impossible', async () => {
    const { log, options } = await emptyLog()
    await expect(openLog(options)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await log.close()
    await (await openLog(options)).close()
  })
})

describe('after a crash', () => {
  test('a half-written checkpoint at the end of the history is dropped', async () => {
    const { options, dir } = await logOf([3, 2])
    appendFileSync(join(dir, 'checkpoints'), `${ORIGIN}\n6\nAAAA`)
    const log = await openLog(options)
    expect((await log.append('next', anEntry(9))).index).toBe(5)
    await log.close()
    expect(verifyFolder(dir)).toMatchObject({ ok: true, size: 6 })
  })

  test('zeros at the end of the history, as some file systems leave, are dropped', async () => {
    const { options, dir } = await logOf([3])
    appendFileSync(join(dir, 'checkpoints'), Buffer.alloc(200))
    await (await openLog(options)).close()
    expect(verifyFolder(dir)).toMatchObject({ ok: true, size: 3 })
  })

  test('a checkpoint that was signed but not yet published is published', async () => {
    const { log, options, dir } = await emptyLog()
    await appendMany(log, 3)
    const before = readFileSync(join(dir, 'checkpoint'))
    await appendMany(log, 2)
    await log.close()
    writeFileSync(join(dir, 'checkpoint'), before)
    const reopened = await openLog(options)
    expect(reopened.size()).toBe(5)
    await reopened.close()
    expect(verifyFolder(dir)).toMatchObject({ ok: true, size: 5 })
  })

  test('files of an unfinished commit are removed and written anew', async () => {
    const { options, dir } = await logOf([200])
    writeFileSync(join(dir, 'tile/entries/000'), 'unfinished')
    writeFileSync(join(dir, 'tile/entries/000.p/201'), 'unfinished')
    writeFileSync(join(dir, '.work/new-0123'), 'unfinished')
    const log = await openLog(options)
    expect(filesOf(dir)).not.toContain('.work/new-0123')
    expect(verifyFolder(dir)).toMatchObject({ ok: true, size: 200 })
    await appendMany(log, 100)
    await log.close()
    expect(verifyFolder(dir)).toMatchObject({ ok: true, size: 300 })
  })

  test('partial tiles go when the tile is full', async () => {
    const { dir } = await logOf([200, 56, 1])
    expect(existsSync(join(dir, 'tile/0/000.p'))).toBe(false)
    expect(existsSync(join(dir, 'tile/entries/000.p'))).toBe(false)
    expect(verifyFolder(dir)).toMatchObject({ ok: true, size: 257 })
  })
})

describe('a log that was altered is not carried on', () => {
  const files = [
    'tile/entries/000',
    'tile/0/000',
    'tile/1/000.p/1',
    'tile/entries/001.p/4',
    'tile/0/001.p/4',
  ]

  test.each(files)('one bit of %s', async (file) => {
    const { options, dir } = await logOf([200, 60])
    flip(dir, file, 20, 1)
    await expect(openLog(options)).rejects.toMatchObject({ code: 'LOG_CORRUPT' })
  })

  test.each([...files, 'checkpoint', 'key'])('without %s', async (file) => {
    const { options, dir } = await logOf([200, 60])
    rmSync(join(dir, file))
    await expect(openLog(options)).rejects.toMatchObject({ code: 'LOG_CORRUPT' })
  })

  test('a history with its last note taken away disagrees with the checkpoint', async () => {
    const { options, dir } = await logOf([1, 1])
    const history = readFileSync(join(dir, 'checkpoints'), 'utf8')
    writeFileSync(join(dir, 'checkpoints'), history.slice(0, history.lastIndexOf(`${ORIGIN}\n2`)))
    await expect(openLog(options)).rejects.toMatchObject({ code: 'LOG_CORRUPT' })
  })

  test('a checkpoint from long ago disagrees with the history', async () => {
    const { log, options, dir } = await emptyLog()
    await appendMany(log, 1)
    cpSync(join(dir, 'checkpoint'), join(dir, '.work/old'))
    await appendMany(log, 1)
    await appendMany(log, 1)
    await log.close()
    renameSync(join(dir, '.work/old'), join(dir, 'checkpoint'))
    await expect(openLog(options)).rejects.toMatchObject({ code: 'LOG_CORRUPT' })
  })

  test('it is left exactly as it was found', async () => {
    const { options, dir } = await logOf([200, 60])
    flip(dir, 'tile/entries/000', 20, 1)
    writeFileSync(join(dir, 'tile/0/009'), 'something')
    const before = filesOf(dir)
    await expect(openLog(options)).rejects.toMatchObject({ code: 'LOG_CORRUPT' })
    expect(filesOf(dir)).toEqual(before)
  })
})
