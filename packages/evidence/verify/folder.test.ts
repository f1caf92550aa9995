import {
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { createLog, createLogKey } from '../src/index.ts'
import { readLeaf } from '../src/leaf.ts'
import { canonicalJson } from '../src/canonical.ts'
import {
  ORIGIN,
  anEntry,
  appendMany,
  copyOf,
  emptyLog,
  entriesOf,
  exported,
  filesOf,
  flip,
  logOf,
  rewrite,
  temporaryFolder,
} from '../src/log.test-support.ts'
import { verifyFolder } from './index.ts'

/** 600 entries: two full bundles, a partial one, a second level. Single appends at the end. */
const SIZE = 600
let folder: string
let key: string

beforeAll(async () => {
  const made = await logOf([
    ...Array.from({ length: 11 }, () => 50),
    ...Array.from({ length: 50 }, () => 1),
  ])
  folder = await exported(made.dir)
  key = made.key
})

/** Damages a copy and checks it; the copy is thrown away. */
function checkDamaged(damage: (copy: string) => void): ReturnType<typeof verifyFolder> {
  const copy = copyOf(folder)
  damage(copy)
  const result = verifyFolder(copy, { key })
  rmSync(copy, { recursive: true })
  return result
}

function checkRewritten(change: (entries: Buffer[]) => Buffer[]): ReturnType<typeof verifyFolder> {
  return checkDamaged((copy) => rewrite(copy, change(entriesOf(copy, SIZE))))
}

describe('an untouched export', () => {
  test('is accepted, and says who vouched for the key', () => {
    expect(verifyFolder(folder, { key })).toMatchObject({
      ok: true,
      origin: ORIGIN,
      size: SIZE,
      trust: 'given-key',
    })
    expect(verifyFolder(folder)).toMatchObject({ ok: true, trust: 'key-in-folder' })
  })

  test('of an empty log is accepted', async () => {
    const { log, dir } = await emptyLog()
    expect(verifyFolder(await exported(dir))).toMatchObject({ ok: true, size: 0, checkpoints: 1 })
    await log.close()
  })

  test('of a log that is being written is accepted', async () => {
    const { log, dir } = await emptyLog()
    await appendMany(log, 200)
    const writing = appendMany(log, 200)
    const out = await exported(dir)
    await writing
    await log.close()
    expect(verifyFolder(out)).toMatchObject({ ok: true })
  })
})

describe('altering bytes', () => {
  test('any byte of any file of a small log is noticed', async () => {
    const small = await exported((await logOf([1, 1])).dir)
    const unnoticed: string[] = []
    for (const file of filesOf(small)) {
      const original = readFileSync(join(small, file))
      for (let at = 0; at < original.length; at += 1) {
        flip(small, file, at, at % 2 === 0 ? 0x01 : 0x20)
        if (verifyFolder(small).ok) unnoticed.push(`${file}:${at}`)
        writeFileSync(join(small, file), original)
      }
    }
    expect(unnoticed).toEqual([])
    expect(verifyFolder(small).ok).toBe(true)
  })

  test('any change of any byte of a larger log is noticed', () => {
    const files = filesOf(folder)
    const anyChange = fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }))
    const unnoticed = fc.sample(anyChange, { numRuns: 120 }).filter(([which, place, mask]) => {
      const file = files[which % files.length] ?? ''
      const original = readFileSync(join(folder, file))
      flip(folder, file, place % original.length, mask)
      const result = verifyFolder(folder, { key })
      writeFileSync(join(folder, file), original)
      return result.ok
    })
    expect(unnoticed).toEqual([])
  })

  test('cutting any file short or adding to it is noticed', () => {
    for (const file of filesOf(folder)) {
      const original = readFileSync(join(folder, file))
      for (const bytes of [
        original.subarray(0, -1),
        Buffer.concat([original, Buffer.of(10)]),
        Buffer.alloc(0),
      ]) {
        writeFileSync(join(folder, file), bytes)
        expect([file, verifyFolder(folder, { key }).ok]).toEqual([file, false])
      }
      writeFileSync(join(folder, file), original)
    }
  })

  test('an entry altered on disk is located', () => {
    const result = checkDamaged((copy) => {
      const path = join(copy, 'tile/entries/001')
      const bytes = readFileSync(path)
      bytes.write('X', bytes.indexOf('S-1300'))
      writeFileSync(path, bytes)
    })
    expect(result).toMatchObject({ ok: false, reason: 'entry-altered', firstBad: 300 })
  })

  test('an altered tile is told from an altered entry', () => {
    const result = checkDamaged((copy) => flip(copy, 'tile/0/001', 5, 1))
    expect(result).toMatchObject({
      ok: false,
      reason: 'tile-altered',
      where: 'tile/0/001',
      firstBad: undefined,
    })
  })

  test('two tiles swapped are found', () => {
    const result = checkDamaged((copy) => {
      renameSync(join(copy, 'tile/0/000'), join(copy, 'x'))
      renameSync(join(copy, 'tile/0/001'), join(copy, 'tile/0/000'))
      renameSync(join(copy, 'x'), join(copy, 'tile/0/001'))
    })
    expect(result).toMatchObject({ ok: false, reason: 'tile-altered', where: 'tile/0/000' })
  })
})

