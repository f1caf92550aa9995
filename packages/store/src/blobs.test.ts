import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { openBlobs } from './index.ts'
import type { Blobs } from './index.ts'

const root = mkdtempSync(join(tmpdir(), 'sekisho-blobs-'))
let dir: string
let blobs: Blobs
let count = 0

beforeEach(async () => {
  dir = join(root, `${(count += 1)}`, 'blobs')
  blobs = await openBlobs(dir)
})
afterAll(() => rmSync(root, { recursive: true }))

const bytes = Buffer.from('申請書')
const sha256 = createHash('sha256').update(bytes).digest('hex')
const pathOf = (name: string): string => join(dir, name.slice(0, 2), name.slice(2))

test('what is put is found under its digest, also after opening again', async () => {
  expect(await blobs.put(bytes)).toBe(sha256)
  const again = await openBlobs(dir)
  expect(await again.get(sha256)).toEqual(bytes)
  expect(await again.has(sha256)).toBe(true)
})

test('putting the same bytes again changes nothing, also at the same moment', async () => {
  expect(await Promise.all([blobs.put(bytes), blobs.put(bytes)])).toEqual([sha256, sha256])
  expect(readdirSync(join(dir, sha256.slice(0, 2)))).toEqual([sha256.slice(2)])
  expect(readdirSync(join(dir, '.work'))).toEqual([])
})

test('bytes that were altered on disk are never given out', async () => {
  await blobs.put(bytes)
  writeFileSync(pathOf(sha256), '偽の申請書')
  await expect(blobs.get(sha256)).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
})

test('putting the right bytes repairs a damaged copy', async () => {
  await blobs.put(bytes)
  writeFileSync(pathOf(sha256), '')
  await blobs.put(bytes)
  expect(await blobs.get(sha256)).toEqual(bytes)
})

test('what is removed is gone, and removing it again is fine', async () => {
  await blobs.put(bytes)
  await blobs.remove(sha256)
  await blobs.remove(sha256)
  await blobs.remove('ab'.repeat(32))
  expect(await blobs.has(sha256)).toBe(false)
  await expect(blobs.get(sha256)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('what a crash left half-written is removed, and only that', async () => {
  await blobs.put(bytes)
  writeFileSync(join(dir, '.work', 'new-00'), 'half')
  await openBlobs(dir)
  expect(existsSync(join(dir, '.work', 'new-00'))).toBe(false)
  expect(readFileSync(pathOf(sha256))).toEqual(bytes)
})

test.each(['../../../etc/passwd', '', sha256.toUpperCase(), `${sha256}/..`])(
  'a name that is no digest never becomes a path: %j',
  async (name) => {
    await expect(blobs.get(name)).rejects.toMatchObject({ code: 'BUG' })
    await expect(blobs.remove(name)).rejects.toMatchObject({ code: 'BUG' })
    await expect(blobs.has(name)).rejects.toMatchObject({ code: 'BUG' })
  },
)
