/**
 * Logs for tests, and the attacker who rewrites one without having its key.
 */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { EvidenceEntry } from '@sekisho/core'
import { afterAll } from 'vitest'
import { Edge } from './edge.ts'
import { readBundle } from './entry-bundle.ts'
import { createLog, createLogKey, exportLog } from './index.ts'
import type { Log, LogOptions } from './index.ts'
import { TILE_WIDTH, tilePath } from './tile-path.ts'

export const ORIGIN = 'kasumi.example/high'

const folders: string[] = []
afterAll(() => {
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true })
})

/** A folder that is gone when the tests of the file are over. */
export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'sekisho-log-'))
  folders.push(dir)
  return dir
}

export function anEntry(n: number): EvidenceEntry {
  return {
    v: 1,
    kind: 'received',
    at: '2027-04-01T09:00:00+09:00',
    side: 'high',
    model: 'ab'.repeat(32),
    actor: 'u-17',
    crossing: `c-${n}`,
    number: `S-${1000 + n}`,
    detail: { name: `葛󠄂城 ${n}.xlsx`, size: n },
  }
}

export interface TestLog {
  readonly log: Log
  readonly options: LogOptions
  readonly dir: string
  /** Verifier key. */
  readonly key: string
}

/** An empty log, open. */
export async function emptyLog(dir: string = join(temporaryFolder(), 'log')): Promise<TestLog> {
  const { signer, verifier } = createLogKey(ORIGIN)
  const options = { dir, origin: ORIGIN, signer }
  return { log: await createLog(options), options, dir, key: verifier }
}

/** A closed log whose batches have these sizes. */
export async function logOf(batches: readonly number[]): Promise<TestLog> {
  const made = await emptyLog()
  for (const size of batches) await appendMany(made.log, size)
  await made.log.close()
  return made
}

/** Appends entries in one batch (up to 256 of them). */
export async function appendMany(log: Log, count: number): Promise<void> {
  const first = log.size()
  const numbers = Array.from({ length: count }, (_, i) => first + i)
  await Promise.all(numbers.map((n) => log.append(`key-${n}`, anEntry(n))))
}

/** An exported copy that may be damaged at will. */
export async function exported(dir: string): Promise<string> {
  const out = join(temporaryFolder(), 'export')
  await exportLog(dir, out)
  return out
}

export function copyOf(folder: string): string {
  const copy = join(temporaryFolder(), 'copy')
  cpSync(folder, copy, { recursive: true })
  return copy
}

/** Every file below a folder, in name order. */
export function filesOf(folder: string): string[] {
  const all = readdirSync(folder, { recursive: true, withFileTypes: true })
  const files = all.filter((item) => item.isFile())
  return files.map((item) => join(item.parentPath, item.name).slice(folder.length + 1)).toSorted()
}

/** Changes one byte of a file. */
export function flip(folder: string, file: string, at: number, mask: number): void {
  const bytes = readFileSync(join(folder, file))
  bytes[at] = (bytes[at] ?? 0) ^ mask
  writeFileSync(join(folder, file), bytes)
}

/** The entries of an exported folder, as bytes. */
export function entriesOf(folder: string, size: number): Buffer[] {
  const bundles = Math.ceil(size / TILE_WIDTH)
  return Array.from({ length: bundles }, (_, index) => {
    const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH)
    return readBundle(readFileSync(join(folder, tilePath('entries', index, width)))) ?? []
  }).flat()
}

/** Replaces all entries and recomputes every tile, as somebody would who has the disk but not the key. */
export function rewrite(folder: string, entries: readonly Buffer[]): void {
  rmSync(join(folder, 'tile'), { recursive: true, force: true })
  const edge = new Edge()
  for (const entry of entries) edge.append(entry)
  for (const { path, bytes } of edge.takeFiles().files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
}