/** Indexes at which the check did not point to exactly the first entry that is wrong. */
function mislocated(change: (entries: Buffer[], index: number) => Buffer[]): number[] {
  const indexes = fc.sample(fc.nat({ max: SIZE - 2 }), { numRuns: 12 })
  return indexes.filter((index) => {
    const result = checkRewritten((entries) => change(entries, index))
    return result.ok || result.firstBad !== index || result.reason !== 'entry-moved'
  })
}

describe('rewriting entries and every tile over them', () => {
  test('a removed entry is located', () => {
    expect(mislocated((entries, index) => entries.toSpliced(index, 1))).toEqual([])
  })

  test('a duplicated entry is located', () => {
    const wrong = mislocated((entries, index) =>
      entries.toSpliced(index, 0, ...entries.slice(index + 1, index + 2)),
    )
    expect(wrong).toEqual([])
  })

  test('two neighbours swapped are located', () => {
    const wrong = mislocated((entries, index) =>
      entries.toSpliced(index, 2, ...entries.slice(index, index + 2).toReversed()),
    )
    expect(wrong).toEqual([])
  })

  test('an entry written anew in its own batch is located exactly', () => {
    for (const index of [550, 575, 599])
      expect(
        checkRewritten((entries) => entries.with(index, forged(entries, index))),
      ).toMatchObject({
        reason: 'entry-altered',
        firstBad: index,
        until: index + 1,
      })
  })

  test('an entry written anew in a shared batch is located to the batch', () => {
    const result = checkRewritten((entries) => entries.with(120, forged(entries, 120)))
    expect(result).toMatchObject({ reason: 'entry-altered', firstBad: 100, until: 150 })
  })

  test('an entry added at the end is located', () => {
    const result = checkDamaged((copy) => {
      const entries = entriesOf(copy, SIZE)
      const added = canonicalJson({
        base: SIZE,
        entry: anEntry(SIZE),
        key: 'added',
        seq: SIZE,
        v: 1,
      })
      rewrite(copy, [...entries, Buffer.from(added)])
    })
    expect(result.ok).toBe(false)
  })

  test('an entry added behind the last one in the last bundle is located', () => {
    const result = checkDamaged((copy) => {
      const path = join(copy, 'tile/entries/002.p/88')
      writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.of(0, 1, 65)]))
    })
    expect(result).toMatchObject({ reason: 'entry-added', firstBad: SIZE })
  })

  test('the last entry taken away is located', () => {
    const result = checkDamaged((copy) => {
      const path = join(copy, 'tile/entries/002.p/88')
      const last = entriesOf(copy, SIZE).at(-1) as Buffer
      writeFileSync(path, readFileSync(path).subarray(0, -last.length - 2))
    })
    expect(result).toMatchObject({ reason: 'entry-missing', firstBad: SIZE - 1 })
  })
})

/** Says who approved differently, but is well-formed and names its own place. */
function forged(entries: readonly Buffer[], index: number): Buffer {
  const leaf = readLeaf(entries[index] as Buffer)
  const entry = { ...leaf?.entry, actor: 'u-99' }
  return Buffer.from(canonicalJson({ base: leaf?.base, entry, key: leaf?.key, seq: index, v: 1 }))
}

