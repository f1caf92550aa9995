/**
 * The vault: originals (原本) sealed on the low side until their days are over. Each file has a key of its own, wrapped
 * by the vault's key; removing a file destroys its key first.
 */
import { randomBytes } from 'node:crypto'
import { open, readFile, readdir, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { SekishoError, errorCode } from '@sekisho/core'
import { diskError, makeFolder, syncFolder, writeDurably } from '@sekisho/evidence'
import { KEY_BYTES, seal, unseal } from './sealed-chunk.ts'
import { findEnd, lastChunk, readChunks, sealedChunks } from './sealed-file.ts'
import type { FileIdentity, SealedEnd } from './sealed-file.ts'

/** Most bytes in one append. */
export const MAX_APPEND_BYTES = 16 * 1024 * 1024

/** Whether an append was taken, and how many bytes the file holds now: where to go on. */
export interface Appended {
  readonly accepted: boolean
  readonly offset: number
}

export interface Vault {
  /** Makes an empty file. When there is one already it stays. Returns the bytes it holds. */
  create(id: string): Promise<number>
  /**
   * Appends bytes at the end; durable when it resolves. `accepted` is false when `offset` is not the end, or the file
   * is finished: nothing was written then.
   *
   * @throws NOT_FOUND, STORE_FULL, STORE_UNAVAILABLE, BUG for more than 16 MiB
   */
  append(id: string, offset: number, bytes: Uint8Array): Promise<Appended>
  /** Marks the file as whole. Only then can it be read. Finishing twice is fine. Returns its size in bytes. */
  finish(id: string): Promise<number>
  /** Bytes of content that survive a power cut. Throws NOT_FOUND. */
  size(id: string): Promise<number>
  /**
   * The content in order. Believe none of it before the end is reached.
   *
   * @throws NOT_FOUND; STORE_CORRUPT, at the latest at the end, when it is not finished or was altered
   */
  read(id: string): AsyncGenerator<Buffer>
  /** Destroys the file's key, then the file. Removing what is not there is fine. */
  remove(id: string): Promise<void>
  /** Ids of the files that can still be read. */
  ids(): Promise<string[]>
}

/**
 * Opens a vault, made when it is not there.
 *
 * @param key 32 bytes, kept elsewhere than the folder: whoever has both can read everything
 * @throws CONFIG_INVALID when the key has another length
 */
export async function openVault(dir: string, key: Uint8Array): Promise<Vault> {
  if (key.length !== KEY_BYTES)
    throw new SekishoError('CONFIG_INVALID', 'the vault key must have 32 bytes')
  const folder = new VaultFolder(dir, Uint8Array.from(key))
  await onDisk(() => folder.prepare())
  const inTurn = turns()
  return {
    create: (id) => inTurn(id, () => folder.create(id)),
    append: (id, offset, bytes) => inTurn(id, () => folder.append(id, offset, bytes)),
    finish: (id) => inTurn(id, () => folder.finish(id)),
    size: (id) => inTurn(id, () => folder.size(id)),
    read: (id) => folder.read(id),
    remove: (id) => inTurn(id, () => folder.remove(id)),
    ids: () => onDisk(() => folder.ids()),
  }
}

class VaultFolder {
  readonly #dir: string
  readonly #work: string
  readonly #key: Uint8Array
  /** Where the files that are being written end, so that each append need not walk through all of it. */
  readonly #ends = new Map<string, SealedEnd>()

  constructor(dir: string, key: Uint8Array) {
    this.#dir = dir
    this.#work = join(dir, '.work')
    this.#key = key
  }

  /** Finishes the removals that a crash interrupted: a file without its key is rubbish. */
  async prepare(): Promise<void> {
    await makeFolder(this.#work)
    for (const name of await readdir(this.#work)) await rm(join(this.#work, name))
    const names = await readdir(this.#dir)
    const keys = new Set(names.filter((name) => name.endsWith('.key')).map(stem))
    const orphans = names.filter((name) => name.endsWith('.data') && !keys.has(stem(name)))
    for (const name of orphans) await rm(join(this.#dir, name))
    await syncFolder(this.#dir)
  }

  async create(id: string): Promise<number> {
    if ((await this.#identity(id)) !== undefined) return this.size(id)
    const wrapped = seal(this.#key, wrapContext(id), randomBytes(KEY_BYTES))
    await writeDurably([{ path: this.#dataPath(id), bytes: Buffer.alloc(0) }], this.#work)
    await writeDurably([{ path: this.#keyPath(id), bytes: wrapped }], this.#work)
    return 0
  }

  async append(id: string, offset: number, bytes: Uint8Array): Promise<Appended> {
    if (bytes.length > MAX_APPEND_BYTES)
      throw new SekishoError('BUG', 'too many bytes in one append')
    return this.#withFile(id, 'r+', async (file, handle) => {
      const end = await this.#end(file, handle)
      if (end.whole || offset !== end.size) return { accepted: false, offset: end.size }
      const chunks = sealedChunks(file, end.chunks, bytes)
      const length = await writeEnd(handle, end, chunks.flat())
      this.#ends.set(id, {
        size: end.size + bytes.length,
        chunks: end.chunks + chunks.length,
        whole: false,
        length,
      })
      return { accepted: true, offset: end.size + bytes.length }
    })
  }

  async finish(id: string): Promise<number> {
    return this.#withFile(id, 'r+', async (file, handle) => {
      const end = await this.#end(file, handle)
      this.#ends.delete(id)
      if (!end.whole) await writeEnd(handle, end, lastChunk(file, end.chunks))
      return end.size
    })
  }

  async size(id: string): Promise<number> {
    return this.#withFile(id, 'r', async (file, handle) => (await this.#end(file, handle)).size)
  }

  async *read(id: string): AsyncGenerator<Buffer> {
    const file = await onDisk(() => this.#required(id))
    const handle = await onDisk(() => open(this.#dataPath(id), 'r'))
    try {
      yield* readChunks(file, handle)
    } finally {
      await handle.close()
    }
  }

  async remove(id: string): Promise<void> {
    this.#ends.delete(id)
    await shred(this.#keyPath(id))
    await syncFolder(this.#dir)
    await rm(this.#dataPath(id), { force: true })
    await syncFolder(this.#dir)
  }

  async ids(): Promise<string[]> {
    const names = await readdir(this.#dir)
    return names
      .filter((name) => name.endsWith('.key'))
      .map(stem)
      .toSorted()
  }

  /** Remembered only while the file is exactly as long as it was left. */
  async #end(file: FileIdentity, handle: FileHandle): Promise<SealedEnd> {
    const known = this.#ends.get(file.id)
    const { size } = await handle.stat()
    return known?.length === size ? known : findEnd(file, handle)
  }

  async #withFile<Result>(
    id: string,
    flags: 'r' | 'r+',
    work: (file: FileIdentity, handle: FileHandle) => Promise<Result>,
  ): Promise<Result> {
    const file = await this.#required(id)
    const handle = await open(this.#dataPath(id), flags)
    try {
      return await work(file, handle)
    } finally {
      await handle.close()
    }
  }

  async #required(id: string): Promise<FileIdentity> {
    const file = await this.#identity(id)
    if (file === undefined) throw new SekishoError('NOT_FOUND', `the vault has no file ${id}`)
    return file
  }

  async #identity(id: string): Promise<FileIdentity | undefined> {
    const wrapped = await readOptional(this.#keyPath(id))
    if (wrapped === undefined) return undefined
    const key = unseal(this.#key, wrapContext(id), wrapped)
    if (key === undefined) throw new SekishoError('STORE_CORRUPT', `the key of ${id} does not open`)
    return { id, key }
  }

  #keyPath(id: string): string {
    return join(this.#dir, `${checked(id)}.key`)
  }

  #dataPath(id: string): string {
    return join(this.#dir, `${checked(id)}.data`)
  }
}

/**
 * Writes at the end over whatever a crash left there. A failed write is cut off again, so that the end stays known.
 *
 * @returns where the file ends now
 */
async function writeEnd(
  handle: FileHandle,
  end: SealedEnd,
  parts: readonly Buffer[],
): Promise<number> {
  await handle.truncate(end.length)
  try {
    let at = end.length
    for (let rest = parts.filter(isSome); rest.length > 0;) {
      const { bytesWritten } = await handle.writev(rest, at)
      at += bytesWritten
      rest = behind(rest, bytesWritten)
    }
    await handle.datasync()
    return at
  } catch (error) {
    await handle.truncate(end.length).catch(() => {})
    throw error
  }
}

function isSome({ length }: Buffer): boolean {
  return length > 0
}

/** What is left of the parts when their first `count` bytes are written. */
function behind(parts: readonly Buffer[], count: number): Buffer[] {
  let done = count
  return parts
    .map((part) => {
      const taken = Math.min(done, part.length)
      done -= taken
      return part.subarray(taken)
    })
    .filter(isSome)
}

/** Overwrites before removing: cheap, and on disks that write in place the wrapped key is then really gone. */
async function shred(path: string): Promise<void> {
  const size = (await readOptional(path))?.length
  if (size === undefined) return
  const handle = await open(path, 'r+')
  try {
    await handle.write(randomBytes(size), 0, size, 0)
    await handle.datasync()
  } finally {
    await handle.close()
  }
  await rm(path, { force: true })
}

/** One after another per id: two appends at once would both find the same end. */
function turns(): <Result>(id: string, work: () => Promise<Result>) => Promise<Result> {
  const last = new Map<string, Promise<unknown>>()
  return async (id, work) => {
    const before = last.get(id) ?? Promise.resolve()
    const mine = before.then(() => onDisk(work))
    const settled = mine.catch(() => {})
    last.set(id, settled)
    try {
      return await mine
    } finally {
      if (last.get(id) === settled) last.delete(id)
    }
  }
}

/** An id becomes a file name: anything else could leave the folder. */
function checked(id: string): string {
  if (!/^[A-Za-z0-9_-]{1,128}$/u.test(id)) throw new SekishoError('BUG', 'not an id of the vault')
  return id
}

function wrapContext(id: string): string {
  return `sekisho vault key 1\n${id}`
}

function stem(name: string): string {
  return name.slice(0, name.lastIndexOf('.'))
}

async function readOptional(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

async function onDisk<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw diskError(error)
  }
}
