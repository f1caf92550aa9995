/**
 * The evidence log: one writer, appends that are durable before they are acknowledged.
 *
 * Order of every commit, so that a crash at any instant leaves either the old log or the new one:
 * tiles and bundles → the signed checkpoint in `checkpoints` (the commit point) → `checkpoint` → acknowledge.
 */
import { access, readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { SekishoError, errorCode } from '@sekisho/core'
import type { EvidenceEntry, EvidenceLog, Receipt } from '@sekisho/core'
import { Appends } from './appends.ts'
import { checkpointText } from './checkpoint.ts'
import type { PendingAppend } from './appends.ts'
import { TEMPORARY_PREFIX, diskError, makeFolder, writeDurably } from './durable.ts'
import { Edge } from './edge.ts'
import { History, historyRecord, openCheckpoint } from './history.ts'
import type { SignedCheckpoint } from './history.ts'
import { KeyIndex } from './key-index.ts'
import { checkAppend, leafBytes } from './leaf.ts'
import { takeLock } from './lock.ts'
import type { Lock } from './lock.ts'
import { LogReader } from './log-reader.ts'
import { EMPTY_ROOT } from './merkle.ts'
import { readSigner, readVerifier } from './note.ts'
import type { NoteSigner, NoteVerifier } from './note.ts'
import { recover } from './recover.ts'

/** Folder inside the log's folder for temporary files and the lock. Not part of the evidence, never exported. */
export const WORK_FOLDER = '.work'

export interface LogOptions {
  /** The log's folder. The disk under it must honour fsync. */
  readonly dir: string
  /** Name of the log, e.g. `kasumi.example/high`: never reuse one for another log. */
  readonly origin: string
  /** Secret key from `createLogKey(origin)`. */
  readonly signer: string
}

/**
 * Begins a log: the only way one comes into being, so that a lost folder is never silently replaced by an empty one.
 *
 * @throws LOG_CORRUPT when something of a log is already there, CONFIG_INVALID when key and origin do not match
 */
export async function createLog(options: LogOptions): Promise<Log> {
  const signer = signerOf(options)
  const { dir } = options
  const work = join(dir, WORK_FOLDER)
  await onDisk(() => makeFolder(work))
  if (await holdsLog(dir)) throw new SekishoError('LOG_CORRUPT', 'there is already a log here')
  const note = signer.sign(checkpointText({ origin: signer.name, size: 0, root: EMPTY_ROOT }))
  const write = (name: string, bytes: Buffer): Promise<void> =>
    writeDurably([{ path: join(dir, name), bytes }], work)
  await write('key', Buffer.from(`${signer.verifier}\n`))
  await write('checkpoints', historyRecord(note))
  return openLog(options)
}

/**
 * Opens a log for appending. Reads and hashes all of it, so that a log that was altered is not carried on.
 *
 * @throws NOT_FOUND when there is no log, LOG_CORRUPT when what is there does not hash to the signed checkpoint,
 *   STORE_UNAVAILABLE when another process has it open, CONFIG_INVALID when key and origin do not match
 */
export async function openLog(options: LogOptions): Promise<Log> {
  const signer = signerOf(options)
  const { dir } = options
  if (!(await holdsLog(dir))) throw new SekishoError('NOT_FOUND', 'there is no log here')
  const work = join(dir, WORK_FOLDER)
  await onDisk(() => makeFolder(work))
  const lock = takeLock(work)
  try {
    return await openLocked(dir, work, signer, lock)
  } catch (error) {
    lock.release()
    throw diskError(error)
  }
}

async function openLocked(dir: string, work: string, signer: NoteSigner, lock: Lock): Promise<Log> {
  await removeTemporaries(work)
  const verifier = readVerifier(signer.verifier)
  if ((await optionalText(join(dir, 'key'))) !== `${signer.verifier}\n`)
    throw new SekishoError('LOG_CORRUPT', 'the log here belongs to another key')
  const { history, latest } = await History.open(join(dir, 'checkpoints'), verifier)
  try {
    const checkpoint = await agreedCheckpoint(dir, verifier, latest)
    const { edge, keys } = await recover(dir, checkpoint)
    const log = new Log({ dir, work, signer, lock, history, checkpoint, edge, keys })
    await log.publish()
    return log
  } catch (error) {
    await history.close()
    throw error
  }
}

/** Everything a {@link Log} is made of; from then on owned by it. */
interface LogParts {
  readonly dir: string
  readonly work: string
  readonly signer: NoteSigner
  readonly lock: Lock
  readonly history: History
  readonly checkpoint: SignedCheckpoint
  readonly edge: Edge
  readonly keys: KeyIndex
}

export class Log extends LogReader implements EvidenceLog {
  readonly #parts: LogParts
  /** Owned by the commit in progress. */
  #edge: Edge
  /** Keys of everything in the log. Owned by the commit in progress. */
  readonly #keys: KeyIndex
  /** Committed, but perhaps not yet in the file `checkpoint`. Owned by the commit in progress. */
  #committed: SignedCheckpoint
  /** Waiting appends; runs one commit at a time. */
  readonly #appends = new Appends((batch) => this.#commit(batch))

  constructor(parts: LogParts) {
    super(parts.dir, parts.signer.verifier, parts.checkpoint)
    this.#parts = parts
    this.#edge = parts.edge
    this.#keys = parts.keys
    this.#committed = parts.checkpoint
  }

  /**
   * Appends one entry. Appends that arrive together share one commit.
   *
   * @throws BUG when the entry is not one, STORE_FULL when the disk is full (the log stays usable),
   *   STORE_UNAVAILABLE when the disk fails or the log is closed
   */
  async append(key: string, entry: EvidenceEntry): Promise<Receipt> {
    checkAppend(key, entry)
    return this.#appends.add(key, structuredClone(entry))
  }

  /** Waits for what was appended and lets go of the folder. Later appends are refused. */
  async close(): Promise<void> {
    if (!(await this.#appends.close())) return
    await this.#parts.history.close()
    this.#parts.lock.release()
  }

  /** Writes the file `checkpoint`: what strangers read. Part of opening and of every commit. */
  async publish(): Promise<void> {
    const { dir, work } = this.#parts
    const bytes = Buffer.from(this.#committed.note)
    await writeDurably([{ path: join(dir, 'checkpoint'), bytes }], work)
    this.advance(this.#committed)
  }

  async #commit(batch: readonly PendingAppend[]): Promise<Receipt[]> {
    // A full disk may have kept an earlier commit from being published; it goes first.
    if (this.#committed.note !== this.checkpoint()) await this.publish()
    const edge = this.#edge.clone()
    const fresh = new Map<string, Receipt>()
    for (const { key, entry } of batch) {
      if (fresh.has(key) || this.#keys.has(key)) continue
      fresh.set(key, appendTo(edge, this.#edge.size, key, entry))
    }
    if (fresh.size > 0) await this.#write(edge, fresh)
    return Promise.all(batch.map(async ({ key }) => fresh.get(key) ?? this.#firstReceipt(key)))
  }

  async #write(edge: Edge, fresh: ReadonlyMap<string, Receipt>): Promise<void> {
    const { dir, work, signer, history } = this.#parts
    const { files, stale } = edge.takeFiles()
    const placed = files.map(({ path, bytes }) => ({ path: join(dir, path), bytes }))
    await writeDurably(placed, work)
    const checkpoint = { origin: signer.name, size: edge.size, root: edge.root() }
    const note = signer.sign(checkpointText(checkpoint))
    await history.append(note)
    this.#edge = edge
    this.#committed = { ...checkpoint, note }
    for (const [key, { index }] of fresh) this.#keys.set(key, index)
    await this.publish()
    await removeFolders(dir, stale)
  }

  async #firstReceipt(key: string): Promise<Receipt> {
    const index = this.#keys.get(key) ?? -1
    const { leaf, key: stored } = await this.read(index)
    if (stored !== key) throw new SekishoError('LOG_CORRUPT', `entry ${index} is not what it was`)
    return { index, leaf }
  }
}

function appendTo(edge: Edge, base: number, key: string, entry: EvidenceEntry): Receipt {
  const index = edge.size
  const leaf = edge.append(leafBytes({ seq: index, base, key, entry }))
  return { index, leaf: leaf.toString('hex') }
}

function signerOf({ origin, signer }: LogOptions): NoteSigner {
  const read = readSigner(signer)
  if (read.name !== origin)
    throw new SekishoError('CONFIG_INVALID', `the signing key is not for the log ${origin}`)
  return read
}

/**
 * The checkpoint to carry on from. The history is written first, so it may be one commit ahead of the file
 * `checkpoint`; anything else means that somebody took entries back.
 */
async function agreedCheckpoint(
  dir: string,
  verifier: NoteVerifier,
  latest: readonly SignedCheckpoint[],
): Promise<SignedCheckpoint> {
  const [last, before] = latest
  const note = await optionalText(join(dir, 'checkpoint'))
  const published = note === undefined ? undefined : openCheckpoint(note, verifier)
  const neverPublished = note === undefined && last?.size === 0
  const agrees = published !== undefined && [last?.note, before?.note].includes(published.note)
  if (last === undefined || !(agrees || neverPublished))
    throw new SekishoError('LOG_CORRUPT', 'the checkpoint and the history of checkpoints disagree')
  return last
}

async function holdsLog(dir: string): Promise<boolean> {
  const names = ['checkpoints', 'checkpoint', 'tile'].map((name) => join(dir, name))
  const found = await Promise.all(
    names.map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  )
  return found.includes(true)
}

async function removeTemporaries(work: string): Promise<void> {
  const names = await readdir(work)
  const left = names.filter((name) => name.startsWith(TEMPORARY_PREFIX))
  await Promise.all(left.map((name) => rm(join(work, name), { force: true })))
}

/** Partial tiles of tiles that are full now. Losing the race with a crash is harmless: opening tries again. */
async function removeFolders(dir: string, folders: readonly string[]): Promise<void> {
  const removals = folders.map((path) => rm(join(dir, path), { recursive: true, force: true }))
  await Promise.allSettled(removals)
}

async function optionalText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw diskError(error)
  }
}

async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw diskError(error)
  }
}
