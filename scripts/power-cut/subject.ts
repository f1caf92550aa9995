/**
 * What is cut off while it works: each subject does its work for ever and tells what it was promised is safe, and can
 * say afterwards which of those promises were broken.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createLog, createLogKey, openLog } from '@sekisho/evidence'
import type { Log } from '@sekisho/evidence'
import { verifyFolder } from '@sekisho/evidence/verify'
import { migrate, openBlobs, openStore, openVault } from '@sekisho/store'
import type { Blobs, Migration, Vault } from '@sekisho/store'

/** Says that something is safe now. One line of text without spaces at its ends. */
export type Promised = (line: string) => void

export interface Subject {
  /**
   * Works in the folder until the process is stopped.
   *
   * @param writers how many at once. Several, so that group commit has something to group; one, so that nobody else's
   *   sync makes up for a missing one
   */
  work(dir: string, promised: Promised, writers: number): Promise<void>
  /** Opens the folder again and returns every promise that was broken, in words. */
  broken(dir: string, promises: readonly string[]): Promise<string[]>
}

export const SUBJECTS = {
  store: { work: workStore, broken: brokenStore },
  blobs: { work: workBlobs, broken: brokenBlobs },
  vault: { work: workVault, broken: brokenVault },
  evidence: { work: workLog, broken: brokenLog },
  /** The control: it never syncs. If the harness finds nothing lost here, it finds nothing anywhere. */
  careless: { work: workCarelessly, broken: brokenCareless },
} as const satisfies Record<string, Subject>
export type SubjectName = keyof typeof SUBJECTS

interface Tables {
  row: { id: string; text: string }
}

const rows: Migration<Tables> = {
  id: '0001-row',
  up: async (tx) => {
    const table = tx.schema
      .createTable('row')
      .addColumn('id', 'text', (column) => column.primaryKey())
    await table.addColumn('text', 'text').execute()
  },
}

async function workStore(dir: string, promised: Promised, writers: number): Promise<void> {
  const store = await openStore<Tables>({ path: join(dir, 'store', 'store.sqlite') })
  await migrate(store, [rows])
  await forEver(writers, async (n) => {
    await store.write((tx) =>
      tx
        .insertInto('row')
        .values({ id: `${n}`, text: textOf(n) })
        .execute(),
    )
    promised(`${n}`)
  })
}

async function brokenStore(dir: string, promises: readonly string[]): Promise<string[]> {
  const path = join(dir, 'store', 'store.sqlite')
  const store = await openStore<Tables>({ path })
  const found = await store.db.selectFrom('row').selectAll().execute()
  await store.close()
  const texts = new Map(found.map(({ id, text }) => [id, text]))
  const lost = promises.filter((id) => texts.get(id) !== textOf(Number(id)))
  const database = new DatabaseSync(path)
  const integrity = Object.values(database.prepare('PRAGMA integrity_check').get() ?? {})
  database.close()
  return integrity[0] === 'ok' ? lost : [...lost, 'the database is damaged']
}

async function workBlobs(dir: string, promised: Promised, writers: number): Promise<void> {
  const blobs = await openBlobs(join(dir, 'blobs'))
  await forEver(writers, async (n) => {
    const sha256 = await blobs.put(Buffer.from(textOf(n)))
    promised(`+${sha256}`)
    if (n % 3 !== 0) return
    // From here on it may be gone or not, until the removal is promised too.
    promised(`?${sha256}`)
    await blobs.remove(sha256)
    promised(`-${sha256}`)
  })
}

async function brokenBlobs(dir: string, promises: readonly string[]): Promise<string[]> {
  const blobs = await openBlobs(join(dir, 'blobs'))
  const results = promises.map(async (line) => {
    const sha256 = line.slice(1)
    if (line.startsWith('-')) return (await blobs.has(sha256)) ? [`${line} is still there`] : []
    const open = line.startsWith('?') || promises.includes(`?${sha256}`)
    return open || (await holds(blobs, sha256)) ? [] : [line]
  })
  return (await Promise.all(results)).flat()
}

async function holds(blobs: Blobs, sha256: string): Promise<boolean> {
  return blobs.get(sha256).then(
    () => true,
    () => false,
  )
}

const VAULT_KEY = Buffer.alloc(32, 7)