describe('signatures', () => {
  test('a whole log forged under another key is refused by whoever has the key', async () => {
    const { signer, verifier } = createLogKey(ORIGIN)
    const dir = join(temporaryFolder(), 'log')
    const log = await createLog({ dir, origin: ORIGIN, signer })
    await appendMany(log, 3)
    await log.close()
    const forgery = await exported(dir)
    expect(verifyFolder(forgery, { key })).toMatchObject({ ok: false, reason: 'key-differs' })
    writeFileSync(join(forgery, 'key'), `${key}\n`)
    expect(verifyFolder(forgery, { key })).toMatchObject({
      ok: false,
      reason: 'checkpoint-signature',
    })
    expect(verifier).not.toBe(key)
  })

  test('a checkpoint signed by another key is refused', () => {
    const result = checkDamaged((copy) => {
      const path = join(copy, 'checkpoint')
      writeFileSync(path, readFileSync(path, 'utf8').replace('\n600\n', '\n599\n'))
    })
    expect(result).toMatchObject({ reason: 'checkpoint-signature', where: 'checkpoint' })
  })

  test('a note left out of the history, doubled or moved is found', () => {
    for (const at of [[6, 5], [5, 5, 6], [6]]) {
      const result = checkDamaged((copy) => {
        const path = join(copy, 'checkpoints')
        const notes = readFileSync(path, 'utf8').split(/(?<=\n)\n(?=kasumi)/u)
        const changed = at.map((n) => notes[n] ?? '')
        writeFileSync(path, notes.toSpliced(5, 2, ...changed).join('\n'))
      })
      expect(result).toMatchObject({ reason: 'history-altered' })
    }
  })

  test('a line smuggled behind a signature of the history is found', () => {
    const result = checkDamaged((copy) => {
      const path = join(copy, 'checkpoints')
      writeFileSync(
        path,
        readFileSync(path, 'utf8').replace(/(— .*\n)\n/u, '$1— smuggled.example AAAAAAAA\n\n'),
      )
    })
    expect(result).toMatchObject({ reason: 'history-altered', where: 'checkpoints, note 1' })
  })
})

/** Cuts an export back to an earlier checkpoint: everything left in it is genuine. */
function rollBack(copy: string, size: number): void {
  const history = readFileSync(join(copy, 'checkpoints'), 'utf8')
  const notes = history.split(/(?<=\n)\n(?=kasumi)/u)
  const kept = notes.slice(
    0,
    notes.findIndex((note) => note.startsWith(`${ORIGIN}\n${size}\n`)) + 1,
  )
  writeFileSync(join(copy, 'checkpoints'), `${kept.join('\n')}\n`)
  writeFileSync(join(copy, 'checkpoint'), kept.at(-1) as string)
  rewrite(copy, entriesOf(copy, SIZE).slice(0, size))
}

describe('taking back what was signed', () => {
  test('is found by whoever kept a later checkpoint, and only by them', () => {
    const later = readFileSync(join(folder, 'checkpoint'), 'utf8')
    const copy = copyOf(folder)
    rollBack(copy, 550)
    expect(verifyFolder(copy, { key })).toMatchObject({ ok: true, size: 550 })
    expect(verifyFolder(copy, { key, checkpoint: later })).toMatchObject({
      ok: false,
      reason: 'rolled-back',
      firstBad: 550,
    })
  })

  test('a different continuation after an earlier checkpoint is found', async () => {
    const made = await emptyLog()
    await appendMany(made.log, 2)
    await made.log.close()
    const fork = join(temporaryFolder(), 'fork')
    cpSync(made.dir, fork, { recursive: true })
    const tell = async (dir: string, key_: string): Promise<string> => {
      const { openLog } = await import('../src/index.ts')
      const log = await openLog({ ...made.options, dir })
      await log.append(key_, anEntry(7))
      await log.append(`${key_}-2`, anEntry(8))
      await log.close()
      return exported(dir)
    }
    const [one, other] = [await tell(made.dir, 'truth'), await tell(fork, 'lie')]
    const seen = readFileSync(join(one, 'checkpoint'), 'utf8')
    expect(verifyFolder(other, { key: made.key })).toMatchObject({ ok: true })
    expect(verifyFolder(other, { key: made.key, checkpoint: seen })).toMatchObject({
      reason: 'forked',
    })
    expect(verifyFolder(one, { key: made.key, checkpoint: seen })).toMatchObject({ ok: true })
  })

  test('an earlier checkpoint of this very log is accepted at every size', () => {
    const notes = readFileSync(join(folder, 'checkpoints'), 'utf8').split(/(?<=\n)\n(?=kasumi)/u)
    for (const note of [notes[0], notes[3], notes[40]])
      expect(verifyFolder(folder, { key, checkpoint: note as string })).toMatchObject({ ok: true })
  })
})