async function workVault(dir: string, promised: Promised, writers: number): Promise<void> {
  const vault = await openVault(join(dir, 'vault'), VAULT_KEY)
  await forEver(writers, async (n) => {
    const id = `file-${n}`
    await vault.create(id)
    for (let part = 0; part < 5; part += 1) {
      const { offset } = await vault.append(id, part * PART, Buffer.from(partOf(id, part)))
      promised(`${id}:${offset}`)
    }
    await vault.finish(id)
    promised(`${id}:whole`)
  })
}

async function brokenVault(dir: string, promises: readonly string[]): Promise<string[]> {
  const vault = await openVault(join(dir, 'vault'), VAULT_KEY)
  const results = promises.map(async (line) => {
    const [id = '', what = ''] = line.split(':')
    const kept =
      what === 'whole' ? await isWhole(vault, id) : (await sizeOf(vault, id)) >= Number(what)
    return kept ? [] : [line]
  })
  return (await Promise.all(results)).flat()
}

const PART = 3000

function partOf(id: string, part: number): string {
  return `${id}/${part};`.padEnd(PART, '.')
}

async function isWhole(vault: Vault, id: string): Promise<boolean> {
  const parts: Buffer[] = []
  try {
    for await (const part of vault.read(id)) parts.push(part)
  } catch {
    return false
  }
  const expected = [0, 1, 2, 3, 4].map((part) => partOf(id, part)).join('')
  return Buffer.concat(parts).toString() === expected
}

async function sizeOf(vault: Vault, id: string): Promise<number> {
  return vault.size(id).catch(() => -1)
}

const ORIGIN = 'power-cut.example'

/** The key is on another disk: beside the one that is cut off. */
function logKey(dir: string): string {
  return readFileSync(join(dir, '..', 'log-key'), 'utf8')
}

/** What a subject needs beside the disk, made before the work starts. */
export async function prepare(beside: string): Promise<void> {
  await writeFile(join(beside, 'log-key'), createLogKey(ORIGIN).signer)
}

async function workLog(dir: string, promised: Promised, writers: number): Promise<void> {
  const log = await createLog({ dir: join(dir, 'log'), origin: ORIGIN, signer: logKey(dir) })
  await forEver(writers, async (n) => {
    const { index } = await log.append(`key-${n}`, {
      v: 1,
      kind: 'received',
      at: '2027-04-01T09:00:00+09:00',
      side: 'high',
      model: 'ab'.repeat(32),
      actor: 'system',
      detail: { text: textOf(n) },
    })
    promised(`${index}:${n}`)
  })
}

async function brokenLog(dir: string, promises: readonly string[]): Promise<string[]> {
  const path = join(dir, 'log')
  const log = await openLog({ dir: path, origin: ORIGIN, signer: logKey(dir) })
  const lost = await lostEntries(log, promises)
  await log.close()
  const check = verifyFolder(path, { key: log.verifier })
  return check.ok ? lost : [...lost, `the log does not verify: ${check.reason} at ${check.where}`]
}

async function lostEntries(log: Log, promises: readonly string[]): Promise<string[]> {
  const results = promises.map(async (line) => {
    const [index = '', n = ''] = line.split(':')
    const found = await log.read(Number(index)).catch(() => undefined)
    return found?.key === `key-${n}` && found.entry.detail['text'] === textOf(Number(n))
      ? []
      : [line]
  })
  return (await Promise.all(results)).flat()
}

async function workCarelessly(dir: string, promised: Promised, writers: number): Promise<void> {
  await mkdir(join(dir, 'careless'), { recursive: true })
  await forEver(writers, async (n) => {
    await writeFile(join(dir, 'careless', `${n}`), textOf(n))
    promised(`${n}`)
  })
}

async function brokenCareless(dir: string, promises: readonly string[]): Promise<string[]> {
  const path = (n: string): string => join(dir, 'careless', n)
  return promises.filter(
    (n) => !existsSync(path(n)) || readFileSync(path(n), 'utf8') !== textOf(Number(n)),
  )
}

/** Different for every number, and long enough to span a disk block now and then. */
function textOf(n: number): string {
  const digest = createHash('sha256').update(`${n}`).digest('hex')
  return digest.repeat(1 + (n % 40))
}

async function forEver(writers: number, step: (n: number) => Promise<void>): Promise<void> {
  let next = 0
  const writer = async (): Promise<never> => {
    for (;;) await step((next += 1))
  }
  await Promise.all(Array.from({ length: writers }, writer))
}