describe('files', () => {
  test('every missing file is found', () => {
    for (const file of filesOf(folder).filter((name) => name !== 'README.txt'))
      expect([file, checkDamaged((copy) => rmSync(join(copy, file))).ok]).toEqual([file, false])
  })

  test.each([
    'extra.txt',
    'tile/0/003',
    'tile/0/002.p/89',
    'tile/entries/000.p/7',
    'tile/2/000.p/1',
    'tile/0/x000/001',
    'README.txt/x',
  ])('a file that does not belong there is found: %s', (file) => {
    const result = checkDamaged((copy) => {
      if (file.startsWith('README')) rmSync(join(copy, 'README.txt'))
      mkdirSync(join(copy, file, '..'), { recursive: true })
      writeFileSync(join(copy, file), 'x')
    })
    expect(result).toMatchObject({ ok: false, reason: 'file-added' })
  })

  test.each(['tile/0/000.p/50', 'tile/entries/000.p/50'])(
    'a log’s own folder may still have older partial tiles, but not altered ones: %s',
    async (file) => {
      const { dir } = await logOf([50, 50])
      expect(verifyFolder(dir)).toMatchObject({ ok: true, size: 100 })
      flip(dir, file, 40, 1)
      expect(verifyFolder(dir)).toMatchObject({ ok: false, reason: 'tile-altered', where: file })
    },
  )

  test('a link in place of a file is refused, also when it leads to the right bytes', () => {
    const result = checkDamaged((copy) => {
      rmSync(join(copy, 'tile/0/000'))
      symlinkSync(join(folder, 'tile/0/000'), join(copy, 'tile/0/000'))
    })
    expect(result).toMatchObject({ ok: false, reason: 'file-kind' })
  })

  test('a link in place of a folder is refused', () => {
    const result = checkDamaged((copy) => {
      rmSync(join(copy, 'tile'), { recursive: true })
      symlinkSync(join(folder, 'tile'), join(copy, 'tile'))
    })
    expect(result).toMatchObject({ ok: false, reason: 'file-kind' })
  })

  test('an empty folder and a missing one are no log', () => {
    expect(verifyFolder(temporaryFolder())).toMatchObject({ reason: 'no-log' })
    expect(verifyFolder(join(temporaryFolder(), 'missing'))).toMatchObject({ reason: 'no-log' })
  })

  test('instructions to the auditor cannot be exchanged', () => {
    const result = checkDamaged((copy) =>
      writeFileSync(join(copy, 'README.txt'), '確かめなくて大丈夫です。'),
    )
    expect(result).toMatchObject({ reason: 'file-added', where: 'README.txt' })
  })
})

test('the verifier imports nothing but Node and itself', () => {
  const sources = readdirSync(import.meta.dirname).filter((name) => /(?<!\.test)\.ts$/u.test(name))
  const imports = sources.flatMap((name) => {
    const text = readFileSync(join(import.meta.dirname, name), 'utf8')
    return [...text.matchAll(/(?:from|import) '([^']+)'/gu)].map((match) => match[1] as string)
  })
  expect(imports.length).toBeGreaterThan(10)
  expect(
    imports.filter((name) => !/^(?:node:(?:crypto|fs|path)|\.\/[a-z]+\.ts)$/u.test(name)),
  ).toEqual([])
})
